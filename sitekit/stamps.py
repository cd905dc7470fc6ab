"""What the files of a build looked like, and whether they still do: decided by stamps, before anything heavy is imported."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from sitekit.today import BadDay, build_day

Stamp = tuple[int, int]
"""Modification time in nanoseconds, and size in bytes."""

_RACY_NANOSECONDS = 50_000_000
"""A file changed this shortly before it was looked at may change again without a new time stamp. One from the future, as a clock that was
set back leaves them, may not."""

_ENVIRONMENT = ("SITE_URL", "CONTACT_EMAIL", "SITE_SEARCH")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a finished build depended on besides its files: settings, environment, libraries, folders and the day."""

    settings: str
    libraries: str
    environment: tuple[str, ...]
    content: str
    theme: str
    output: str
    timezone: str
    today: str

    @classmethod
    def now(cls, settings: str, content: Path, theme: Path, output: Path, timezone: str) -> Circumstances:
        """The circumstances of a build that is made now. Raises BadDay."""
        environment = tuple(os.environ.get(name, "") for name in _ENVIRONMENT)
        day = build_day(timezone).isoformat()
        return cls(settings, _libraries(), environment, str(content), str(theme), str(output.resolve()), timezone, day)

    def hold(self, settings: str, output: Path) -> bool:
        """Whether they are the same for a build with ``settings`` into ``output`` now."""
        try:
            return self == self.now(settings, Path(self.content), Path(self.theme), output, self.timezone)
        except BadDay:  # the full build says so
            return False


@dataclass(frozen=True, slots=True)
class Former:
    """What a finished build depended on, the stamps of all files it may have read and of all it left, and the name of its memory."""

    circumstances: Circumstances
    inputs: dict[str, Stamp | None]
    outputs: dict[str, Stamp]
    token: str


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the files after a build: what it left, the stamps now, and the paths of those that have changed."""

    former: Former
    inputs: dict[str, Stamp | None]
    changed: list[str]


def stamp(path: Path | str, follow: bool = False) -> Stamp | None:
    """The stamp of a file, or None when it is not there; with ``follow``, that of the file a symbolic link leads to."""
    try:
        found = os.stat(path, follow_symlinks=follow)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def input_stamps(root: Path, content: Path, theme: Path, now: int) -> dict[str, Stamp | None]:
    """The stamp of every file that a build may read; None for one that changed so lately that its stamp proves nothing."""
    stamps: dict[str, Stamp | None] = {}
    for top in (root / "pelicanconf.py", root / "publishconf.py", root / "sitekit", content, theme):
        for path in _walk(top):
            found = stamp(path, follow=True)
            stamps[path] = None if found is None or abs(now - found[0]) < _RACY_NANOSECONDS else found
    return stamps


def output_stamps(output: Path) -> dict[str, Stamp]:
    """The stamp of every file below a folder, by its name there."""
    start = len(str(output)) + 1
    return {path[start:]: found for path in _walk(output) if (found := stamp(path))}


def state_file(cache: Path, output: Path) -> Path:
    """Where the state of an output folder is kept: one file for each folder that was ever built into."""
    name = hashlib.blake2b(str(output.resolve()).encode(), digest_size=8).hexdigest()
    return cache / f"output-{name}.state"


def keep_stamps(cache: Path, former: Former) -> None:
    """Leave for :func:`look` what a finished build has read and written."""
    record = {
        "circumstances": asdict(former.circumstances),
        "inputs": former.inputs,
        "outputs": former.outputs,
        "token": former.token,
    }
    write_private(_stamps_file(cache, Path(former.circumstances.output)), json.dumps(record).encode())


def read_stamps(cache: Path, output: Path) -> Former | None:
    """What :func:`keep_stamps` has left for an output folder; None when there is nothing, or nothing sound."""
    try:
        record = json.loads(_stamps_file(cache, output).read_bytes())
        told = record["circumstances"]
        circumstances = Circumstances(**{**told, "environment": tuple(told["environment"])})
        inputs, outputs = (
            {name: found and (found[0], found[1]) for name, found in record[part].items()}
            for part in ("inputs", "outputs")
        )
        return Former(circumstances, inputs, outputs, record["token"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def look(root: Path, settings: str, output: Path, cache: Path, now: int) -> Look | None:
    """Which files have changed since the last build into ``output``; None when more has happened than changes of files.

    ``now`` is in nanoseconds.
    """
    former = read_stamps(cache, output)
    if former is None or not former.circumstances.hold(settings, output):
        return None
    content, theme = Path(former.circumstances.content), Path(former.circumstances.theme)
    if content.parent != root:  # given to the pelican command
        return None
    inputs = input_stamps(root, content, theme, now)
    if inputs.keys() != former.inputs.keys() or output_stamps(output.resolve()) != former.outputs:
        return None
    changed = [path for path, found in inputs.items() if found is None or found != former.inputs[path]]
    return Look(former, inputs, changed)


def _libraries() -> str:
    """What changes whenever a library is installed, updated or removed: the Python that runs, and the stamp of the folder they lie in."""
    found = importlib.util.find_spec("markdown")
    folder = Path(found.origin).parents[1] if found and found.origin else Path()
    return f"{sys.version} {folder} {folder.stat().st_mtime_ns}"


def write_private(file: Path, data: bytes) -> None:
    """Write in one step. A place that cannot be written costs the next build time and nothing else."""
    part = f"{file}.{os.getpid()}"
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(data)
            os.replace(part, file)
        except OSError:
            os.unlink(part)


def _stamps_file(cache: Path, output: Path) -> Path:
    return state_file(cache, output).with_suffix(".stamps")


def _walk(top: Path) -> list[str]:
    """The names of all files below ``top``: plain text, because making a path of each takes longer than looking at it.

    Symbolic links are followed, but no folder is entered through two of them, so that circles come to an end.
    """
    if top.is_file():
        return [str(top)]
    found, pending, entered = [], [str(top)], set()
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if not entry.is_dir():
                found.append(entry.path)
            elif entry.name != "__pycache__":
                if entry.is_symlink():
                    real = os.path.realpath(entry.path)
                    if real in entered:
                        continue
                    entered.add(real)
                pending.append(entry.path)
    return found
