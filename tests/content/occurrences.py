"""Every number that an article shows, and where.

A number is a run of digits with its decimals and per cent sign, a range ("48% to 61%"), a count out of a whole ("24 in 100",
"33 of 50"), a date or a clock time as one; and a number in words from two to twelve, "twice", or a simple fraction.
Digits inside a name (PHQ-9, ICD-11, 988lifeline.org) are none. Front matter that readers see counts as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sitekit.source.plaintext import PlainText, read

_DIGITS = r"\d(?:[\d,]*\d)?(?:\.\d+)?%?"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_CLOCK = r"\d{1,2}(?::\d\d)?\ [ap]\.m\."
_RANGE = rf"{_DIGITS}(?:(?:\ to\ |-to-){_DIGITS})?"
NUMBER = re.compile(
    rf"""(?<![\w.])(?<![A-Za-z]-)(?:
        {_CLOCK}(?:\ to\ {_CLOCK})?
      | (?:\d{{1,2}}\ )?(?:{_MONTH})\ \d{{4}}
      | (?:[Ff]ewer\ than\ )?{_RANGE}(?:\ (?:in|of)\ \d+(?!\S*\d))?(?![\w]*[A-Za-z])
      | (?i:one[\ -](?:tenth|fifth|quarter|third|half)|half|halved|twice)\b
      | (?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b
    )""",
    re.VERBOSE,
)
FRONT = re.compile(r"^(?:title|description|helps|main_message|start): (?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One number on one page. ``text`` is the paragraph, item, row or line around it, ``sentence`` the sentence (or cell),
    ``cited`` the sources cited in ``text``, ``within`` the name of the ``:::`` block or ``front`` or empty."""

    page: str
    line: int
    column: int
    number: str
    start: int
    text: str
    sentence: str
    cited: frozenset[str]
    within: str
    section: int

    def covered_by(self, words: str) -> bool:
        """Whether ``words`` stand in the text so that they hold this number."""
        at = self.text.find(words)
        while at >= 0:
            if at <= self.start and self.start + len(self.number) <= at + len(words):
                return True
            at = self.text.find(words, at + 1)
        return False


def occurrences(articles: Path) -> list[Occurrence]:
    """The numbers of every article below a folder, page by page in reading order."""
    found = []
    for file in sorted(articles.rglob("*.md")):
        page = file.relative_to(articles).as_posix()
        found += on_page(page, read(file.read_text(encoding="utf-8")))
    return found


def on_page(page: str, source: PlainText) -> Iterator[Occurrence]:
    """The numbers of one page."""
    for match in FRONT.finditer(source.text, 0, source.body):
        for number in NUMBER.finditer(match["text"]):
            line, column = source.position(match.start("text") + number.start())
            text = match["text"]
            yield Occurrence(page, line, column, number[0], number.start(), text, text, frozenset(), "front", 0)
    lead: frozenset[str] = frozenset()
    for block in source.blocks:
        if block.kind == "data":
            continue
        cited = frozenset(key for mark in block.citations for key in mark.keys)
        if block.kind != "item":
            lead = cited
        within = block.container.name if block.container else ""
        for number in NUMBER.finditer(block.text):
            line, column = source.position(block.source_index(number.start()))
            sentences = [one.text for one in block.sentences if one.start <= number.start() < one.end]
            yield Occurrence(
                page, line, column, number[0], number.start(), block.text, sentences[0] if sentences else block.text,
                # The items of a list may rest on the citation of the paragraph that leads into them.
                cited or (lead if block.kind == "item" else cited), within, block.section,
            )  # fmt: skip
