"""Skipping patterns that cannot match changes the time, never the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

EXTENSIONS = [
    f"markdown.extensions.{name}"
    for name in ("attr_list", "def_list", "fenced_code", "footnotes", "sane_lists", "tables", "toc")
]
STOCK = Markdown(extensions=EXTENSIONS)
FAST = Markdown(extensions=[*EXTENSIONS, "sitekit.markup.fast_inline"])
PIECES = st.sampled_from(
    [
        "word ",
        "*",
        "**",
        "_",
        "__",
        "`",
        "``",
        "[a]",
        "[",
        "](",
        "](b)",
        "![c](d)",
        "![",
        "<b>",
        "<",
        ">",
        "&amp;",
        "&",
        "\\",
        "\\*",
    ]
    + [
        "  \n",
        "\n",
        "\n\n",
        "- ",
        "# ",
        "> ",
        "[^1]",
        "\n[^1]: note\n",
        "<http://a.example>",
        "<a@b.example>",
        "| a | b |\n| - | - |\n",
    ]
    + ["[x]: /y\n", "[x][]", "{: #i }", "* ", "1. ", "    ", "\x02", "\x03", "***", "___", "a_b_c", "~", "'", '"']
)


def both(text: str) -> tuple[str, str]:
    STOCK.reset()
    FAST.reset()
    return STOCK.convert(text), FAST.convert(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_gives_the_same_html(text: str) -> None:
    stock, fast = both(text)
    assert fast == stock


def test_every_page_of_the_site_gives_the_same_html(root: Path) -> None:
    sources = sorted((root / "content").rglob("*.md"))
    assert len(sources) > 20
    for source in sources:
        stock, fast = both(source.read_text(encoding="utf-8"))
        assert fast == stock, source


@pytest.mark.parametrize("name", ["em_strong", "link", "backtick"])
def test_the_names_are_those_of_the_installed_library(name: str) -> None:
    assert name in [item.name for item in FAST.inlinePatterns._priority]
