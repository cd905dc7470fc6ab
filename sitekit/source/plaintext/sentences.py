"""Splitting plain text into sentences."""

from __future__ import annotations

import re

from sitekit.source.plaintext.records import Sentence

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Prof|vs|etc|approx|No|Inc|Jr|Sr|al|Fig)|\b(?:[A-Za-z]\.)+[A-Za-z])\.$", re.IGNORECASE
)
# These may end a sentence; the other abbreviations never do.
_MAY_END = re.compile(r"(?:\b[ap]\.m|\bU\.S|\betc|\bInc)\.$", re.IGNORECASE)
_NEXT = re.compile(r"\s*(\S)")
_CELL = re.compile(r"(?:\\\||[^|])+")


def split_sentences(text: str, offset: int = 0) -> tuple[Sentence, ...]:
    """The sentences of one paragraph or list item. A piece without a full stop, such as a list item, is one as well.

    "Dr.", "e.g." and, before a small letter, "U.S." and "a.m." do not end a sentence. ``offset`` is added to all indexes.
    """
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        following = _NEXT.match(text, match.end())
        if following:
            first = following[1]
            before = text[max(0, match.end() - 12) : match.end()]
            opens = first.isupper() or first.isdigit() or first in "\"'“‘(["
            if not opens or (_ABBREVIATION.search(before) and not (_MAY_END.search(before) and first.isupper())):
                continue
        found.append(_trimmed(text, start, match.end(), offset))
        start = match.end()
    if text[start:].strip():
        found.append(_trimmed(text, start, len(text), offset))
    return tuple(found)


def split_cells(row: str) -> tuple[Sentence, ...]:
    """The sentences of the cells of one table row, in order."""
    return tuple(
        sentence
        for cell in _CELL.finditer(row)
        if cell[0].strip()
        for sentence in split_sentences(cell[0].rstrip(), cell.start())
    )


def _trimmed(text: str, start: int, end: int, offset: int) -> Sentence:
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Sentence(text[start:end], start + offset, end + offset)
