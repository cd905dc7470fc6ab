"""A Markdown body becomes the parts of a page, rendered by the theme's own macros."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import pelicanconf
from sitekit.markup.converter import Converted, Converter
from sitekit.render import macro_renderer
from sitekit.source.references import Source
from sitekit.views import Phone, Resource

ROOT = Path(__file__).resolve().parents[3]
LINE = Resource(
    "988",
    "988 Lifeline",
    "crisis",
    "national",
    "Anyone",
    "24/7",
    "",
    "",
    (Phone("Call 988", "tel:988"),),
    "",
    "2026-11-22",
    "November 22, 2026",
)


@pytest.fixture(scope="module")
def converter() -> Converter:
    keys = ("one2001", "two2002", "three2003")
    sources = {
        key: Source(key, 1, "article", "A B", "A B", f"Title {key}", "Journal 1:2", "Journal", key[-4:], "10.1/x", "")
        for key in keys
    }
    return Converter(
        pelicanconf.MARKDOWN, sources, {"988": LINE}, macro_renderer(ROOT / "theme", pelicanconf.JINJA_ENVIRONMENT)
    )


def soup(converted: Converted) -> BeautifulSoup:
    return BeautifulSoup(converted.body, "lxml")


def test_citations_are_numbered_in_reading_order_and_reused(converter: Converter) -> None:
    text = "First **bold [@two2002, low]** [@one2001].\n\n- Item [@two2002; @three2003]\n\nEnd [@one2001, high]"
    converted = converter.convert(text)
    assert [reference.key for reference in converted.references] == ["two2002", "one2001", "three2003"]
    marks = [(mark["id"], mark["href"]) for mark in soup(converted).find_all("a")]
    assert marks == [
        ("cite-1-1", "#ref-1"),
        ("cite-2-1", "#ref-2"),
        ("cite-1-2", "#ref-1"),
        ("cite-3-1", "#ref-3"),
        ("cite-2-2", "#ref-2"),
    ]
    assert converted.references[0].cited_from == ("cite-1-1", "cite-1-2")


def test_a_certainty_is_shown_in_words(converter: Converter) -> None:
    text = soup(converter.convert("It may help. [@one2001, very low] It is legal. [@two2002, law]")).get_text(
        " ", strip=True
    )
    assert "very low certainty" in text
    assert "law" in text


def test_nothing_of_one_page_shows_up_on_the_next(converter: Converter) -> None:
    converter.convert("::: key-points\n- x [@one2001]\n:::\n\n::: short\ny\n:::")
    converted = converter.convert("Plain.")
    assert (converted.key_points, converted.short, converted.references) == ("", "", ())


def test_key_points_and_the_short_version_leave_the_body(converter: Converter) -> None:
    converted = converter.convert("::: key-points\n- One\n- Two\n:::\n\n::: short\nShort.\n:::\n\n## Head\n\nText.")
    assert "<li>One</li>" in converted.key_points
    assert converted.short == "<p>Short.</p>"
    assert "One" not in converted.body
    assert [heading.id for heading in converted.headings] == ["head"]


@pytest.mark.parametrize("level", ["emergency", "crisis", "urgent", "routine"])
def test_a_care_card_says_its_level_in_hidden_words(converter: Converter, level: str) -> None:
    card = soup(converter.convert(f'::: care {level} "Call if:"\n\n- a\n- b\n:::')).find(class_="care")
    assert card.find(["h2", "h3"]).get_text().endswith("Call if:")
    assert len(card.find(["h2", "h3"]).get_text()) > len("Call if:")
    assert len(card.find_all("li")) == 2


def test_a_title_is_text_not_markup(converter: Converter) -> None:
    body = converter.convert('::: callout "A <b> & c"\nText\n:::').body
    assert "A &lt;b&gt; &amp; c" in body


def test_text_right_before_and_after_a_block_survives(converter: Converter) -> None:
    body = soup(converter.convert('Before\n::: callout "T"\nInside\n:::\nAfter')).get_text(" ", strip=True)
    assert body.index("Before") < body.index("Inside") < body.index("After")


def test_a_table_block_has_caption_reading_help_and_heads(converter: Converter) -> None:
    text = '::: table "What helps"\nHow to read this: from left to right.\n\n| Treatment | Pain |\n| --- | --- |\n| CBT | a little [@one2001, low] |\n:::'
    page = soup(converter.convert(text))
    assert page.caption.get_text(" ", strip=True).startswith("What helps")
    assert "from left to right" in page.get_text()
    assert [head.get("scope") for head in page.find_all("th")] == ["col", "col", "row"]
    assert page.td["data-label"] == "Pain"


def test_resources_come_from_the_data(converter: Converter) -> None:
    page = soup(converter.convert("[call 988](resource:988)\n\n::: resources\n- 988\n:::"))
    assert {link["href"] for link in page.find_all("a")} == {"tel:988"}
    assert "November 22, 2026" in page.get_text()


def test_links_to_files_work_on_github_and_here(converter: Converter) -> None:
    page = soup(converter.convert("[a](../mind/a.md#b) ![c](../../images/c.svg) [d](https://example.org/)"))
    assert [link["href"] for link in page.find_all("a")] == ["{filename}../mind/a.md#b", "https://example.org/"]
    assert page.img["src"] == "{static}../../images/c.svg"
    assert page.find_all("a")[1]["rel"] == ["noreferrer"]


def test_an_unclosed_block_loses_no_text(converter: Converter) -> None:
    assert "Inside" in converter.convert('::: callout "T"\nInside\n\nMore').body


def test_every_section_of_the_contents_list_has_its_time(converter: Converter) -> None:
    text = f"Before\n\n## One & *two*\n\n{'word ' * 180}\n\n### Part\n\n{'word ' * 180}\n\n## Three\n\nFew words."
    headings = converter.convert(text).headings
    assert [(heading.id, heading.time) for heading in headings] == [("one-two", "2 minutes"), ("three", "15 seconds")]
