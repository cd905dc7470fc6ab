"""When to ask again: what the server says, else a little later each time, at random, so that nobody is asked in step."""

from __future__ import annotations

import datetime
import random
import re
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,12}")


def retry_after(value: str | None, now: datetime.datetime) -> float | None:
    """Seconds to wait by a ``Retry-After`` header (RFC 9110, section 10.2.3: seconds, or one of three forms of date).

    None where there is no header or nothing can be made of it; never negative.
    """
    value = (value or "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        if date.tzinfo is None:
            date = date.replace(tzinfo=datetime.UTC)
        return max(0.0, (date - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def backoff(attempt: int, base: float, limit: float, chance: random.Random) -> float:
    """Seconds before attempt number ``attempt`` (from 1, the first repeat): anything up to ``base`` doubled each time."""
    return chance.uniform(0.0, min(limit, base * 2 ** min(attempt - 1, 30)))
