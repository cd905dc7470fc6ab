"""Files of the output as the last build left them, so that the next one writes only what has changed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from sitekit.stamps import stamp


class Written(NamedTuple):
    """One page of the output: the fingerprint of what it was rendered from, and its stamp when it was written."""

    fingerprint: bytes
    modified: int
    size: int


def is_current(path: Path, written: Written | None, fingerprint: bytes) -> bool:
    """Whether ``path`` still is what was rendered from ``fingerprint``."""
    if written is None or written.fingerprint != fingerprint:
        return False
    return stamp(path) == (written.modified, written.size)


def replace_file(target: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file in one step. Raises OSError, and leaves nothing, where it cannot be written."""
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # two builds may write it at once
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(part, 0o644)
        os.replace(part, target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
