"""Markdown extension: tables that screen readers can follow and that fold into cards on a phone.

Column heads get ``scope=col``, the first cell of each row becomes its head, and each cell carries the text of its column head
for the narrow layout, where the head row is not shown (WCAG 2.2, 1.3.1 and 1.4.10).
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_STASH = re.compile("\x02[^\x03]*\x03")


class _Tables(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            heads = [cell for row in table.iterfind("thead/tr") for cell in row]
            labels = [_STASH.sub("", "".join(head.itertext())).strip() for head in heads]
            for head in heads:
                head.set("scope", "col")
            for row in table.iterfind("tbody/tr"):
                for index, cell in enumerate(row):
                    if index == 0:
                        cell.tag = "th"
                        cell.set("scope", "row")
                    elif index < len(labels):
                        cell.set("data-label", labels[index])


class TablesExtension(Extension):
    """Registers after inline parsing (20), so that labels are plain text."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Markdown with the instance to extend."""
        md.treeprocessors.register(_Tables(md), "sitekit-tables", 14)


def makeExtension(**configs: object) -> TablesExtension:
    """Entry point of Python-Markdown."""
    return TablesExtension(**configs)
