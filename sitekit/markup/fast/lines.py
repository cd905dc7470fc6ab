"""The text before it is parsed and after it is written: steps of the library that are left out where the characters they look for are missing."""

from __future__ import annotations

from markdown.extensions.fenced_code import FencedBlockPreprocessor
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


class FastFences(Preprocessor):
    """Fenced code."""

    def __init__(self, former: FencedBlockPreprocessor) -> None:
        super().__init__(former.md)
        self._former = former

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
