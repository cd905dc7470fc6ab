"""What a rule is, what it looks at and what it finds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sitekit.source.plaintext import Block, PlainText, Sentence, read
from sitekit.source.readability import Readability, measure

PAGE_AS_A_WHOLE = -1
"""Stands for an index where a finding is about the page and no one place in it."""

FIELDS = ("title", "description", "helps", "main_message", "start")
"""Front matter that readers see as text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in the source, what is wrong there, and what to do if the rule's own hint does not say it."""

    index: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a pattern in a block, ``start`` being its index in the block's text."""

    block: Block
    start: int
    match: re.Match[str]

    @property
    def text(self) -> str:
        """The words that match."""
        return self.match[0]

    @property
    def sentence(self) -> Sentence:
        """The sentence that holds the match, or the whole text of a block without sentences."""
        sentences = self.block.sentences
        place = bisect_right(sentences, self.start, key=lambda sentence: sentence.start) - 1
        if place >= 0 and self.start < sentences[place].end:
            return sentences[place]
        return Sentence(self.block.text, 0, len(self.block.text))

    @property
    def before(self) -> str:
        """What stands before the match in its sentence."""
        return self.block.text[self.sentence.start : self.start]

    def finding(self, message: str, hint: str = "") -> Finding:
        """A finding at the place of the match."""
        return Finding(self.block.source_index(self.start), message, hint)


@dataclass(frozen=True)
class Rule:
    """One promise that the text of this site keeps.

    ``reason`` says why, ``source`` who says so (an instrument, a guideline, a standard). ``bad`` and ``good`` are Markdown that
    breaks and keeps the rule; the style guide prints them and the tests run them. ``across`` rules see all pages at once.
    """

    code: str
    severity: str
    group: str
    summary: str
    reason: str
    source: str
    hint: str
    bad: str
    good: str
    check: Callable[[Any], Iterable[Finding]]
    across: bool = False


_LETTER = re.compile(r"[^\W_]")
_QUOTED = re.compile(r"\"[^\"]{1,200}\"|“[^”]{1,200}”")
# Holds no white space, ends sentences, and ends in a character that no text has, so that no pattern matches across blocks.
_SEPARATOR = ".\0\1"

GROUPS = (
    "Safe messaging on suicide",
    "Evidence",
    "Numbers",
    "Words",
    "Reading level",
    "Length",
    "Headings",
    "Sections",
    "Blocks",
    "Across pages",
)
"""The chapters of the style guide, gravest first."""

RULES: dict[str, Rule] = {}
"""Every rule by its code."""


def rule(code: str, *, severity: str = "error", **about: Any) -> Callable[[Callable], Callable]:
    """Register the decorated function, which yields the findings of one page, as a rule."""

    def register(check: Callable) -> Callable:
        if code in RULES:
            raise ValueError(f"two rules are called {code}")
        if about["group"] not in GROUPS:
            raise ValueError(f"the rule {code} belongs to an unknown group: {about['group']}")
        RULES[code] = Rule(code=code, severity=severity, check=check, **about)
        return check

    return register


class Page:
    """One page under check: its front matter and its plain text, with the questions that many rules ask."""

    def __init__(self, path: str, text: str, front: Mapping[str, Any]) -> None:
        self.path, self.front = path, front
        self.plain: PlainText = read(text)
        self.type = str(front.get("type", ""))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks of the body, in order."""
        return self.plain.blocks

    @cached_property
    def prose(self) -> list[Block]:
        """Paragraphs and list items."""
        return self.plain.prose()

    @cached_property
    def fields(self) -> list[Block]:
        """The front matter that readers see, as blocks of kind ``field``."""
        return [block for name in FIELDS if (block := self.field(name))]

    def field(self, name: str) -> Block | None:
        """One front matter text as a block, or ``None`` if the page has none."""
        value = self.front.get(name)
        if not isinstance(value, str) or not value.strip():
            return None
        start = self.front_index(name)
        line_end = self.plain.text.find("\n", start)
        found = self.plain.text.find(value, start, line_end if line_end >= 0 else len(self.plain.text))
        # A value that is folded over lines or escaped stands nowhere literally; then every character points to its key.
        offsets = tuple(range(found, found + len(value))) if found >= 0 else (max(start, 0),) * len(value)
        return Block("field", value, offsets, max(start, 0), sentences=(Sentence(value, 0, len(value)),))

    def front_index(self, name: str) -> int:
        """The index in the source of a front matter key, or ``PAGE_AS_A_WHOLE``."""
        match = re.compile(rf"^{re.escape(name)}[ \t]*:", re.MULTILINE).search(self.plain.text, 0, self.plain.body)
        return match.start() if match else PAGE_AS_A_WHOLE

    @cached_property
    def visible(self) -> list[Block]:
        """Everything that readers read: fields, headings, titles, paragraphs, items and table rows."""
        return [*self.fields, *(block for block in self.blocks if block.kind != "data")]

    @cached_property
    def figures(self) -> Readability:
        """The readability of the whole page."""
        return measure([sentence.text for block in self.prose for sentence in block.sentences])

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """The text of all visible blocks in one string, and where each begins in it."""
        starts, at = [], 0
        for block in self.visible:
            starts.append(at)
            at += len(block.text) + len(_SEPARATOR)
        return _SEPARATOR.join(block.text for block in self.visible), starts

    def find(self, pattern: re.Pattern[str], skip_quotes: bool = False) -> Iterator[Match]:
        """Matches of a pattern in everything that readers read.

        Words in double quotation marks are named, not used; ``skip_quotes`` leaves them out.
        """
        text, starts = self._joined
        for match in pattern.finditer(text):
            number = bisect_right(starts, match.start()) - 1
            block, start = self.visible[number], match.start() - starts[number]
            end = start + len(match[0])
            if end <= len(block.text) and not (skip_quotes and _in_quotes(block.text, start, end)):
                yield Match(block, start, match)

    @cached_property
    def headings(self) -> list[Block]:
        """The headings of the body."""
        return [block for block in self.blocks if block.kind == "heading"]

    @cached_property
    def sections(self) -> dict[int, list[Block]]:
        """The blocks below each second-level heading, by its number; 0 is what stands before the first."""
        found: dict[int, list[Block]] = {}
        for block in self.blocks:
            found.setdefault(block.section, []).append(block)
        return found

    def lists(self) -> Iterator[list[Block]]:
        """The items of each list, those of one depth only, so that a list inside a list is one of its own."""
        groups: dict[tuple[int, int, int], list[Block]] = {}
        parents: dict[int, int] = {}
        for block in self.prose:
            if block.kind == "item":
                parents[block.level] = block.start
                parent = parents.get(block.level - 1, 0) if block.level > 1 else 0
                groups.setdefault((block.list_number, block.level, parent), []).append(block)
        yield from groups.values()


def _in_quotes(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text stands, all or in part, in double quotation marks."""
    if '"' not in text and "“" not in text:
        return False
    return any(match.start() < end and start < match.end() for match in _QUOTED.finditer(text))


@lru_cache(maxsize=20_000)  # one sentence is counted by several rules
def count_words(text: str) -> int:
    """Words between spaces that hold a letter or a digit."""
    return sum(_LETTER.search(word) is not None for word in text.split())
