"""Blanking out what a reader does not see, in a copy of the source of equal length."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitekit.source import citations as citation_form
from sitekit.source.mask import mask_code

BLANK = "\0"
"""Stands for a character that a reader does not see. Line ends are never blanked."""

FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*$\n?", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--(?P<inside>.*?)(?:-->|\Z)", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)\n]*\)|\[[^\]\n]*\])")
LINK = re.compile(r"\[(?P<words>[^\[\]]*)\](?:\((?P<target>[^)\n]*)\)|\[[^\]\n]*\])")
REFERENCE_DEFINITION = re.compile(r"^[ ]{0,3}\[[^\]\n]+\]:[^\n]*$", re.MULTILINE)
AUTOLINK = re.compile(r"<(?:https?|mailto|tel):[^>\s]*>")
ATTRIBUTE_LIST = re.compile(r"\{:?[ ]*(?:[#.][^}\n]*|[\w-]+=[^}\n]*)\}")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|<>~-])")
ESCAPED = "\1"
"""Stands for the backslash before a character that would otherwise be a mark."""
NO_BREAK_SPACE = re.compile(r"&nbsp;|&#160;")


@dataclass(frozen=True, slots=True)
class Masked:
    """The masked ``text``, where the body begins in it, and what was blanked."""

    text: str
    body: int
    citations: tuple[re.Match[str], ...]
    comments: tuple[tuple[int, int, str], ...]
    links: tuple[tuple[int, str, str], ...]


def mask_source(source: str) -> Masked:
    """Blank front matter, comments, code, citations, images, link targets, tags and attribute lists."""
    front = FRONT_MATTER.match(source)
    body = front.end() if front else 0
    text = _blanked(source[:body]) + source[body:]
    comments = tuple(
        (match.start(), match.end(), " ".join(source[match.start("inside") : match.end("inside")].split()))
        for match in COMMENT.finditer(mask_code(text, comments=False))
    )
    text = mask_code(text)
    citations = tuple(citation_form.PATTERN.finditer(text))
    text = _blank_all(citation_form.PATTERN, text)
    text = _blank_all(IMAGE, text)
    links = tuple(
        (match.start(), re.sub(r"[*_\0]", "", match["words"]).strip(), match["target"] or "")
        for match in LINK.finditer(text)
    )
    text = LINK.sub(_blank_link, text)
    for pattern in (REFERENCE_DEFINITION, AUTOLINK, ATTRIBUTE_LIST, TAG):
        text = _blank_all(pattern, text)
    text = ESCAPE.sub(ESCAPED, text)
    text = NO_BREAK_SPACE.sub(lambda match: " " + BLANK * (len(match[0]) - 1), text)
    return Masked(text, body, citations, comments, links)


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", BLANK, text)


def _blank_all(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: _blanked(match[0]), text)


def _blank_link(match: re.Match[str]) -> str:
    """Keep the words of a link, blank its brackets and target."""
    whole, start = match[0], match.start()
    words, after = match.start("words") - start, match.end("words") - start
    return _blanked(whole[:words]) + whole[words:after] + _blanked(whole[after:])
