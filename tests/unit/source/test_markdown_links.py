"""Where links stand in Markdown: every form an editor can write, and everything that only looks like one."""

from __future__ import annotations

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sitekit.source.markdown_links import MarkdownLink, scan

EXTENSIONS = ["attr_list", "tables", "footnotes", "def_list", "admonition", "fenced_code", "md_in_html", "abbr"]


def places(text: str, **options: bool) -> list[tuple[int, int, str, str]]:
    return [(link.line, link.column, link.destination, link.kind) for link in scan(text, **options)]


FORMS = {
    "inline": ("See [it](a.html).", [(1, 10, "a.html", "inline")]),
    "inline with a title": ('See [it](a.html "A (b) title").', [(1, 10, "a.html", "inline")]),
    "inline with a single-quoted title": ("[it](a.html 'A title')", [(1, 6, "a.html", "inline")]),
    "space around the destination": ("[it]( a.html )", [(1, 7, "a.html", "inline")]),
    "angle brackets": ("[it](<a b.html>)", [(1, 7, "a b.html", "inline")]),
    "angle brackets that look like a tag": ("[it](<i b.html>)", [(1, 7, "i b.html", "inline")]),
    "nested parentheses": ("[it](a_(b).html) on", [(1, 6, "a_(b).html", "inline")]),
    "brackets in the text": ("[a [b] c](a.html)", [(1, 11, "a.html", "inline")]),
    "image": ("![alt](a.png)", [(1, 8, "a.png", "image")]),
    "image inside a link": ("[![alt](a.png)](a.html)", [(1, 9, "a.png", "image"), (1, 17, "a.html", "inline")]),
    "text over two lines": ("[one\ntwo](a.html)", [(2, 6, "a.html", "inline")]),
    "code in the text": ("[`a]b`](a.html)", [(1, 9, "a.html", "inline")]),
    "reference definition": ("[it][r]\n\n[r]: a.html\n", [(3, 6, "a.html", "definition")]),
    "definition with a title": ('[it][r]\n\n[r]: a.html "T"\n', [(3, 6, "a.html", "definition")]),
    "definition over two lines": ("[it][r]\n\n[r]:\n    a.html\n", [(4, 5, "a.html", "definition")]),
    "definition in angle brackets": ("[it][r]\n\n[r]: <a.html>\n", [(3, 7, "a.html", "definition")]),
    "autolink": ("At <https://a.example/b>.", [(1, 5, "https://a.example/b", "autolink")]),
    "mail autolink": ("At <a@b.example>.", [(1, 5, "mailto:a@b.example", "autolink")]),
    "raw inline HTML": ('<a class="x" href="a.html">t</a>', [(1, 20, "a.html", "html")]),
    "raw HTML without quotes": ("<a href=a.html>t</a>", [(1, 9, "a.html", "html")]),
    "raw HTML over lines": ('<img\n  alt="x"\n  src="a.png">', [(3, 8, "a.png", "html")]),
    "srcset": ('<img srcset="a.png 1x,\n  b.png 2x">', [(1, 14, "a.png", "html"), (2, 3, "b.png", "html")]),
    "table cell": ("| a | b |\n| - | - |\n| x | [t](a.html) |", [(3, 11, "a.html", "inline")]),
    "footnote": ("Text[^1]\n\n[^1]: See [t](a.html)\n", [(3, 15, "a.html", "inline")]),
    "second paragraph of a footnote": ("T[^1]\n\n[^1]: One\n\n    [t](a.html)\n", [(5, 9, "a.html", "inline")]),
    "definition list": ("Term\n:   See [t](a.html)\n", [(2, 13, "a.html", "inline")]),
    "admonition": ("!!! note\n    See [t](a.html)\n", [(2, 13, "a.html", "inline")]),
    "second paragraph of an admonition": ("!!! note\n    One\n\n    [t](a.html)\n", [(4, 9, "a.html", "inline")]),
    "list item": ("- one\n\n    [t](a.html)\n", [(3, 9, "a.html", "inline")]),
    "block quote": ("> [t](a.html)", [(1, 7, "a.html", "inline")]),
    "heading": ("## [t](a.html)", [(1, 8, "a.html", "inline")]),
    "attribute list": (
        '![a](a.png){: srcset="b.png 2x" .c }',
        [(1, 6, "a.png", "image"), (1, 23, "b.png", "attribute-list")],
    ),
    "escapes in the destination": (r"[t](a\_b.html)", [(1, 5, "a_b.html", "inline")]),
    "character references": ("[t](?a=1&amp;b=2)", [(1, 5, "?a=1&b=2", "inline")]),
    "placeholder": ("[t]({filename}/x.md#y)", [(1, 5, "{filename}/x.md#y", "inline")]),
    "our own scheme": ("[call](resource:988)", [(1, 8, "resource:988", "inline")]),
    "after a fence without an end": ("```\n[t](a.html)\n", [(2, 5, "a.html", "inline")]),
    "empty destination": ("[t]()", [(1, 5, "", "inline")]),
    "after Windows line ends": ("a\r\n\r\n[t](a.html)\r\n", [(3, 5, "a.html", "inline")]),
}


