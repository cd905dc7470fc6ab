"""Redirects as data (YAML): where addresses went, and which were removed on purpose.

::

    redirects:
      - from: /old-topic/page/
        to: /new-topic/page/
        since: 2026-11-22
    removed:
      - url: /news/2025-closure/
        since: 2026-11-22
        reason: The closure is over.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import yaml

from sitekit.problems import Problem

_FIELDS = {"redirects": {"from", "to", "since"}, "removed": {"url", "since", "reason"}}


@dataclass(frozen=True, slots=True)
class MovedTo:
    """One redirect. ``source`` may carry a fragment, which only the ledger uses: servers never see it."""

    source: str
    target: str
    since: datetime.date
    line: int = 0


@dataclass(frozen=True, slots=True)
class Removed:
    """An address that is gone on purpose."""

    url: str
    reason: str
    since: datetime.date
    line: int = 0


@dataclass(frozen=True, slots=True)
class Redirects:
    """Everything recorded about addresses that are not pages any more."""

    moved: tuple[MovedTo, ...] = ()
    removed: tuple[Removed, ...] = ()
    path: str = ""


def read_redirects(text: str, path: str = "") -> tuple[Redirects, list[Problem]]:
    """Read the file. Every mistake is a problem with its line; entries without mistakes still count."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return Redirects(path=path), [Problem(path, line, column, "redirects-yaml", f"Not YAML: {error.problem}.", "")]
    reader = _Reader(path)
    if root is not None:
        reader.read(root)
    return Redirects(tuple(reader.moved), tuple(reader.removed), path), reader.problems


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.moved: list[MovedTo] = []
        self.removed: list[Removed] = []
        self.seen: dict[str, int] = {}

    def _problem(self, node: yaml.Node, code: str, message: str, hint: str = "") -> None:
        mark = node.start_mark
        self.problems.append(Problem(self.path, mark.line + 1, mark.column + 1, code, message, hint))

    def read(self, root: yaml.Node) -> None:
        if not isinstance(root, yaml.MappingNode):
            self._problem(root, "redirects-shape", "The file holds the lists redirects and removed, nothing else.")
            return
        for key, value in root.value:
            name = key.value
            if name not in _FIELDS or not isinstance(value, yaml.SequenceNode | yaml.ScalarNode):
                self._problem(key, "redirects-shape", f"{name!r} is neither redirects nor removed.")
            elif isinstance(value, yaml.ScalarNode) and value.value:
                self._problem(value, "redirects-shape", f"{name} must be a list.")
            elif isinstance(value, yaml.SequenceNode):
                for entry in value.value:
                    self._entry(name, entry)

    def _entry(self, kind: str, node: yaml.Node) -> None:
        fields: dict[str, Any] = {}
        nodes: dict[str, yaml.Node] = {}
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            nodes[key.value] = value
            fields[key.value] = yaml.safe_load(value.value) if key.value == "since" else getattr(value, "value", None)
        if set(fields) != _FIELDS[kind]:
            wanted = ", ".join(sorted(_FIELDS[kind]))
            self._problem(node, "redirects-fields", f"An entry of {kind} has exactly these fields: {wanted}.")
            return
        if not isinstance(fields["since"], datetime.date):
            self._problem(nodes["since"], "redirects-date", "since is not a date.", "Write it as 2026-11-22.")
            return
        line = node.start_mark.line + 1
        address = fields["from" if kind == "redirects" else "url"]
        if not _is_address(address):
            self._problem(node, "redirects-address", f"{address!r} does not start at the root of the site.")
        elif address in self.seen:
            self._problem(node, "redirects-twice", f"{address} is recorded on line {self.seen[address]} already.")
        elif kind == "removed" and not str(fields["reason"]).strip():
            self._problem(nodes["reason"], "redirects-reason", f"Say why {address} was removed.")
        elif kind == "redirects" and not (_is_address(fields["to"]) or str(fields["to"]).startswith("https://")):
            self._problem(nodes["to"], "redirects-address", f"{fields['to']!r} is neither /a/path/ nor https://….")
        else:
            self.seen[address] = line
            if kind == "redirects":
                self.moved.append(MovedTo(address, fields["to"], fields["since"], line))
            else:
                self.removed.append(Removed(address, str(fields["reason"]).strip(), fields["since"], line))


def _is_address(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.startswith("/")
        and not value.startswith("//")
        and not any(map(str.isspace, value))
    )
