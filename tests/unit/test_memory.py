"""What a build remembers is read by the code that wrote it, as it was written, and by no other."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest

from sitekit import memory as module
from sitekit.compiler import Compiled, SiteData
from sitekit.identity import Identity
from sitekit.markup.converter import Converted
from sitekit.memory import Frame, Memory, NewMemory, Options, Row
from sitekit.outputs import Written
from sitekit.source.documents import Document
from sitekit.source.frontmatter import FrontMatter
from sitekit.views import Page, Site

PATH = "articles/mind/low-mood.md"
ADDRESS = "mind/low-mood/"
WRITTEN = {"mind/low-mood/index.html": Written(b"fingerprint", 1, 2)}


def compiled(text: str = "Words.", ids: tuple[str, ...] = ("what-helps",)) -> Compiled:
    front = FrontMatter({"title": "Low mood"}, {}, "", 1, [])
    document = Document(f"content/{PATH}", PATH, "article", "mind", "low-mood", text, front)
    converted = Converted("", "", "", (), (), frozenset(ids), 1)
    marked = ("", '<p><a href="{static}/images/a.svg">A</a></p>', "")
    return Compiled(document, converted, marked, (), None, None, 1, ())


@pytest.fixture
def left(tmp_path: Path) -> tuple[Path, str]:
    """A memory of one page: its file and its token."""
    identity = Identity("U", "", "", "en-US", "https://u.example", "", (), {}, {})
    options = Options(
        *(tmp_path, tmp_path, tmp_path, tmp_path, "content", {}, {}, (), False, True, False, identity, "UTC"),
        today=datetime.date(2026, 1, 1),
    )
    data = SiteData({}, {}, {}, set(), [], {}, {}, [])
    site = Site("U", "", "", "en-US", "https://u.example", "", (), {}, (), ())
    frame = Frame(site, b"key", b"environment", {}, {}, {}, frozenset(), {})
    outline = Page("article", "Low mood", "", f"/{ADDRESS}", "")
    row = Row("mind/low-mood/index.html", ADDRESS, compiled(), outline)
    file = tmp_path / "output.state"
    with NewMemory(file, options, data, frame, [(PATH, row)]) as new:
        assert not file.exists()
        new.finish(WRITTEN)
    return file, new.token


def test_a_memory_gives_back_what_was_remembered_but_the_texts(left: tuple[Path, str]) -> None:
    with Memory.open(*left) as memory:
        row = memory.row(PATH)
        assert (row.name, row.address) == ("mind/low-mood/index.html", ADDRESS)
        assert row.outline.title == "Low mood"
        assert row.compiled.document.values == {"title": "Low mood"}
        assert row.compiled.document.text == ""
        assert memory.ids[PATH] == {"what-helps"}
        assert memory.files[PATH] == {"images/a.svg"}
        assert memory.address_of[PATH] == ADDRESS
        assert memory.path_of("mind/low-mood/index.html") == PATH
        assert memory.written == WRITTEN
        assert dict(memory.index.items()).keys() == {PATH} == set(memory.index)


def test_what_was_never_there_is_not_found(left: tuple[Path, str]) -> None:
    with Memory.open(*left) as memory:
        assert "articles/mind/gone.md" not in memory.index
        assert memory.path_of("gone/index.html") is None
        with pytest.raises(KeyError):
            memory.row("articles/mind/gone.md")


def test_an_update_has_a_new_name_and_keeps_what_it_does_not_touch(left: tuple[Path, str]) -> None:
    file, token = left
    page = {"mind/low-mood/index.html": Written(b"other", 3, 4)}
    with Memory.open(file, token) as memory:
        new = memory.update({PATH: compiled("Other words.")}, page)
    assert Memory.open(file, token) is None
    with Memory.open(file, new) as memory:
        assert memory.written == page
        assert memory.row(PATH).outline.title == "Low mood"


def test_a_memory_of_another_build_counts_as_nothing(left: tuple[Path, str]) -> None:
    assert Memory.open(left[0], "another") is None
    assert Memory.open(left[0].with_name("nothing"), left[1]) is None


def test_a_memory_that_other_code_left_counts_as_nothing(
    left: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_code", lambda: b"other code")
    assert Memory.open(*left) is None


@pytest.mark.parametrize("size", [0, 10, 5000], ids=["empty", "a few bytes", "cut off"])
def test_a_file_that_is_cut_off_counts_as_nothing(left: tuple[Path, str], size: int) -> None:
    file, token = left
    file.write_bytes(file.read_bytes()[:size])
    assert Memory.open(file, token) is None


def test_damage_further_in_is_one_kind_of_error(left: tuple[Path, str]) -> None:
    file, token = left
    store = sqlite3.connect(file)
    with store:
        store.execute("UPDATE documents SET compiled = ?, outline = ?", (b"damaged!", b"damaged!"))
    store.close()
    with Memory.open(file, token) as memory, pytest.raises(sqlite3.DatabaseError):
        memory.row(PATH)
