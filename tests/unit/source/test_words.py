"""Times and dates in words."""

from __future__ import annotations

import pytest

from sitekit.source.words import WORDS_PER_MINUTE, reading_minutes, section_time


@pytest.mark.parametrize(
    ("words", "time"),
    [
        (0, "15 seconds"),
        (67, "15 seconds"),
        (68, "30 seconds"),
        (134, "30 seconds"),
        (135, "1 minute"),
        (180, "1 minute"),
        (271, "2 minutes"),
        (900, "5 minutes"),
    ],
)
def test_a_section_says_how_long_it_takes(words: int, time: str) -> None:
    assert section_time(words) == time


def test_sections_and_page_are_read_at_the_same_pace() -> None:
    for minutes in range(1, 20):
        words = minutes * WORDS_PER_MINUTE
        assert section_time(words).split()[0] == str(reading_minutes(words))
