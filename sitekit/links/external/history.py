"""What earlier runs learned about each address, so that one bad night does not make a link broken.

One small JSON file. A damaged file is set aside and costs patience, never the run; damaged entries are dropped one by one. Runs
at the same time each write all that any of them learned.
"""

from __future__ import annotations

import datetime
import json
import os
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..files import write_atomic
from .settings import ExternalSettings
from .verdict import BROKEN, FINE, UNKNOWN, Verdict

try:
    import fcntl
except ImportError:  # Windows: two runs that end in the same instant may forget something; nothing breaks
    fcntl = None  # type: ignore[assignment]

VERSION = 1
_FORGOTTEN_AFTER = datetime.timedelta(days=60)  # of not being asked: the link is gone from the site
_MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Streak:
    """Failures with no fine answer between them: when the first was, and how many."""

    since: datetime.datetime
    count: int

    def lasted(self, now: datetime.datetime, failures: int, days: float) -> bool:
        """Whether it is long enough. Whole calendar days count, as a nightly run does not start at the same second."""
        return self.count >= failures and (now.date() - self.since.date()).days >= days


@dataclass(frozen=True, slots=True)
class Memory:
    """The latest outcome for one address (or one anchor on it). ``due`` is when a fine answer must be asked for again."""

    outcome: str
    checked: datetime.datetime
    due: datetime.datetime | None = None
    message: str = ""
    broken: Streak | None = None
    faulty: Streak | None = None
    moved: str = ""
    certain: bool = False

    def fresh(self, now: datetime.datetime) -> bool:
        """Whether a fine answer still holds. One from the future does not: some clock was wrong."""
        return self.outcome == FINE and self.due is not None and self.checked <= now < self.due

    def is_broken(self, now: datetime.datetime, settings: ExternalSettings) -> bool:
        """Whether it failed often enough and for long enough to say so."""
        if self.outcome == BROKEN and self.broken:
            return self.broken.lasted(now, settings.failures, settings.failing_days)
        if self.outcome == UNKNOWN and self.faulty:
            return self.faulty.lasted(now, settings.failures, settings.faulty_days)
        return False


def learn(
    old: Memory | None,
    verdict: Verdict,
    now: datetime.datetime,
    settings: ExternalSettings,
    chance: random.Random,
    moved: str = "",
    certain: bool = False,
) -> Memory:
    """The memory after one more verdict. A fine answer ends every streak; one that cannot
    tell leaves the count of failures as it is."""
    if verdict.outcome == FINE:
        days = settings.fine_days * (1 + settings.fine_jitter * chance.uniform(-1.0, 1.0))
        return Memory(FINE, now, now + datetime.timedelta(days=days), moved=moved, certain=certain)
    broken, faulty = (old.broken, old.faulty) if old else (None, None)
    if verdict.outcome == BROKEN:
        broken = _longer(broken, now)
    elif verdict.faulty:
        faulty = _longer(faulty, now)
    else:
        faulty = None  # the server is up and says something else
    return Memory(verdict.outcome, now, None, verdict.message, broken, faulty)


def _longer(streak: Streak | None, now: datetime.datetime) -> Streak:
    if streak is None:
        return Streak(now, 1)
    return Streak(min(streak.since, now), streak.count + 1)


@dataclass(slots=True)
class History:
    """Memories by address; an anchor's key is its address with ``#`` and the anchor. ``damage`` says what could not be read."""

    memories: dict[str, Memory] = field(default_factory=dict)
    damage: str = ""


def read_history(path: Path) -> History:
    """The history in a file; an empty one where there is none or nothing can be made of it. Never raises for what it finds."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError(f"it is larger than {_MAX_BYTES:,} bytes")
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict) or not isinstance(data.get("addresses"), dict):
            raise ValueError('it has no object "addresses"')
        if data.get("version") != VERSION:
            raise ValueError(f"its version is {data.get('version')!r}, and this reads {VERSION}")
    except FileNotFoundError:
        return History()
    except (OSError, ValueError, RecursionError) as error:
        return History(damage=f"The history {path.name} cannot be used ({error}); this run starts a new one.")
    memories = {address: memory for address, entry in data["addresses"].items() if (memory := _memory(entry))}
    lost = len(data["addresses"]) - len(memories)
    damage = f"The history {path.name} has {lost:,} damaged entries; they start anew." if lost else ""
    return History(memories, damage)


def write_history(path: Path, learned: Mapping[str, Memory], now: datetime.datetime) -> None:
    """Add what this run learned to what the file says by now, the newer memory of each address winning. Atomic."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        current = read_history(path)
        if current.damage and path.is_file():
            with suppress(OSError):
                os.replace(path, path.with_name(f"{path.name}.damaged"))
        merged = dict(current.memories)
        for address, memory in learned.items():
            other = merged.get(address)
            merged[address] = memory if other is None else _merged(memory, other)
        kept = {address: one for address, one in sorted(merged.items()) if now - one.checked < _FORGOTTEN_AFTER}
        text = json.dumps(
            {"version": VERSION, "addresses": {address: _entry(memory) for address, memory in kept.items()}},
            indent=1,
            ensure_ascii=True,
        )
        write_atomic(path, f"{text}\n".encode())


def _merged(ours: Memory, theirs: Memory) -> Memory:
    """The newer of two. Failures that both saw begin where the earlier of the two began."""
    newer, older = (ours, theirs) if ours.checked >= theirs.checked else (theirs, ours)
    if newer.broken and older.broken and older.broken.since < newer.broken.since:
        newer = replace(newer, broken=replace(newer.broken, since=older.broken.since))
    return newer


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock beside the file, so that nothing is written between reading and writing."""
    if fcntl is None:
        yield
        return
    with open(path.with_name(f"{path.name}.lock"), "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _entry(memory: Memory) -> dict[str, Any]:
    """Plain data without what says nothing."""
    data = {name: value for name, value in asdict(memory).items() if value}
    return json.loads(json.dumps(data, default=lambda value: value.isoformat(timespec="seconds")))


def _memory(entry: Any) -> Memory | None:
    """A memory from plain data; None where the data is damaged."""
    try:
        memory = Memory(
            outcome=entry["outcome"],
            checked=_time(entry["checked"]),
            due=_time(entry["due"]) if "due" in entry else None,
            message=entry.get("message", ""),
            broken=_streak(entry.get("broken")),
            faulty=_streak(entry.get("faulty")),
            moved=entry.get("moved", ""),
            certain=entry.get("certain", False),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    texts = all(isinstance(text, str) for text in (memory.message, memory.moved))
    return memory if texts and memory.outcome in (FINE, BROKEN, UNKNOWN) and isinstance(memory.certain, bool) else None


def _streak(entry: Any) -> Streak | None:
    if entry is None:
        return None
    count = entry["count"]
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError("count")
    return Streak(_time(entry["since"]), count)


def _time(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(datetime.UTC)
