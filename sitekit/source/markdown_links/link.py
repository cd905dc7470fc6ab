"""The record of one link destination."""

from __future__ import annotations

from sitekit.records import record

KINDS = ("inline", "image", "definition", "autolink", "html", "attribute-list", "front-matter")


@record(order=True)
class MarkdownLink:
    """One destination. ``line`` and ``column`` count from 1 and point at its first character.

    ``destination`` is what the reader of the page gets as a URL: backslash escapes and character references undone, title and
    angle brackets removed. ``kind`` is one of KINDS; ``text`` is the link text, the alternative text of an image, the label of a
    definition, or the attribute or front matter key. ``start`` and ``end`` are offsets of the destination as written.
    """

    line: int
    column: int
    destination: str
    kind: str
    text: str
    start: int = 0
    end: int = 0
