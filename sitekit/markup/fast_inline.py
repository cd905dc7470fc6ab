"""Markdown extension: the same inline parsing, without looking for what cannot be there.

Python-Markdown tries every inline pattern on every piece of text, and most pieces hold nothing but words. Each pattern of its
own begins with, or contains, a fixed character; where that character is missing, the pattern cannot match and is skipped. The
output is the same byte for byte (tests compare it on the whole site and on generated text). Patterns that this module does not
know are always tried.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

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
    "linebreak": "  \n",
    "html": "<",
    "entity": "&",
    "em_strong": ("*", "_"),
    "footnote": "[^",
    "sitekit-cite": "[@",
}
"""What a text must contain for each pattern, by the name under which it is registered; of several, one is enough."""


class FastInlineProcessor(InlineProcessor):
    """Python-Markdown's own processor, with one method that skips what cannot match."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._plan: list[tuple[tuple[str, ...], object]] = []

    def run(self, tree, ancestors=None):
        """Parse the inline text of a tree."""
        registry = self.inlinePatterns
        names = {id(pattern): name for name in _names(registry) for pattern in [registry[name]]}
        self._plan = [(_needs(names[id(pattern)]), pattern) for pattern in registry]
        return super().run(tree, ancestors)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        """The method of the same (private) name, skipping patterns whose text is not in ``data``."""
        if isinstance(data, AtomicString):
            return data
        plan, count, start = self._plan, len(self._plan), 0
        while patternIndex < count:
            needed, pattern = plan[patternIndex]
            matched = False
            if needed[0] in data or (len(needed) > 1 and needed[1] in data):
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, patternIndex, start)
            else:
                start = 0
            if not matched:
                patternIndex += 1
        return data


def _needs(name: str) -> tuple[str, ...]:
    needed = NEEDS.get(name, "")  # every text contains the empty one
    return needed if isinstance(needed, tuple) else (needed,)


def _names(registry) -> list[str]:
    return [item.name for item in registry._priority]


class FastInlineExtension(Extension):
    """Takes the place of the processor named ``inline``."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register under the library's own name and priority."""
        md.treeprocessors.register(FastInlineProcessor(md), "inline", 20)


def makeExtension(**configs: object) -> FastInlineExtension:
    """Entry point of Python-Markdown."""
    return FastInlineExtension(**configs)
