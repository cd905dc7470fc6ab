"""Parsing blocks without asking a dozen parsers about what can only be a paragraph."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import ParagraphProcessor

KNOWN = frozenset(
    "empty indent defindent code hashheader setextheader hr olist ulist deflist quote reference footnote table paragraph "
    "sitekit-block".split()
)
"""Block parsers that are known to leave a paragraph of :data:`_PARAGRAPH` alone. With any other, all are asked."""

# Every line begins with a letter, if need be after stars or a bracket. A colon behind a bracket may define a link or a footnote,
# a bar may divide the cells of a table.
_PARAGRAPH = re.compile(r"(?:\*{0,2}\[?[^\W\d_][^\n|]*(?:\n|\Z))+\Z")


class FastBlockParser(BlockParser):
    """The library's parser; takes over what extensions have registered with ``former``."""

    def __init__(self, md: Markdown, former: BlockParser) -> None:
        super().__init__(md)
        self.blockprocessors = former.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._paragraph: ParagraphProcessor | None = None
        self._names = 0

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:
        """Parse blocks into ``parent``, until none is left."""
        processors = list(self.blockprocessors)
        if self._names != len(processors):
            self._names = len(processors)
            names = {item.name for item in self.blockprocessors._priority}
            paragraph = self.blockprocessors["paragraph"] if "paragraph" in names and names <= KNOWN else None
            self._paragraph = paragraph if type(paragraph) is ParagraphProcessor else None
        paragraph = self._paragraph
        while blocks:
            block = blocks[0]
            if paragraph and "]:" not in block and _PARAGRAPH.match(block):
                paragraph.run(parent, blocks)
                continue
            for processor in processors:
                if processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break
