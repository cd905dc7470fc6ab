"""Abbreviations are explained where a page first uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.readability import glossary_rows
from sitekit.source.rules.model import Finding, Page, rule

GROUP = "Words"
_ABBREVIATION = re.compile(r"(?<![\w@/#.-])[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)?(?=s?\b)(?!s?\.\w|@)")

# Readers know these in no other form, or they are part of a name.
_KNOWN = "US USA UK CA OC UC UCI VA FDA CDC AI TV ID ER AM PM PDF ZIP OK HIV AIDS DNA MRI CT AA"
KNOWN = frozenset(_KNOWN.split())


def _glossary() -> frozenset[str]:
    """Abbreviations that the glossary explains, which become links with their meaning where a page first uses them."""
    names = (name for row in glossary_rows() for name in (row["term"], row["aliases"]))
    return frozenset(found for name in names for found in _ABBREVIATION.findall(name))


def _explained(text: str, start: int, end: int) -> bool:
    """Whether an abbreviation stands in brackets after its words, or has its words in brackets after it.

    "stands for", "short for" and "called X, or …" explain it as well.
    """
    after = text[end:].lstrip("s")
    if after.startswith(" (") or re.match(r"[\"”]?,? (?:stands for|is short for|means|or )", after):
        return True
    before = text[:start]
    in_brackets = before.rfind("(") > before.rfind(")")
    return in_brackets or bool(re.search(r"(?:, or|called|short name is|known as) [\"“']?$", before))


@rule(
    "abbreviation",
    group=GROUP,
    summary="An abbreviation that the glossary does not know is explained where a page first uses it.",
    reason="An abbreviation that a reader does not know stops the reading.",
    source="WCAG 2.2 criterion 3.1.4; PEMAT-P item U4; CDC Clear Communication Index item 7",
    hint="Write the words first and the abbreviation in brackets, add it to content/data/glossary.csv, or do without it.",
    bad="Ask about TENS at your visit.",
    good="Ask about nerve stimulation through the skin (TENS) at your visit. TENS uses pads.",
)
def abbreviation(page: Page) -> Iterator[Finding]:
    seen: set[str] = set()
    known = KNOWN | _glossary()
    for match in page.find(_ABBREVIATION):
        name, block = match.text, match.block
        # A heading, a title or the front matter may use it before the text below explains it.
        if block.kind not in ("paragraph", "item", "table", "figure") or name in seen or name in known:
            continue
        seen.add(name)
        if not _explained(block.text, match.start, match.start + len(name)):
            yield match.finding(f"{name} is not explained where the page first uses it.")
