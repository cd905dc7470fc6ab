"""What the preview reads straight from the sources: banners and redirects."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from sitekit.editing.addresses import redirected
from sitekit.preview.banner import DRAFT, banner_for
from sitekit.preview.redirects import Redirects

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for path, front in {
        "articles/mind/now.md": "published: 2026-11-22",
        "articles/mind/later.md": "published: 2026-12-01",
        "articles/mind/hidden.md": "status: draft",
        "articles/mind/broken.md": "published: [",
        "pages/plan.md": "published: 2027-01-05",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"---\n{front}\n---\n\nText.\n")
    return tmp_path


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("/mind/now/", ""),
        ("/mind/later/", "December 1, 2026"),
        ("/mind/hidden/", DRAFT),
        ("/drafts/anything/", DRAFT),
        ("/plan/", "January 5, 2027"),
        ("/mind/broken/", ""),
        ("/", ""),
        ("/nowhere/", ""),
        ("/../mind/hidden/", ""),
        ("/mind/\0/", ""),
    ],
)
def test_a_page_that_readers_cannot_see_says_so(sources: Path, page: str, words: str) -> None:
    found = banner_for(sources, page, TODAY)
    assert words in found
    assert bool(words) == bool(found)


def entry(source: str, target: str) -> str:
    return f"  - from: {source}\n    to: {target}\n    since: 2026-11-22\n"


def test_redirects_follow_their_file_to_where_they_end(tmp_path: Path) -> None:
    file = tmp_path / "redirects.yaml"
    redirects = Redirects(file)
    assert redirects.get("/old/") == ""
    chain = entry("/older/", "/old/") + entry("/old/", "/mind/new/") + entry("/caf%C3%A9/", "https://example.org/")
    file.write_text(f"redirects:\n{chain}removed:\n  - url: /gone/\n    since: 2026-11-22\n    reason: Over.\n")
    assert redirects.get("/old/") == redirects.get("/older/") == "/mind/new/"
    assert redirects.get("/café/") == "https://example.org/"
    assert redirects.get("/gone/") == ""
    file.write_text(f"redirects:\n{entry('/old/', '/mind/newer/')}")
    os.utime(file, (1, 1))
    assert redirects.get("/old/") == "/mind/newer/"
    assert redirects.get("/older/") == ""


def test_a_rename_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "redirects.yaml"
    file.write_text(redirected("", "/mind/worry/", "/mind/fear/", TODAY))
    assert Redirects(file).get("/mind/worry/") == "/mind/fear/"


@pytest.mark.parametrize(
    "text",
    [
        "redirects:\n" + entry("/old/", "//evil.example/"),
        "redirects:\n" + entry("/old/", "javascript:alert(1)"),
        "redirects:\n" + entry("/old/", "'/x\\evil'"),
        "redirects:\n" + entry("/old/", "/old/"),
        "redirects:\n  - from: /old/\n",
        "- from: /old/\n  to: /x/\n",
        "- [",
        "text",
    ],
)
def test_a_redirect_that_cannot_be_published_is_not_made(tmp_path: Path, text: str) -> None:
    file = tmp_path / "redirects.yaml"
    file.write_text(text)
    assert Redirects(file).get("/old/") == ""
