"""One Markdown instance in which slow parts have been exchanged for equal ones."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.footnotes import FootnotePostprocessor, FootnoteTreeprocessor
from markdown.extensions.tables import TableProcessor
from markdown.extensions.toc import TocTreeprocessor
from markdown.postprocessors import AndSubstitutePostprocessor
from markdown.preprocessors import HtmlBlockPreprocessor, NormalizeWhitespace
from markdown.treeprocessors import InlineProcessor, PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import Registry

from sitekit.markup.fast.blocks import FastBlockParser, FastTable
from sitekit.markup.fast.headings import FastToc
from sitekit.markup.fast.inline import FastInline
from sitekit.markup.fast.lines import FastFences, FastNormalize, FastPlaceholders, FastRawHtml
from sitekit.markup.fast.serialize import to_html
from sitekit.markup.fast.tree import FastAttributes, FastFootnotes, FastPrettify, FastUnescape

_EQUALS = {
    NormalizeWhitespace: FastNormalize,
    HtmlBlockPreprocessor: FastRawHtml,
    TableProcessor: FastTable,
    FootnoteTreeprocessor: FastFootnotes,
    InlineProcessor: FastInline,
    PrettifyTreeprocessor: FastPrettify,
    AttrListTreeprocessor: FastAttributes,
    TocTreeprocessor: FastToc,
    UnescapeTreeprocessor: FastUnescape,
    FootnotePostprocessor: FastPlaceholders,
    AndSubstitutePostprocessor: FastPlaceholders,
}


class FastMarkdown(Markdown):
    """``Markdown`` with the same arguments and the same HTML. ``toc_tokens`` is there; ``toc`` and the mark ``[TOC]`` are not,
    since the theme makes lists of contents from the tokens."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for registry in (self.preprocessors, self.parser.blockprocessors, self.treeprocessors, self.postprocessors):
            _exchange(registry)
        if self.output_format == "html":
            self.serializer = to_html
        self._block_level = frozenset(self.block_level_elements)

    def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Extension:
        """As in the library, which would look for a module's name among all that is installed first."""
        if ext_name == "markdown.extensions.fenced_code":
            return FastFences(**configs)
        if "." in ext_name and ":" not in ext_name:
            return importlib.import_module(ext_name).makeExtension(**configs)
        return super().build_extension(ext_name, configs)

    def build_parser(self) -> FastMarkdown:
        """As in the library, with another block parser."""
        super().build_parser()
        self.parser = FastBlockParser(self, self.parser)
        return self

    def is_block_level(self, tag: Any) -> bool:
        """As in the library, without walking through a list."""
        return isinstance(tag, str) and tag.lower().rstrip("/") in self._block_level


def _exchange(registry: Registry) -> None:
    """Put the faster part in the place of each that is exactly the library's own; a subclass may do anything, and stays."""
    for name, priority in [(item.name, item.priority) for item in registry._priority]:
        faster = _EQUALS.get(type(registry[name]))
        if faster:
            registry.register(faster(registry[name]), name, priority)
