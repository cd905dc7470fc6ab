"""``invoke report``: writes the report and says where it is.

Exit status 0: written; 2: used wrongly, or a place cannot be read or written.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sitekit.editing.project import Project
from sitekit.report.facts import gather
from sitekit.report.history import readability_history
from sitekit.report.outside import read_health
from sitekit.report.page import render
from sitekit.today import BadDay

PLACE = ".cache/report.html"
HISTORY = ".cache/external-links.json"
COMMITS, MOST_COMMITS = 20, 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report and return the exit status."""
    parser = argparse.ArgumentParser(prog="invoke report", description="One page on the state of every article.")
    parser.add_argument("--output", default=PLACE, help=f"where to write it (default: {PLACE})")
    parser.add_argument(
        "--commits", type=int, default=COMMITS, help=f"how far back the trend goes (default: {COMMITS})"
    )
    parser.add_argument(
        "--history", default=HISTORY, help=f"what the link checker knows of other sites (default: {HISTORY})"
    )
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day for which reviews are counted")
    options = parser.parse_args(arguments)
    if not 0 <= options.commits <= MOST_COMMITS:
        print(f"--commits must be between 0 and {MOST_COMMITS}.", file=sys.stderr)
        return 2
    project = Project.here()
    try:
        facts = gather(project.read(), options.today or project.today)
    except BadDay as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"{error.filename or project.root}: {error.strerror or error}. The former report is whole.", file=sys.stderr
        )
        return 2
    moments = readability_history(project.root, f"{project.label}/articles", options.commits) if options.commits else []
    html = render(facts, moments, read_health(project.root / options.history), project.settings.SITENAME)
    place = project.root / options.output
    try:
        _write(place, html)
    except OSError as error:
        print(f"{place}: {error.strerror}.", file=sys.stderr)
        return 2
    overdue = sum(one.review == "overdue" for one in facts.articles)
    print(
        f"{len(facts.articles)} articles, {overdue} reviews overdue, {len(facts.problems)} problems\nOpen it:   {place}"
    )
    return 0


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(part, 0o644)  # mkstemp makes files for one pair of eyes
        os.replace(part, place)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    sys.exit(main())
