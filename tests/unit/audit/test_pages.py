"""Which pages stand for a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.audit.pages import all_pages, page_types


def add(folder: Path, address: str, kind: str, words: str = "few") -> None:
    file = folder / address.strip("/") / "index.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"<main class='main main--{kind}'>{words}</main>")


def test_the_heaviest_article_and_page_stand_for_their_kind(tmp_path: Path) -> None:
    add(tmp_path, "/", "home")
    add(tmp_path, "/mind/light/", "article")
    add(tmp_path, "/mind/heavy/", "article", " ".join(str(number**3) for number in range(500)))
    add(tmp_path, "/about/", "page", "a longer text than the other one has")
    add(tmp_path, "/privacy/", "page")
    types = page_types(tmp_path)
    assert types == {"home": "/", "article": "/mind/heavy/", "page": "/about/"}


def test_drafts_are_no_pages(tmp_path: Path) -> None:
    add(tmp_path, "/mind/one/", "article")
    add(tmp_path, "/drafts/two/", "article")
    assert list(all_pages(tmp_path)) == ["/mind/one/"]


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="build the site first"):
        page_types(tmp_path)
