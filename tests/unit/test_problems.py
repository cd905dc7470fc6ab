"""Problems print as lines that no file can forge."""

from __future__ import annotations

import pytest

from sitekit.problems import Problem, format_text, visible


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x00", "\u202e", "\u2066", "\u2028", "\x9b", "\udcff"])
def test_a_character_that_steers_a_terminal_is_shown_as_an_escape(character: str) -> None:
    problem = Problem(f"a{character}b.md", 1, 2, "code", f"says {character} x", f"do {character} y")
    for text in (str(problem), format_text([problem]).replace("\n    ", " ")):
        assert character not in text
        assert f"\\u{ord(character):04x}" in text
        text.encode()


def test_words_of_every_language_stay_as_they_are() -> None:
    text = "naïve 疼痛 ألم 👩‍🧑 “quoted” – ok"
    assert visible(text) == text
