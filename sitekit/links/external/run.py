"""Checks all links of a built site that lead to other sites, within the limits of the settings and with the history at hand."""

from __future__ import annotations

import asyncio
import datetime
import random
import ssl
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpcore
import httpx

from ..model import ExternalCounts, Finding
from ..whatwg_url import parse
from .fetch import Answer, Fetcher
from .findings import findings_of, key_of, never_asked
from .history import History, Memory, learn, read_history, write_history
from .lanes import Sleep
from .network import GuardedBackend, GuardedTransport, Resolve, resolve
from .settings import ExternalSettings
from .targets import Target, collect, hosts, serialise
from .verdict import BROKEN, FINE, UNKNOWN

T = TypeVar("T")

_OFFLINE_FROM = 5  # hosts: when this many were asked and none was reached, the fault is on this side


class Offline(Exception):
    """No host at all could be reached, so the run proves nothing and is not remembered."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the outside world is made of; everything can be replaced. ``now`` gives the wall clock in UTC."""

    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC)
    chance: random.Random = field(default_factory=random.Random)
    sleep: Sleep = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    resolver: Resolve = resolve
    backend: httpcore.AsyncNetworkBackend | None = None
    ssl_context: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class ExternalResult:
    """Findings, counts, and sentences about the run itself."""

    findings: tuple[Finding, ...]
    counts: ExternalCounts
    notes: tuple[str, ...] = ()


def check_external(
    site_dir: Path,
    base_url: str,
    settings: ExternalSettings,
    history_file: Path | None,
    *,
    recheck: bool = False,
    surroundings: Surroundings | None = None,
) -> ExternalResult:
    """Ask for every address that is due and report on all. What was learned is kept even when the run is interrupted.

    ``recheck`` asks again for addresses whose fine answer still holds. Raises UsageError for an unusable folder or base URL, Offline
    where nothing could be reached.
    """
    world = surroundings or Surroundings()
    targets = collect(site_dir, base_url, settings.allow_private)
    history = read_history(history_file) if history_file else History()
    start = world.now()
    allowed = [target for target in targets if not never_asked(target, settings.allow_private)[0]]
    due = [target for target in allowed if recheck or not _fresh(target, history, start)]
    due.sort(key=lambda target: (_last_asked(target, history), target.address))
    answers: dict[str, Answer] = {}
    learned: dict[str, Memory] = {}
    notes = [history.damage] if history.damage else []
    try:
        run_to_end(_ask_all(due, base_url, settings, world, answers))
    finally:
        if not _offline(answers):
            learned = _learned(due, answers, history, settings, world)
            notes += _keep(history_file, learned, world.now()) if history_file and learned else []
    if _offline(answers):
        raise Offline(f"None of {len(hosts(answers)):,} hosts could be reached: the network seems to be down here.")
    memories = history.memories | learned
    findings = findings_of(site_dir, targets, memories, settings, world.now())
    counts = _counts(allowed, memories, total=len(targets), asked=len(answers), skipped=len(due) - len(answers))
    if counts.skipped:
        notes.append(f"Time ran out: {counts.skipped:,} addresses were not asked; they come first next time.")
    return ExternalResult(tuple(findings), counts, tuple(notes))


def _fresh(target: Target, history: History, now: datetime.datetime) -> bool:
    keys = [target.address, *(key_of(target.address, fragment) for fragment in target.fragments)]
    return all((memory := history.memories.get(key)) is not None and memory.fresh(now) for key in keys)


def _last_asked(target: Target, history: History) -> str:
    memory = history.memories.get(target.address)
    return memory.checked.isoformat() if memory else ""


async def _ask_all(
    due: list[Target], base_url: str, settings: ExternalSettings, world: Surroundings, answers: dict[str, Answer]
) -> None:
    """Fill ``answers`` until all are there or the time of the run is over."""
    if not due:
        return
    context = world.ssl_context or httpx.create_ssl_context(trust_env=False)
    backend = GuardedBackend(settings.allow_private, world.resolver, world.backend)
    transport = GuardedTransport(backend, context, settings.connections)
    agent = settings.user_agent or f"Mozilla/5.0 (compatible; sitekit-links/1.0; +{_ascii(base_url)})"
    fetcher = Fetcher(
        settings, transport, agent, now=world.now, chance=world.chance, sleep=world.sleep, clock=world.clock
    )

    async def ask(target: Target) -> None:
        answers[target.address] = await fetcher.check(target.address, target.fragments)

    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(settings.run_seconds), asyncio.TaskGroup() as group:
                for target in due:
                    group.create_task(ask(target))
    finally:
        await transport.aclose()
        await asyncio.sleep(0)  # the loop closes sockets one round later


def _ascii(base_url: str) -> str:
    parsed = parse(base_url)
    return serialise(parsed) if parsed else ""


def _offline(answers: dict[str, Answer]) -> bool:
    if any(answer.verdict.connected for answer in answers.values()):
        return False
    return len(hosts(answers)) >= _OFFLINE_FROM


def _learned(
    due: list[Target],
    answers: dict[str, Answer],
    history: History,
    settings: ExternalSettings,
    world: Surroundings,
) -> dict[str, Memory]:
    learned = {}
    now = world.now()
    for target in due:
        answer = answers.get(target.address)
        if answer is None:
            continue
        old = history.memories.get(target.address)
        learned[target.address] = learn(old, answer.verdict, now, settings, world.chance, answer.moved, answer.certain)
        for fragment, verdict in sorted(answer.fragments.items()):
            key = key_of(target.address, fragment)
            learned[key] = learn(history.memories.get(key), verdict, now, settings, world.chance)
    return learned


def _keep(history_file: Path, learned: dict[str, Memory], now: datetime.datetime) -> list[str]:
    """Store what was learned; a sentence where that fails, since the answers themselves are still worth reporting."""
    try:
        write_history(history_file, learned, now)
    except OSError as error:
        return [
            f"The history {history_file.name} could not be written ({error.strerror}); the next run knows nothing of this one."
        ]
    return []


def _counts(
    allowed: list[Target], memories: dict[str, Memory], *, total: int, asked: int, skipped: int
) -> ExternalCounts:
    outcomes = Counter(memories[target.address].outcome for target in allowed if target.address in memories)
    return ExternalCounts(total, asked, outcomes[FINE], outcomes[BROKEN], outcomes[UNKNOWN], skipped)


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns. In a thread of its own where a loop is running already, as in a notebook: loops do not nest."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
