"""Markdown extension: ``[@key, moderate]`` becomes numbered marks that link to the references, and a word of certainty.

Numbers are given at the very end, in the order of the finished page, because Python-Markdown does not visit inline text in
reading order.
"""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor

from sitekit.markup.context import context_of
from sitekit.source.citations import PATTERN, parse

_TAG = "sitekit-cite"
_MARK = re.compile(rf'<{_TAG} of="([^"]*)"></{_TAG}>')


def citation_mark(inside: str) -> Element:
    """What stands for a citation until the page is complete; ``inside`` is what the brackets hold."""
    return Element(_TAG, {"of": inside})


class CitationMark(InlineProcessor):
    """Keeps the inside of the brackets on a marker element until the page is complete."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        """Called by Markdown with each match."""
        return citation_mark(m.group(1)), m.start(0), m.end(0)


class _CitationNumbers(Postprocessor):
    """Numbers the marks in reading order and renders them."""

    def run(self, text: str) -> str:
        context = context_of(self.md)

        def rendered(inside: str) -> str:
            citation = parse(unescape(inside))
            marks = []
            for key in citation.keys:
                if key not in context.references:
                    continue
                uses = context.cited.setdefault(key, [])
                number = list(context.cited).index(key) + 1
                uses.append(f"cite-{number}-{len(uses) + 1}")
                marks.append({"number": number, "id": uses[-1], "href": f"#ref-{number}", "key": escape(key)})
            return context.render("citation", marks=marks, label=citation.label)

        parts = _MARK.split(text)
        for number in range(1, len(parts), 2):
            parts[number - 1] = parts[number - 1].rstrip()  # the mark stands right behind its word
            parts[number] = rendered(parts[number])
        return "".join(parts)


class CitationsExtension(Extension):
    """Registers the mark before links, which also open with a bracket, and the numbering before blocks are rendered."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Markdown with the instance to extend."""
        md.inlinePatterns.register(CitationMark(PATTERN.pattern, md), "sitekit-cite", 175)
        md.postprocessors.register(_CitationNumbers(md), "sitekit-cite", 2)


def makeExtension(**configs: object) -> CitationsExtension:
    """Entry point of Python-Markdown."""
    return CitationsExtension(**configs)
