"""What the publisher is told about a build: whether it may go out, which addresses were promised, where others moved.

The publisher knows a folder and a target, and nothing of this project; so these three lists are handed over as JSON files,
on one machine or from the CI job that builds to the one that publishes. ``python -m sitekit.handover`` writes them.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sitekit.editing.addresses import LEDGER, REDIRECTS
from sitekit.links.files import write_atomic
from sitekit.links.ledger import Ledger, Redirects, published, read_redirects
from sitekit.links.ledger.render import final_targets
from sitekit.memory import Memory
from sitekit.problems import Problem
from sitekit.stamps import input_stamps, output_stamps, read_stamps, state_file

SETTINGS = "publishconf.py"
#: The files of a handover, as the publisher's options name them.
NAMES = ("problems", "ledger", "redirects")

_BUILD = "Build it: python3 tasks.py build --publish"
_SHOWN = 5


def build_problems(root: Path, output: Path, cache: Path) -> list[Problem]:
    """Why ``output`` is not the finished build of the sources as they are now, made to go out; empty when it is.

    A build leaves its state only when every check passed, so a build that is current has no errors.
    """
    former = read_stamps(cache, output)
    memory = former and Memory.open(state_file(cache, output), former.token)
    if not memory:
        return [Problem(output.name, 0, 0, "not-built", "no finished build left this folder", _BUILD)]
    with memory:
        url = memory.options.identity.url
    if former.circumstances.settings != SETTINGS:
        message = f"was built with {former.circumstances.settings} and not with {SETTINGS}, which leaves out drafts"
        return [Problem(output.name, 0, 0, "built-for-writing", message, _BUILD)]
    problems = []
    inputs = input_stamps(root, Path(former.circumstances.content), Path(former.circumstances.theme), time.time_ns())
    changed = [
        os.path.relpath(name, root)
        for name in sorted(inputs.keys() | former.inputs.keys())
        if inputs.get(name) is None or inputs[name] != former.inputs.get(name)
    ]
    outputs = output_stamps(output)
    touched = [
        f"{output.name}/{name}"
        for name in sorted(outputs.keys() | former.outputs.keys())
        if outputs.get(name) != former.outputs.get(name)
    ]
    for names, code, message in (
        (changed, "changed-since-build", "was changed after the site was built"),
        (touched, "output-changed", "is not as the build left it"),
    ):
        problems += [Problem(Path(name).as_posix(), 0, 0, code, message, _BUILD) for name in names[:_SHOWN]]
        if len(names) > _SHOWN:
            problems.append(Problem(output.name, 0, 0, code, f"{len(names)} files in all", _BUILD))
    if not former.circumstances.hold(SETTINGS, output):
        message = (
            f"was built for {former.circumstances.today}, or with another address: what is out may be otherwise now"
        )
        problems.append(Problem(output.name, 0, 0, "built-otherwise", message, _BUILD))
    if urlsplit(url).netloc.endswith(".example"):  # RFC 2606: nobody can own it
        message = f"was built for {url}: canonical links, feeds and the sitemap name that address"
        hint = "For a real site, set SITE_URL to its address and build again."
        problems.append(Problem(output.name, 0, 0, "no-address", message, hint, "warning"))
    return problems


def promised_pages(ledger: Ledger, redirects: Redirects) -> list[str]:
    """Root-relative URLs that must answer, not percent-encoded: promised, and not recorded as removed."""
    removed = {entry.url for entry in redirects.removed}
    pages = {address for address in ledger.lines if "#" not in address} - removed
    return sorted(unquote(page) for page in pages)


def _addresses(root: Path) -> tuple[Ledger, Redirects, list[Problem]]:
    texts = {}
    for name in (LEDGER, REDIRECTS):
        file = root / "content" / "data" / name
        texts[name] = file.read_text(encoding="utf-8") if file.exists() else ""
    ledger, problems = Ledger.parse(texts[LEDGER], f"content/data/{LEDGER}")
    redirects, more = read_redirects(texts[REDIRECTS], f"content/data/{REDIRECTS}")
    return ledger, redirects, problems + more


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the files. Whether the problems matter is for the publisher to say, with all others; so this returns 0."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.handover", description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path, default=Path(), help="where content/ is")
    parser.add_argument("--folder", type=Path, default=Path("output"), help="the built site")
    parser.add_argument("--into", type=Path, default=Path(".cache/handover"), help="the folder to write to")
    options = parser.parse_args(arguments)
    root = options.project.resolve()
    cache = Path(os.environ.get("SITE_CACHE") or root / ".cache")
    ledger, redirects, problems = _addresses(root)
    problems += build_problems(root, options.folder, cache)
    if options.folder.is_dir() and (new := ledger.new(published(options.folder))):
        message = f"{len(new)} addresses of this build are not promised yet"
        hint = "Once it is published: python3 tasks.py ledger, then commit the file, so that none of them can get lost."
        problems.append(Problem(f"content/data/{LEDGER}", 0, 0, "not-promised", message, hint, "warning"))
    moved = [{"from": unquote(source), "to": target} for source, target in final_targets(redirects).items()]
    lists = ([problem.as_dict() for problem in problems], promised_pages(ledger, redirects), moved)
    for name, items in zip(NAMES, lists, strict=True):
        write_atomic(options.into / f"{name}.json", (json.dumps(items, indent=1, ensure_ascii=False) + "\n").encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
