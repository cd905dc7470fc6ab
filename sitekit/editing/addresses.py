"""Addresses that were promised to readers: the redirect and the ledger entry of a page that moves."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import yaml

from sitekit.editing.changes import Change
from sitekit.editing.project import Project
from sitekit.editing.relink import Edit, edited
from sitekit.links.ledger import Ledger

REDIRECTS, LEDGER = "redirects.yaml", "urls.txt"
ADDRESS_FILES = (REDIRECTS, LEDGER)


def address_of(relative: str) -> str:
    """The root-relative address of a path below content/, as the site's settings make it."""
    return f"/{relative.split('/', 1)[1].removesuffix('.md')}/"


def address_changes(project: Project, old: str, new: str, today: datetime.date) -> list[Change]:
    """The changes to the redirects and the ledger when the page at ``old`` goes to ``new``.

    Without a ledger nothing has been published yet; then there is only the redirect.
    """
    changes = []
    for name in ADDRESS_FILES:
        file = project.content / "data" / name
        before = file.read_bytes() if file.is_file() else None
        text = (before or b"").decode()
        if name == REDIRECTS:
            changes.append(Change(f"{project.label}/data/{name}", before, redirected(text, old, new, today).encode()))
        elif before is not None:
            changes.append(Change(f"{project.label}/data/{name}", before, recorded(text, old, new).encode()))
    return [change for change in changes if change.before != change.after]


def recorded(text: str, old: str, new: str) -> str:
    """``text`` of the ledger with both addresses in it; what was promised before stays promised."""
    ledger, _ = Ledger.parse(text)
    return ledger.with_new([old, new]).as_text() if ledger.new([old, new]) else text


def redirected(text: str, old: str, new: str, today: datetime.date) -> str:
    """``text`` of redirects.yaml with one more redirect.

    Redirects that led to ``old`` lead to ``new`` at once, so that no reader is sent twice. An entry that led away from ``new``, or
    told that it was gone, goes, because a page stands there now.
    """
    text += "" if not text or text.endswith("\n") else "\n"
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    entries = list(_entries(text))
    edits: list[Edit] = []
    for _, entry in entries:
        fields = {key.value: value for key, value in entry.value}
        named = fields.get("from") or fields.get("url")
        target = fields.get("to")
        if named is not None and named.value == new:
            last = max(value.end_mark.line for value in fields.values())
            edits.append(Edit(starts[entry.start_mark.line], starts[last + 1], ""))
        elif target is not None and target.value.partition("#")[0] == old:
            at = [starts[mark.line] + mark.column for mark in (target.start_mark, target.end_mark)]
            edits.append(Edit(*at, new + target.value.removeprefix(old)))
    place, opening = _end_of_redirects(text, starts, [entry for name, entry in entries if name == "redirects"])
    indent = " " * next((entry.start_mark.column - 2 for name, entry in entries if name == "redirects"), 2)
    added = f"{indent}- from: {old}\n{indent}  to: {new}\n{indent}  since: {today.isoformat()}\n"
    edits.append(Edit(place, place, opening + added))
    return edited(text, edits)


def _end_of_redirects(text: str, starts: list[int], entries: list[yaml.MappingNode]) -> tuple[int, str]:
    """Where the next redirect goes, and what must stand before it."""
    if entries:
        last = max(value.end_mark.line for _, value in entries[-1].value)
        return starts[last + 1], ""
    empty = re.search(r"^redirects:[ \t]*(?:#.*)?\n", text, re.M)
    if empty:
        return empty.end(), ""
    return len(text), "redirects:\n"


def _entries(text: str) -> Iterator[tuple[str, yaml.MappingNode]]:
    """Every entry with the name of its list. A file that cannot be read has none."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        for entry in value.value if isinstance(value, yaml.SequenceNode) else ():
            if isinstance(entry, yaml.MappingNode):
                yield key.value, entry
