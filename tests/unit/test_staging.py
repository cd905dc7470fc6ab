"""output/ goes from one whole state to the next, whatever happens in between."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sitekit.staging import PREFIX, Staging
from sitekit.stamps import output_stamps


def write(top: Path, /, **files: str) -> None:
    for name, text in files.items():
        path = top / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_unchanged_files_keep_their_time_and_changed_ones_are_replaced(tmp_path: Path) -> None:
    target = tmp_path / "output"
    write(target, same="a", old="b", gone="c", deep__gone="d")
    os.utime(target / "same", ns=(1, 1))
    with Staging(target) as staging:
        write(staging.folder, same="a", old="B", new__file="e")
        assert staging.promote() == (2, 1, 2)
    assert (target / "same").stat().st_mtime_ns == 1
    assert {path.relative_to(target).as_posix(): path.read_text() for path in target.rglob("*") if path.is_file()} == {
        "same": "a",
        "old": "B",
        "new/file": "e",
    }
    assert not (target / "deep").exists()


def test_an_error_leaves_the_target_and_no_staging_folder(tmp_path: Path) -> None:
    target = tmp_path / "output"
    write(target, page="old")
    with pytest.raises(RuntimeError), Staging(target) as staging:
        write(staging.folder, page="new")
        raise RuntimeError
    assert (target / "page").read_text() == "old"
    assert not list(tmp_path.glob(f"{PREFIX}*"))


def test_a_file_where_a_folder_belongs_gives_way_and_the_other_way_round(tmp_path: Path) -> None:
    target = tmp_path / "output"
    write(target, page="file", folder__inside="x")
    with Staging(target) as staging:
        write(staging.folder, page__index="new", folder="now a file")
        staging.promote()
    assert (target / "page" / "index").read_text() == "new"
    assert (target / "folder").read_text() == "now a file"


def test_a_link_out_of_the_folder_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("precious")
    target = tmp_path / "output"
    target.mkdir()
    (target / "page").symlink_to(outside)
    with Staging(target) as staging:
        write(staging.folder, page="new")
        staging.promote()
    assert outside.read_text() == "precious"
    assert (target / "page").read_text() == "new"
    assert not (target / "page").is_symlink()


def test_a_running_build_is_left_alone_and_a_killed_one_is_cleared_away(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from sitekit.staging import Staging
        with Staging(Path(sys.argv[1])):
            print("ready", flush=True)
            sys.stdin.readline()
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    command = [sys.executable, "-c", script, str(tmp_path / "output")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "ready\n"
        with Staging(tmp_path / "output"):
            assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 2
        assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 1
        other.stdin.write("\n")
    with Staging(tmp_path / "output"):
        assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 1


def test_a_change_that_fails_half_way_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "output"
    write(target, a__page="old", b="old", gone="old", taken="a file")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in target.rglob("*") if path.is_file()}
    replace, left = os.replace, iter(range(4))

    def failing(source: Path, place: Path) -> None:
        if (
            next(left, None) is None
            and target in Path(place).parents
            and PREFIX in str(source)
            and "site" in str(source)
        ):
            raise OSError(28, "No space left on device", str(place))
        replace(source, place)

    with pytest.raises(OSError, match="No space"), Staging(target) as staging:
        write(staging.folder, a__page="new", b="new", new__page="new", taken__page="new", z="new")
        monkeypatch.setattr(os, "replace", failing)
        staging.promote()
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in target.rglob("*") if path.is_file()}
    assert after == before


def test_a_file_system_without_hard_links_costs_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "output"
    write(target, **{"search/index.js": "words"})

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with Staging(target) as staging:
        assert staging.keep("search", output_stamps(target))
        assert (staging.folder / "search" / "index.js").read_text() == "words"
