"""Changes come all together or not at all."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sitekit.editing.changes import Change, NotApplied, apply, diff


def tree(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(f"old {name}\n")
    return tmp_path


def test_files_are_changed_made_and_deleted_in_one_step(root: Path) -> None:
    os.chmod(root / "a", 0o600)
    apply(
        root, [Change("a", b"old a\n", b"new\n"), Change("deep/er/d", None, b"made\n"), Change("b", b"old b\n", None)]
    )
    assert tree(root) == {"a": b"new\n", "c": b"old c\n", "deep": None, "deep/er": None, "deep/er/d": b"made\n"}
    assert (root / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "last",
    [
        Change("c", b"not this\n", b"x"),
        Change("b", None, b"x"),
        Change("../out", None, b"x"),
        Change("a/b", None, b"x"),
    ],
)
def test_one_change_that_cannot_be_made_stops_all(last: Change, root: Path) -> None:
    before = tree(root)
    with pytest.raises(NotApplied, match="Nothing was changed"):
        apply(root, [Change("a", b"old a\n", b"new"), Change("new/one", None, b"x"), last])
    assert tree(root) == before


def test_a_failure_half_way_puts_everything_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(root)
    real, calls = os.replace, []

    def failing(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(NotApplied, match="No space left on device"):
        apply(root, [Change("n", None, b"n"), *(Change(name, f"old {name}\n".encode(), b"new") for name in "abc")])
    assert tree(root) == before


def test_a_full_disk_leaves_every_file_as_it_was(root: Path) -> None:
    script = """
        import resource, sys
        from pathlib import Path
        from sitekit.editing.changes import Change, NotApplied, apply
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            apply(Path(sys.argv[1]), [Change("a", b"old a\\n", b"new"), Change("b", b"old b\\n", b"x" * 100_000)])
        except NotApplied as error:
            print(error)
    """
    before = tree(root)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(root)], capture_output=True, text=True, check=True
    )
    assert "File too large. Nothing was changed." in done.stdout
    assert tree(root) == before
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_an_interrupt_while_files_are_exchanged_waits_until_they_are(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def interrupted(source: Path, target: Path) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply(root, [Change(name, f"old {name}\n".encode(), b"new") for name in "abc"])
    assert tree(root) == dict.fromkeys("abc", b"new")


def test_a_link_inside_the_project_is_followed_and_stays_a_link(root: Path) -> None:
    (root / "link").symlink_to("a")
    apply(root, [Change("link", b"old a\n", b"new")])
    assert (root / "link").is_symlink()
    assert (root / "a").read_bytes() == b"new"


def test_the_diff_can_be_applied_by_patch(root: Path) -> None:
    changes = [Change("a", b"old a\n", b"one\ntwo"), Change("n", None, b"n\n"), Change("b", b"old b\n", None)]
    (root / "x.diff").write_text(diff(changes))
    subprocess.run(
        ["git", "apply", "x.diff"],
        cwd=root,
        check=True,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(root.parent)},
    )
    assert (root / "a").read_bytes() == b"one\ntwo"
    assert (root / "n").read_bytes() == b"n\n"
    assert not (root / "b").exists()


def test_the_diff_of_a_move_shows_only_what_changes_inside() -> None:
    text = "".join(f"line {number}\n" for number in range(50))
    changes = [Change("old", text.encode(), None), Change("new", None, text.replace("line 7\n", "seven\n").encode())]
    shown = diff(changes, ("old", "new"))
    assert shown.startswith("rename from old\nrename to new\n")
    assert [line for line in shown.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---") and line] == [
        "-line 7",
        "+seven",
    ]
