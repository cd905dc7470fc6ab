"""Small readers on their own: srcset, refresh, encodings, the tokenizer that keeps positions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sitekit.links.read.css import style_sheet_links
from sitekit.links.read.encoding import decode_css, decode_html, is_plain_utf8
from sitekit.links.read.srcset import parse_refresh, parse_srcset
from sitekit.links.read.tokens import decode_references, tokenize


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("a.png", ["a.png"]),
        ("a.png 1x, b.png 2x", ["a.png", "b.png"]),
        ("a.png 1x,b.png 2x", ["a.png", "b.png"]),
        ("a.png,b.png", ["a.png,b.png"]),
        ("a.png, b.png", ["a.png", "b.png"]),
        (" \n a.png  100w ,\n b.png  200w,  ", ["a.png", "b.png"]),
        (",,a.png 1x", ["a.png"]),
        ("a.png,, b.png", ["a.png", "b.png"]),
        ("data:image/gif;base64,R0lGOD 1x, b.png 2x", ["data:image/gif;base64,R0lGOD", "b.png"]),
        ("/w=200,h=100/a.png 1x, b.png 2x", ["/w=200,h=100/a.png", "b.png"]),
        ("a.png 1.5x, b.png .5x, c.png 1e1x", ["a.png", "b.png", "c.png"]),
        ("a.png 100w 50h, b.png 2x", ["a.png", "b.png"]),
        ("bad.png 1q, b.png 2x", ["b.png"]),
        ("bad.png 0w, bad.png -1x, bad.png 1w 1x, bad.png 5h, bad.png 1x 2x, bad.png 1.5w, bad.png +1x", []),
        ("a.png 1x (x, y) , b.png", ["b.png"]),
        ("", []),
        (" , ", []),
    ],
)
def test_srcset(value: str, urls: list[str]) -> None:
    assert parse_srcset(value) == urls


@pytest.mark.parametrize(
    ("content", "url"),
    [
        ("0;url=a.html", "a.html"),
        ("0; URL=a.html", "a.html"),
        ("5;URL = 'a b.html' x", "a b.html"),
        ('0;url="a.html"', "a.html"),
        ("0;url='a.html", "a.html"),
        ("0,a.html", "a.html"),
        ("0 a.html", "a.html"),
        ("0;a.html", "a.html"),
        ("0.9;url=a.html", "a.html"),
        (".5;url=a.html", "a.html"),
        ("  3 ; url=a.html?x=1;2", "a.html?x=1;2"),
        ("0;url", "url"),
        ("0;urn=x", "urn=x"),
        ("5", None),
        ("5;", None),
        ("x;url=a.html", None),
        ("5x;url=a.html", None),
        ("", None),
        ("-1;url=a.html", None),
    ],
)
def test_refresh(content: str, url: str | None) -> None:
    assert parse_refresh(content) == url


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbf<p>\xc3\xa9", "<p>é"),
        ("\ufeff<p>é".encode("utf-16-le"), "<p>é"),
        ("\ufeff<p>é".encode("utf-16-be"), "<p>é"),
        (b"<meta charset=utf-8><p>\xc3\xa9", "é"),
        (b"<META CHARSET='ISO-8859-1'><p>\xe9\x80", "é€"),
        (b"<!-- <meta charset=latin1> --><meta charset=utf-8>\xc3\xa9", "é"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>\xef", "п"),
        (b"<meta content='text/html; charset=koi8-r' http-equiv=content-type>\xd0", "п"),
        (b"<meta charset=utf-16><p>\xc3\xa9", "é"),
        (b"<meta charset=nonsense><p>\xe9", "é"),
        (b"<p>\xe9", "é"),
        (b"<p>\xc3\xa9", "é"),
        (b"<meta charset=utf-8><p>\xe9", "\ufffd"),
        (b'<?xml version="1.0" encoding="latin1"?><p>\xe9', "é"),
        (b"<title>charset=latin1</title><p>\xc3\xa9", "é"),
        (b"<!doctype html>" + b" " * 1100 + b"<meta charset=latin1>\xc3\xa9", "é"),
    ],
)
def test_html_bytes(data: bytes, text: str) -> None:
    assert decode_html(data).endswith(text)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_plain_utf8_means_that_decoding_is_decoding_utf8(data: bytes) -> None:
    decoded = decode_html(data)
    if is_plain_utf8(data):
        assert decoded == data.decode("utf-8")


def test_css_bytes() -> None:
    assert decode_css(b'@charset "iso-8859-1";.a{content:"\xe9"}').endswith('"é"}')
    assert decode_css(b'@charset "utf-16";\xc3\xa9').endswith("é")
    assert decode_css(b" @charset 'latin1';\xc3\xa9").endswith("é")
    assert decode_css("\ufeff.é{}".encode("utf-16-le")) == ".é{}"


@pytest.mark.parametrize(
    ("css", "urls"),
    [
        ("a{b:url(x.png)}", ["x.png"]),
        ("a{b:URL( 'x.png' )}", ["x.png"]),
        ('a{b:url(x.png),url("y.png")}', ["x.png", "y.png"]),
        ("a{b:image-set('x.png' 1x, url(y.png) 2x type('image/png'))}", ["x.png", "y.png"]),
        ("a{b:-webkit-image-set(url(x.png) 1x)}", ["x.png"]),
        ("a{b:cross-fade(url(x.png), image-set('y.png' 1x))}", ["x.png", "y.png"]),
        ("@font-face{src:local('no'),url(x.woff2)format('woff2')tech(variations)}", ["x.woff2"]),
        (
            "@import 'x.css';@import url(y.css);@import url('z.css') layer(a) supports(b:c) screen;",
            ["x.css", "y.css", "z.css"],
        ),
        ("@charset 'utf-8';/* @import 'no.css' */@layer a, b;@import 'x.css';", ["x.css"]),
        ("@namespace url(http://no.example);@namespace a 'no';", []),
        ("@media print{@supports (a:b){a{b:url(x.png)}}}", ["x.png"]),
        (".a{.b &{c:url(x.png)}}", ["x.png"]),
        ("a::after{content:'url(no.png)'}", []),
        ("/* url(no.png) */ a{b:url(x.png)/* url(no.png) */}", ["x.png"]),
        ("a{b:url(bad url.png);c:url(x.png)}", ["x.png"]),
        ("a{b:u\\72l(x.png);c:url(my\\ x.png);d:url('a\\\nb.png')}", ["x.png", "my x.png", "ab.png"]),
        ("a{--x:url(x.png)}", ["x.png"]),
        ("a{b:url()}", [""]),
        ("a{b:src('x.png')}", ["x.png"]),
        ("a{b:url('x.png' crossorigin(anonymous))}", ["x.png"]),
        ("a{b:attr(href url)}", []),
        ("a{b:url(x.png", ["x.png"]),
        ("<!-- a{b:url(x.png)} -->", ["x.png"]),
    ],
)
def test_css(css: str, urls: list[str]) -> None:
    assert [link.url for link in style_sheet_links(css)] == urls


def test_css_knows_an_import_that_browsers_ignore() -> None:
    assert [link.where for link in style_sheet_links("a{}@import 'x.css';")] == ["css @import (ignored)"]


def test_css_nested_without_end_is_read_without_recursion() -> None:
    assert [link.url for link in style_sheet_links("a{b:" + "f(" * 3000 + "url(x.png)")] == ["x.png"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a?b=1&amp;c=2", "a?b=1&c=2"),
        ("a?b=1&copy=2", "a?b=1&copy=2"),
        ("a?b=1&copy;=2", "a?b=1©=2"),
        ("a?b&copyx", "a?b&copyx"),
        ("a&lt", "a<"),
        ("&#x2F;&#47;&#x80;", "//€"),
        ("&#0;&#xD800;&#x110000;", "\ufffd\ufffd\ufffd"),
        ("&notanentity;&;&", "&notanentity;&;&"),
    ],
)
def test_character_references_of_attributes(written: str, value: str) -> None:
    assert decode_references(written) == value
    assert LexborHTMLParser(f'<a href="{written}">').css_first("a").attributes["href"] == value


PIECES = st.sampled_from(
    [
        "<a href=x>",
        "<a href='y'>",
        '<img src="z" ',
        "/>",
        "</a>",
        "<!-- ",
        "-->",
        "<p id=a ",
        "<script>",
        "</script>",
        "&amp;",
        "<",
        ">",
    ]
    + [
        "<title>",
        "</title>",
        "<style>",
        "</style>",
        "=",
        "'",
        '"',
        " ",
        "\n",
        "<b class=c href=q>",
        "<textarea>",
        "</textarea>",
        "<?x>",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_tokenizer_sees_the_attributes_that_the_parser_sees(text: str) -> None:
    text = "<!doctype html><body>" + text
    tree = LexborHTMLParser(text)
    parsed = [
        (node.tag, name, node.attributes[name] or "") for node in tree.css("a, img, b") for name in node.attributes
    ]
    tokens = [
        (token.tag, *item)
        for token in tokenize(text)
        if token.tag in ("a", "img", "b")
        for item in token.attributes.items()
    ]
    assert set(parsed) == set(tokens)


def test_spans_cut_out_what_was_written() -> None:
    text = "<a\n href = \"a&amp;b\" class=x><img src='y' alt>"
    spans = {name: text[slice(*span)] for token in tokenize(text) for name, span in token.spans.items()}
    assert spans == {"href": "a&amp;b", "class": "x", "src": "y", "alt": ""}
