"""Finishing the tree: footnotes, line breaks, attribute lists and escaped characters, each only where there is something to do."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.footnotes import FootnoteTreeprocessor
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor

_STASHED = "\x02"
_ESCAPED = re.compile(_STASHED + r"\d")


class FastFootnotes(FootnoteTreeprocessor):
    """Puts the footnotes at the end, or where the text says."""

    def __init__(self, former: FootnoteTreeprocessor) -> None:
        super().__init__(former.footnotes)

    def run(self, root: Element) -> None:
        """As in the library, which looks for the place in every element."""
        notes = self.footnotes
        if not notes.footnotes or notes.getConfig("PLACE_MARKER") in "".join(root.itertext()):
            super().run(root)
        else:
            root.append(notes.makeFootnotesDiv(root))


class FastPrettify(PrettifyTreeprocessor):
    """Puts each block on lines of its own."""

    def __init__(self, former: PrettifyTreeprocessor) -> None:
        super().__init__(former.md)
        self._known: dict[object, tuple[bool, bool]] = {}

    def _prettifyETree(self, elem: Element) -> None:
        """As in the library, with what is known of a tag kept."""
        known = self._known
        block, holds = known.get(elem.tag) or self._learn(elem.tag)
        if block and holds and len(elem):
            blocks = [child for child in elem if (known.get(child.tag) or self._learn(child.tag))[0]]
            if blocks and blocks[0] is elem[0] and (not elem.text or not elem.text.strip()):
                elem.text = "\n"
            for child in blocks:
                if len(child):
                    self._prettifyETree(child)
                elif not child.tail or not child.tail.strip():
                    child.tail = "\n"
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
        if "{" in "".join(doc.itertext()):
            super().run(doc)


class FastUnescape(UnescapeTreeprocessor):
    """Brings back characters that were escaped."""

    def __init__(self, former: UnescapeTreeprocessor) -> None:
        super().__init__(former.md)

    def run(self, root: Element) -> None:
        """As in the library; text is left out if nothing in it is escaped."""
        if _ESCAPED.search("".join(root.itertext())):
            super().run(root)
            return
        for element in root.iter():
            for key, value in element.items():
                if value and _STASHED in value:
                    element.set(key, self.unescape(value))
