"""Dates and other small things in words, the same everywhere and in every locale."""

from __future__ import annotations

import datetime
import re

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TAG = re.compile(r"<[^>]*>")
WORDS_PER_MINUTE = 180
"""A slow, careful pace; adults read plain English prose silently at about 240 words a minute (Brysbaert 2019)."""


def date_in_words(date: datetime.date) -> str:
    """``22 November 2026`` as American readers write it: ``November 22, 2026``."""
    return f"{_MONTHS[date.month - 1]} {date.day}, {date.year}"


def count_words(html: str) -> int:
    """The number of words a reader sees in a piece of HTML."""
    return len(_TAG.sub(" ", html).split())


def reading_minutes(words: int) -> int:
    """Whole minutes to read that many words at an unhurried pace; at least 1."""
    return max(1, round(words / WORDS_PER_MINUTE))


def section_time(words: int) -> str:
    """How long a section of that many words takes at the same pace, in words: ``15 seconds``, ``30 seconds``, ``1 minute``.

    Most sections are shorter than a minute. In whole minutes they would add up to more than the page takes.
    """
    seconds = words * 60 / WORDS_PER_MINUTE
    if seconds < 22.5:
        return "15 seconds"
    if seconds < 45:
        return "30 seconds"
    minutes = reading_minutes(words)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"
