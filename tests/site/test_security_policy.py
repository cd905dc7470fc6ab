"""What stands inside a page and what the published security policy allows agree."""

from __future__ import annotations

import base64
import hashlib

from bs4 import BeautifulSoup

from sitekit.publish.rules import load_rules


def test_the_speculation_rules_are_the_ones_whose_hash_is_allowed(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        address = "/" + path.removesuffix("index.html")
        rules = page.find("script", type="speculationrules").string
        digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in load_rules().policy(address), address


def test_only_the_search_page_may_compile(pages: dict[str, BeautifulSoup]) -> None:
    may = {path for path in pages if "wasm-unsafe-eval" in load_rules().policy("/" + path.removesuffix("index.html"))}
    assert may == {"search/index.html"}
