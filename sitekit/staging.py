"""Building beside the site and moving the result in, so that ``output/`` is never half of anything."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sitekit import interrupts
from sitekit.stamps import Stamp, output_stamps, stamp

PREFIX = ".untangled-stage-"
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755


def unfit(target: Path, known: bool, sources: Iterable[Path]) -> str:
    """Why ``target`` must not become the output, where all that is no part of the site is removed; empty when it may.

    ``known`` says that a build has left it, ``sources`` are files and folders that must stay.
    """
    target = target.resolve()
    for source in (one.resolve() for one in sources):
        if source.is_relative_to(target) or target.is_relative_to(source):
            return f"it holds, or lies in, {source.name}, which the site is made from"
    if target.is_dir() and not known and next(target.iterdir(), None) and not (target / "index.html").is_file():
        return "it holds files, and no site"
    if target.exists() and not target.is_dir():
        return "it is a file"
    return ""


class Staging:
    """A folder next to ``target`` that exists while a build runs. Use it as a context manager.

    A lock on the folder tells a running build from the leftovers of one that was killed; leftovers go at the next build.
    """

    def __init__(self, target: Path) -> None:
        self.target = target.resolve()
        self.folder = self.target
        self._lock = -1

    def __enter__(self) -> Staging:
        parent = self.target.parent
        parent.mkdir(parents=True, exist_ok=True)
        for leftover in parent.glob(f"{PREFIX}*"):
            self._remove_unless_locked(leftover)
        home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self._lock = os.open(home, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.folder = home / "site"
        self.folder.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        os.close(self._lock)

    def count(self, pattern: str) -> int:
        """How many staged files have a name that matches."""
        return sum(1 for _ in self.folder.rglob(pattern))

    def take_over(self, wanted: Callable[[str], bool]) -> None:
        """Link into the stage all files of the target whose names below it are ``wanted``."""
        for name in filter(wanted, output_stamps(self.target)):
            self._link(name)

    def keep(self, folder: str, stamps: Mapping[str, Stamp]) -> bool:
        """Link a folder of the target into the stage if its files are those of ``stamps``. Returns whether they were."""
        wanted = {name for name in stamps if name.startswith(f"{folder}/")}
        if not wanted or any(stamp(self.target / name) != stamps[name] for name in wanted):
            return False
        for name in wanted:
            self._link(name)
        return True

    def _link(self, name: str) -> None:
        copy = self.folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self.target / name, copy)
        except OSError:  # a file system without hard links
            shutil.copy2(self.target / name, copy)

    def promote(self) -> tuple[int, int, int]:
        """Bring ``target`` to the staged state. Returns how many files changed, stayed and went.

        New assets come before the pages that name them and old ones go last, so a reader of the folder meets no page
        whose parts are missing. Each file is replaced in one step. Ctrl-C waits for the end; when a step fails, the
        earlier ones are undone and OSError is raised.
        """
        journal = _Journal(self.folder.parent / "former")
        with interrupts.held():
            try:
                return self._exchange(journal)
            except OSError:
                journal.undo()
                raise

    def _exchange(self, journal: _Journal) -> tuple[int, int, int]:
        if not self.target.exists() or _is_empty_folder(self.target):
            return self._move_all(), 0, 0
        staged = {path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()}
        present = {
            path.relative_to(self.target) for path in self.target.rglob("*") if path.is_file() or path.is_symlink()
        }
        changed = kept = 0
        for name in sorted(staged, key=lambda path: (path.suffix == ".html", path)):
            new, old = self.folder / name, self.target / name
            if name in present and not old.is_symlink() and _same_bytes(new, old):
                kept += 1
                continue
            journal.make_folders(old.parent, self.target)
            if old.is_dir() and not old.is_symlink():
                journal.set_aside(old)
            os.chmod(new, _FILE_MODE)
            journal.replace(new, old)
            changed += 1
        gone = present - staged
        for name in sorted(gone):
            old = self.target / name
            if old.is_symlink() or not old.is_dir():  # a folder has taken the file's place
                with suppress(FileNotFoundError, NotADirectoryError):  # or a file that of its folder
                    journal.set_aside(old)
        for folder in sorted((path for path in self.target.rglob("*") if path.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                journal.set_aside(folder)
        return changed, kept, len(gone)

    def _move_all(self) -> int:
        """Make the stage the target, in one step. Returns how many files it holds."""
        count = 0
        for folder, _, files in os.walk(self.folder):
            os.chmod(folder, _FOLDER_MODE)
            for name in files:
                os.chmod(os.path.join(folder, name), _FILE_MODE)
            count += len(files)
        os.rename(self.folder, self.target)
        return count

    @staticmethod
    def _remove_unless_locked(folder: Path) -> None:
        try:
            handle = os.open(folder, os.O_RDONLY)
        except OSError:
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and next(path.iterdir(), None) is None


def _same_bytes(one: Path, other: Path) -> bool:
    if one.samefile(other):  # linked from there because nothing had changed
        return True
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


class _Journal:
    """Changes to files that can be undone: what was there before is kept, under a number, in ``keep``."""

    def __init__(self, keep: Path) -> None:
        self._keep = keep
        self._done: list[tuple[Path, Path | None]] = []

    def replace(self, new: Path, old: Path) -> None:
        """Put ``new`` in the place of ``old``, in one step."""
        kept = None
        if os.path.lexists(old):
            kept = self._place()
            try:
                os.link(old, kept, follow_symlinks=False)
            except OSError:  # a file system without hard links
                shutil.copy2(old, kept, follow_symlinks=False)
        os.replace(new, old)
        self._done.append((old, kept))

    def set_aside(self, path: Path) -> None:
        """Take a file or a folder away. Raises FileNotFoundError or NotADirectoryError when it is not there."""
        kept = self._place()
        os.rename(path, kept)
        self._done.append((path, kept))

    def make_folders(self, folder: Path, top: Path) -> None:
        """Make ``folder`` with the mode a web server needs, whatever the umask; a file in the way gives way."""
        for path in (*reversed(folder.parents), folder):
            if path == top or top in path.parents:
                if path.is_file() or path.is_symlink():
                    self.set_aside(path)
                if not path.exists():
                    path.mkdir()
                    os.chmod(path, _FOLDER_MODE)
                    self._done.append((path, None))

    def undo(self) -> None:
        """Bring everything back, last change first."""
        for path, kept in reversed(self._done):
            if kept is not None:
                os.replace(kept, path)
            elif path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()

    def _place(self) -> Path:
        self._keep.mkdir(exist_ok=True)
        return self._keep / str(len(self._done))
