"""The pointer: one small object that says which release is live, who is at work, and what an interrupted run left.

Every change to it is a compare-and-swap, so two runs can never both believe that they hold the target.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at work. ``who`` is for people; ``machine`` and ``process`` let a run on the same machine see a dead one.

    ``nonce`` is unique to the run. Times are ISO 8601, UTC; ``seconds`` is how long the lease lasts without a renewal.
    """

    who: str
    machine: str
    process: str
    nonce: str
    action: str
    since: str
    renewed: str
    seconds: float

    def is_gone(self) -> bool:
        """True when the run is certainly dead: it ran on this machine, and its process is no longer there."""
        return bool(self.machine) and self.machine == this_machine() and process_mark(self.process) != self.process

    def overdue(self, now: datetime) -> bool:
        """True when, by the clocks of both machines, it should have renewed its lease and did not."""
        return (now - datetime.fromisoformat(self.renewed)).total_seconds() > self.seconds


@dataclass(frozen=True, slots=True)
class Span:
    """When readers could see a release. ``until`` is empty while it is live; ``whole`` is false for an interrupted one."""

    release: str
    since: str
    until: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Pointer:
    """The state of a target.

    ``unfinished`` names releases whose pages may be there in part. ``unsettled`` names the release that readers saw
    before the live one, until verification and invalidation of the change are done (``-`` for none before).
    """

    live: str = ""
    spans: tuple[Span, ...] = ()
    unfinished: tuple[str, ...] = ()
    unsettled: str = ""
    holder: Holder | None = None
    serial: int = 0

    def to_bytes(self) -> bytes:
        """The pointer as JSON."""
        return (json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Pointer:
        """Reads what :meth:`to_bytes` wrote. Raises ``ValueError`` when it is damaged or from a newer version."""
        try:
            document = json.loads(data)
            if document.pop("schema") != SCHEMA:
                raise ValueError("the release pointer was written by a newer version of the publisher")
            document["spans"] = tuple(Span(**item) for item in document["spans"])
            document["unfinished"] = tuple(document["unfinished"])
            document["holder"] = Holder(**document["holder"]) if document["holder"] else None
            return cls(**document)
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"the release pointer cannot be read ({error})") from error

    def started(self, release: str) -> Pointer:
        """The pointer once pages of ``release`` may be there in part."""
        return replace(self, unfinished=tuple(dict.fromkeys((*self.unfinished, release))))

    def switched(self, release: str, now: str) -> Pointer:
        """The pointer once every page of ``release`` is there: it is live, and what came before has ended."""
        spans = [replace(span, until=now) if not span.until else span for span in self.spans]
        spans += [Span(name, now, now, whole=False) for name in self.unfinished if name != release]
        spans.append(Span(release, now))
        before = self.unsettled or self.live or "-"
        return replace(self, live=release, spans=tuple(spans), unfinished=(), unsettled=before)

    def last_seen(self, release: str) -> str:
        """When readers could last see a release (ISO 8601); empty while they can."""
        ends = [span.until for span in self.spans if span.release == release]
        return "" if "" in ends or not ends else max(ends)


def now_text() -> str:
    """This moment as ISO 8601 in UTC with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def this_machine() -> str:
    """A name for this boot of this machine and its process namespace; empty where the system has none to give."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{socket.gethostname()} {boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def process_mark(process: str = "") -> str:
    """A process as ``id start-time``, so that a number used again is not mistaken for the same run; empty when gone."""
    number = process.partition(" ")[0] or str(os.getpid())
    try:
        fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else f"{number} {fields[19]}"
