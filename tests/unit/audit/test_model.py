"""How measures are judged, sorted and printed."""

from __future__ import annotations

import json

from sitekit.audit.model import as_json, at_least, at_most, could_not_run, format_text, none_of


def test_limits_are_inclusive() -> None:
    assert at_most("a", "/", 14, "KB", 14).met
    assert not at_most("a", "/", 14.1, "KB", 14).met
    assert at_least("a", "/", 100, "points", 100).met
    assert not at_least("a", "/", 99, "points", 100).met


def test_a_figure_without_a_limit_is_shown_and_not_judged() -> None:
    assert at_most("a", "/", 14, "KB", None).met is None
    assert "shown" in format_text([at_most("a", "/", 14, "KB", None)])


def test_a_check_that_could_not_run_is_not_met() -> None:
    measure = could_not_run("html", "no Java")
    assert measure.met is False
    assert "could not run: no Java" in format_text([measure])


def test_the_worst_page_stands_first_whatever_the_direction() -> None:
    sizes = format_text([at_most("size", "/small/", 1, "B", 9), at_most("size", "/large/", 5, "B", 9)])
    assert sizes.index("/large/") < sizes.index("/small/")
    scores = format_text(
        [at_least("score", "/good/", 100, "points", 90), at_least("score", "/poor/", 91, "points", 90)]
    )
    assert scores.index("/poor/") < scores.index("/good/")


def test_a_check_says_whether_it_is_met_by_all_pages() -> None:
    assert "size (at most 9 B): met" in format_text([at_most("size", "/", 1, "B", 9)])
    assert "size (at most 9 B): NOT MET" in format_text(
        [at_most("size", "/", 1, "B", 9), at_most("size", "/x/", 10, "B", 9)]
    )


def test_long_lists_end_with_a_count() -> None:
    text = format_text([none_of("axe", "/", [f"fault {number}" for number in range(30)])], findings=5)
    assert "fault 4" in text
    assert "fault 5" not in text
    assert "and 25 more" in text


def test_pages_that_are_fine_are_summed_up_when_there_are_many() -> None:
    text = format_text([at_most("size", f"/{number}/", number, "B", 99) for number in range(60)], rows=10)
    assert text.count("\n") < 20
    assert "50 more pages, all met" in text


def test_json_holds_every_measure_with_its_findings() -> None:
    rows = json.loads(as_json([none_of("axe", "/", ["a fault"]), could_not_run("html", "no Java")]))
    assert [row["met"] for row in rows] == [False, False]
    assert rows[0]["findings"] == ["a fault"]
