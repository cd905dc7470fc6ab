"""Blanking out what is not prose, so that a search finds only what a reader will read, at its true position.

What is blanked is checked by nobody, so this must never blank more than Python-Markdown takes for code: a fence counts only if it
is closed and at the start of its line, a code span only within one line and not after raw HTML has begun a line (Markdown is not
read in there). Code that is not recognized is looked at once too often, which does no harm.
"""

from __future__ import annotations

import re

_FENCE = re.compile(
    r"^(?P<fence>~{3,}|`{3,})[ ]*(?:\{[^\n]*\}|\.?[\w#.+-]*[ ]*(?:hl_lines=(?:\"[^\"\n]*\"|'[^'\n]*'))?[ ]*)\n"
    r"(?:.*?\n)??(?P=fence)[ ]*$",
    re.M | re.S,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)([^\n]*?[^`\n])\1(?!`)")
_RAW_HTML = re.compile(r"^ {0,3}<(?!!--)", re.M)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def mask_code(text: str, comments: bool = True) -> str:
    """``text`` with fenced code, code spans and (unless told otherwise) comments replaced by spaces.

    Length and line breaks stay, so an offset in the result is the same place in ``text``.
    """
    # One character is found, or missed, many times faster than three.
    if ("`" in text and "```" in text) or ("~" in text and "~~~" in text):
        text = _FENCE.sub(_blank, text)
    if "`" in text:
        raw = _RAW_HTML.search(text)
        end = raw.start() if raw else len(text)
        text = _CODE_SPAN.sub(_blank, text[:end]) + text[end:]
    return _COMMENT.sub(_blank, text) if comments and "<" in text and "<!--" in text else text


def strip_comments(text: str) -> str:
    """``text`` without its comments: notes among editors are no part of a page. Comments shown as code stay."""
    if "<" not in text or "<!--" not in text:
        return text
    spans = [match.span() for match in _COMMENT.finditer(mask_code(text, comments=False))]
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text
