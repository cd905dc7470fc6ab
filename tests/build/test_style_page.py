"""The living style page: whole in a preview, and nowhere in what goes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT, run_pelican


@pytest.fixture(scope="module")
def style(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    """The page, as a preview shows it."""
    output = tmp_path_factory.mktemp("preview") / "output"
    done = run_pelican(ROOT / "content", output)
    assert done.returncode == 0, done.stderr
    return BeautifulSoup((output / "drafts" / "style" / "index.html").read_bytes(), "lxml")


def test_it_is_not_published(site: Path) -> None:
    assert not (site / "drafts").exists()
    assert not (site / "style").exists()


def test_every_color_of_the_palette_is_shown(style: BeautifulSoup) -> None:
    tokens = (ROOT / "theme" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    palette = set(re.findall(r"--([\w-]+): #", tokens))
    shown = {rect["fill"].removeprefix("var(--").removesuffix(")") for rect in style.select(".swatches rect")}
    assert palette <= shown
    assert shown <= set(re.findall(r"--([\w-]+):", tokens))


def test_every_block_that_editors_can_write_is_shown(style: BeautifulSoup) -> None:
    guide = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    blocks = set(re.findall(r"^\| `::: ([\w-]+)", guide, re.M))
    assert len(blocks) >= 10
    shown = {
        "do": ".do",
        "dont": ".do--dont",
        "short": "#short",
        "resources": ".resource",
        "icons": ".figure--icons",
        "chart": ".figure--chart",
        "figure": ".figure--drawing",
    }
    missing = [name for name in blocks if not style.select(shown.get(name, f".{name}"))]
    assert missing == []
