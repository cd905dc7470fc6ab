"""A set of changes to files: shown as one diff, written all together or not at all."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sitekit import interrupts

_FILE_MODE = 0o644
_CONTEXT_LINES = 3


class NotApplied(Exception):
    """Nothing was written; the message says why."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One file: its path below the project, and its bytes before and after. ``None`` stands for no file."""

    path: str
    before: bytes | None
    after: bytes | None


def apply(root: Path, changes: Iterable[Change]) -> None:
    """Write all changes below ``root``. Raises NotApplied, with every file as it was, when one cannot be written.

    New bytes are first written beside their files, so that a full disk shows before anything has changed. Ctrl-C waits until
    all files have been exchanged, which takes milliseconds.
    """
    wanted = [change for change in changes if change.before != change.after]
    made: list[Path] = []
    staged: list[tuple[Change, Path, Path | None]] = []
    try:
        for change in wanted:
            target = _target(root, change)
            part = None
            if change.after is not None:
                made += _make_folders(target.parent)
                part = _write_beside(target, change.after)
            staged.append((change, target, part))
        with interrupts.held():
            _exchange(staged)
    except OSError as error:
        _clear(staged, made)
        raise NotApplied(f"{error.filename or root}: {error.strerror}. Nothing was changed.") from error
    except BaseException:
        _clear(staged, made)
        raise
    _clear(staged, [])


def _clear(staged: Iterable[tuple[Change, Path, Path | None]], made: Sequence[Path]) -> None:
    """Delete what was written beside the files, and the folders that were made for nothing."""
    for _, _, part in staged:
        if part:
            part.unlink(missing_ok=True)
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _target(root: Path, change: Change) -> Path:
    """Where a change is written: links inside the project are followed. The file must be as it was when the plan was made."""
    target = (root / change.path).resolve()
    if not target.is_relative_to(root.resolve()):
        raise NotApplied(f"{change.path} leads out of the project. Nothing was changed.")
    present = target.read_bytes() if target.is_file() else None
    if present != change.before:
        what = "exists already" if change.before is None else "was changed by somebody else meanwhile"
        raise NotApplied(f"{change.path} {what}. Nothing was changed; try again.")
    return target


def _make_folders(folder: Path) -> list[Path]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _write_beside(target: Path, data: bytes) -> Path:
    mode = target.stat().st_mode & 0o777 if target.exists() else _FILE_MODE
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, mode)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _exchange(staged: Sequence[tuple[Change, Path, Path | None]]) -> None:
    """Put every new file in its place; on any error put the old ones back."""
    done: list[tuple[Change, Path]] = []
    try:
        for change, target, part in staged:
            if part is None:
                target.unlink()
            elif change.before is None:
                os.link(part, target)  # unlike a rename, this never overwrites what came in the meantime
            else:
                os.replace(part, target)
            done.append((change, target))
    except BaseException:
        for change, target in reversed(done):
            if change.before is None:
                target.unlink(missing_ok=True)
            else:
                os.replace(_write_beside(target, change.before), target)
        raise


def diff(changes: Iterable[Change], moved: tuple[str, str] | None = None) -> str:
    """All changes as one unified diff, in the order of their paths.

    ``moved`` names a file that goes from one path to another, so that only what changes inside it is shown.
    """
    by_path = {change.path: change for change in changes if change.before != change.after}
    parts = []
    if moved and moved[0] in by_path and moved[1] in by_path:
        old, new = by_path.pop(moved[0]), by_path.pop(moved[1])
        parts.append(f"rename from {old.path}\nrename to {new.path}\n")
        parts.append(_unified(old.before, new.after, f"a/{old.path}", f"b/{new.path}"))
    for path, change in sorted(by_path.items()):
        before = "/dev/null" if change.before is None else f"a/{path}"
        after = "/dev/null" if change.after is None else f"b/{path}"
        parts.append(_unified(change.before, change.after, before, after))
    return "".join(parts)


def _unified(before: bytes | None, after: bytes | None, old: str, new: str) -> str:
    one, two = ((data or b"").decode("utf-8", "replace").splitlines(keepends=True) for data in (before, after))
    lines = difflib.unified_diff(one, two, old, new, n=_CONTEXT_LINES)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
