"""The health of outside links, from what the link checker keeps of its visits (docs/links, ``python -m sitekit.links --external``).

The file is read here without the checker, whose network libraries writing a report does not need. It is JSON:
``{"version": 1, "addresses": {url: {"outcome": "fine" | "broken" | "unknown", "checked": ISO time, "message": words}}}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

OUTCOMES = ("fine", "unknown", "broken")
MAX_BYTES = 200_000_000
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visit to one address: the day (ISO), one of OUTCOMES, in words what came back, and how often it failed in a row."""

    url: str
    checked: str
    outcome: str
    result: str
    failures: int = 0


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """The visits by address, anchors on a page included. ``damage`` says why nothing could be read of a file that is there."""

    visits: dict[str, Visit] = field(default_factory=dict)
    damage: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many visits had each outcome."""
        return {outcome: sum(one.outcome == outcome for one in self.visits.values()) for outcome in OUTCOMES}

    @property
    def ill(self) -> list[Visit]:
        """Visits that did not go well: broken ones first, then by address."""
        ill = [visit for visit in self.visits.values() if visit.outcome != "fine"]
        return sorted(ill, key=lambda visit: (visit.outcome != "broken", visit.url))

    @property
    def last(self) -> str:
        """The day of the latest visit."""
        return max((visit.checked for visit in self.visits.values()), default="")


def read_health(file: Path) -> LinkHealth:
    """Read what is known. A file that is not there tells nothing; entries that are not of the form are left out."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return LinkHealth(damage="it is too large")
        data = json.loads(file.read_bytes())
        if data["version"] != _VERSION:
            return LinkHealth(damage=f"its version is {data['version']}, and this reads {_VERSION}")
        entries = data["addresses"].items()
    except FileNotFoundError:
        return LinkHealth()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return LinkHealth(damage=f"{type(error).__name__}: {error}")
    return LinkHealth({url: visit for url, entry in entries if (visit := _visit(url, entry))})


def _visit(url: str, entry: object) -> Visit | None:
    try:
        outcome, checked, result = entry["outcome"], entry["checked"], entry.get("message", "")
        failures = (entry.get("broken") or entry.get("faulty") or {"count": 0})["count"]
        if outcome not in OUTCOMES or not isinstance(checked, str) or not isinstance(failures, int):
            return None
        return Visit(url, checked[:10], outcome, str(result)[:200], failures)
    except (KeyError, TypeError, AttributeError):
        return None
