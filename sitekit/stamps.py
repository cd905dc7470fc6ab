"""What the files of a build looked like, and whether they still do: decided by stamps, before anything heavy is imported."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sitekit.today import BadDay, build_day

Stamp = tuple[int, int]
"""Modification time in nanoseconds, and size in bytes."""

_RACY_NANOSECONDS = 50_000_000
"""A file changed this shortly before it was looked at may change again without a new time stamp."""

_ENVIRONMENT = ("SITE_URL", "CONTACT_EMAIL", "SITE_SEARCH")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a finished build depended on besides its files: settings, environment, folders and the day."""

    settings: str
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
        return cls(settings, environment, str(content), str(theme), str(output.resolve()), timezone, day)

    def hold(self, settings: str, output: Path) -> bool:
        """Whether they are the same for a build with ``settings`` into ``output`` now."""
        try:
            return self == self.now(settings, Path(self.content), Path(self.theme), output, self.timezone)
        except BadDay:  # the full build says so
            return False


def stamp(path: Path | str) -> Stamp | None:
    """The stamp of a file, or None when it is not there."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def input_stamps(root: Path, content: Path, theme: Path, now: int) -> dict[str, Stamp | None]:
    """The stamp of every file that a build may read; None for one that changed so lately that its stamp proves nothing."""
    stamps: dict[str, Stamp | None] = {}
    for top in (root / "pelicanconf.py", root / "publishconf.py", root / "sitekit", content, theme):
        for path in _walk(top):
            found = stamp(path)
            stamps[path] = None if found is None or now - found[0] < _RACY_NANOSECONDS else found
    return stamps


def output_stamps(output: Path) -> dict[str, Stamp]:
    """The stamp of every file below a folder, by its name there."""
    start = len(str(output)) + 1
    return {path[start:]: found for path in _walk(output) if (found := stamp(path))}


def state_file(cache: Path, output: Path) -> Path:
    """Where the state of an output folder is kept: one file for each folder that was ever built into."""
    name = hashlib.blake2b(str(output.resolve()).encode(), digest_size=8).hexdigest()
    return cache / f"output-{name}.state"


def keep_stamps(
    cache: Path, circumstances: Circumstances, inputs: Mapping[str, Stamp | None], outputs: Mapping[str, Stamp]
) -> None:
    """Leave for :func:`is_unchanged` what a finished build has read and written."""
    record = {"circumstances": asdict(circumstances), "inputs": dict(inputs), "outputs": dict(outputs)}
    write_private(_stamps_file(cache, Path(circumstances.output)), json.dumps(record).encode())


def is_unchanged(root: Path, settings: str, output: Path, cache: Path, now: int) -> bool:
    """Whether ``output`` is what the last build into it left, and so is all that this build read. ``now`` is in nanoseconds."""
    try:
        record = json.loads(_stamps_file(cache, output).read_bytes())
        told = record["circumstances"]
        circumstances = Circumstances(**{**told, "environment": tuple(told["environment"])})
        inputs, outputs = (_stamps(record[name]) for name in ("inputs", "outputs"))
    except (OSError, ValueError, TypeError, KeyError):
        return False
    if None in inputs.values() or not circumstances.hold(settings, output):
        return False
    content, theme = Path(circumstances.content), Path(circumstances.theme)
    return input_stamps(root, content, theme, now) == inputs and output_stamps(output.resolve()) == outputs


def write_private(file: Path, data: bytes) -> None:
    """Write in one step. A place that cannot be written costs the next build time and nothing else."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(part, file)
        except OSError:
            Path(part).unlink(missing_ok=True)


def _stamps_file(cache: Path, output: Path) -> Path:
    return state_file(cache, output).with_suffix(".stamps")


def _stamps(record: Mapping[str, list[int] | None]) -> dict[str, Stamp | None]:
    return {name: found and (found[0], found[1]) for name, found in record.items()}


def _walk(top: Path) -> list[str]:
    """The names of all files below ``top``: plain text, because making a path of each takes longer than looking at it."""
    if top.is_file():
        return [str(top)]
    found = []
    for folder, folders, files in os.walk(top, followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        found += [os.path.join(folder, name) for name in files if not name.startswith(".")]
    return found
