"""Every open page is told what concerns it, once, however late it asks."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from sitekit.preview.mistakes import Mistake
from sitekit.preview.state import Board, version_of


@pytest.fixture
def board(tmp_path: Path) -> Board:
    (tmp_path / "index.html").write_text("home")
    (tmp_path / "404.html").write_text("lost")
    return Board(tmp_path)


def test_a_page_that_is_current_hears_that_all_is_well(board: Board) -> None:
    heard = list(islice(board.follow("/", version_of(b"home")), 2))
    assert heard == [("mistakes", []), ("status", "ready")]


def test_a_page_that_was_loaded_before_the_last_build_hears_of_the_change_at_once(board: Board) -> None:
    assert next(board.follow("/", "old")) == ("changed", version_of(b"home"))


def test_only_pages_that_changed_hear_of_a_change(board: Board) -> None:
    home, lost = board.follow("/", version_of(b"home")), board.follow("/nowhere/", version_of(b"lost"))
    assert [next(home), next(home)] == [next(lost), next(lost)]
    (board.folder / "index.html").write_text("new")
    board.set(building=False, built=1)
    assert next(home) == ("changed", version_of(b"new"))
    assert next(lost) == ("status", "ready")


def test_mistakes_come_and_go_without_the_page_changing(board: Board) -> None:
    page = board.follow("/", version_of(b"home"))
    list(islice(page, 2))
    board.set(built=1, mistakes=(Mistake("a.md", 1, 1, "x", "wrong"),))
    kind, data = next(page)
    assert (kind, data[0]["message"]) == ("mistakes", "wrong")
    next(page)
    board.set(built=2, mistakes=())
    assert next(page) == ("mistakes", [])


def test_following_ends_when_the_preview_stops(board: Board) -> None:
    page = board.follow("/", version_of(b"home"))
    list(islice(page, 2))
    board.set(stopped=True)
    assert list(page) == []


def test_a_page_of_a_site_that_was_never_built_has_no_version(tmp_path: Path) -> None:
    assert Board(tmp_path / "missing").version("/") == ""
