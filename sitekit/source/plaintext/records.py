"""What reading a Markdown file gives: blocks of plain text, their sentences and citations, and where each stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class CitationMark:
    """``[@key1; @key2, moderate]``: ``start`` is its index in the source, ``end`` that in the block's text just after the
    words it supports."""

    keys: tuple[str, ...]
    certainty: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Container:
    """A ``::: name argument "Title"`` block, from the index of its first character in the source to that after its last."""

    name: str
    argument: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block: ``text`` is ``block.text[start:end]``, white space around it left out."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, heading, block title or table row, as plain words.

    ``offsets[i]`` is the index in the source of ``text[i]``; ``start`` is that of the first source character, marks included.
    ``kind`` is ``paragraph``, ``item``, ``heading``, ``title`` (of a ``:::`` block), ``table`` (one row), ``figure`` (words of a
    drawing) or ``data`` (ids for a macro). ``list_number`` numbers the list an item belongs to; ``level`` is a heading's level or an item's depth, from 1;
    ``section`` counts the second-level headings so far. The sentences of a table row are those of its cells.
    """

    kind: str
    text: str
    offsets: tuple[int, ...]
    start: int
    level: int = 0
    list_number: int = 0
    ordered: bool = False
    section: int = 0
    container: Container | None = None
    citations: tuple[CitationMark, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def within(self, *names: str) -> bool:
        """Whether this stands in a ``:::`` block with one of these names."""
        return self.container is not None and self.container.name in names

    def cites(self, sentence: Sentence) -> list[CitationMark]:
        """The citations that stand inside this sentence or right after it."""
        return [mark for mark in self.citations if sentence.start < mark.end <= sentence.end]

    def source_index(self, index: int) -> int:
        """The index in the source of a character of ``text``; past the end, that of the last character."""
        return self.offsets[min(index, len(self.offsets) - 1)] if self.offsets else self.start


@dataclass(frozen=True)
class PlainText:
    """A Markdown file, read. ``body`` is the index at which the front matter has ended.

    ``comments`` are (start, end, inner text) of every HTML comment, ``links`` (start, words, target) of every link.
    """

    text: str
    body: int
    blocks: tuple[Block, ...]
    containers: tuple[Container, ...]
    comments: tuple[tuple[int, int, str], ...]
    links: tuple[tuple[int, str, str], ...]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def position(self, index: int) -> tuple[int, int]:
        """The (line, column), both from 1, of an index in the source."""
        line = bisect_right(self._line_starts, index)
        return line, index - self._line_starts[line - 1] + 1

    def prose(self) -> list[Block]:
        """Paragraphs and list items: what the readability meter measures."""
        return [block for block in self.blocks if block.kind in ("paragraph", "item")]

    def inside(self, container: Container) -> list[Block]:
        """The blocks of one ``:::`` block, its title left out."""
        return self._by_container.get(container, [])

    @cached_property
    def _by_container(self) -> dict[Container, list[Block]]:
        found: dict[Container, list[Block]] = {}
        for block in self.blocks:
            if block.container and block.kind != "title":
                found.setdefault(block.container, []).append(block)
        return found
