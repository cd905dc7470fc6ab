"""The health of outside links, from the history that the link checker keeps of its visits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visit to one address: the day (ISO), whether it was well, and in words what came back."""

    url: str
    checked: str
    well: bool
    result: str


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """The visits by address. ``source`` names the file they come from; it is empty when nobody has visited yet."""

    source: str = ""
    visits: dict[str, Visit] = field(default_factory=dict)

    @property
    def ill(self) -> list[Visit]:
        """Visits that did not go well, by address."""
        return [visit for _, visit in sorted(self.visits.items()) if not visit.well]


def read_health(file: Path) -> LinkHealth:
    """Read a history: JSON lines of ``{"url", "checked", "well", "result"}``, the last line about an address counting.

    A file that is not there, or lines that are not of this form, tell nothing.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            return LinkHealth()
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return LinkHealth()
    visits = {}
    for line in lines:
        try:
            entry = json.loads(line)
            visit = Visit(
                str(entry["url"]), str(entry["checked"])[:10], entry["well"] is True, str(entry["result"])[:200]
            )
        except (ValueError, KeyError, TypeError):
            continue
        visits[visit.url] = visit
    return LinkHealth(file.name, visits)
