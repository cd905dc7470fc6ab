"""Finishing the tree: line breaks, attribute lists and escaped characters, each only where there is something to do."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor

_STASHED = "\x02"


class FastPrettify(PrettifyTreeprocessor):
    """Puts each block on lines of its own."""

    def __init__(self, former: PrettifyTreeprocessor) -> None:
        super().__init__(former.md)
        self._known: dict[object, tuple[bool, bool]] = {}

    def _prettifyETree(self, elem: Element) -> None:
        """As in the library, with what is known of a tag kept."""
        block, holds = self._known.get(elem.tag) or self._learn(elem.tag)
        if block and holds:
            children = list(elem)
            blocks = [child for child in children if (self._known.get(child.tag) or self._learn(child.tag))[0]]
            if children and blocks and blocks[0] is children[0] and (not elem.text or not elem.text.strip()):
                elem.text = "\n"
            for child in blocks:
                self._prettifyETree(child)
        if not elem.tail or not elem.tail.strip():
            elem.tail = "\n"

    def _learn(self, tag: object) -> tuple[bool, bool]:
        known = self._known[tag] = (self.md.is_block_level(tag), tag not in ("code", "pre"))
        return known


class FastAttributes(AttrListTreeprocessor):
    """``{: .class }`` and the like."""

    def __init__(self, former: AttrListTreeprocessor) -> None:
        super().__init__(former.md)

    def run(self, doc: Element) -> None:
        """As in the library, if there is a brace in the text."""
        if any("{" in (element.text or "") or "{" in (element.tail or "") for element in doc.iter()):
            super().run(doc)


class FastUnescape(UnescapeTreeprocessor):
    """Brings back characters that were escaped."""

    def __init__(self, former: UnescapeTreeprocessor) -> None:
        super().__init__(former.md)

    def run(self, root: Element) -> None:
        """As in the library, touching only what changes."""
        for element in root.iter():
            text, tail = element.text, element.tail
            if text and _STASHED in text and element.tag != "code":
                element.text = self.unescape(text)
            if tail and _STASHED in tail:
                element.tail = self.unescape(tail)
            for key, value in element.items():
                if value and _STASHED in value:
                    element.set(key, self.unescape(value))
