"""Parsing blocks without asking a dozen parsers about what can only be a paragraph, a heading or a plain list."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor, ParagraphProcessor, UListProcessor
from markdown.extensions.sane_lists import SaneUListProcessor
from markdown.extensions.tables import TableProcessor

KNOWN = frozenset(
    "empty indent defindent code hashheader setextheader hr olist ulist deflist quote reference footnote table paragraph "
    "sitekit-block".split()
)
"""Block parsers that are known to leave the forms below alone. With any other, all are asked."""

# Every line begins with a letter, if need be after stars or a bracket.
_LINE = r"\*{0,2}\[?[^\W\d_].*+"
_PARAGRAPH = re.compile(rf"(?:{_LINE}(?:\n|\Z))+\Z")
_LIST = re.compile(rf"- +{_LINE}(?:\n- +{_LINE})*\Z")
_HEADING = re.compile(r"(#{1,6})([^#\\\n]*)\Z")
_LISTS = ("ol", "ul")
_PLAIN = {
    "paragraph": (ParagraphProcessor,),
    "hashheader": (HashHeaderProcessor,),
    "ulist": (UListProcessor, SaneUListProcessor),
}
"""What would take the forms, by the names under which it is registered."""


class FastBlockParser(BlockParser):
    """The library's parser; takes over what extensions have registered with ``former``."""

    def __init__(self, md: Markdown, former: BlockParser) -> None:
        super().__init__(md)
        self.blockprocessors = former.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._known = False
        self._names = 0

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:
        """Parse blocks into ``parent``, until none is left."""
        processors = list(self.blockprocessors)
        if self._names != len(processors):
            self._names = len(processors)
            names = {item.name for item in self.blockprocessors._priority}
            self._known = names <= KNOWN and all(
                name in names and type(self.blockprocessors[name]) in types for name, types in _PLAIN.items()
            )
        known = self._known
        while blocks:
            block = blocks[0]
            if known and self._take(parent, block):
                del blocks[0]
                continue
            for processor in processors:
                if processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break

    def _take(self, parent: Element, block: str) -> bool:
        """Parse a block of one of the forms; whether it is one."""
        if block[:1] == "#":
            heading = _HEADING.match(block)
            if heading:
                SubElement(parent, f"h{len(heading[1])}").text = heading[2].strip()
            return heading is not None
        # A colon behind a bracket may define a link or a footnote, a bar may divide the cells of a table.
        if "]:" in block or "|" in block:
            return False
        tight = self.state.isstate("list")
        if _PARAGRAPH.match(block):
            if tight:
                self.blockprocessors["paragraph"].run(parent, [block])
            else:
                SubElement(parent, "p").text = block
            return True
        # Behind a list or in one, items go on with it.
        if tight or not _LIST.match(block) or parent.tag in _LISTS or (len(parent) and parent[-1].tag in _LISTS):
            return False
        items = SubElement(parent, "ul")
        for line in block.split("\n"):
            SubElement(items, "li").text = line[1:].lstrip(" ")
        return True


class FastTable(TableProcessor):
    """Tables; a row without backslashes and backticks is divided at every bar."""

    def __init__(self, former: TableProcessor) -> None:
        super().__init__(former.parser, former.config)

    def test(self, parent: Element, block: str) -> bool:
        """As in the library, which finds no table without a bar in the first row."""
        return "|" in block.partition("\n")[0] and super().test(parent, block)

    def _split_row(self, row: str) -> list[str]:
        if "\\" in row or "`" in row:
            return super()._split_row(row)
        return (row.removeprefix("|").removesuffix("|") if self.border else row).split("|")
