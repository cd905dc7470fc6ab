"""The built pages, parsed once for each test process."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    """Every HTML page by its path below output/."""
    files = sorted(site.rglob("*.html"))
    parsed = {file.relative_to(site).as_posix(): BeautifulSoup(file.read_bytes(), "lxml") for file in files}
    assert len(parsed) > 15, "the site has lost its pages"
    return parsed


@pytest.fixture(scope="session")
def articles(pages: dict[str, BeautifulSoup]) -> dict[str, BeautifulSoup]:
    """The articles among them."""
    found = {path: page for path, page in pages.items() if path.count("/") == 2 and not path.startswith("drafts/")}
    assert found
    return found
