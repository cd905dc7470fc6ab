"""Blanking out what cannot hold Markdown links: code, comments, raw HTML. Offsets and line breaks stay as they are.

Each function takes a text and returns it as long as it was. Most texts hold little of all this, so each looks first for the one
character without which there is nothing to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

Region = tuple[int, int]

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.S | re.M)
TAG = re.compile(
    r"""</?([A-Za-z][A-Za-z0-9:-]*)((?:[\s/]+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*/?>"""
)
_VISIBLE = re.compile(r"[^\r\n]+")
_FENCE = re.compile(r"^([ \t>]*(?:[-*+] +|\d+\. +)?)(`{3,}|~{3,})([^\n]*)$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_RAW_ELEMENT = re.compile(r"<(script|style|pre|textarea)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.S | re.I)
_RAW_BLOCK = re.compile(r"^ {0,3}<([A-Za-z][A-Za-z0-9]*)\b", re.M)
_MARKDOWN_INSIDE = re.compile(r"\smarkdown\s*=")
_CODE_SPAN = re.compile(r"(?<!\\)(`+)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.S)
_BLOCK_START = re.compile(r"^[ \t>]*(?:#|[-*+][ \t]|\d+\.[ \t]|\||:[ \t]|\[\^|\r?$)", re.M)
_QUOTE_START = re.compile(r"(?:\A|^(?! {0,3}>)[^\n]*\n)(?= {0,3}>)", re.M)
_ESCAPE = re.compile(r"\\[\\`*_{}\[\]()>#+\-.!|<~:\"']")
_INDENTED = re.compile(r"\n(?: {4}| {0,3}\t)[^\S\n]*+\S")
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_CONTAINER = re.compile(r"(?:[-*+]|\d+[.)])[ \t]+|:[ \t]{1,3}|\[\^[^\]]+\]:|!!![ \t]|\?\?\?\+?[ \t]")
_BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "audio", "blockquote", "body", "canvas", "center", "colgroup", "dd"),
        *("details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "html", "iframe", "li", "main", "map"),
        *("math", "menu", "nav", "noscript", "object", "ol", "output", "p", "section", "summary", "svg", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video"),
    )
)


def blank(text: str, regions: Iterable[Region]) -> str:
    """``text`` with spaces for all but the line breaks of regions, which are in order and do not overlap."""
    pieces, done = [], 0
    for start, end in regions:
        pieces += [text[done:start], _VISIBLE.sub(_spaces, text[start:end])]
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def within(position: int, regions: list[Region]) -> bool:
    """Whether a position is in one of the regions."""
    return any(start <= position < end for start, end in regions)


def mask_fences(text: str) -> str:
    """Fenced code. Python-Markdown takes an open fence for text."""
    # One character is missed many times faster than three.
    if ("`" not in text or "```" not in text) and ("~" not in text or "~~~" not in text):
        return text
    regions = []
    position = 0
    open_from: dict[str, int] = {}  # of each mark, the least length that nothing further down closes
    while match := _FENCE.search(text, position):
        mark = match[2]
        position = match.end()
        if (mark[0] == "`" and "`" in match[3]) or len(mark) >= open_from.get(mark[0], len(text)):
            continue
        close = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.M).search(text, position)
        if close is None:
            open_from[mark[0]] = len(mark)
            continue
        regions.append((match.start(2), close.end()))
        position = close.end()
    return blank(text, regions)


def mask_raw_text(text: str) -> str:
    """Comments, and elements whose content is not read as HTML or Markdown."""
    if "<" not in text:
        return text
    text = blank(text, [match.span() for match in _COMMENT.finditer(text)])
    return blank(text, [match.span() for match in _RAW_ELEMENT.finditer(text)])


def raw_blocks(text: str) -> list[Region]:
    """Regions of raw block HTML, where Markdown is not read, unless the tag says ``markdown="1"``."""
    regions = []
    position = 0
    while match := _RAW_BLOCK.search(text, position) if "<" in text else None:
        tag = match[1].lower()
        start_tag = TAG.match(text, match.start() + match[0].index("<"))
        if tag not in _BLOCK_TAGS or start_tag is None or _MARKDOWN_INSIDE.search(start_tag[2]):
            position = match.end()
            continue
        position = _closing(text, tag, start_tag)
        regions.append((start_tag.start(), position))
    return regions


def _closing(text: str, tag: str, start_tag: re.Match[str]) -> int:
    if start_tag[0].endswith("/>"):
        return start_tag.end()
    depth = 1
    for match in re.compile(rf"<(/?){tag}\b[^>]*>", re.I).finditer(text, start_tag.end()):
        depth += -1 if match[1] else 1
        if depth == 0:
            return match.end()
    return len(text)


def mask_indented_code(text: str, raw: list[Region]) -> str:
    """Indented code: four spaces deeper than the list item, footnote or definition that holds the line."""
    if not _INDENTED.search("\n" + text):  # not "^": what begins with a character is searched for fastest
        return text
    regions = []
    containers: list[int] = []
    previous_blank, in_code = True, False
    for line in _LINE.finditer(text):
        content = line[0].expandtabs(4).rstrip()
        if not content:
            previous_blank = True
            continue
        if raw and any(start < line.end() and line.start() < end for start, end in raw):
            previous_blank = False
            continue
        inner = content.lstrip(" ")
        indent = len(content) - len(inner)
        if previous_blank:
            while containers and indent < containers[-1]:
                containers.pop()
        inside = containers[-1] if containers else 0
        in_code = indent >= inside + 4 and (previous_blank or in_code)
        if in_code:
            regions.append(line.span())
        elif _CONTAINER.match(inner):
            while containers and indent < containers[-1]:
                containers.pop()
            containers.append(indent // 4 * 4 + 4)
        previous_blank = False
    return blank(text, regions)


def mask_code_spans(text: str, raw: list[Region]) -> str:
    """Code spans, each within its own block: a heading, a list item or a table row ends where its line ends."""
    if "`" not in text:
        return text
    starts = {0, len(text)}
    for match in _BLOCK_START.finditer(text):
        starts.add(match.start())
        if match[0].endswith("#"):
            line_end = text.find("\n", match.end())
            starts.add(len(text) if line_end == -1 else line_end + 1)
    if ">" in text:
        starts.update(match.end() for match in _QUOTE_START.finditer(text))
    for region in raw:
        starts.update(region)
    raw_starts = {start for start, _ in raw}
    pieces = []
    for start, end in pairwise(sorted(starts)):
        piece = text[start:end]
        if "`" in piece and start not in raw_starts and not any(first < start < last for first, last in raw):
            piece = blank(piece, [match.span() for match in _CODE_SPAN.finditer(piece)])
        pieces.append(piece)
    return "".join(pieces)


def mask_escapes(text: str, raw: list[Region]) -> str:
    """Backslash escapes outside raw HTML."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: match[0] if within(match.start(), raw) else "\x01\x01", text)
