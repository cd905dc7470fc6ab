"""The search index as files: complete, the same each time, and made anew each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitekit.search.index import SearchIndexError, build_index
from tests.conftest import snapshot


def write(folder: Path, name: str, words: str, kind: str = "page") -> None:
    file = folder / name / "index.html"
    file.parent.mkdir(parents=True)
    file.write_text(
        f"<!doctype html><html lang=en-US><title>{name}</title><main class='main main--{kind}'><h1>{name}</h1><p>{words}</p></main>",
        encoding="utf-8",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site of three pages, one of them the error page."""
    write(tmp_path / "site", "sleep", "Rest and sleep ease pain.")
    write(tmp_path / "site", "mood", "Mood and pain are linked.")
    write(tmp_path / "site", "lost", "Nothing here.", kind="error")
    return tmp_path / "site"


def test_pages_are_counted_without_the_error_page(folder: Path) -> None:
    assert build_index(folder) == 2


def test_the_same_pages_give_the_same_bytes(folder: Path) -> None:
    build_index(folder)
    one = {name: data for name, (data, _) in snapshot(folder / "pagefind").items()}
    build_index(folder)
    assert {name: data for name, (data, _) in snapshot(folder / "pagefind").items()} == one


def test_only_what_our_own_page_needs_is_published(folder: Path) -> None:
    build_index(folder)
    names = {path.name for path in (folder / "pagefind").iterdir()}
    assert {"pagefind.js", "pagefind-entry.json", "wasm.en.pagefind", "words.txt", "index", "fragment"} <= names
    assert not [name for name in names if "ui" in name or "worker" in name or "highlight" in name]


def test_an_older_index_goes(folder: Path) -> None:
    build_index(folder)
    (folder / "pagefind" / "fragment" / "old.pf_fragment").write_text("old")
    build_index(folder)
    assert not (folder / "pagefind" / "fragment" / "old.pf_fragment").exists()
    assert json.loads((folder / "pagefind" / "pagefind-entry.json").read_text())["languages"]["en"]["page_count"] == 2


def test_a_folder_without_pages_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError):
        build_index(tmp_path)


def test_settings_of_the_machine_do_not_change_the_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(folder)
    before = snapshot(folder / "pagefind").keys()
    monkeypatch.setenv("PAGEFIND_ROOT_SELECTOR", "nav")
    assert build_index(folder) == 2
    assert snapshot(folder / "pagefind").keys() == before