@pytest.mark.parametrize("name", FORMS)
def test_finds_the_exact_place(name: str) -> None:
    text, expected = FORMS[name]
    assert places(text) == expected


NOT_LINKS = {
    "code span": "`[t](a.html)`",
    "code span with two backticks": "`` `[t](a.html)` ``",
    "fence": "```\n[t](a.html)\n```",
    "fence of tildes": "~~~ text\n[t](a.html)\n~~~",
    "longer closing fence": "````\n```\n[t](a.html)\n````",
    "indented code": "Text\n\n    [t](a.html)\n",
    "code inside a list item": "- one\n\n        [t](a.html)\n",
    "comment": "<!-- [t](a.html) -->",
    "comment over lines": "<!--\n[t](a.html)\n<a href='a.html'>\n-->",
    "escaped bracket": r"\[t](a.html)",
    "raw block": "<div>\n[t](a.html)\n</div>",
    "script": '<script>\nx = "[t](a.html)";\n</script>',
    "preformatted": '<pre><a href="a.html">x</a></pre>',
    "citation": "Text. [@key2020, moderate]",
    "space before the parenthesis": "[t] (a.html)",
    "no closing parenthesis": "[t](a.html\n\nnext",
    "footnote mark": "Text[^1].",
    "front matter": "---\ntitle: '[t](a.html)'\n---\n",
}


@pytest.mark.parametrize("name", NOT_LINKS)
def test_leaves_alone(name: str) -> None:
    assert places(NOT_LINKS[name]) == []


def test_reads_front_matter_only_when_asked() -> None:
    text = "---\ntitle: See a/b for more\nimage: /img/a.png\nrelated:\n  - mind/x.md\nlink: https://a.example/ # note\n---\n[t](a.html)"
    assert places(text) == [(8, 5, "a.html", "inline")]
    assert places(text, front_matter=True) == [
        (3, 8, "/img/a.png", "front-matter"),
        (5, 5, "mind/x.md", "front-matter"),
        (6, 7, "https://a.example/", "front-matter"),
        (8, 5, "a.html", "inline"),
    ]


def test_says_what_text_belongs_to_a_destination() -> None:
    text = '![alt words](a.png) [link words](b.html)\n\n[label]: c.html\n\n<a href="d.html">x</a>'
    assert [link.text for link in scan(text)] == ["alt words", "link words", "label", "href"]


def test_offsets_cut_the_destination_out_of_the_text() -> None:
    for text, _ in FORMS.values():
        for link in scan(text):
            written = text[link.start : link.end]
            assert written in text.splitlines()[link.line - 1]
            assert text.splitlines()[link.line - 1][link.column - 1 :].startswith(written)


def rendered(text: str) -> set[str]:
    tree = LexborHTMLParser(markdown.markdown(text, extensions=EXTENSIONS, output_format="html"))
    found = {node.attributes[name] or "" for name in ("href", "src") for node in tree.css(f"[{name}]")}
    return {url for url in found if not url.startswith("#fn")}


@pytest.mark.parametrize("name", [name for name in FORMS if name not in ("srcset", "attribute list", "mail autolink")])
def test_agrees_with_what_python_markdown_makes(name: str) -> None:
    text = FORMS[name][0]
    assert {link.destination for link in scan(text)} == rendered(text)


@pytest.mark.parametrize("name", NOT_LINKS)
def test_agrees_with_python_markdown_on_what_is_no_link(name: str) -> None:
    text = NOT_LINKS[name]
    if name not in ("script", "preformatted", "front matter"):
        assert rendered(text) == set()


PIECES = st.sampled_from(
    [
        "word ",
        "`x` ",
        "[t](a.html) ",
        "![i](b.png) ",
        "**bold** ",
        "\n\n",
        "\n",
        "(par) ",
        "[b] ",
        "> ",
        "- ",
        "`",
        "# ",
    ]
)


def test_a_code_span_does_not_reach_into_a_quotation() -> None:
    assert {link.destination for link in scan("`[t](a.html)\n> `x`")} == {"a.html"}


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_never_misses_a_link_that_python_markdown_makes(text: str) -> None:
    assert rendered(text) <= {link.destination for link in scan(text)}


@settings(deadline=None)
@given(st.text(alphabet="[]()<>`!\\\"' \nab:{}=&;", max_size=60))
def test_any_text_ends_and_stays_in_bounds(text: str) -> None:
    for link in scan(text, front_matter=True):
        assert isinstance(link, MarkdownLink)
        assert 0 <= link.start <= link.end <= len(text)
