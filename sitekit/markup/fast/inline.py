"""Inline parsing without looking for what cannot be there.

Python-Markdown tries every inline pattern on every piece of text and keeps what it finds under placeholders, from which the tree is
made in a second pass. Three looks at a piece of text save nearly all of that:

- no character with a meaning: the text is as it should be;
- nothing but words, plain links, citations, ``*emphasis*`` and ``**strong**`` text: the elements are made at once;
- otherwise the library's way, without the patterns whose fixed character is missing.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import DelimiterProcessor, LinkInlineProcessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString

from sitekit.markup.citations import CitationMark, citation_mark

_BREAK = "  \n"
NEEDS = {
    "backtick": "`",
    "escape": "\\",
    "reference": "[",
    "link": "[",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "<",
    "linebreak": _BREAK,
    "html": "<",
    "entity": "&",
    "em_strong": ("*", "_"),
    "footnote": "[^",
    "sitekit-cite": "[@",
}
"""What a text must contain for each pattern, by the name under which it is registered; of several, one is enough."""

_MEANS = re.compile(r"[`\\\[<&*_]")
"""What :data:`NEEDS` begins with, but for the two spaces of a line break."""

_WORD = r"[^`\\\[<&*_\x02]"
_LABEL = r"[^`\\\[\]<&*_\x02]"
_LINK = rf"(?<!!)\[(?![\^@])({_LABEL}++)\]\(([^\s()'\"<>\\`\[\]\x02]++)\)"
# Behind a space and before a letter, stars can only open; what closes them is their like behind a letter.
_STRONG = rf"(?<!\S)\*\*(?=\S)({_WORD}++)(?<=\S)\*\*(?!\*)"
_EMPHASIS = rf"(?<!\S)\*(?=\S)({_WORD}++)(?<=\S)\*(?!\*)"
_CITATION = r"\[@([^\n`\\\[\]\x02]*+)\]"
_SIMPLE = re.compile(rf"(?:{_WORD}++|{_LINK}|{_STRONG}|{_EMPHASIS})*+\Z")
_SIMPLE_CITING = re.compile(rf"(?:{_WORD}++|{_CITATION}|{_LINK}|{_STRONG}|{_EMPHASIS})*+\Z")
# In what _SIMPLE has found, the first character tells; expressions that begin with a character are searched for fastest.
_TOKEN = re.compile(r"\[@([^\[\]]*)\]|\[([^\[\]]+)\]\(([^()]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*")


class FastInline(InlineProcessor):
    """The library's own processor, asked less often."""

    def __init__(self, former: InlineProcessor) -> None:
        super().__init__(former.md)
        self._plan: list[tuple[tuple[str, ...], object]] = []
        self._known = False
        self._simple = _SIMPLE

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Parse the inline text of a tree. Elements are visited in the library's order, on which numbers depend."""
        self._prepare()
        self.stashed_nodes = {}
        stack = [(tree, [] if ancestors is None else ancestors[:])]
        stack[0][1].append(tree.tag.lower())
        known, simple = self._known, self._simple.match
        position = 0
        while position < len(stack):
            element, self.ancestors = stack[position]
            stack[position] = None  # the list grows with the tree; what is done is let go
            position += 1
            if element is not tree:
                self.ancestors.append(element.tag.lower())
            inserted = []
            for child in element:
                text, tail, holds = child.text, child.tail, len(child)
                match = simple(text) if text and known else None
                if match and ("\n" not in text or _BREAK not in text):
                    if match.lastindex and not isinstance(text, AtomicString):
                        _build(child, text)
                elif text and not isinstance(text, AtomicString) and not (known and _is_plain(text)):
                    self.ancestors.append(child.tag.lower())
                    child.text = None
                    found = self._InlineProcessor__processPlaceholders(self._handle(text), child)
                    stack += found
                    inserted.append((child, found))
                    self.ancestors.pop()
                if tail and not (known and _is_plain(tail)):
                    self._tail(element, child, tail)
                if holds:
                    stack.append((child, self.ancestors[:]))
            for child, found in inserted:
                for place, (new, _) in enumerate(found):
                    child.insert(place, new)
        return tree

    def _tail(self, parent: Element, child: Element, tail: str) -> None:
        holder = Element("d")
        text = self._handle(tail)
        child.tail = None
        found = self._InlineProcessor__processPlaceholders(text, holder, False)
        if holder.tail:
            child.tail = holder.tail
        place = list(parent).index(child) + 1
        for new, _ in reversed(found):
            parent.insert(place, new)

    def _prepare(self) -> None:
        registry = self.inlinePatterns
        if len(self._plan) == len(registry):
            return
        names = {id(registry[item.name]): item.name for item in registry._priority}
        self._plan = [(_needs(names[id(pattern)]), pattern) for pattern in registry]
        types = {name: type(registry[name]) for name in names.values()}
        self._known = (
            types.keys() <= NEEDS.keys()
            and types.get("link") is LinkInlineProcessor
            and types.get("em_strong") is DelimiterProcessor
        )
        self._simple = _SIMPLE_CITING if types.get("sitekit-cite") is CitationMark else _SIMPLE

    def _handle(self, data: str, first: int = 0) -> str:
        """The library's ``__handleInline``, without patterns whose text is not in ``data``."""
        if isinstance(data, AtomicString) or (self._known and _is_plain(data)):
            return data
        plan, number, start = self._plan, first, 0
        while number < len(plan):
            needed, pattern = plan[number]
            matched = False
            if needed[0] in data or (len(needed) > 1 and needed[1] in data):
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, number, start)
            else:
                start = 0
            if not matched:
                number += 1
        return data

    _InlineProcessor__handleInline = _handle
    """The library calls it by this (private) name for the text within what it has found."""


def _is_plain(text: str) -> bool:
    """Whether a text holds nothing that a pattern could match, and no placeholder of what one has matched."""
    return not _MEANS.search(text) and _BREAK not in text and INLINE_PLACEHOLDER_PREFIX not in text


def _build(parent: Element, text: str) -> None:
    """Make the text of ``parent`` into the elements that :data:`_SIMPLE` has found in it, before those that are there."""
    parent.text, *parts = _TOKEN.split(text)
    for place in range(0, len(parts), 6):
        citation, label, href, strong, emphasis, tail = parts[place : place + 6]
        if citation is not None:
            new = citation_mark(citation)
        else:
            new = Element("a", {"href": href}) if label else Element("strong" if strong else "em")
            new.text = label or strong or emphasis
        new.tail = tail or None
        parent.insert(place // 6, new)


def _needs(name: str) -> tuple[str, ...]:
    needed = NEEDS.get(name, "")  # every text contains the empty one
    return needed if isinstance(needed, tuple) else (needed,)
