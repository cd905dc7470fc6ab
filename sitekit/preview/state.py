"""What every open page in a browser must know, and when it last changed.

There are no queues: a browser that was slow or away asks for the state as it is now, so nothing grows and nothing is lost.
"""

from __future__ import annotations

import datetime
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sitekit.preview.mistakes import Mistake
from sitekit.preview.server import find

_HEARTBEAT_SECONDS = 15.0
"""A browser that went away is noticed when the next sign of life cannot be sent."""


@dataclass(frozen=True, slots=True)
class State:
    """``built`` counts the builds that have ended; ``mistakes`` is why the last one failed, ``today`` the day it was for."""

    building: bool = False
    built: int = 0
    today: datetime.date = datetime.date.max
    mistakes: tuple[Mistake, ...] = ()
    stopped: bool = False


class Board:
    """The one state of a preview of ``folder``; written by the thread that builds, read by those that serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = State()
        self._changed = threading.Condition()

    def set(self, **changes: object) -> None:
        """Change the state and wake everybody who waits for that."""
        with self._changed:
            self.state = replace(self.state, **changes)
            self._changed.notify_all()

    def version(self, page: str) -> str:
        """A hash of the file that answers for a page, so that a browser can tell whether it shows that one."""
        file = find(self.folder, page) or find(self.folder, "/404.html")
        try:
            return version_of(file.read_bytes()) if file else ""
        except OSError:
            return ""

    def follow(self, page: str, version: str) -> Iterator[tuple[str, object] | None]:
        """What a browser that shows ``version`` of ``page`` must be told, from now until the preview stops; None is a heartbeat."""
        seen = State(building=True, built=-1)
        told: tuple[Mistake, ...] | None = None
        while not (state := self.state).stopped:
            if state.built != seen.built:
                if (now := self.version(page)) != version:
                    version = now
                    yield "changed", version
                if state.mistakes != told:
                    told = state.mistakes
                    yield "mistakes", [mistake.as_dict() for mistake in told]
            if (state.building, state.built) != (seen.building, seen.built):
                yield "status", "building" if state.building else "ready"
            seen = state
            with self._changed:
                if not self._changed.wait_for(lambda seen=seen: self.state is not seen, _HEARTBEAT_SECONDS):
                    yield None


def version_of(html: bytes) -> str:
    """The version of a page."""
    return hashlib.blake2b(html, digest_size=8).hexdigest()
