"""Python-Markdown in less time gives the same text."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor

from benchmarks.build import corpus
from sitekit.markup.context import Context
from sitekit.markup.fast import FastMarkdown
from sitekit.markup.fast.blocks import KNOWN
from sitekit.markup.fast.inline import NEEDS

EXTENSIONS = [
    f"markdown.extensions.{name}"
    for name in ("attr_list", "def_list", "fenced_code", "footnotes", "sane_lists", "tables", "toc")
]
# Without a mark for it, the library too leaves the text alone where a list of contents might go.
SETTINGS = {"extensions": EXTENSIONS, "extension_configs": {"markdown.extensions.toc": {"marker": ""}}}
STOCK = Markdown(**SETTINGS)
FAST = FastMarkdown(**SETTINGS)
MARKS = [
    *(
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
    ),
    *(
        "\\",
        "\\*",
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
    ),
    *(
        "| a | b |\n| - | - |\n",
        "[x]: /y\n",
        "[x][]",
        "{: #i }",
        "{.c}",
        "* ",
        "1. ",
        "    ",
        "\x02",
        "\x03",
        "***",
        "___",
    ),
    *(
        "a_b_c",
        "~",
        "'",
        '"',
        "```\ncode\n```\n",
        "term\n: meaning\n",
        "\t",
        "\r\n",
        "\n===\n",
        "\n---\n",
        "[TOC]",
        "h*i*j",
    ),
]
SIMPLE = [
    *(
        "pain",
        " and sleep",
        ". ",
        ", ",
        " ",
        "\n",
        "\n\n",
        "!",
        "]",
        "(see",
        ")",
        "{",
        "}",
        ">",
        "|",
        ":",
        "É ",
        "1",
        "-",
    ),
    *("**strong**", " **two words**", "*em*", " *a b* ", "[link](to.md)", " [two words](/a_b/?c=1&d=2#e)", "[a*b](c)"),
    *(
        "[^1]",
        "[@key]",
        "** no**",
        "**no **",
        "[x](a b)",
        '[x](a "t")',
        "## Head ",
        "\n\n## Head\n\n",
        "\n- item\n",
        "\n# ",
    ),
    *(
        "\n\n- one\n- two **b**\n\n",
        "\n- - x",
        "\n- a\n\n    - b\n",
        "\n## Head\nbelow\n\n",
        "## ",
        "#",
        "\n\n1. one\n- x\n\n",
    ),
    *(
        "\n\n| a | b |\n| - | - |\n| c | d |\n\n",
        "\n|a\n|-\n|",
        "\\|",
        "\n\n[^1]: note\n\n",
        "///Footnotes Go Here///",
        "\\",
    ),
    *("**a**b", "a**b**", "***a***", "[**a**](b)", "**[a](b)**", "*", "_", "![", "`", "  \n", "  ", "\n\n    code\n\n"),
]


CITED = [
    *(
        "[@key]",
        "[@key, high]",
        "[@a_b; @key]",
        "[@a*b*]",
        "[@<b>&amp;]",
        "[@]",
        "[@ [x]]",
        "[@key](to.md)",
        "![@key]",
        "\\[@key]",
    ),
    *(
        "word[@key]",
        "**strong**[@key]",
        "[@key]**strong**",
        "**in [@key]**",
        "[in [@key]](to.md)",
        "[@a`b]",
        "[@a\nb]",
        "[@a\\]b]",
    ),
]


def citing(markdown: type[Markdown]) -> Markdown:
    """An instance that reads citations too, of two known sources."""
    made = markdown(**{**SETTINGS, "extensions": [*EXTENSIONS, "sitekit.markup.citations"]})
    made.sitekit_context = Context(
        {"key": None, "a_b": None}, {}, lambda _, marks, label: f"<sup>{marks} {label}</sup>"
    )
    return made


CITING = (citing(Markdown), citing(FastMarkdown))


def both(text: str, markdowns: tuple[Markdown, Markdown] = (STOCK, FAST)) -> tuple[object, object]:
    """The HTML of a text and the headings found in it, by the library and by us."""
    found = []
    for markdown in markdowns:
        markdown.reset()
        found.append((markdown.convert(text), markdown.toc_tokens if text.strip() else []))
    return found[0], found[1]


def broken(result: object) -> bool:
    """Whether the library has taken apart a placeholder of its own, which then shows a count of what was found before."""
    return bool(re.search(r"klzzwxh|[\x02\x03]|0\d", repr(result)))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=30).map("".join))
def test_any_text_gives_the_same_html(text: str) -> None:
    stock, fast = both(text)
    assert fast == stock or broken(stock)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(SIMPLE), max_size=20).map("".join))
def test_text_of_the_simplest_forms_gives_the_same_html(text: str) -> None:
    stock, fast = both(text)
    assert fast == stock or broken(stock)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*CITED, *SIMPLE]), max_size=20).map("".join))
def test_citations_give_the_same_html(text: str) -> None:
    for markdown in CITING:
        markdown.sitekit_context.reset()
    stock, fast = both(text, CITING)
    assert fast == stock or broken(stock)


def test_every_page_of_the_site_gives_the_same_html(root: Path) -> None:
    sources = sorted((root / "content").rglob("*.md"))
    assert len(sources) > 20
    for source in sources:
        stock, fast = both(source.read_text(encoding="utf-8"))
        assert fast == stock, source


def test_generated_articles_give_the_same_html() -> None:
    for article in corpus.articles(20):
        stock, fast = both(article.body)
        assert fast == stock


@pytest.mark.slow
def test_ten_thousand_random_texts_give_the_same_html() -> None:
    draw, compared = random.Random(1), 0
    for _ in range(10_000):
        pieces = [*MARKS, *SIMPLE] if draw.random() < 0.5 else SIMPLE
        text = "".join(draw.choice(pieces) for _ in range(draw.randint(1, 40)))
        stock, fast = both(text)
        compared += not broken(stock)
        assert fast == stock or broken(stock), text
    assert compared > 9_000


@pytest.mark.parametrize(("ours", "theirs"), [(NEEDS, STOCK.inlinePatterns), (KNOWN, STOCK.parser.blockprocessors)])
def test_the_names_we_know_are_all_the_library_has(ours: object, theirs: object) -> None:
    assert {item.name for item in theirs._priority} <= set(ours)


class _Stranger(Extension):
    """Reads "~~" inside a line, and a block that begins with "Note"; we know neither."""

    class _Note(BlockProcessor):
        def test(self, parent: object, block: str) -> bool:
            return block.startswith("Note")

        def run(self, parent: object, blocks: list[str]) -> None:
            self.parser.parseBlocks(parent, ["## " + blocks.pop(0)])

    def extendMarkdown(self, md: Markdown) -> None:
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"()~~(.*?)~~", "del"), "stranger", 70)
        md.parser.blockprocessors.register(self._Note(md.parser), "stranger", 110)


def test_an_extension_we_do_not_know_is_always_asked() -> None:
    html = FastMarkdown(extensions=[_Stranger()]).convert("Plain ~~words~~.\n\nNote well")
    assert html == "<p>Plain <del>words</del>.</p>\n<h2>Note well</h2>"


def test_a_list_nested_a_hundred_deep_is_written() -> None:
    text = "\n".join(f"{'    ' * depth}- item" for depth in range(120))
    stock, fast = both(text)
    assert fast == stock
