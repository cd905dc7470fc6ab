"""Markdown source to plain sentences, each character of which knows where it stands in the file.

The readability meter and the language rules work on what an editor typed, not on HTML, because a problem has to name
the line and the column in that file. Nothing is rewritten: what a reader does not see (front matter, comments, code,
citations, link targets, marks of emphasis) is blanked out in a copy of equal length, so an index in the copy is an index
in the source.
"""

from __future__ import annotations

from functools import lru_cache

from sitekit.source.plaintext.blocks import read_blocks
from sitekit.source.plaintext.mask import mask_source
from sitekit.source.plaintext.records import Block, CitationMark, Container, PlainText, Sentence

__all__ = ["Block", "CitationMark", "Container", "PlainText", "Sentence", "read"]


@lru_cache(maxsize=256)  # the rules of one page, those across pages and the meter all read the same text
def read(source: str) -> PlainText:
    """Read a Markdown file, front matter included, into blocks of plain text that know their place.

    Lines must end in ``\\n``. Never fails: a comment or block that is left open runs to the end of the file, and the checks
    of the block marks report that.
    """
    masked = mask_source(source)
    blocks, containers = read_blocks(masked)
    return PlainText(source, masked.body, blocks, containers, masked.comments, masked.links)
