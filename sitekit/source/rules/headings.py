"""Headings: their order and their words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.rules.model import Finding, Page, rule

GROUP = "Headings"
_EMPTY_WORDS = re.compile(
    r"(?:an? |the )?(?:introduction|intro|overview|background|summary|conclusions?|general information|about|about this page"
    r"|more information|miscellaneous|other)",
    re.IGNORECASE,
)
_END_MARK = re.compile(r"[.,:;!…]$")
MOST_WORDS = 12


@rule(
    "heading-order",
    group=GROUP,
    summary="Headings start at ## and skip no level.",
    reason="Screen-reader users move by headings; a missing level looks like a missing part.",
    source="WCAG 2.2 criteria 1.3.1 and 2.4.10; PEMAT-P item U9",
    hint="Use ## for sections and ### for parts of a section.",
    bad="## Sleep\n\n#### Naps\n\nRest a little.",
    good="## Sleep\n\n### Naps\n\nRest a little.",
)
def heading_order(page: Page) -> Iterator[Finding]:
    above = 1
    for heading in page.headings:
        if heading.level > above + 1:
            yield Finding(
                heading.start, f"“{heading.text}” is a heading of level {heading.level} below one of level {above}."
            )
        above = max(heading.level, 1)


@rule(
    "heading-duplicate",
    group=GROUP,
    summary="No two headings of a page are the same.",
    reason="A list of contents with the same words twice helps nobody, and a link can lead to only one of them.",
    source="PEMAT-P item U9; WCAG 2.2 criterion 2.4.6",
    hint="Say what each of the two sections is about.",
    bad="## Sleep\n\nRest.\n\n## Sleep\n\nMore rest.",
    good="## Sleep at night\n\nRest.\n\n## Naps in the day\n\nMore rest.",
)
def heading_duplicate(page: Page) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for heading in page.headings:
        words = heading.text.casefold()
        if words in seen:
            line = page.plain.position(seen[words])[0]
            yield Finding(heading.start, f"The heading “{heading.text}” stands in line {line} already.")
        seen.setdefault(words, heading.start)


@rule(
    "heading-words",
    group=GROUP,
    summary=f"A heading says what its section is about, in {MOST_WORDS} words or fewer.",
    reason="'Introduction' and 'Overview' say nothing to a reader who looks for one answer.",
    source="PEMAT-P item U9; NHS content guide",
    hint="Write what the reader finds there.",
    bad="## Overview\n\nPain has many causes.",
    good="## What causes pain\n\nPain has many causes.",
)
def heading_words(page: Page) -> Iterator[Finding]:
    for heading in page.headings:
        if _EMPTY_WORDS.fullmatch(heading.text.strip()):
            yield Finding(heading.start, f"The heading “{heading.text}” does not say what the section is about.")
        elif len(heading.text.split()) > MOST_WORDS:
            yield Finding(heading.start, f"The heading has {len(heading.text.split())} words.")


@rule(
    "heading-punctuation",
    group=GROUP,
    summary="A heading ends with no mark but a question mark.",
    reason="A full stop tells a screen reader to pause and a sighted reader that the text has begun.",
    source="House style",
    hint="Delete the mark at the end.",
    bad="## What helps:\n\nRest.",
    good="## What helps?\n\nRest.",
)
def heading_punctuation(page: Page) -> Iterator[Finding]:
    for heading in page.headings:
        if _END_MARK.search(heading.text):
            yield Finding(heading.start, f"The heading “{heading.text}” ends with a mark.")
