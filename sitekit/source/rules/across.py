"""What can only be seen with all pages in view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sitekit.source import readability
from sitekit.source.rules.model import PAGE_AS_A_WHOLE, Finding, Page, count_words, rule
from sitekit.source.rules.reading import FEWEST_WORDS

GROUP = "Across pages"
MOST_SHARED_WORDS = 12
PAGE_TWO = "<!-- another page -->"
"""Parts the two pages of an example."""
_SENTENCE = "You can rest for a while, then move a little, then rest again."
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@rule(
    "shared-sentence",
    group=GROUP,
    summary=f"No sentence of more than {MOST_SHARED_WORDS} words stands on two pages.",
    reason="A copied sentence is corrected in one place and stays wrong in the other. Facts that pages share live in content/data.",
    source="House rule: a fact is kept in one place",
    hint="Link to the other page, say it in new words, or make it shorter.",
    bad=f"{_SENTENCE}\n\n{PAGE_TWO}\n\n{_SENTENCE}",
    good=f"{_SENTENCE}\n\n{PAGE_TWO}\n\nRest, move, rest.",
    across=True,
)
def shared_sentence(pages: Sequence[Page]) -> Iterator[tuple[Page, Finding]]:
    seen: dict[str, tuple[Page, int]] = {}
    for page in pages:
        for block in (*page.fields, *page.prose):
            for sentence in block.sentences:
                if count_words(sentence.text) <= MOST_SHARED_WORDS:
                    continue
                words = " ".join(_WORD.findall(sentence.text.casefold()))
                index = block.source_index(sentence.start)
                other, where = seen.setdefault(words, (page, index))
                if other is not page:
                    at = f"{other.path}:{other.plain.position(where)[0]}"
                    yield page, Finding(index, f"The sentence stands in {at} too: {sentence.text[:60]}…")


@rule(
    "site-grade",
    group=GROUP,
    summary=f"The pages of the site read at grade {readability.PAGE_GRADE:g} or below on average.",
    reason="A reader who found one page easy trusts that the next will be.",
    source="NHS content guide (reading age 9 to 11); PEMAT-P item U3",
    hint="Simplify the hardest pages; python -m sitekit.source.readability content/articles/*/*.md shows them.",
    bad="\n\n".join(["Over some months, gentle activity helps more than rest alone."] * 11),
    good="\n\n".join(["Over some months, gentle walks help more than rest alone."] * 11),
    across=True,
)
def site_grade(pages: Sequence[Page]) -> Iterator[tuple[Page, Finding]]:
    measured = [page for page in pages if page.figures.words >= FEWEST_WORDS]
    if not measured:
        return
    mean = sum(page.figures.grade_adjusted for page in measured) / len(measured)
    if mean > readability.PAGE_GRADE:
        hardest = max(measured, key=lambda page: page.figures.grade_adjusted)
        message = f"The {len(measured)} pages read at grade {mean:.1f} on average; this one is the hardest."
        yield hardest, Finding(PAGE_AS_A_WHOLE, message)
