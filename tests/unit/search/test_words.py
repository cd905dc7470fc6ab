"""Which words the spelling help may suggest."""

from __future__ import annotations

from sitekit.search.words import word_list


def page(main: str) -> bytes:
    return f"<!doctype html><title>t</title><body><nav>away</nav><main class='main main--page'>{main}</main></body>".encode()


def test_frequent_words_come_first_and_equally_frequent_ones_from_a_to_z() -> None:
    assert word_list([page("<p>Sleep, pain and sleep.</p>"), page("<p>pain sleep</p>")]) == ["sleep", "pain", "and"]


def test_only_the_main_part_counts_and_not_its_furniture() -> None:
    html = page("<p>mood<sup class='cite'><a>source</a></sup></p><nav>contents</nav><form><label>field</label></form>")
    assert word_list([html]) == ["mood"]


def test_the_error_page_teaches_no_words() -> None:
    assert word_list([b"<body><main class='main main--error'>nowhere</main>"]) == []


def test_accents_apostrophes_and_capitals_are_as_the_search_field_sees_them() -> None:
    assert word_list([page("<p>Café, DON\u2019T 5 mg CBT-I</p>")]) == ["cafe", "cbt", "dont", "mg"]
