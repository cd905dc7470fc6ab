"""What the last build left in an output folder, so that the next one renders only what has changed."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import Any, NamedTuple

from sitekit.cache import digest, pack, unpack
from sitekit.stamps import output_stamps, stamp, write_private


class Written(NamedTuple):
    """One file of the output: the fingerprint of what it was rendered from, and its stamp when it was written."""

    fingerprint: bytes
    modified: int
    size: int


def read_state(file: Path) -> Any:
    """What :func:`write_state` stored, or None when there is nothing, nothing sound, or what other code wrote."""
    with contextlib.suppress(OSError, ValueError):
        data, code = file.read_bytes(), _code()
        if data.startswith(code):
            return unpack(data[len(code) :])
    return None


def write_state(file: Path, state: object) -> None:
    """Store plain records in one step. A place that cannot be written costs the next build time and nothing else."""
    write_private(file, _code() + pack(state))


@functools.cache
def _code() -> bytes:
    """What marks a state as written by the code that runs: what other code wrote may lack what this one asks of it."""
    package = Path(__file__).resolve().parent
    return digest(repr(sorted(output_stamps(package).items())))


def is_current(path: Path, written: Written | None, fingerprint: bytes) -> bool:
    """Whether ``path`` still is what was rendered from ``fingerprint``."""
    if written is None or written.fingerprint != fingerprint:
        return False
    return stamp(path) == (written.modified, written.size)
