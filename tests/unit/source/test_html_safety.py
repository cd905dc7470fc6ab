"""Raw HTML that would break the promises of the site is refused where it stands; harmless HTML is not."""

from __future__ import annotations

import pytest

from sitekit.source.html_safety import check
from sitekit.source.mask import mask_code


def found(text: str) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in check("a.md", mask_code(text))]


@pytest.mark.parametrize(
    "text",
    [
        "A <b>bold</b> word, 3 < 4 and 5 > 4.",
        'A <abbr title="Orange County">OC</abbr> office.',
        "<https://example.org/> and <mailto:a@example.org> and <a@example.org>",
        "<details>\n<summary>More</summary>\nText\n</details>",
        '<img src="{static}/images/a.svg" alt="a">',
        "`<script>` in code, and\n\n```html\n<script src='https://evil.example/x.js'></script>\n```",
        "<!-- <script>hidden</script> -->",
        '<a href="https://example.org/">out</a>',
    ],
)
def test_harmless_html_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("a <script>x</script>", 3, "unsafe-html"),
        ("a <SCRIPT src=x>", 3, "unsafe-html"),
        ("a <iframe src='https://x.example'></iframe>", 3, "unsafe-html"),
        ("<style>p{}</style>", 1, "unsafe-html"),
        ("<form action='/x'>", 1, "unsafe-html"),
        ("<svg><use href='x'/></svg>", 1, "unsafe-html"),
        ('<b onclick="x()">a</b>', 4, "unsafe-html"),
        ("<b\nonmouseover=x>a</b>", 1, "unsafe-html"),
        ('<p style="color:red">a</p>', 4, "unsafe-html"),
        ('<img src="https://x.example/a.png" alt="">', 6, "remote-resource"),
        ('<img src="//x.example/a.png" alt="">', 6, "remote-resource"),
        ('<img srcset="HTTPS://x.example/a.png 2x" alt="">', 6, "remote-resource"),
        ('<img src="&#104;ttps://x.example/a.png" alt="">', 6, "remote-resource"),
        ('<a href="javascript:x()">a</a>', 4, "unsafe-html"),
        ('<a href=" java\tscript:x()">a</a>', 4, "unsafe-html"),
        ('<a href="data:text/html,x">a</a>', 4, "unsafe-html"),
        ("![sea](https://x.example/sea.jpg)", 8, "remote-resource"),
        ("![sea](//x.example/sea.jpg)", 8, "remote-resource"),
    ],
)
def test_unsafe_html_is_refused(text: str, column: int, code: str) -> None:
    places = found(text)
    assert code in {place[2] for place in places}
    assert column in {place[1] for place in places}


def test_a_closing_tag_of_a_refused_element_is_refused_too() -> None:
    assert [place[1] for place in found("<script>x</script>")] == [1, 10]
