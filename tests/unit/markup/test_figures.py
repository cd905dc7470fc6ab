"""Figures from Markdown to HTML, and what an editor is told about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import pelicanconf
from sitekit.markup.converter import Converted, Converter
from sitekit.problems import Problem
from sitekit.render import macro_renderer
from sitekit.source.charts import Bar, Chart
from sitekit.source.documents import read_document
from sitekit.source.figures import Share, check_figures, read_share
from sitekit.source.references import Source

ROOT = Path(__file__).resolve().parents[3]
HOW = "How to read this: each *figure* is 1 adult.\n\n"
CHART = Chart(
    "pain",
    "percent",
    ("Group", "People", "Likely range"),
    (
        Bar("Mood", "with pain", "39.5", "37.3", "41.1", "b2020", "low", "F2.05"),
        Bar("Mood", "without <pain>", "0.3", "", "", "a2019", "survey", "F2.07"),
    ),
)
DIFFERENCES = Chart(
    "relief",
    "points",
    ("Treatment", "Difference", "Likely range"),
    (
        Bar("", "by vein", "-15.8", "-32.1", "0.5", "b2020", "very low", "F6.21"),
        Bar("", "by mouth", "-4", "-6.5", "-1", "a2019", "low", "F6.24"),
        Bar("", "by <spray>", "0.0", "-2", "2", "a2019", "low", "F6.24"),
    ),
    ("less pain", "more pain"),
)


@pytest.fixture(scope="module")
def converter() -> Converter:
    sources = {
        key: Source(key, 1, "article", "A B", "A B", key, "J 1:2", "J", key[-4:], "10.1/x", "")
        for key in ("a2019", "b2020")
    }
    render = macro_renderer(ROOT / "theme", pelicanconf.JINJA_ENVIRONMENT)
    return Converter(pelicanconf.MARKDOWN, sources, {}, render, {"pain": CHART, "relief": DIFFERENCES})


def soup(converted: Converted) -> BeautifulSoup:
    return BeautifulSoup(converted.body, "lxml")


def test_icons_show_each_share_with_its_words_and_the_source(converter: Converter) -> None:
    text = f'::: icons "Mood & pain"\n{HOW}- 24 of 100: adults with <pain>\n5 in 100: adults without\n\nSource: [@a2019, survey]\n:::\n\nAfter.'
    converted = converter.convert(text)
    figure = soup(converted).figure
    assert figure.figcaption.get_text() == "Mood & pain"
    assert figure.find(class_="figure__how").get_text() == "How to read this: each figure is 1 adult."
    assert [item.get_text() for item in figure.find_all("li")] == [
        "24 of 100 adults with <pain>",
        "5 of 100 adults without",
    ]
    assert [image["aria-label"] for image in figure.find_all("svg", role="img")] == [
        "24 filled of 100 people",
        "5 filled of 100 people",
    ]
    assert [source.key for source in converted.references] == ["a2019"]
    assert figure.find("a", href="#ref-1")
    assert soup(converted).find_all("p")[-1].get_text() == "After."


def test_a_chart_has_its_bars_its_sources_and_its_exact_numbers(converter: Converter) -> None:
    converted = converter.convert(f'First. [@a2019, survey]\n\n::: chart pain "Mood"\n{HOW}:::')
    figure = soup(converted).figure
    assert [label.get_text() for label in figure.find_all(class_="bars__label")] == ["with pain", "without <pain>"]
    assert [about.get_text() for about in figure.find_all(class_="bars__about")] == [
        "about 40 in 100",
        "fewer than 1 in 100",
    ]
    assert [image["aria-label"] for image in figure.find_all("svg")] == ["39.5%, likely range 37.3% to 41.1%", "0.3%"]
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in figure.table.find_all("tr")]
    assert rows == [
        ["Group", "People", "Likely range"],
        ["Mood"],
        ["with pain", "39.5%", "37.3% to 41.1%"],
        ["without <pain>", "0.3%", "not given"],
    ]
    assert [source.key for source in converted.references] == ["a2019", "b2020"]
    assert [link["href"] for link in figure.find_all("a")] == ["#ref-2", "#ref-1"]
    assert "low certainty" in figure.get_text()


def test_differences_are_told_in_words_without_signs(converter: Converter) -> None:
    figure = soup(converter.convert(f'::: chart relief "Relief"\n{HOW}:::')).figure
    assert [about.get_text() for about in figure.find_all(class_="bars__about")] == [
        "15.8 points less pain, or none",
        "4 points less pain",
        "no difference",
    ]
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in figure.table.find_all("tr")]
    assert rows[1:] == [
        ["by vein", "15.8 points less pain", "32.1 points less pain to 0.5 points more pain"],
        ["by mouth", "4 points less pain", "1 to 6.5 points less pain"],
        ["by <spray>", "no difference", "2 points less pain to 2 points more pain"],
    ]
    assert [image["aria-label"] for image in figure.find_all("svg")] == [
        f"{value}, likely range {interval}" for _, value, interval in rows[1:]
    ]


def test_what_the_sides_mean_stands_once_below_the_last_difference(converter: Converter) -> None:
    figure = soup(converter.convert(f'::: chart relief "Relief"\n{HOW}:::')).figure
    texts = [item.get_text(" ", strip=True) for item in figure.find("ul").find_all("li")]
    assert [("less pain" in text.split("none")[-1], "more pain" in text) for text in texts] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert texts[-1].endswith("← less pain more pain →")


def test_the_cycle_is_named_by_its_caption_and_explained_by_its_list(converter: Converter) -> None:
    items = "\n".join(f"{number}. Place {number}" for number in range(1, 6))
    figure = soup(converter.convert(f'::: figure cycle "The cycle"\n{HOW}{items}\n:::')).figure
    assert figure.svg["role"] == "img"
    assert figure.find(id=figure.svg["aria-labelledby"]).get_text() == "The cycle"
    assert [text.get_text() for text in figure.svg.find_all("text")] == [
        "Pain",
        "Sleep",
        "Mood",
        "Activity",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]
    assert len(figure.find_all("li")) == 5


def test_figures_hold_no_inline_style_and_no_two_ids_are_the_same(converter: Converter) -> None:
    one = f'::: chart pain "Mood"\n{HOW}:::\n\n::: icons "People"\n{HOW}1 of 10: adults\n:::\n\n'
    page = soup(converter.convert(one + one))
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert not page.find_all(style=True) + page.find_all("style")


def test_a_chart_that_does_not_exist_gives_nothing(converter: Converter) -> None:
    assert converter.convert(f'::: chart nothing "Mood"\n{HOW}:::').body == ""


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("24 of 100: adults", Share(24, 100, "adults")),
        ("- 1 in 10: of you", Share(1, 10, "of you")),
        ("* 0 of 10:x", Share(0, 10, "x")),
        ("24 of 100 adults", None),
        ("about 24 of 100: adults", None),
        ("24.5 of 100: adults", None),
    ],
)
def test_a_share_is_read(line: str, share: Share | None) -> None:
    assert read_share(line) == share


def problems(tmp_path: Path, body: str) -> list[Problem]:
    file = tmp_path / "x.md"
    file.write_text(f"---\ntitle: X\n---\n{body}", encoding="utf-8")
    document, _ = read_document(file, "x.md", "pages/x.md", frozenset())
    return check_figures(document, {"pain": CHART, "relief": DIFFERENCES})


def places(tmp_path: Path, body: str) -> list[tuple[int, int, str]]:
    found = problems(tmp_path, body)
    assert all(problem.path == "x.md" and problem.hint for problem in found)
    return sorted((problem.line, problem.column, problem.code) for problem in found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'::: chart pain "T"\n{HOW}:::', []),
        (f'::: icons "T"\n{HOW}- 2 of 10: adults\n\nSource: [@a, low]\n:::', []),
        (f'::: figure cycle "T"\n{HOW}1. a\n2. b\n3. c\n4. d\n5. e\n:::', []),
        ('\n::: chart pain "T"\n:::', [(5, 1, "figure-how-to-read")]),
        (f'::: chart relief "T"\n{HOW}:::', [(5, 1, "figure-how-to-read")]),
        ('::: chart relief "T"\nHow to read this: the dashed line means no difference.\n:::', []),
        (f'::: chart pains "T"\n{HOW}:::', [(4, 11, "unknown-chart")]),
        (f'::: figure circle "T"\n{HOW}:::', [(4, 12, "unknown-figure")]),
        (f'::: figure cycle "T"\n{HOW}1. a\n:::', [(4, 12, "figure-list")]),
        (f'::: icons "T"\n{HOW}- 2 of 10: adults\n:::', [(4, 1, "figure-source")]),
        (f'::: icons "T"\n{HOW}Source: [@a, low]\n:::', [(4, 1, "bad-icons")]),
        (f'::: icons "T"\n{HOW}2 of 10 adults\n3 of 10: x [@a, low]\n:::', [(7, 1, "bad-icons")]),
        (f'::: icons "T"\n{HOW}12 of 10: adults [@a, low]\n:::', [(7, 1, "bad-icons")]),
        (f'::: icons "T"\n{HOW}1 of 7: adults [@a, low]\n:::', [(7, 1, "bad-icons")]),
        (f'::: icons "T"\n{HOW}1 of 10: adults\n1 of 100: x [@a, low]\n:::', [(8, 1, "bad-icons")]),
        ("```\n::: chart pains\n```", []),
    ],
)
def test_a_mistake_in_a_figure_is_reported_where_it_is(
    tmp_path: Path, body: str, expected: list[tuple[int, int, str]]
) -> None:
    assert places(tmp_path, body) == expected


def test_a_name_that_is_nearly_right_is_suggested(tmp_path: Path) -> None:
    assert problems(tmp_path, f'::: chart pains "T"\n{HOW}:::')[0].hint == "Did you mean pain?"
