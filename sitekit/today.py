"""The day a build counts with: it decides which dated pages have come out, so it is a setting and not an accident.

In this order: ``SITE_TODAY``, an ISO date; ``SOURCE_DATE_EPOCH``, seconds since 1970, as reproducible builds have it
(https://reproducible-builds.org/specs/source-date-epoch/); the clock. The last two are turned into a day where the publication is.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from zoneinfo import ZoneInfo

VARIABLES = ("SITE_TODAY", "SOURCE_DATE_EPOCH")


class BadDay(ValueError):
    """A variable of the environment that names no day. The message says which and what to write."""


def build_day(timezone: str, environ: Mapping[str, str] = os.environ) -> datetime.date:
    """The day to build for, in ``timezone`` (a name such as ``America/Los_Angeles``). Raises BadDay."""
    day, seconds = (environ.get(name, "").strip() for name in VARIABLES)
    if day:
        try:
            return datetime.datetime.strptime(day, "%Y-%m-%d").date()
        except ValueError:
            raise BadDay(f"SITE_TODAY is {day!r}; write a date such as 2026-11-22, or leave it out.") from None
    zone = ZoneInfo(timezone)
    if not seconds:
        return datetime.datetime.now(zone).date()
    try:
        return datetime.datetime.fromtimestamp(int(seconds), zone).date()
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is {seconds!r}; write whole seconds since 1970, or leave it out."
        raise BadDay(message) from None
