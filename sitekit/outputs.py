"""What the last build left in an output folder, so that the next one renders only what has changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from sitekit.cache import pack, unpack

Stamp = tuple[int, int]
"""Modification time in nanoseconds, and size in bytes."""


class Written(NamedTuple):
    """One file of the output: the fingerprint of what it was rendered from, and its stamp when it was written."""

    fingerprint: bytes
    modified: int
    size: int


def state_file(cache: Path, output: Path) -> Path:
    """Where the state of an output folder is kept: one file for each folder that was ever built into."""
    name = hashlib.blake2b(str(output.resolve()).encode(), digest_size=8).hexdigest()
    return cache / f"output-{name}.state"


def read_state(file: Path) -> Any:
    """What :func:`write_state` stored, or None when there is nothing, or nothing sound."""
    with contextlib.suppress(OSError, ValueError):
        return unpack(file.read_bytes())
    return None


def write_state(file: Path, state: object) -> None:
    """Store plain records in one step. A place that cannot be written costs the next build time and nothing else."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(pack(state))
            os.replace(part, file)
        except OSError:
            Path(part).unlink(missing_ok=True)


def stamp(path: Path | str) -> Stamp | None:
    """The stamp of a file, or None when it is not there."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def is_current(path: Path, written: Written | None, fingerprint: bytes) -> bool:
    """Whether ``path`` still is what was rendered from ``fingerprint``."""
    if written is None or written.fingerprint != fingerprint:
        return False
    return stamp(path) == (written.modified, written.size)
