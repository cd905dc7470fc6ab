"""The day a build counts with: it decides which dated pages have come out, so it is a setting and not an accident.

In this order: ``SITE_TODAY``, an ISO date; ``SOURCE_DATE_EPOCH``, seconds since 1970, as reproducible builds have it
(https://reproducible-builds.org/specs/source-date-epoch/); the clock, unless it is behind the last commit and so must be wrong.
Moments are turned into the day where the publication is.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
_GIT_SECONDS = 5


class BadDay(ValueError):
    """A variable of the environment that names no day, or a time zone that does not exist. The message says what to write."""


def build_day(timezone: str, environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> datetime.date:
    """The day to build for, in ``timezone`` (a name such as ``America/Los_Angeles``). Raises BadDay."""
    day, seconds = (environ.get(name, "").strip() for name in ("SITE_TODAY", "SOURCE_DATE_EPOCH"))
    if day:
        try:
            return datetime.date.fromisoformat(day)
        except ValueError:
            raise BadDay(f"SITE_TODAY is {day!r}; write a date such as 2026-11-22, or leave it out.") from None
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):  # unknown, a path out of the database, or a folder of it
        raise BadDay(f"TIMEZONE is {timezone!r}; write a name such as America/Los_Angeles in pelicanconf.py.") from None
    try:
        moment = int(seconds) if seconds else max(int(time.time()), _last_commit(root))
        return datetime.datetime.fromtimestamp(moment, zone).date()
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is {seconds!r}; write whole seconds since 1970, or leave it out."
        raise BadDay(message) from None


@cache
def _last_commit(root: Path) -> int:
    """When the last commit was made, in seconds since 1970; 0 where there is no Git or no history."""
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=_GIT_SECONDS)
        return int(done.stdout) if done.returncode == 0 else 0
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def content_day(content: Path) -> str:
    """The last day, no later than today, on which somebody worked on the content: for builds that time alone must not break."""
    files = (*content.rglob("*.md"), content / "data" / "resources.yaml")
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    dates = re.findall(r"(?m)^ *(?:published|modified|checked): (\d{4}-\d\d-\d\d)$", text)
    return max(date for date in dates if date <= datetime.date.today().isoformat())
