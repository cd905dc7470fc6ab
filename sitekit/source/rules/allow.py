"""Opting out of a rule in one place, with a reason: ``<!-- allow: rule-code why it is right here -->``.

It covers the next block of text: a paragraph, a heading, a whole list, table or ``:::`` block. Between two items of a list it
covers the next item alone. Before everything else in the body it also covers what is wrong with the page as a whole and its
front matter.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sitekit.problems import Problem
from sitekit.source.plaintext import Block, PlainText
from sitekit.source.rules.model import PAGE_AS_A_WHOLE, RULES

_ALLOW = re.compile(r"allow\b[ ]*:?[ ]*(?P<code>[\w-]*)[ ,:.-]*(?P<reason>.*)", re.IGNORECASE | re.DOTALL)
REASON_WORDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Allowance:
    """One opt-out: the rule, and the stretch of source, ``start`` to ``end``, in which it is silent."""

    code: str
    comment: int
    start: int
    end: int

    def covers(self, code: str, index: int) -> bool:
        """Whether a finding of this rule at this index is silenced."""
        return code == self.code and self.start <= index < self.end


def read_allowances(path: str, plain: PlainText) -> tuple[list[Allowance], list[Problem]]:
    """The opt-outs of a page, and what is wrong with how they are written."""
    found: list[Allowance] = []
    problems: list[Problem] = []
    for start, end, text in plain.comments:
        match = _ALLOW.fullmatch(text)
        if not match:
            continue
        at = (path, *plain.position(start))
        code = match["code"]
        if code not in RULES:
            near = difflib.get_close_matches(code, RULES, 1)
            hint = f"Did you mean {near[0]}?" if near else "The style guide lists the codes: docs/style-guide.md."
            problems.append(Problem(*at, "allow-unknown-rule", f"There is no rule called {code or '(nothing)'}.", hint))
        elif len(match["reason"].split()) < REASON_WORDS:
            hint = f"Write <!-- allow: {code} why this is right here -->."
            problems.append(Problem(*at, "allow-without-reason", f"The opt-out from {code} gives no reason.", hint))
        else:
            found.append(Allowance(code, start, *_reach(plain, start, end)))
    return found, problems


def unused(path: str, plain: PlainText, allowances: Iterable[Allowance], used: set[Allowance]) -> Iterator[Problem]:
    """A problem for each opt-out that silenced nothing."""
    for allowance in allowances:
        if allowance not in used:
            message = f"The opt-out from {allowance.code} matches nothing in the next block."
            yield Problem(path, *plain.position(allowance.comment), "allow-unused", message, "Delete the comment.")


def _reach(plain: PlainText, start: int, end: int) -> tuple[int, int]:
    """The stretch of source that an opt-out between ``start`` and ``end`` covers."""
    blocks = [block for block in plain.blocks if block.start >= end]
    containers = [container for container in plain.containers if container.start >= end]
    above = any(one.start < start for one in (*plain.blocks, *plain.containers))
    first = start if above else PAGE_AS_A_WHOLE
    if containers and (not blocks or containers[0].start <= blocks[0].start):
        return first, containers[0].end + 1
    if not blocks:
        return first, len(plain.text) + 1
    block = blocks[0]
    previous = next((other for other in reversed(plain.blocks) if other.start < start), None)
    if block.kind in ("item", "table") and not (previous and _same(previous, block)):
        run = [other for other in blocks if _same(other, block)]
        following = next((other for other in blocks if other.start > run[-1].start), None)
    else:
        following = blocks[1] if len(blocks) > 1 else None
    return first, following.start if following else len(plain.text) + 1


def _same(one: Block, other: Block) -> bool:
    """Whether two blocks are items of one list or rows of one table."""
    if one.kind == other.kind == "item":
        return one.list_number == other.list_number
    return one.kind == other.kind == "table" and one.container == other.container and one.section == other.section
