"""Pictures are encoded once; whatever happens to the store, the files are the same."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit.cache import Cache
from sitekit.images.faults import find_faults
from sitekit.images.model import Picture, Size
from sitekit.images.store import PictureStore
from sitekit.stamps import stamp
from tests.pictures import as_bytes, photo, scene

ROOT = Path(__file__).resolve().parents[3]
KNOT, SEA, DRAWING = "images/knot.jpg", "images/far/sea.png", "images/arrow.svg"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "images" / "far").mkdir(parents=True)
    (folder / KNOT).write_bytes(photo(500, 300))
    (folder / SEA).write_bytes(as_bytes(scene(200, 100), "PNG"))
    (folder / DRAWING).write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"/>', encoding="utf-8")
    return folder


def make(content: Path, output: Path, former: Path | None = None) -> tuple[dict[str, Picture], int, dict[str, bytes]]:
    """One build: what it knows of the pictures, how many it encoded, and the files."""
    before = former or content / "nothing"
    stamps = {path.relative_to(before).as_posix(): stamp(path) for path in before.rglob("*") if path.is_file()}
    with PictureStore(content, content.parent / "cache" / "images.db") as store:
        pictures = store.pictures([KNOT, SEA, DRAWING])
        store.write(output, before, stamps)
        encoded = store.encoded
    return pictures, encoded, read(output)


def read(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_every_file_lies_where_the_picture_says(content: Path, tmp_path: Path) -> None:
    pictures, _, files = make(content, tmp_path / "one")
    assert pictures[KNOT].size == Size(500, 300)
    assert pictures[DRAWING] == Picture(Size(30, 20))
    variants = [variant for picture in pictures.values() for variant in picture.variants]
    assert {variant.path: variant.bytes for variant in variants} == {name: len(data) for name, data in files.items()}
    assert {name.split(".")[0] for name in files} == {"assets/knot-320", "assets/knot-500", "assets/sea-200"}


def test_a_picture_is_encoded_once(content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path / "one")
    second = make(content, tmp_path / "two")
    assert (first[1], second[1]) == (2, 0)
    assert first[0] == second[0]
    assert first[2] == second[2]


def test_what_stands_already_is_linked_and_what_was_spoiled_is_not(content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path / "one")
    make(content, tmp_path / "two", former=tmp_path / "one")
    names = sorted(first[2])
    assert all((tmp_path / "two" / name).samefile(tmp_path / "one" / name) for name in names)
    stamps = {name: stamp(tmp_path / "one" / name) for name in names}
    (tmp_path / "one" / names[0]).unlink()
    (tmp_path / "one" / names[0]).write_bytes(b"spoiled")
    with PictureStore(content, tmp_path / "cache" / "images.db") as store:
        store.pictures([KNOT, SEA, DRAWING])
        store.write(tmp_path / "three", tmp_path / "one", stamps)
    assert read(tmp_path / "three") == first[2]


def test_another_picture_under_the_same_name_has_other_files(content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path / "one")[2]
    (content / KNOT).write_bytes(photo(500, 301))
    second = make(content, tmp_path / "two")
    assert second[1] == 1
    assert {name for name in first if "knot" in name}.isdisjoint(second[2])
    assert {name for name in first if "sea" in name} <= second[2].keys()


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_damaged_store_costs_time_and_nothing_else(keep: float, content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path / "one")[2]
    for file in (tmp_path / "cache").iterdir():
        data = file.read_bytes()
        file.write_bytes(data[: int(keep if keep > 1 else keep * len(data))])
    assert make(content, tmp_path / "two")[2] == first


def test_a_store_that_has_lost_a_file_makes_it_again(content: Path, tmp_path: Path) -> None:
    import sqlite3

    first = make(content, tmp_path / "one")[2]
    store = sqlite3.connect(tmp_path / "cache" / "images.db")
    with store:
        store.execute("UPDATE entries SET value = zeroblob(50) WHERE length(key) = 32")
    store.close()
    pictures, encoded, second = make(content, tmp_path / "two")
    assert second == first
    assert encoded == 0
    assert make(content, tmp_path / "three", former=tmp_path / "two")[2] == first
    assert pictures[KNOT].variants


def test_without_a_place_for_the_store_the_files_are_the_same(content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path / "one")[2]
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with PictureStore(content, tmp_path / "file" / "images.db") as store:
        store.pictures([KNOT, SEA, DRAWING])
        store.write(tmp_path / "two", content, {})
    assert read(tmp_path / "two") == first


def test_one_process_and_several_make_the_same(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several = make(content, tmp_path / "one")[2]
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with PictureStore(content, tmp_path / "other.db") as store:
        store.pictures([KNOT, SEA, DRAWING])
        store.write(tmp_path / "two", content, {})
    assert read(tmp_path / "two") == several


def test_two_builds_may_use_one_store_at_once(content: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sitekit.images.store import PictureStore\n"
        "content, output = map(Path, sys.argv[1:])\n"
        "with PictureStore(content, content.parent / 'cache' / 'images.db') as store:\n"
        f"    store.pictures([{KNOT!r}, {SEA!r}]); store.write(output, output, {{}})\n"
    )
    outputs = [tmp_path / name for name in ("one", "two", "three")]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(content), str(output)], cwd=ROOT, env=dict(os.environ))
        for output in outputs
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    expected = make(content, tmp_path / "alone")
    assert expected[1] == 0
    assert [read(output) for output in outputs] == [expected[2]] * 3


def test_faults_are_remembered_by_the_bytes(content: Path, tmp_path: Path) -> None:
    (content / SEA).write_bytes(b"")
    cache = Cache(tmp_path / "compiled.db")
    for _ in range(2):
        assert {path: fault.code for path, fault in find_faults(content, [KNOT, SEA, DRAWING], cache).items()} == {
            SEA: "damaged-image"
        }
    (content / SEA).write_bytes(as_bytes(scene(9, 9), "PNG"))
    assert find_faults(content, [KNOT, SEA, DRAWING], cache) == {}
    cache.close()


def test_a_site_without_pictures_does_not_import_pillow(content: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import sitekit.site, sitekit.pages, sitekit.quick, sitekit.check\n"
        "from sitekit.images.store import PictureStore\n"
        "with PictureStore(Path(sys.argv[1]), Path(sys.argv[1], 'images.db')) as store:\n"
        f"    store.pictures([{DRAWING!r}]); store.write(Path(sys.argv[1]), Path(sys.argv[1]), {{}})\n"
        "assert 'PIL' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(content)], cwd=ROOT, timeout=60).returncode == 0
