"""From what is remembered about addresses to findings on the links that lead to them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from ..model import Finding
from ..positions import Places
from ..resolve import clean
from ..work import read_bytes
from .addresses import not_public
from .history import Memory
from .settings import ExternalSettings
from .targets import Link, Target
from .verdict import BROKEN, FINE, UNKNOWN

_CREDENTIALS = (
    "unknown-target",
    "The address holds a user name or a password, which every reader of the page can see. It is not asked.",
)
_FRAGMENT_SAFE = "~!$&'()*+,;=:@/?-._%"


def key_of(address: str, fragment: str) -> str:
    """Under which the memory of an anchor is kept."""
    return f"{address}#{fragment}" if fragment else address


def never_asked(target: Target, allow_private: bool) -> tuple[str, str]:
    """Code and message for an address that is not asked at all; two empty strings where it may be."""
    if all(link.credentials for link in target.links):
        return _CREDENTIALS
    host = target.address.split("/", 3)[2]
    host = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    reason = "" if allow_private else not_public(host)
    if reason and reason != "not an IP address":
        return "private-address", f"{host} is {reason}: readers cannot reach it."
    return "", ""


def findings_of(
    site_dir: Path,
    targets: Iterable[Target],
    memories: Mapping[str, Memory],
    settings: ExternalSettings,
    now: datetime.datetime,
) -> list[Finding]:
    """A finding for each link with something to say about it, with its place on the page, sorted."""
    wanted: dict[str, list[tuple[Link, str, str, str, str]]] = {}
    for target in targets:
        code, message = never_asked(target, settings.allow_private)
        for link in target.links:
            if link.credentials:
                told = (*_CREDENTIALS, "", "")
            elif code:
                told = (code, message, "", "")
            else:
                told = _tell(target.address, link, memories, settings, now)
            if told is not None:
                wanted.setdefault(link.page, []).append((link, *told))
    findings = []
    for page, entries in wanted.items():
        try:
            places = Places(page, read_bytes(f"{site_dir}/{page}"))
        except OSError:
            places = None
        for link, code, message, suggestion, fix in entries:
            line, column = places.nth(clean(link.url), link.index) if places else (0, 0)
            findings.append(
                Finding(page, line, column, link.url, code, message, suggestion=suggestion, detail=link.url, fix=fix)
            )
    return sorted(findings)


def _tell(
    address: str, link: Link, memories: Mapping[str, Memory], settings: ExternalSettings, now: datetime.datetime
) -> tuple[str, str, str, str] | None:
    """Code, message, suggestion and fix for one link; None where there is nothing to tell."""
    memory = memories.get(address)
    if memory is None:
        return None
    if memory.outcome != FINE:
        return _not_fine(memory, settings, now, "external-broken")
    anchor = memories.get(key_of(address, link.fragment)) if link.fragment else None
    if anchor is not None and anchor.outcome != FINE:
        return _not_fine(anchor, settings, now, "external-fragment")
    if memory.moved and memory.moved != address:
        new = memory.moved
        if "#" not in new and "#" in link.url:
            new += f"#{quote(link.url.partition('#')[2], safe=_FRAGMENT_SAFE)}"
        return "permanent-redirect", f"The page has moved for good to {new}.", new, new if memory.certain else ""
    return None


def _not_fine(
    memory: Memory, settings: ExternalSettings, now: datetime.datetime, code: str
) -> tuple[str, str, str, str]:
    streak = memory.broken if memory.outcome == BROKEN else memory.faulty
    times = "" if streak is None else f"{streak.count:,} time{'' if streak.count == 1 else 's'}"
    if streak is not None and memory.is_broken(now, settings):
        return code, f"{memory.message} It has failed {times} since {streak.since.date().isoformat()}.", "", ""
    if memory.outcome == UNKNOWN:
        return "unknown-target", memory.message, "", ""
    if streak is None:
        return code, memory.message, "", ""
    rule = f"counts as broken after {settings.failures} failures over {settings.failing_days:g} days"
    since = f"Failing since {streak.since.date().isoformat()}, {times} so far; it {rule}."
    return "external-failing", f"{memory.message} {since}", "", ""
