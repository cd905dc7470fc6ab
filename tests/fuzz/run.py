"""Puts mutated files through everything that reads a source, and says what did not end in a located problem or a page.

``python -m tests.fuzz.run --seed 1 --count 300`` prints one JSON line for each failure; ``--index 17 --save FILE`` writes one case.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from selectolax.lexbor import LexborHTMLParser

import pelicanconf
from sitekit.compiler import Compiler, read_data
from sitekit.problems import Problem, format_text
from sitekit.render import macro_renderer
from sitekit.source import rules
from sitekit.source.links import Targets, check_links
from tests.conftest import ROOT
from tests.fuzz.mutate import case

SECONDS = 2.0
"""Processor time that one file may take, whatever is in it."""

MEGABYTES = 700
"""Address space that reading may take on top of what Python, the data and the dictionary need."""

REFUSALS = frozenset({"unsafe-html", "remote-resource", "unsafe-link", "broken-link"})
"""Problems that stop a build because of what a link or raw HTML could do."""

HARMFUL = frozenset("applet base embed form frame frameset iframe input link meta object script style".split())
_SCRIPT = re.compile(r"(?:javascript|data|vbscript):", re.I)
_SPACE = re.compile(r"[\x00-\x20]")
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\)", re.I)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Reader:
    """Everything that reads one source file, set up once."""

    def __init__(self, content: Path = ROOT / "content") -> None:
        self.harm = ""
        self.data = read_data(content, "content")
        render = macro_renderer(ROOT / pelicanconf.THEME, pelicanconf.JINJA_ENVIRONMENT)
        self.compiler = Compiler(self.data, pelicanconf.MARKDOWN, render)
        known = {path.relative_to(content).as_posix(): frozenset[str]() for path in sorted(content.rglob("*.md"))}
        self.targets = Targets(
            known, frozenset(), frozenset(), self.data.topics, self.data.resources, self.data.unverified
        )

    def read(self, file: Path, relative: str = "articles/mind/a-page.md") -> list[Problem]:
        """Every problem of one file, found the way a build finds them."""
        path, self.harm = f"content/{relative}", ""
        compiled = self.compiler.compile(file, path, relative)
        problems = [*compiled.problems, *check_links(compiled.document, compiled.links, self.targets)]
        if not {problem.code for problem in problems} & REFUSALS:
            parts = (compiled.converted.key_points, compiled.converted.body, compiled.converted.short)
            self.harm = next(filter(None, map(harm, parts)), "")
        document = compiled.document
        if compiled.abstract:
            problems += rules.check_abstracts(
                [compiled.abstract] * 2, lambda _: rules.Page(path, document.text, document.values)
            )
        return problems

    def failure(self, file: Path, relative: str = "articles/mind/a-page.md") -> str:
        """What is wrong with how a file was read; empty when every refusal is located and nothing broke."""
        started = time.process_time()
        try:
            with limit(SECONDS):
                problems = self.read(file, relative)
        except TookTooLong:
            return f"took more than {SECONDS} s"
        except MemoryError:
            return "took too much memory"
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__}: {error} in {Path(where.filename).name}:{where.lineno}"[:300]
        if time.process_time() - started > SECONDS:
            return f"took more than {SECONDS} s"
        return self.harm or next(filter(None, (misplaced(one, file, f"content/{relative}") for one in problems)), "")


def harm(html: str) -> str:
    """What in the finished HTML could run, load or send something; empty when nothing can."""
    for node in LexborHTMLParser(html).css("*"):
        if node.tag in HARMFUL:
            return f"<{node.tag}> passed unseen"
        for name, value in node.attributes.items():
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                return f"{name} passed unseen"
            if name in ("href", "src", "srcset", "action") and _SCRIPT.match(_SPACE.sub("", value or "")):
                return f"{name}={value} passed unseen"[:200]
            if name in ("src", "srcset", "poster") and _REMOTE.match(value or ""):
                return f"{name}={value} passed unseen"[:200]
    return ""


class TookTooLong(BaseException):
    """Raised by the timer; no part of the code may catch it by accident."""


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raise TookTooLong when the block uses more processor time than this."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    former = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def misplaced(problem: Problem, file: Path, path: str) -> str:
    """What is wrong with where a problem points or how it prints; empty when nothing is."""
    text = file.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    whole = (problem.line, problem.column) == (0, 0)
    inside = 1 <= problem.line <= len(lines) and 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    if problem.path != path or not (whole or inside):
        return f"points nowhere: {problem!r}"[:300]
    if not problem.message or not problem.hint or not problem.code:
        return f"says nothing: {problem!r}"[:300]
    printed = format_text([problem]).split("\n    ")
    if any(_CONTROL.search(part) for part in printed) or len(printed) > 2:
        return f"prints more than its lines: {problem!r}"[:300]
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run cases, print the failures, and return 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--index", type=int, help="only this case")
    parser.add_argument("--save", type=Path, help="write the case there instead of running it")
    options = parser.parse_args(arguments)
    sources = [path.read_bytes() for path in sorted((ROOT / "content").glob("*/**/*.md"))]
    indexes = range(options.start, options.start + options.count) if options.index is None else [options.index]
    if options.save:
        options.save.write_bytes(case(options.seed, indexes[0], sources)[1])
        return 0
    reader = Reader()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "warm.md"
        file.write_bytes(sources[0])
        reader.read(file)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEGABYTES * 2**20,) * 2)
        failed = 0
        for index in indexes:
            name, data = case(options.seed, index, sources)
            file = Path(folder) / name
            file.write_bytes(data)
            wrong = reader.failure(file, f"articles/mind/{name}")
            file.unlink()
            if wrong:
                failed += 1
                sample = base64.b64encode(data[:200]).decode()
                print(
                    json.dumps({"seed": options.seed, "index": index, "name": name, "wrong": wrong, "begins": sample}),
                    flush=True,
                )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(indexes)} cases, {failed} failed, {peak} MB at most", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
