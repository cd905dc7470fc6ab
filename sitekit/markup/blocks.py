"""Markdown extension: the ``:::`` blocks of sitekit.source.blocks, each rendered by one macro of the theme."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markupsafe import Markup

from sitekit.markup import figures
from sitekit.markup.context import Context, context_of
from sitekit.source.blocks import CARE_LEVELS, CLOSE, OPEN
from sitekit.source.figures import FIGURES

_TAG = "sitekit-block"
_RENDERED = re.compile(rf'<{_TAG} n="(\d+)">\n?(.*?)\n?</{_TAG}>', re.S)
_HOW_TO_READ = re.compile(r"\s*<p>(How to read this:.*?)</p>\s*", re.S)
_LIST_ITEM = re.compile(r"<li>\s*(?:<p>)?\s*([\w-]+)\s*(?:</p>)?\s*</li>")
TAKEN_OUT = ("key-points", "short")
"""Blocks that the page template places itself; their HTML leaves the body."""


class _BlockForm(BlockProcessor):
    """Turns ``::: name … :::`` into one marked element that holds the parsed Markdown between."""

    _inside = False

    def test(self, parent: Element, block: str) -> bool:
        # A block inside a block is a problem that the checks report; here it stays text, so that nothing nests without end.
        return not self._inside and ":::" in block and any(OPEN.match(line) for line in block.split("\n"))

    def run(self, parent: Element, blocks: list[str]) -> None:
        before, mark, rest = self._split(blocks.pop(0).split("\n"), OPEN)
        if before.strip():
            self.parser.parseBlocks(parent, [before])
        inside: list[str] = []
        while True:
            part, close, after = self._split(rest.split("\n"), CLOSE)
            inside.append(part)
            if close is not None or not blocks:
                break
            rest = blocks.pop(0)
        if close is not None and after.strip():
            blocks.insert(0, after)
        context = context_of(self.parser.md)
        element = SubElement(parent, _TAG, n=str(len(context.blocks)))
        text = "\n\n".join(inside).strip("\n")
        context.blocks.append((mark[1], mark[2] or "", mark[3] or "", text))
        if mark[1] in FIGURES:
            text = figures.prepare(context, mark[1], mark[2] or "", text)
        self._inside = True
        try:
            self.parser.parseChunk(element, text)
        finally:
            self._inside = False

    @staticmethod
    def _split(lines: list[str], pattern: re.Pattern[str]) -> tuple[str, re.Match[str] | None, str]:
        for number, line in enumerate(lines):
            match = pattern.match(line)
            if match:
                return "\n".join(lines[:number]), match, "\n".join(lines[number + 1 :])
        return "\n".join(lines), None, ""


class _BlockRenderer(Postprocessor):
    """Hands the finished HTML of each block to its macro."""

    def run(self, text: str) -> str:
        context = context_of(self.md)
        return _RENDERED.sub(lambda match: self._render(context, int(match[1]), match[2]), text)

    @staticmethod
    def _render(context: Context, number: int, inside: str) -> str:
        name, argument, title, text = context.blocks[number]
        html = Markup(inside)
        if name in TAKEN_OUT:
            context.parts[name] = inside
            return ""
        if name == "care" and argument in CARE_LEVELS:
            return context.render("care", level=argument, title=title, html=html)
        if name in ("do", "dont"):
            return context.render("do_list", kind=name, title=title, html=html)
        if name == "callout":
            return context.render("callout", title=title, html=html)
        if name == "table" or name in FIGURES:
            how = _HOW_TO_READ.search(inside)
            rest = Markup(_HOW_TO_READ.sub("", inside, count=1)) if how else html
            how_to_read = Markup(how[1] if how else "")
            if name in FIGURES:
                return figures.render(context, number, name, argument, title, how_to_read, rest, text)
            return context.render("table", caption=title, how_to_read=how_to_read, html=rest)
        if name == "resources":
            ids = _LIST_ITEM.findall(inside)
            return context.render(
                "resource_list", resources=[context.resources[i] for i in ids if i in context.resources]
            )
        if name in ("steps", "questions"):
            return context.render(name, html=html)
        return inside


class BlocksExtension(Extension):
    """Registers the block parser before paragraphs and the renderer after raw HTML has been put back."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Markdown with the instance to extend."""
        md.block_level_elements.append(_TAG)
        md.parser.blockprocessors.register(_BlockForm(md.parser), "sitekit-block", 105)
        md.postprocessors.register(_BlockRenderer(md), "sitekit-block", 1)


def makeExtension(**configs: object) -> BlocksExtension:
    """Entry point of Python-Markdown."""
    return BlocksExtension(**configs)
