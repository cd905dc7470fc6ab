"""What can only be seen with all pages in view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sitekit.records import record
from sitekit.source import readability
from sitekit.source.rules.model import PAGE_AS_A_WHOLE, Finding, Page, count_words, rule
from sitekit.source.rules.reading import FEWEST_WORDS

GROUP = "Across pages"
MOST_SHARED_WORDS = 12
PAGE_TWO = "<!-- another page -->"
"""Parts the two pages of an example."""
_SENTENCE = "You can rest for a while, then move a little, then rest again."
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@record()
class LongSentence:
    """A sentence long enough to be recognized: its words without marks, its place, and its first words to show."""

    words: str
    index: int
    line: int
    excerpt: str


@record()
class Abstract:
    """What the rules across pages need of one page: small, and fit to be stored, so that other pages need not be read again."""

    path: str
    sentences: tuple[LongSentence, ...]
    words: int
    grade: float
    opts_out: bool


def abstract(page: Page) -> Abstract:
    """The abstract of a page."""
    sentences = []
    for block in (*page.fields, *page.prose):
        for sentence in block.sentences:
            if count_words(sentence.text) > MOST_SHARED_WORDS:
                words = " ".join(_WORD.findall(sentence.text.casefold()))
                index = block.source_index(sentence.start)
                sentences.append(LongSentence(words, index, page.plain.position(index)[0], sentence.text[:60]))
    opts_out = any("allow" in text for _, _, text in page.plain.comments)
    return Abstract(page.path, tuple(sentences), page.figures.words, page.figures.grade_adjusted, opts_out)


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
def shared_sentence(pages: Sequence[Abstract]) -> Iterator[tuple[Abstract, Finding]]:
    seen: dict[str, tuple[Abstract, LongSentence]] = {}
    for page in pages:
        for sentence in page.sentences:
            other, first = seen.setdefault(sentence.words, (page, sentence))
            if other is not page:
                at = f"{other.path}:{first.line}"
                yield page, Finding(sentence.index, f"The sentence stands in {at} too: {sentence.excerpt}…")


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
def site_grade(pages: Sequence[Abstract]) -> Iterator[tuple[Abstract, Finding]]:
    measured = [page for page in pages if page.words >= FEWEST_WORDS]
    if not measured:
        return
    mean = sum(page.grade for page in measured) / len(measured)
    if mean > readability.PAGE_GRADE:
        hardest = max(measured, key=lambda page: page.grade)
        message = f"The {len(measured)} pages read at grade {mean:.1f} on average; this one is the hardest."
        yield hardest, Finding(PAGE_AS_A_WHOLE, message)
