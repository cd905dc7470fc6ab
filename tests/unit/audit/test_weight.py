"""What counts as weight, on a site small enough to weigh by hand."""

from __future__ import annotations

import os
from pathlib import Path

import brotli
import pytest

from sitekit.audit.weight import WHOLE_LIMIT_WITH_FIGURES, weigh

HEAD = '<!doctype html><title>t</title><link rel="stylesheet" href="/assets/main.css">'


def size(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main.css").write_text("body { color: black }")
    (tmp_path / "assets" / "noise.png").write_bytes(os.urandom(5000))
    return tmp_path


def add(folder: Path, name: str, body: str, kind: str = "article") -> bytes:
    html = f"{HEAD}<body><main class='main main--{kind}'>{body}</main>".encode()
    (folder / name).mkdir()
    (folder / name / "index.html").write_bytes(html)
    return html


def by_check(folder: Path, types: dict[str, str]) -> dict[tuple[str, str], object]:
    return {(one.check, one.page): one for one in weigh(folder, types)}


def test_page_and_stylesheet_are_what_a_page_needs_to_paint(folder: Path) -> None:
    html = add(folder, "a", "words")
    css = (folder / "assets" / "main.css").read_bytes()
    assert by_check(folder, {})["Bytes to paint", "/a/"].value == size(html) + size(css)


def test_pictures_count_for_the_whole_and_raise_its_limit(folder: Path) -> None:
    add(folder, "a", "<figure><img src='/assets/noise.png' alt=''></figure>")
    measures = by_check(folder, {})
    whole = measures["Bytes of the whole page with figures", "/a/"]
    assert whole.value == measures["Bytes to paint", "/a/"].value + 5000
    assert whole.limit == f"at most {WHOLE_LIMIT_WITH_FIGURES:,} B"


def test_a_sheet_for_paper_does_not_hold_up_the_screen(folder: Path) -> None:
    before = add(folder, "a", "words")
    (folder / "assets" / "print.css").write_text("@page { margin: 1cm }")
    html = before.replace(b"<body>", b'<link rel="stylesheet" media="print" href="/assets/print.css"><body>')
    (folder / "a" / "index.html").write_bytes(html)
    measures = by_check(folder, {})
    css = (folder / "assets" / "main.css").read_bytes()
    assert measures["Bytes to paint", "/a/"].value == size(html) + size(css)
    assert measures["Bytes of the whole page", "/a/"].value > measures["Bytes to paint", "/a/"].value


@pytest.mark.parametrize(
    ("script", "runs"),
    [
        ("<script>alert(1)</script>", True),
        ("<script type=module>alert(1)</script>", True),
        ("<script type='application/ld+json'>{}</script>", False),
        ("<script type=speculationrules>{}</script>", False),
    ],
)
def test_an_article_may_run_no_script_and_hold_data(folder: Path, script: str, runs: bool) -> None:
    add(folder, "a", script)
    assert by_check(folder, {})["Bytes of JavaScript", "/a/"].met is not runs


def test_only_articles_and_the_named_pages_are_weighed(folder: Path) -> None:
    add(folder, "a", "words")
    add(folder, "b", "words", kind="page")
    add(folder, "c", "words", kind="page")
    assert {page for _, page in by_check(folder, {"page": "/c/"})} == {"/a/", "/c/"}
