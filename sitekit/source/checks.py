"""What one body must satisfy by itself: blocks, citations, headings, images, raw HTML."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from functools import lru_cache

from sitekit.problems import Problem
from sitekit.source import blocks, html_safety
from sitekit.source.citations import LABELS, PATTERN, parse
from sitekit.source.documents import Document
from sitekit.source.text import position

_HEADING = re.compile(r"\n(#{1,6})(?=[ \t\n]|\Z)(.*)")
_SETEXT = re.compile(r"^[^\s>#:|-].*\n(=+|-{3,})[ \t]*$", re.M)


def check_body(
    document: Document, references: Collection[str], resources: Collection[str], unverified: Collection[str]
) -> list[Problem]:
    """Every located problem in the body of one document that needs no other document to be seen."""
    masked, first = document.masked, document.front.body_line
    found_blocks, problems = blocks.scan(masked, first, document.path)
    problems += html_safety.check(document.path, masked, first)
    problems += _check_citations(document, masked, references)
    problems += _check_headings(document, masked)
    lines = masked.split("\n")
    for block in found_blocks:
        if block.name == "resources":
            inside = lines[block.line - first + 1 : block.end_line - first]
            problems += _check_resource_list(document.path, inside, block.line + 1, resources, unverified)
    return problems


def _place(document: Document, masked: str, offset: int) -> tuple[str, int, int]:
    line, column = position(masked, offset)
    return document.path, line + document.front.body_line - 1, column


def _check_citations(document: Document, masked: str, references: Collection[str]) -> list[Problem]:
    problems = []
    for match in PATTERN.finditer(masked):
        citation = parse(match[1])
        missing = [key for key in citation.keys if key not in references]
        unlabelled = "," in match[1] and citation.label not in LABELS
        if not (citation.unreadable or missing or unlabelled):
            continue
        at = _place(document, masked, match.start())
        if citation.unreadable:
            hint = "Write [@key], [@key1; @key2] or [@key, moderate]."
            problems.append(Problem(*at, "bad-citation", f"The citation cannot be read: {citation.unreadable}", hint))
        for key in missing:
            problems.append(
                unknown(*at, "unknown-citation", key, references, "content/data/references.bib has no entry")
            )
        if unlabelled:
            hint = f"Use one of: {', '.join(LABELS)}."
            problems.append(
                Problem(*at, "unknown-certainty", f"{citation.label or 'Nothing'} is not a certainty or kind.", hint)
            )
    return problems


def _check_headings(document: Document, masked: str) -> list[Problem]:
    problems = []
    # With a line end before it, a match begins in the text where its heading does in "masked".
    for match in _HEADING.finditer("\n" + masked):
        if not match[2].strip(" \t#"):
            at = _place(document, masked, match.start())
            problems.append(Problem(*at, "empty-heading", "The heading has no words.", "Write it, or delete the line."))
        elif len(match[1]) == 1:
            at = _place(document, masked, match.start())
            hint = "The title in the front matter is the only first-level heading; start with ##."
            problems.append(Problem(*at, "heading-level", "A heading in the body has one #.", hint))
    underlined = ("=" in masked and "\n=" in masked) or "\n---" in masked
    for match in _SETEXT.finditer(masked) if underlined else ():
        at = _place(document, masked, match.start(1))
        hint = "Write ## Heading; leave an empty line before a rule."
        problems.append(Problem(*at, "heading-level", "A line of = or - makes the line above a heading.", hint))
    return problems


def _check_resource_list(
    path: str, lines: list[str], first: int, resources: Collection[str], unverified: Collection[str]
) -> list[Problem]:
    problems = []
    for number, text in enumerate(lines, first):
        item = re.match(r"\s*[-*+]\s+(.*\S)", text)
        if item:
            problems += check_resource(path, number, item.start(1) + 1, item[1], resources, unverified)
        elif text.strip():
            problems.append(
                Problem(path, number, 1, "bad-block", "Not an item of a list.", "Write '- id' on each line.")
            )
    return problems


def check_resource(
    path: str, line: int, column: int, identifier: str, resources: Collection[str], unverified: Collection[str]
) -> list[Problem]:
    """The problem of naming a resource that does not exist or that nobody has verified, or nothing."""
    if identifier in resources:
        return []
    if identifier in unverified:
        hint = "Check it, then set verified: true and the date in content/data/resources.yaml; or leave it out."
        return [
            Problem(path, line, column, "unverified-resource", f"Nobody has verified the resource {identifier}.", hint)
        ]
    return [
        unknown(
            path, line, column, "unknown-resource", identifier, resources, "content/data/resources.yaml has no entry"
        )
    ]


def unknown(path: str, line: int, column: int, code: str, name: str, known: Collection[str], what: str) -> Problem:
    """A problem about a name that does not exist, with the nearest one that does."""
    near = _nearest(name, frozenset(known))
    hint = f"Did you mean {near}?" if near else "Check the spelling, or add it there."
    return Problem(path, line, column, code, f"{what} {name}.", hint)


FEW = 40
"""So many names can all be compared; of more, only those that begin or end like the one that is wrong."""


@lru_cache(maxsize=10_000)  # a name that is wrong once is often wrong in many places
def _nearest(name: str, known: frozenset[str]) -> str:
    start, end = _ends(name)
    likely = [one for one in known if len(known) <= FEW or _ends(one)[0] == start or _ends(one)[1] == end]
    return next(iter(difflib.get_close_matches(name, sorted(likely), 1)), "")


def _ends(name: str) -> tuple[str, str]:
    """The first and last letters of a name, or of the file that a path names."""
    stem = name.rpartition("/")[2].removesuffix(".md").casefold()
    return stem[:3], stem[-4:]
