"""Citations, blocks and destinations: the written forms that editors use."""

from __future__ import annotations

import pytest

from sitekit.source import blocks
from sitekit.source.citations import PATTERN, Citation, parse
from sitekit.source.destinations import content_path, pelican_destination, read_destination, resource_href
from sitekit.source.mask import mask_code
from sitekit.views import Phone, Resource


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[@a2020]", Citation(("a2020",), "")),
        ("[@a2020; @b2021]", Citation(("a2020", "b2021"), "")),
        ("[@a2020; b2021, very  low]", Citation(("a2020", "b2021"), "very low")),
        ("[@a2020, low]", Citation(("a2020",), "low")),
        ("[@a2020; ]", Citation(("a2020",), "", "an empty key")),
        ("[@a 2020]", Citation((), "", "a 2020")),
    ],
)
def test_a_citation_is_read(text: str, expected: Citation) -> None:
    assert parse(PATTERN.fullmatch(text)[1]) == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("::: steps\n1. One\n:::", []),
        ('::: care urgent "Call"\n- x\n:::', []),
        ("::: steps\n1. One", ["block-not-closed"]),
        (":::", ["block-not-open"]),
        ('::: care "Call"\n:::', ["bad-block"]),
        ("::: care urgent\n:::", ["bad-block"]),
        ('::: steps "T"\n:::', ["bad-block"]),
        ("::: nothing\n:::", ["unknown-block"]),
        ("::: steps\n::: short\n:::\n:::", ["block-in-block", "block-not-open"]),
        ("::: short\n:::\n\n::: short\n:::", ["duplicate-block"]),
        ("```\n::: never\n```", []),
        ("::: Not a block at all!", ["bad-block"]),
    ],
)
def test_block_marks_are_checked(text: str, codes: list[str]) -> None:
    assert [problem.code for problem in blocks.scan(mask_code(text))[1]] == codes


def test_a_block_knows_its_lines() -> None:
    found, _ = blocks.scan('a\n\n::: callout "Care"\nb\n:::\n', first_line=10)
    assert found == [blocks.Block("callout", "", "Care", 12, 14)]


@pytest.mark.parametrize(
    ("written", "kind", "path", "fragment"),
    [
        ("{filename}a.md#b", "filename", "a.md", "b"),
        ("{static}/images/a.svg", "static", "/images/a.svg", ""),
        ("|filename|a.md", "filename", "a.md", ""),
        ("a.md", "filename", "a.md", ""),
        ("../images/a.PNG", "static", "../images/a.PNG", ""),
        ("resource:988#sms", "resource", "988", "sms"),
        ("https://example.org/a.md", "external", "https://example.org/a.md", ""),
        ("//example.org", "external", "//example.org", ""),
        ("#top", "fragment", "", "top"),
        ("/mind/", "site", "/mind/", ""),
        ("somewhere", "plain", "somewhere", ""),
    ],
)
def test_a_destination_is_understood(written: str, kind: str, path: str, fragment: str) -> None:
    found = read_destination(written)
    assert (found.kind, found.path, found.fragment) == (kind, path, fragment)


def test_relative_paths_are_those_of_the_content_folder() -> None:
    assert content_path("../understand/a%20b.md", "articles/mind") == "articles/understand/a b.md"
    assert content_path("/articles/a.md", "articles/mind") == "articles/a.md"
    assert pelican_destination("mailto:x@example.org") == "mailto:x@example.org"


def test_a_resource_link_takes_the_number_that_is_asked_for() -> None:
    line = Resource(
        "x",
        "X",
        "crisis",
        "national",
        "",
        "",
        "",
        "https://x.example",
        (Phone("Call", "tel:1"), Phone("Text", "sms:2")),
        "",
        "",
        "",
    )
    assert resource_href("resource:x", {"x": line}) == "tel:1"
    assert resource_href("resource:x#sms", {"x": line}) == "sms:2"
    assert resource_href("resource:x#web", {"x": line}) == "https://x.example"
    assert resource_href("resource:y", {"x": line}) == ""
