"""Every number on every article comes from a fact, unchanged or rightly rounded, and the table says from which."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sitekit.problems import Problem, format_text
from sitekit.source.plaintext import read
from tests.content.derive import follows, stands
from tests.content.facts import Fact, read_facts, read_other_texts
from tests.content.number_table import (
    ARTICLES,
    FACTS,
    NUMBERS,
    PLAIN,
    Plain,
    Row,
    check,
    check_chart,
    read_plain,
    read_rows,
    unsourced_keys,
)
from tests.content.occurrences import Occurrence, occurrences, on_page

Table = tuple[list[Occurrence], list[Row], list[Plain], dict[str, Fact], dict[str, str]]


@pytest.fixture(scope="module")
def table(root: Path) -> Table:
    """The numbers on the pages, the rows, the numbers that state no fact, the facts, and other texts."""
    return (
        occurrences(root / ARTICLES), read_rows(root / NUMBERS), read_plain(root / PLAIN),
        read_facts(root / FACTS), read_other_texts(root / "content"),
    )  # fmt: skip


def codes(problems: list[Problem]) -> set[str]:
    return {problem.code for problem in problems}


def test_every_number_on_an_article_comes_from_its_fact(table: Table) -> None:
    problems = check(*table)
    assert not problems, "\n" + format_text(problems)


def test_every_number_of_a_chart_comes_from_its_fact(root: Path, table: Table) -> None:
    problems = [
        problem
        for file in sorted((root / "content/data/charts").glob("*.csv"))
        for problem in check_chart(
            file.relative_to(root).as_posix(), file.read_text(encoding="utf-8").splitlines(), table[3]
        )
    ]
    assert not problems, "\n" + format_text(problems)


def test_every_source_that_an_article_cites_has_a_confirmed_fact(root: Path, table: Table) -> None:
    cited = {
        file.relative_to(root).as_posix(): {
            key
            for block in read(file.read_text(encoding="utf-8")).blocks
            for mark in block.citations
            for key in mark.keys
        }
        for file in sorted((root / ARTICLES).rglob("*.md"))
    }
    wrong = [f"{page}: @{key}: {why}" for page, key, why in unsourced_keys(cited, table[3])]
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_fact_base_is_whole(table: Table) -> None:
    facts = [fact for fact in table[3].values() if fact.id.startswith("F")]
    marks = [fact.mark for fact in facts]
    assert (len(facts), marks.count("V"), marks.count("P"), marks.count("R")) == (138, 96, 31, 10)


# A wrong number must not pass. Each test below puts one in and looks for the complaint.


def with_text(table: Table, root: Path, page: str, old: str, new: str) -> list[Problem]:
    """The problems after a change on one page."""
    source = (root / ARTICLES / page).read_text(encoding="utf-8")
    assert old in source
    found = [one for one in table[0] if one.page != page] + list(on_page(page, read(source.replace(old, new))))
    return [problem for problem in check(found, *table[1:]) if page in problem.path + problem.message]


def test_a_changed_digit_on_a_page_is_found_where_it_stands(table: Table, root: Path) -> None:
    page = "mind/depression-and-pain.md"
    line = (root / ARTICLES / page).read_text(encoding="utf-8").split("37.4%")[0].count("\n") + 1
    found = [one for one in with_text(table, root, page, "37.4%", "47.4%") if one.code == "number-without-fact"]
    assert [(one.path, one.line) for one in found if "47.4%" in one.message] == [(f"{ARTICLES}/{page}", line)]
    assert all(page in one.hint and "F?" in one.hint for one in found)


def test_a_new_number_without_a_row_is_found(table: Table, root: Path) -> None:
    page = "treatments/opioids.md"
    problems = with_text(table, root, page, "One trial ran for", "Some 83 clinics closed. One trial ran for")
    assert any("“83”" in problem.message and problem.code == "number-without-fact" for problem in problems)


def test_every_number_that_is_changed_on_its_page_alone_is_found(table: Table) -> None:
    found, rows, *rest = table
    forged = []
    for one in found:
        if one.number[0].isdigit() and any(row.matches(one) for row in rows if row.page == one.page):
            number, end = changed(one.number), one.start + len(one.number)
            text = one.text[: one.start] + number + one.text[end:]
            forged.append(replace(one, number=number, text=text, sentence=text))
    problems = {(problem.path, problem.line, problem.column, problem.code) for problem in check(forged, rows, *rest)}
    missed = [
        (one.page, one.line, one.number)
        for one in forged
        if (f"{ARTICLES}/{one.page}", one.line, one.column, "number-without-fact") not in problems
    ]
    assert len(forged) > 400
    assert not missed


def changed(number: str) -> str:
    """The number with its first digit moved on by two, which no rounding explains."""
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 9 + 1), number, count=1)


def test_a_figure_changed_on_the_page_and_in_the_table_alike_is_found(table: Table) -> None:
    """Exact figures with a decimal or a comma, which stand once in a fact: an editor who forges both sides is caught."""
    _, rows, plain, facts, texts = table
    forged = [
        replace(row, number=changed(row.number), words=changed(row.words))
        for row in rows
        if re.search(r"\d[.,]\d", row.number) and not row.figure
    ]
    missed = [row for row in forged if "not-in-source" not in codes(check([], [row], plain, facts, texts))]
    assert len(forged) > 80
    assert not missed


@pytest.mark.parametrize(
    ("number", "changes", "code"),
    [
        ("23.9%", {"sources": ("F2.03",)}, "not-in-source"),
        ("23.9%", {"sources": ("F9.99",)}, "unknown-source"),
        ("23.9%", {"sources": ()}, "no-source"),
        ("24 in 100", {"figure": "4.9%"}, "not-derived"),
        ("23.9%", {"words": "a sentence that is gone 23.9%"}, "row-off-page"),
    ],
)
def test_a_wrong_row_is_found(table: Table, number: str, changes: dict, code: str) -> None:
    found, rows, plain, facts, texts = table
    row = next(row for row in rows if row.number == number and row.sources == ("F2.02",))
    assert code in codes(check(found, [*rows, replace(row, **changes)], plain, facts, texts))


def test_an_unconfirmed_fact_is_refused(table: Table) -> None:
    found, _, plain, facts, texts = table
    row = Row(1, "mind/x.md", "30%", "about 30%", ("F5.32",), "", "")
    assert "unconfirmed-fact" in codes(check(found, [row], plain, facts, texts))


def test_a_source_that_is_not_cited_beside_the_number_is_found(table: Table) -> None:
    found, rows, plain, facts, texts = table
    one = next(one for one in found if one.number == "23.9%" and one.cited)
    other = replace(one, cited=frozenset({"cherkin2016mbsr"}))
    assert "other-source-cited" in codes(check([other], rows, plain, facts, texts))


def test_a_rounded_count_without_its_figure_is_found(table: Table) -> None:
    found, rows, plain, facts, texts = table
    one = next(one for one in found if one.number == "24 in 100")
    assert "rounded-alone" in codes(check([replace(one, sentence="About 24 in 100.")], rows, plain, facts, texts))


def test_another_unit_than_that_of_the_source_is_found(table: Table, root: Path) -> None:
    problems = with_text(
        table, root, "treatments/opioids.md", "One trial ran for 12 months", "One trial ran for 12 weeks"
    )
    assert "number-without-fact" in codes(problems)
    one = Occurrence("p", 1, 1, "12", 4, "For 12 weeks", "For 12 weeks", frozenset(), "", 0)
    row = Row(1, "p", "12", "For 12 weeks", ("F5.08",), "", "")
    assert "other-unit" in codes(check([one], [row], [], table[3], table[4]))


def test_an_exception_that_spares_nothing_is_found(table: Table) -> None:
    assert "row-off-page" in codes(check(*table[:2], [*table[2], Plain(9, "*", "77", "*", "a reason")], *table[3:]))


def test_a_chart_with_a_wrong_number_or_source_is_found(table: Table) -> None:
    head = "group,label,value,low,high,cite,certainty,fact"
    lines = [
        "# unit: percent",
        head,
        ",a,37.5,,,kroenke2009scamp,moderate,F2.13",
        ",b,16.5,,,bair2008anxiety,low,F2.13",
    ]
    assert [(one.line, one.code) for one in check_chart("c.csv", lines, table[3])] == [
        (3, "not-in-source"),
        (4, "other-source-cited"),
    ]


@pytest.mark.parametrize(
    ("number", "figure"),
    [
        ("24 in 100", "23.9%"), ("1 in 4", "23.9%"), ("1 in 20", "4.9%"), ("46 in 100", "45.5%"), ("1 in 10", "10%"),
        ("61 to 75 in 100", "61% to 75%"), ("Fewer than 1 in 100", "0.3% to 0.4%"), ("3", "3.26"), ("3", "three"),
        ("one third", "30%"), ("one-tenth", "10%"), ("half", "50%"), ("2", "twice"), ("4", "two and two items"),
    ],
)  # fmt: skip
def test_rounding_and_other_ways_to_write_a_figure_are_accepted(number: str, figure: str) -> None:
    assert follows(number, figure)


@pytest.mark.parametrize(
    ("number", "figure"),
    [
        ("23 in 100", "23.9%"), ("1 in 5", "23.9%"), ("23.8%", "23.9%"), ("24%", "23.9%"), ("4", "3.26"), ("half", "30%"),
        ("60 to 75 in 100", "61% to 75%"), ("Fewer than 1 in 100", "0.3% to 1.4%"), ("1 in 4", "four"), ("", "3"),
    ],
)  # fmt: skip
def test_wrong_rounding_is_refused(number: str, figure: str) -> None:
    assert not follows(number, figure)


def test_a_figure_inside_a_longer_number_a_name_or_a_key_does_not_stand_in_a_text() -> None:
    text = "[@kroenke2009scamp] PHQ-9: 13.9% of 2,740 people"
    assert stands("13.9%", text) and stands("2,740", text)
    assert not any(stands(figure, text) for figure in ("9", "3.9%", "13.9", "740", "2", "2009"))
