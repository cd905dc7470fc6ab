"""Politeness: how many requests a host gets at once, how soon after one another, and when it is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from .settings import ExternalSettings
from .verdict import Verdict

Sleep = Callable[[float], Awaitable[object]]

_GIVE_UP_AFTER = 5  # requests in a row that did not reach the server


class Closed(Exception):
    """A host asked for no requests during the next ``args[0]`` seconds."""


class Unreachable(Exception):
    """A host was tried often enough; ``verdict`` is what came of it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict


@dataclass(slots=True)
class Lane:
    """One host. ``free_at`` is when the next request may start; ``unreachable`` is the verdict on all that is left."""

    places: asyncio.Semaphore
    free_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    failures: int = 0
    unreachable: Verdict | None = None


class Lanes:
    """A lane for each host, and a limit for all together. ``sleep`` and ``clock`` (seconds) can be replaced."""

    def __init__(self, settings: ExternalSettings, sleep: Sleep, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._sleep = sleep
        self._clock = clock
        self._all = asyncio.Semaphore(settings.connections)
        self._lanes: dict[str, Lane] = {}

    def _of(self, host: str) -> Lane:
        """The lane of a host."""
        if host not in self._lanes:
            self._lanes[host] = Lane(asyncio.Semaphore(self._settings.connections_per_host))
        return self._lanes[host]

    @asynccontextmanager
    async def place(self, host: str) -> AsyncIterator[None]:
        """Hold a place for one request: first in the host's lane and in turn, then among all.

        Raises Closed where the host asked to be left alone for longer than a run may wait, Unreachable where it was tried in vain.
        """
        lane = self._of(host)
        async with lane.places:
            async with lane.turn:
                while (wait := lane.free_at - self._clock()) > 0:
                    if wait > self._settings.wait_seconds:
                        raise Closed(wait)
                    await self._sleep(wait)
                lane.free_at = self._clock() + self._settings.delay_per_host
            async with self._all:
                if lane.unreachable is not None:
                    raise Unreachable(lane.unreachable)
                yield

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for some time, because it asked for that."""
        lane = self._of(host)
        lane.free_at = max(lane.free_at, self._clock() + seconds)

    def settle(self, host: str, verdict: Verdict) -> None:
        """Learn from a request: a host that cannot be reached several times in a row is not asked for the rest."""
        lane = self._of(host)
        lane.failures = 0 if verdict.connected else lane.failures + 1
        if lane.failures >= _GIVE_UP_AFTER:
            lane.unreachable = replace(verdict, again=False)
