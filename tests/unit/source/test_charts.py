"""Chart files: what is read and what is reported, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.source.charts import Chart, read_chart, read_charts

TOP = "# unit: percent\n# heads: Group; People\ngroup,label,value,low,high,cite,certainty,fact\n"
BAR = ",{},10,,,key2020,low,F2.05\n"
SIDES = "# unit: points\n# heads: Care; Difference; Range\n# sides: less; more\ngroup,label,value,low,high,cite,certainty,fact\n"
KEYS = {"key2020"}


def read(tmp_path: Path, text: str) -> tuple[Chart | None, list[tuple[int, str]]]:
    file = tmp_path / "x.csv"
    file.write_text(text, encoding="utf-8")
    chart, problems = read_chart(file, "charts/x.csv", "x", KEYS)
    assert all((p.path, p.column, p.code) == ("charts/x.csv", 1, "bad-chart") and p.hint for p in problems)
    return chart, [(problem.line, problem.message) for problem in problems]


def test_the_site_s_own_charts_have_no_problem(root: Path) -> None:
    from sitekit.source.references import read_references

    references, _ = read_references(root / "content/data/references.bib", "x")
    charts, problems = read_charts(root / "content/data/charts", "x", references)
    assert not problems
    assert {"depression-and-anxiety", "days-of-disability", "ketamine-for-pain"} <= charts.keys()


def test_a_chart_keeps_its_numbers_as_they_are_written(tmp_path: Path) -> None:
    text = (
        TOP.replace("People", "People; Range")
        + "G,one,38.0,37.50,41,key2020,low,F2.05\nG,two,7.6,,,key2020,survey,F2.06\n"
    )
    chart, problems = read(tmp_path, text)
    assert problems == []
    assert [(bar.value, bar.low, bar.high) for bar in chart.bars] == [("38.0", "37.50", "41"), ("7.6", "", "")]
    assert chart.heads == ("Group", "People", "Range")
    assert chart.citations == ("[@key2020, low]", "[@key2020, survey]")


@pytest.mark.parametrize(
    ("unit", "value", "most"),
    [
        ("percent", "3", 100),
        ("days", "42.6", 50),
        ("days", "10", 10),
        ("points", "0.31", 0.4),
        ("points", "0.7", 0.7),
        ("days", "0", 1),
    ],
)
def test_the_axis_ends_at_a_round_number(tmp_path: Path, unit: str, value: str, most: float) -> None:
    text = TOP.replace("percent", unit) + f",a,{value},,,key2020,low,F2.05\n,b,0,,,key2020,low,F2.05\n"
    assert read(tmp_path, text)[0].most == most


@pytest.mark.parametrize(
    ("value", "low", "high", "most"),
    [("-15.8", "-32.1", "0.5", 40), ("0", "0", "0", 1), ("2", "-1", "3", 3), ("-0.33", "-0.58", "-0.08", 0.6)],
)
def test_the_axis_of_differences_reaches_as_far_to_both_sides(
    tmp_path: Path, value: str, low: str, high: str, most: float
) -> None:
    chart, problems = read(tmp_path, f"{SIDES},a,{value},{low},{high},key2020,low,F2.05\n")
    assert problems == []
    assert (chart.sides, chart.most) == (("less", "more"), most)
    assert [(bar.value, bar.low, bar.high) for bar in chart.bars] == [(value, low, high)]


def test_a_number_below_zero_needs_words_for_both_sides(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(TOP + BAR.format("a") + ",b,-1,,,key2020,low,F2.05\n", encoding="utf-8")
    (problem,) = read_chart(file, "x.csv", "x", KEYS)[1]
    assert (problem.line, problem.message) == (5, "value is not a number: -1")
    assert "# sides:" in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("less; more", "less", (1, "sides does not name 2 sides of 11 characters at most.")),
        ("less; more", "less; ", (1, "sides does not name 2 sides of 11 characters at most.")),
        ("less; more", "less; a side too long", (1, "sides does not name 2 sides of 11 characters at most.")),
        ("points", "percent", (1, "A chart of differences cannot have the unit percent.")),
        ("-2,1", ",", (4, "The difference a has no interval.")),
        ("-2,1", "1,2", (5, "The value lies outside its interval.")),
        ("-1,-2", "\u22121,-2", (5, "value is not a number: \u22121")),
    ],
)
def test_a_mistake_in_a_chart_of_differences_is_reported(
    tmp_path: Path, old: str, new: str, expected: tuple[int, str]
) -> None:
    text = f"{SIDES},a,-1,-2,1,key2020,low,F2.05\n"
    assert read(tmp_path, text)[1] == []
    chart, problems = read(tmp_path, text.replace(old, new))
    assert chart is None
    assert expected in problems


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",a,ten,,,key2020,low,F2.05", "value is not a number: ten"),
        (",a,,,,key2020,low,F2.05", "value is not a number: nothing"),
        (",a,10,9,,key2020,low,F2.05", "The interval has one end."),
        (",a,10,11,12,key2020,low,F2.05", "The value lies outside its interval."),
        (",a,10,,,nobody1999,low,F2.05", "references.bib has no entry nobody1999."),
        (",a,10,,,key2020,sure,F2.05", "sure is not a certainty or kind."),
        (",a,10,,,key2020,low,", "Nothing is not the number of a fact."),
        (",,10,,,key2020,low,F2.05", "The bar has no label."),
        (",a label that does not fit a phone,10,,,key2020,low,F2.05", "The label has 33 characters; 24 is the most."),
        (",a,10,,key2020,low,F2.05", "The line has 7 cells; 8 are expected."),
        (",b,10,,,key2020,low,F2.05", "A second bar is called b."),
        (',"a,10,,,key2020,low,F2.05', "Not valid CSV: unexpected end of data."),
    ],
)
def test_a_mistake_in_a_bar_is_reported_at_its_line(tmp_path: Path, row: str, message: str) -> None:
    chart, problems = read(tmp_path, TOP + BAR.format("b") + row + "\n")
    assert chart is None
    assert problems == [(5, message)]


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    problems = read(tmp_path, TOP + ",a,x,,,key2020,low,F2.05\n,b,1,,,no,low,\n")[1]
    assert [line for line, _ in problems] == [4, 5, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TOP + BAR.format("a"), (3, "The chart has 1 bars; 2 to 12 can be read.")),
        (TOP.replace("# unit: percent\n", "") + BAR.format("a"), (1, "The chart has no unit.")),
        (TOP.replace("unit", "units") + BAR.format("a"), (1, "Not a setting: # units: percent")),
        (TOP.replace("; People", "") + BAR.format("a") + BAR.format("b"), (1, "heads does not name 2 columns.")),
        (TOP.replace("value", "number") + BAR.format("a"), (3, "The columns are not those of a chart.")),
        (TOP + BAR.format("a") + ",b,101,,,key2020,low,F2.05\n", (3, "A percentage is above 100.")),
        ("", (1, "The chart has no unit.")),
    ],
)
def test_a_mistake_in_the_whole_is_reported(tmp_path: Path, text: str, expected: tuple[int, str]) -> None:
    assert expected in read(tmp_path, text)[1]


def test_other_files_in_the_folder_are_reported(tmp_path: Path) -> None:
    (tmp_path / "Notes.txt").write_text("x", encoding="utf-8")
    charts, problems = read_charts(tmp_path, "charts", KEYS)
    assert (charts, [(problem.path, problem.code) for problem in problems]) == (
        {},
        [("charts/Notes.txt", "stray-file")],
    )


def test_a_folder_that_does_not_exist_holds_no_charts(tmp_path: Path) -> None:
    assert read_charts(tmp_path / "none", "charts", KEYS) == ({}, [])
