"""The cache may cost time, never truth."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit.cache import Cache, digest, pack, unpack
from sitekit.problems import Problem

RECORD = (Problem("a.md", 1, 2, "code", "message"), frozenset({"x"}), {"key": ("y",)})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pages.db"


def test_what_was_put_is_got_by_another_process_too(file: Path) -> None:
    cache = Cache(file)
    cache.put({b"k": pack(RECORD)})
    cache.close()
    assert Cache(file).get([b"k", b"other"]) == {b"k": RECORD}


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100, None])
def test_a_damaged_store_is_made_anew(file: Path, damage: bytes | None) -> None:
    cache = Cache(file)
    cache.put({b"k": pack(RECORD)})
    cache.close()
    data = file.read_bytes()
    file.write_bytes(damage if damage is not None else data[: len(data) // 2])
    cache = Cache(file)
    assert cache.get([b"k"]) == {}
    cache.put({b"k": pack(1)})
    assert cache.get([b"k"]) == {b"k": 1}


def test_a_damaged_entry_is_not_there(file: Path) -> None:
    cache = Cache(file)
    cache.put({b"good": pack(1), b"flipped": pack(RECORD)[:-1] + b"?", b"short": b"x", b"empty": b""})
    assert cache.get([b"good", b"flipped", b"short", b"empty"]) == {b"good": 1}


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("run",))


def test_a_foreign_entry_runs_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import hashlib

    body = pickle.dumps(Evil())
    foreign = hashlib.blake2b(body, digest_size=8).digest() + body
    with pytest.raises(ValueError, match="no record of ours"):
        unpack(foreign)
    assert capsys.readouterr().out == ""


def test_an_unwritable_place_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "pages.db")
    cache.put({b"k": pack(1)})
    assert cache.get([b"k"]) == {}
    assert Cache(None).get([b"k"]) == {}


def test_entries_nobody_asks_for_go(file: Path) -> None:
    Cache(file).put({b"old": pack(1), b"used": pack(2)})
    for number in range(30):
        cache = Cache(file)
        cache.put({b"%d" % number: pack(number)}, used=[b"used"])
        cache.close()
    assert Cache(file).get([b"old", b"used"]) == {b"used": 2}


def test_two_processes_may_write_at_once(file: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sitekit.cache import Cache, pack\n"
        "for n in range(8): c = Cache(Path(sys.argv[1])); c.put({b'%s-%d' % (sys.argv[2].encode(), n): pack(n)}); c.close()"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(file), name]) for name in ("a", "b")]
    assert [process.wait(60) for process in running] == [0, 0]
    keys = [b"%s-%d" % (name, n) for name in (b"a", b"b") for n in range(8)]
    assert len(Cache(file).get(keys)) == 16


def test_a_key_tells_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab") == digest(b"ab")
