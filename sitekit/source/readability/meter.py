"""The figures of a stretch of text and of a page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sitekit.records import record
from sitekit.source.plaintext import Block, PlainText
from sitekit.source.readability.passive import is_passive
from sitekit.source.readability.syllables import PART, syllables
from sitekit.source.readability.terms import Terms, default_terms

PAGE_GRADE, PAGE_GRADE_LIMIT = 6.0, 7.5
SHORT_GRADE = 5.0
MEAN_SENTENCE, LONGEST_SENTENCE = 12.0, 25
FEWEST_WORDS = 6
"""A sentence of fewer words is never among the hardest: one long word would decide its grade."""

_TOKEN = re.compile(r"\S+")


@record()
class Readability:
    """Figures for one stretch of text; grades are US school grades, ``passive`` is a share of sentences from 0 to 1."""

    words: int
    sentences: int
    grade: float
    grade_adjusted: float
    smog: float
    smog_adjusted: float
    ease: float
    ease_adjusted: float
    mean_sentence: float
    longest_sentence: int
    passive: float


@record()
class HardSentence:
    """A sentence, its place, its adjusted grade when read alone, and its words."""

    line: int
    column: int
    grade: float
    words: int
    text: str


@record()
class PageReadability:
    """The whole page, its key points and its short version (``None`` if it has none), and its hardest sentences first."""

    page: Readability
    key_points: Readability | None
    short: Readability | None
    hardest: tuple[HardSentence, ...]


def measure(sentences: Sequence[str], terms: Terms | None = None) -> Readability:
    """Measure sentences. ``terms`` are the names that count two syllables a word at most in the adjusted figures.

    Text without a single word measures 0 throughout.
    """
    terms = default_terms() if terms is None else terms
    counted = [found for sentence in sentences if (found := _count(sentence, terms)).words]
    lengths = [found.words for found in counted]
    raw, adjusted = sum(found.raw for found in counted), sum(found.adjusted for found in counted)
    hard, hard_adjusted = sum(found.hard for found in counted), sum(found.hard_adjusted for found in counted)
    if not lengths:
        return Readability(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    total, number = sum(lengths), len(lengths)
    return Readability(
        words=total,
        sentences=number,
        grade=_grade(total, number, raw),
        grade_adjusted=_grade(total, number, adjusted),
        smog=_smog(number, hard),
        smog_adjusted=_smog(number, hard_adjusted),
        ease=_ease(total, number, raw),
        ease_adjusted=_ease(total, number, adjusted),
        mean_sentence=round(total / number, 1),
        longest_sentence=max(lengths),
        passive=sum(map(is_passive, sentences)) / number,
    )


@record()
class _Counts:
    """Words and syllables of one sentence; ``hard`` words have three syllables or more."""

    words: int
    raw: int
    adjusted: int
    hard: int
    hard_adjusted: int


@lru_cache(maxsize=20_000)  # a sentence is measured alone, with its block and with its page
def _count(sentence: str, terms: Terms) -> _Counts:
    spans = terms.spans(sentence)
    words = raw = adjusted = hard = hard_adjusted = 0
    for match in _TOKEN.finditer(sentence):
        if not PART.search(match[0]):
            continue
        number = syllables(match[0])
        named = any(start < match.end() and match.start() < end for start, end in spans)
        words += 1
        raw += number
        adjusted += min(number, 2) if named else number
        hard += number > 2
        hard_adjusted += number > 2 and not named
    return _Counts(words, raw, adjusted, hard, hard_adjusted)


def _grade(words: int, sentences: int, syllables: int) -> float:
    return round(0.39 * words / sentences + 11.8 * syllables / words - 15.59, 1) + 0.0  # no "-0.0"


def _ease(words: int, sentences: int, syllables: int) -> float:
    return round(206.835 - 1.015 * words / sentences - 84.6 * syllables / words, 1)


def _smog(sentences: int, hard: int) -> float:
    return round(1.0430 * math.sqrt(hard * 30 / sentences) + 3.1291, 1)


def measure_page(page: PlainText, terms: Terms | None = None, hardest: int = 5) -> PageReadability:
    """Measure a page and its parts, and name its ``hardest`` sentences (very short ones left out)."""
    terms = default_terms() if terms is None else terms
    prose = page.prose()

    def of(name: str) -> Readability | None:
        texts = _texts(block for block in prose if block.within(name))
        return measure(texts, terms) if texts else None

    found = []
    for block in prose:
        for sentence in block.sentences:
            counts = _count(sentence.text, terms)
            if counts.words >= FEWEST_WORDS:
                line, column = page.position(block.source_index(sentence.start))
                grade = _grade(counts.words, 1, counts.adjusted)
                found.append(HardSentence(line, column, grade, counts.words, sentence.text))
    found.sort(key=lambda hard: (-hard.grade, hard.line, hard.column))
    return PageReadability(measure(_texts(prose), terms), of("key-points"), of("short"), tuple(found[:hardest]))


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [sentence.text for block in blocks for sentence in block.sentences]
