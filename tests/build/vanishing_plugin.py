"""A plugin that takes a source file away in mid-build: ``VANISH`` is a signal of Pelican and a file, with a colon between."""

from __future__ import annotations

import os
from pathlib import Path

from pelican.plugins import signals


def register() -> None:
    """Delete the file when the signal comes."""
    name, _, file = os.environ["VANISH"].partition(":")

    def vanish(*_: object) -> None:
        Path(file).unlink(missing_ok=True)

    getattr(signals, name).connect(vanish, weak=False)
