"""Blanking out what is not prose, so that a search finds only what a reader will read, at its true position."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\2[`~]*[ \t]*$|\Z)", re.M | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(.*?[^`])\1(?!`)", re.S)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def mask_code(text: str, comments: bool = True) -> str:
    """``text`` with fenced code, code spans and (unless told otherwise) comments replaced by spaces.

    Length and line breaks stay, so an offset in the result is the same place in ``text``.
    """
    text = _FENCE.sub(_blank, text)
    if comments:
        text = _COMMENT.sub(_blank, text)
    return _CODE_SPAN.sub(_blank, text)


def strip_comments(text: str) -> str:
    """``text`` without its comments: notes among editors are no part of a page. Comments shown as code stay."""
    spans = [match.span() for match in _COMMENT.finditer(mask_code(text, comments=False))]
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text
