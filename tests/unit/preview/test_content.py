"""What the preview reads straight from the sources: banners and redirects."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from sitekit.preview.banner import DRAFT, banner_for
from sitekit.preview.redirects import Redirects

pytestmark = pytest.mark.slow  # builds the site again and again


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


def test_redirects_follow_their_file(tmp_path: Path) -> None:
    file = tmp_path / "redirects.yaml"
    redirects = Redirects(file)
    assert redirects.get("/old/") is None
    file.write_text("- from: /old/\n  to: /mind/new/\n- from: /away/\n  to: https://example.org/\n  status: 302\n")
    assert (redirects.get("/old/").target, redirects.get("/old/").status) == ("/mind/new/", 301)
    assert redirects.get("/away/").status == 302
    file.write_text("- from: /old/\n  to: /mind/newer/\n")
    os.utime(file, (1, 1))
    assert redirects.get("/old/").target == "/mind/newer/"
    assert redirects.get("/away/") is None


@pytest.mark.parametrize(
    "entry",
    [
        "- from: /old/\n  to: //evil.example/\n",
        "- from: /old/\n  to: javascript:alert(1)\n",
        "- from: /old/\n  to: '/x\\evil'\n",
        "- from: /old/\n",
        "- from: /old/\n  to: /x/\n  status: 200\n",
        "- [",
        "text",
    ],
)
def test_a_redirect_that_cannot_be_published_is_not_made(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "redirects.yaml"
    file.write_text(entry)
    assert Redirects(file).get("/old/") is None
