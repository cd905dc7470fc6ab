"""The text before it is parsed and after it is written: steps of the library that are left out where the characters they look for are missing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnotePostprocessor
from markdown.postprocessors import AndSubstitutePostprocessor, Postprocessor
from markdown.preprocessors import HtmlBlockPreprocessor, NormalizeWhitespace, Preprocessor


class FastNormalize(NormalizeWhitespace):
    """Removes what looks like a placeholder, evens out line ends, tabs and blank lines."""

    def __init__(self, former: NormalizeWhitespace) -> None:
        super().__init__(former.md)

    def run(self, lines: list[str]) -> list[str]:
        """As in the library; plain text is taken as it is."""
        text = "\n".join(lines)
        if "\x02" in text or "\x03" in text or "\r" in text or "\t" in text or " \n" in text or text[-1:] == " ":
            return super().run(lines)
        return [*lines, "", ""]


class FastFences(Extension):
    """Fenced code. The library's extension is imported when there is some: it brings Pygments along."""

    def __init__(self, **configs: Any) -> None:
        super().__init__()
        self._configs = configs

    def extendMarkdown(self, md: Markdown) -> None:
        """As in the library."""
        md.registerExtension(self)
        md.preprocessors.register(_Fences(md, self._configs), "fenced_code_block", 25)


class _Fences(Preprocessor):
    def __init__(self, md: Markdown, configs: dict[str, Any]) -> None:
        super().__init__(md)
        self._configs = configs

    @cached_property
    def _former(self) -> Preprocessor:
        from markdown.extensions.fenced_code import FencedBlockPreprocessor, FencedCodeExtension

        return FencedBlockPreprocessor(self.md, FencedCodeExtension(**self._configs).getConfigs())

    def run(self, lines: list[str]) -> list[str]:
        """As in the library, if there is a fence at all."""
        text = "\n".join(lines)
        # One character is missed many times faster than three.
        if ("`" in text and "```" in text) or ("~" in text and "~~~" in text):
            return self._former.run(lines)
        return lines


class FastRawHtml(HtmlBlockPreprocessor):
    """Raw HTML is set aside."""

    def __init__(self, former: HtmlBlockPreprocessor) -> None:
        super().__init__(former.md)

    def run(self, lines: list[str]) -> list[str]:
        """As in the library, if there is any; without "<" and "&" its parser gives back what it got."""
        text = "".join(lines)
        return super().run(lines) if "<" in text or "&" in text else lines


class FastPlaceholders(Postprocessor):
    """Placeholders become what they stand for."""

    def __init__(self, former: AndSubstitutePostprocessor | FootnotePostprocessor) -> None:
        super().__init__()
        self._former = former

    def run(self, text: str) -> str:
        """As in the library, if there is the character with which they all begin."""
        return self._former.run(text) if "\x02" in text else text
