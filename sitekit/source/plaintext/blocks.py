"""Line by line over the masked source, gathering headings, paragraphs, list items and table rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from sitekit.source import blocks as block_form
from sitekit.source import citations as citation_form
from sitekit.source.plaintext.mask import BLANK, ESCAPED, Masked
from sitekit.source.plaintext.records import Block, CitationMark, Container
from sitekit.source.plaintext.sentences import split_cells, split_sentences

BLOCK_MARK = re.compile(r"^[ \t]*:::")
HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*+#*+[ \t]*+$")
ITEM = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>[-*+]|\d{1,3}[.)])[ \t]+(?P<text>\S.*)$")
QUOTE = re.compile(r"^[ ]{0,3}>[ ]?")
TABLE_RULE = re.compile(r"^[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
THEMATIC_BREAK = re.compile(r"^[ ]{0,3}(?:(?:\*[ \t]*+){3,}|(?:-[ \t]*+){3,}|(?:_[ \t]*+){3,})$")
EMPHASIS = re.compile(r"(?<!\x01)\*{1,3}|(?<![^\W_])(?<!\x01)_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![^\W_])")

KINDS_BY_CONTAINER = {"resources": "data", "icons": "figure", "chart": "figure", "figure": "figure"}
"""What the paragraphs and items of some ``:::`` blocks are: ids for a macro, or labels that are no running text."""

_SPLITTERS = {
    "paragraph": split_sentences,
    "item": split_sentences,
    "figure": split_sentences,
    "table": split_cells,
}


@dataclass(slots=True)
class _Open:
    """The block that is being gathered; ``pieces`` are (start, end) of its words in the source."""

    kind: str
    start: int
    pieces: list[tuple[int, int]]
    level: int = 0
    list_number: int = 0
    ordered: bool = False


def read_blocks(masked: Masked) -> tuple[tuple[Block, ...], tuple[Container, ...]]:
    """The blocks and the ``:::`` blocks of a masked source, in order."""
    reader = _Reader(masked)
    reader.read()
    return tuple(reader.blocks), reader.containers


def _containers(masked: Masked) -> tuple[Container, ...]:
    """The ``:::`` blocks. One that is not closed ends where the next begins, or with the file."""
    found: list[Container] = []
    opened: tuple[re.Match[str], int] | None = None
    at = masked.body

    def close(end: int) -> None:
        if opened:
            match, start = opened
            found.append(Container(match[1], match[2] or "", match[3] or "", start, end))

    for line in masked.text[masked.body :].split("\n"):
        if match := block_form.OPEN.match(line):
            close(at)
            opened = (match, at)
        elif block_form.CLOSE.match(line):
            close(at + len(line))
            opened = None
        at += len(line) + 1
    close(len(masked.text))
    return tuple(found)


class _Reader:
    def __init__(self, masked: Masked) -> None:
        self.masked = masked
        self.containers = _containers(masked)
        self.starts = [container.start for container in self.containers]
        self.cite_starts = [match.start() for match in masked.citations]
        self.blocks: list[Block] = []
        self.open: _Open | None = None
        self.section = self.lists = 0
        self.indents: list[int] = []
        self.in_table = False

    def read(self) -> None:
        lines = self.masked.text[self.masked.body :].split("\n")
        at = self.masked.body
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            self.line(line, following, at)
            at += len(line) + 1
        self.flush()

    def line(self, line: str, following: str, at: int) -> None:
        if not line.strip(BLANK + " \t"):
            # A line that holds only a citation belongs to the paragraph above it.
            if self._cites(at, at + len(line)) and self.open:
                self.open.pieces.append((at, at + len(line)))
            else:
                self.flush()
                self.in_table = False
            return None
        if BLOCK_MARK.match(line):
            return self._block_mark(line, at)
        if quote := QUOTE.match(line):
            at += quote.end()
            line = line[quote.end() :]
        if match := HEADING.match(line):
            return self._heading(match, at)
        if THEMATIC_BREAK.match(line) and not self.in_table:
            return self.flush()
        if self.in_table or (not self.open and "|" in line and TABLE_RULE.match(following) and "|" in following):
            return self._table_row(line, at)
        if (match := ITEM.match(line)) and not self._wraps(match):
            return self._item(match, at)
        indent = len(line) - len(line.lstrip(" \t" + BLANK))
        if self.open is None:
            if len(line) - len(line.lstrip(" \t")) < 2:
                self.indents = []
            self.open = _Open("paragraph", at + len(line) - len(line.lstrip(" \t")), [])
        self.open.pieces.append((at + indent, at + len(line)))

    def _cites(self, start: int, end: int) -> bool:
        return bisect_right(self.cite_starts, end - 1) > bisect_right(self.cite_starts, start - 1)

    def _wraps(self, item: re.Match[str]) -> bool:
        """Markdown lets only a list that begins with 1 interrupt a paragraph; a wrapped line "2024. It …" is text."""
        paragraph = self.open is not None and self.open.kind == "paragraph"
        return paragraph and item["mark"][0].isdigit() and item["mark"][:-1] != "1"

    def _container_at(self, index: int) -> Container | None:
        number = bisect_right(self.starts, index) - 1
        return self.containers[number] if number >= 0 and index < self.containers[number].end else None

    def _block_mark(self, line: str, at: int) -> None:
        self.flush()
        self.indents, self.in_table = [], False
        match = block_form.OPEN.match(line)
        if match and match[3]:
            self._whole("title", at, match.start(3), match.end(3))

    def _whole(self, kind: str, at: int, start: int, end: int, level: int = 0) -> None:
        """A block that is all on one line, which begins at ``at``."""
        self.flush()
        self.open = _Open(kind, at, [(at + start, at + end)], level)
        self.flush()

    def _heading(self, match: re.Match[str], at: int) -> None:
        self.indents = []
        level = len(match["marks"])
        self.flush()
        self.section += level == 2
        self._whole("heading", at, match.start("text"), match.end("text"), level)

    def _table_row(self, line: str, at: int) -> None:
        self.in_table = True
        if not TABLE_RULE.match(line):
            self._whole("table", at, 0, len(line))

    def _item(self, match: re.Match[str], at: int) -> None:
        self.flush()
        indent = len(match["indent"].expandtabs(4))
        if not self.indents:
            self.lists += 1
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + 1:
            self.indents.append(indent)
        words = [(at + match.start("text"), at + match.end("text"))]
        start = at + match.start("mark")
        self.open = _Open("item", start, words, len(self.indents), self.lists, match["mark"][0].isdigit())

    def flush(self) -> None:
        """End the block that is being gathered, if any."""
        opened, self.open = self.open, None
        if opened is None:
            return
        container = self._container_at(opened.start)
        kind = opened.kind
        if kind in ("paragraph", "item") and container:
            kind = KINDS_BY_CONTAINER.get(container.name, kind)
        text, offsets = self._plain(opened)
        split = _SPLITTERS.get(kind)
        self.blocks.append(
            Block(
                kind, text, offsets, opened.start, opened.level, opened.list_number, opened.ordered, self.section, container,
                self._citations(opened, text, offsets), split(text) if split else (),
            )
        )  # fmt: skip

    def _plain(self, opened: _Open) -> tuple[str, tuple[int, ...]]:
        """The words of a block with single spaces, and the index in the source of each character."""
        characters: list[str] = []
        offsets: list[int] = []
        for start, end in opened.pieces:
            raw = self.masked.text[start:end]
            raw = EMPHASIS.sub(lambda match: BLANK * len(match[0]), raw)
            for index, character in enumerate(" " + raw if characters else raw, start - bool(characters)):
                if character in (BLANK, ESCAPED):
                    continue
                if character.isspace():
                    if not characters or characters[-1] == " ":
                        continue
                    character = " "
                characters.append(character)
                offsets.append(index)
        while characters and characters[-1] == " ":
            characters.pop()
            offsets.pop()
        return "".join(characters), tuple(offsets)

    def _citations(self, opened: _Open, text: str, offsets: tuple[int, ...]) -> tuple[CitationMark, ...]:
        found = []
        first = bisect_right(self.cite_starts, opened.start - 1)
        last = bisect_right(self.cite_starts, opened.pieces[-1][1] - 1)
        for match in self.masked.citations[first:last]:
            written = citation_form.parse(match[1])
            after = bisect_right(offsets, match.start())
            while after and text[after - 1] in " |":
                after -= 1
            found.append(CitationMark(written.keys, written.label, match.start(), after))
        return tuple(found)
