"""What stands inside a page and what the published security policy allows agree."""

from __future__ import annotations

import base64
import hashlib
import json

from bs4 import BeautifulSoup

from sitekit.publish.rules import load_rules

RENDERED_AHEAD = "a[rel=next]"


def test_the_speculation_rules_are_the_ones_whose_hash_is_allowed(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        address = "/" + path.removesuffix("index.html")
        rules = page.find("script", type="speculationrules").string
        digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in load_rules().policy(address), address


def test_only_the_search_page_may_compile(pages: dict[str, BeautifulSoup]) -> None:
    may = {path for path in pages if "wasm-unsafe-eval" in load_rules().policy("/" + path.removesuffix("index.html"))}
    assert may == {"search/index.html"}


def test_no_page_offers_more_than_one_page_to_be_rendered_ahead(pages: dict[str, BeautifulSoup]) -> None:
    """Phones render what the rules name as soon as it is in view, so it must be little, and a page of ours."""
    offered = {path: [link["href"] for link in page.select(RENDERED_AHEAD)] for path, page in pages.items()}
    assert all(len(links) <= 1 for links in offered.values())
    assert any(offered.values())
    assert {link.strip("/") + "/index.html" for links in offered.values() for link in links} <= set(pages)


def test_rules_wait_until_somebody_points_at_a_link(pages: dict[str, BeautifulSoup]) -> None:
    for page in pages.values():
        rules = json.loads(page.find("script", type="speculationrules").string)
        assert set(rules) == {"prefetch", "prerender"}
        assert all(rule["eagerness"] == "moderate" for rule in rules["prefetch"])
        assert [rule["where"] for rule in rules["prerender"]] == [{"selector_matches": RENDERED_AHEAD}]
        assert all(rule["eagerness"] == "eager" for rule in rules["prerender"])
