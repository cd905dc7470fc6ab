"""``python -m sitekit.audit [FOLDER]``: measure a built site and say what is not met.

Exit status: 0 all met, 1 something is not, 2 used wrongly.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from sitekit.audit import accessibility, feeds, headers, lighthouse, meter, stylesheet, tools, validity, weight
from sitekit.audit.browser import chromium
from sitekit.audit.model import Measure, as_json, could_not_run, format_text
from sitekit.audit.nextpage import measure_next_page
from sitekit.audit.pages import page_types
from sitekit.audit.server import served

_ROOT = Path(__file__).resolve().parents[2]
CHECKS = ("weight", "html", "data", "feeds", "headers", "vitals", "next", "accessibility", "stylesheet", "lighthouse")


def audit(folder: Path, wanted: list[str], say: Callable[[str], None], patient: bool = True) -> list[Measure]:
    """Run the checks named in ``wanted`` over a built site. A check that fails to run is a finding.

    What reads files goes on beside the browser that looks for barriers; what measures time has the machine to itself.
    Raises FileNotFoundError for a folder without a site and ToolError when a tool cannot be installed.
    """
    types = page_types(folder)
    node = tools.ensure_node_tools()
    results: dict[str, list[Measure]] = {}

    def run(name: str, check: Callable[[], list[Measure]]) -> None:
        if name in wanted:
            started = time.perf_counter()
            try:
                results[name] = check()
            except (OSError, ValueError, BrowserError, subprocess.SubprocessError, tools.ToolError) as error:
                results[name] = [could_not_run(name, str(error))]
            say(f"{name:14} {time.perf_counter() - started:6.1f} s")

    def read_files() -> None:
        run("weight", lambda: weight.weigh(folder, types))
        run("html", lambda: validity.check_html(folder, node, tools.ensure_java()))
        run("data", lambda: [validity.check_structured_data(folder, node)])
        run("feeds", lambda: feeds.check_feeds(folder, node.modules))
        run("headers", lambda: headers.check_headers(folder, node, tools.ensure_nginx()))

    with served(folder) as origin:
        with ThreadPoolExecutor(1) as beside, chromium() as browser:
            reading = beside.submit(read_files)
            run("accessibility", lambda: accessibility.check_accessibility(browser, origin, types, node.modules))
            run("stylesheet", lambda: stylesheet.check_stylesheet(browser, origin, folder))
            reading.result()
            run("vitals", lambda: meter.measure_vitals(browser, origin, types, patient))
        run("next", lambda: measure_next_page(origin, folder, types, patient))
        run("lighthouse", lambda: lighthouse.run_lighthouse(origin, types, node, patient))
    return [measure for name in CHECKS for measure in results.get(name, [])]


def main(arguments: list[str]) -> int:
    """The command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.audit", description="Measure a built site.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=_ROOT / "output", help="a built site (default: output/)"
    )
    parser.add_argument("--only", action="append", choices=CHECKS, help="run only this check; may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure as JSON, too")
    parser.add_argument(
        "--timing-advises",
        action="store_true",
        help="exit with 0 when only figures of time are not met, which depend on this machine too",
    )
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        measures = audit(
            options.folder.resolve(),
            options.only or list(CHECKS),
            lambda text: print(text, file=sys.stderr),
            not options.timing_advises,
        )
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    except tools.ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print(format_text(measures))
    if options.json:
        options.json.write_text(as_json(measures) + "\n", encoding="utf-8")
    failed = sum(measure.met is False for measure in measures)
    slow = sum(measure.met is False and measure.timing for measure in measures)
    judged = sum(measure.met is not None for measure in measures)
    print(f"{judged - failed} of {judged} measures met, in {time.perf_counter() - started:.0f} s.")
    if slow and options.timing_advises:
        print(f"{slow} of the others are figures of time on this machine; they do not decide here.")
        failed -= slow
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
