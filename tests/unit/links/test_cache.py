"""The cache: the same report as without it, after any edit, any damage, and beside another run."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit.links import Report, check
from sitekit.links.work import Worker

from .sites import page, urls, write

BASE = "https://example.org/"


def site(root: Path, pages: int = 30) -> Path:
    """Pages that link to each other, to anchors and to files, some of them absent."""
    files = {
        f"p{n}/index.html": page(
            f'<h2 id="a{n}">x</h2><a href="/p{(n + 1) % pages}/">next</a><a href="/p{(n * 7) % pages}/#a{(n * 7) % pages}">far {n}</a>'
            f'<a href="../p{n}/#gone{n % 4}">gone</a><img src="/i{n % 5}.png" alt="">'
        )
        for n in range(pages)
    }
    files |= {f"i{n}.png": "x" for n in range(4)} | {"index.html": page('<a href="/p0/">Start</a>')}
    return write(root, files)


def same(one: Report, other: Report) -> None:
    assert one == other  # every finding, every place, every count


def edits(root: Path) -> dict[str, object]:
    """Ways in which a site changes between two runs."""
    target = root / "p3/index.html"
    text = target.read_text(encoding="utf-8")
    stamp = target.stat()

    def keep_size_and_time() -> None:
        target.write_text(text.replace("/p4/", "/q4/"), encoding="utf-8")
        os.utime(target, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    return {
        "nothing": lambda: None,
        "a word": lambda: target.write_text(text.replace("far", "Far"), encoding="utf-8"),
        "the same size and time": keep_size_and_time,
        "an anchor taken away": lambda: target.write_text(text.replace('id="a3"', 'id="b3"'), encoding="utf-8"),
        "an anchor added": lambda: target.write_text(
            text.replace('id="a3"', 'id="a3" class=x><p id="gone3"'), encoding="utf-8"
        ),
        "a page taken away": lambda: target.unlink(),
        "a page added": lambda: write(root, {"p99/index.html": page('<a href="/p0/">x</a>')}),
        "a missing file added": lambda: write(root, {"i4.png": "x"}),
        "a file that is used taken away": lambda: (root / "i2.png").unlink(),
        "a page renamed": lambda: (root / "p5").rename(root / "P5"),
        "redirects added": lambda: write(root, {"_redirects": "/i4.png /i1.png\n"}),
        "the last link to a page": lambda: write(root, {"p2/index.html": page("<p>x")}),
        "a link back": lambda: target.write_text(text.replace("/p4/", "/p9/"), encoding="utf-8"),
    }


EDITS = (
    *("nothing", "a word", "the same size and time", "an anchor taken away", "an anchor added", "a page taken away"),
    *("a page added", "a missing file added", "a file that is used taken away", "a page renamed", "redirects added"),
    *("the last link to a page", "a link back"),
)


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_the_report_is_that_of_a_fresh_run(name: str, tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    store = tmp_path / "cache.sqlite"
    same(check(root, BASE, cache=store), check(root, BASE))
    edits(root)[name]()
    same(check(root, BASE, cache=store), check(root, BASE))
    same(check(root, BASE, cache=store), check(root, BASE))


def test_a_long_random_history_of_edits(tmp_path: Path) -> None:
    dice = random.Random(7)
    root = site(tmp_path / "site", 12)
    store = tmp_path / "cache.sqlite"
    for step in range(40):
        names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.html"))
        chosen = root / dice.choice(names)
        action = dice.randrange(5)
        if action == 0 and len(names) > 4:
            chosen.unlink()
        elif action == 1:
            write(root, {f"new{step}/index.html": page(f'<p id="n{step}"><a href="/p1/#a1">x{step}</a>')})
        else:
            old = chosen.read_text(encoding="utf-8")
            n = dice.randrange(12)
            swap = dice.choice(
                [
                    ("<body>", f'<body><a href="/p{n}/#a{n}">y{step}</a>'),
                    (f'id="a{n}"', f'id="c{n}"'),
                    ("gone", "gome"),
                    ("<a ", "<b "),
                ]
            )
            chosen.write_text(old.replace(*swap), encoding="utf-8")
        same(check(root, BASE, cache=store), check(root, BASE))


def test_an_unchanged_site_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = site(tmp_path / "site")
    check(root, BASE, cache=tmp_path / "c")
    judged: list[str] = []
    original = Worker._one
    monkeypatch.setattr(Worker, "_one", lambda self, path, *rest: judged.append(path) or original(self, path, *rest))
    check(root, BASE, cache=tmp_path / "c")
    assert judged == []
    (root / "p3/index.html").write_text(page("new"), encoding="utf-8")
    check(root, BASE, cache=tmp_path / "c")
    assert set(judged) <= {"p3/index.html", *(f"p{n}/index.html" for n in range(30) if n * 7 % 30 == 3)}


@pytest.mark.parametrize("setting", ["base", "version"])
def test_other_settings_or_another_version_do_not_use_it(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site(tmp_path / "site")
    check(root, BASE, cache=tmp_path / "c")
    if setting == "version":
        monkeypatch.setattr("sitekit.links.cache.code_version", lambda: b"another")
        same(check(root, BASE, cache=tmp_path / "c"), check(root, BASE))
    else:
        other = "https://example.org/docs/"
        same(check(root, other, cache=tmp_path / "c"), check(root, other))


DAMAGE = {
    "emptied": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(os.urandom(5000)),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "text": lambda path: path.write_text("not a database"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_costs_time_and_nothing_else(name: str, tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    store = tmp_path / "cache.sqlite"
    check(root, BASE, cache=store)
    DAMAGE[name](store)
    for _ in range(2):
        same(check(root, BASE, cache=store), check(root, BASE))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {} SET value = zeroblob(40)",
        "UPDATE {} SET value = NULL",
        "UPDATE {} SET value = 'text'",
        "DELETE FROM {}",
    ],
)
@pytest.mark.parametrize("table", ["meta", "graph", "files"])
def test_rows_that_are_damaged_or_gone_are_read_again(table: str, change: str, tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    store = tmp_path / "cache.sqlite"
    check(root, BASE, cache=store)
    edits(root)["an anchor taken away"]()
    connection = sqlite3.connect(store)
    with connection:
        connection.execute(change.format(table))
    connection.close()
    for _ in range(2):
        same(check(root, BASE, cache=store), check(root, BASE))


def test_rows_of_another_content_are_not_used(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    store, older = tmp_path / "cache.sqlite", tmp_path / "older.sqlite"
    check(root, BASE, cache=older)
    edits(root)["an anchor added"]()
    check(root, BASE, cache=store)
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("ATTACH ? AS older", (str(older),))
        connection.execute("INSERT OR REPLACE INTO files SELECT path, value FROM older.files")
    connection.close()
    edits(root)["a page added"]()
    edits(root)["the last link to a page"]()
    same(check(root, BASE, cache=store), check(root, BASE))


def test_any_flipped_byte_is_noticed(tmp_path: Path) -> None:
    root = site(tmp_path / "site", 6)
    store = tmp_path / "cache.sqlite"
    check(root, BASE, cache=store)
    expected = check(root, BASE)
    whole = store.read_bytes()
    dice = random.Random(3)
    for _ in range(60):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        store.write_bytes(damaged)
        same(check(root, BASE, cache=store), expected)


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    (tmp_path / "file").write_text("x")
    same(check(root, BASE, cache=tmp_path / "file" / "cache.sqlite"), check(root, BASE))
    same(check(root, BASE, cache=tmp_path), check(root, BASE))


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    store = tmp_path / "cache.sqlite"
    command = [
        sys.executable,
        "-m",
        "sitekit.links",
        str(root),
        "--base-url",
        BASE,
        "--format",
        "json",
        "--cache",
        str(store),
    ]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    results = [run.communicate(timeout=120) for run in runs]
    assert len({stdout for stdout, _ in results}) == 1
    assert {run.returncode for run in runs} == {1}
    same(check(root, BASE, cache=store), check(root, BASE))


def test_a_locked_cache_is_done_without(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    store = tmp_path / "cache.sqlite"
    check(root, BASE, cache=store)
    holder = sqlite3.connect(store, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    same(check(root, BASE, cache=store), check(root, BASE))
    holder.execute("ROLLBACK")
    holder.close()


def test_a_linked_manifest_is_remembered_too(tmp_path: Path) -> None:
    files = {"index.html": page("", '<link rel="manifest" href="app.json">'), "app.json": '{"start_url":"gone"}'}
    root = write(tmp_path / "site", files)
    store = tmp_path / "c"
    assert [urls(check(root, BASE, cache=store)) for _ in range(3)] == [{"gone"}] * 3
    (root / "app.json").write_text('{"start_url":"lost"}')
    assert urls(check(root, BASE, cache=store)) == {"lost"}
    (root / "index.html").write_text(page('<a href="#">x</a>'))
    assert urls(check(root, BASE, cache=store)) == set()
