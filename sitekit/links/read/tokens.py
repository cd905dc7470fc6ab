"""A position-keeping HTML tokenizer: start tags with the place of each attribute value.

The HTML5 parser that reads pages keeps no positions. This reads a page again, only where a finding needs its line, and stands
in for the parser where a page is nested too deep for a tree. It follows the tokenizer of the HTML standard: quoting,
comments, raw text elements, character references in attributes; it builds no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5

_RAW_TEXT = {"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title", "plaintext"}
_TAG_NAME = re.compile(r"[A-Za-z][^\t\n\f\r />]*")
_ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*(?:(=?[^\t\n\f\r />=]*)[\t\n\f\r ]*(?:(=)[\t\n\f\r ]*(?:"([^"]*)("|$)|'([^']*)('|$)|([^\t\n\f\r >]+))?)?)"""
)
_REFERENCE = re.compile(r"&(?:#[xX]([0-9A-Fa-f]+);?|#([0-9]+);?|([A-Za-z][A-Za-z0-9]*)(;?))")
_WINDOWS_1252 = {code: bytes([code]).decode("windows-1252", "replace") for code in range(0x80, 0xA0)}
_FOREIGN = {"svg", "math"}


@dataclass(slots=True)
class Token:
    """A start tag: ``spans`` gives the offsets of each attribute's raw value, ``text`` the content of raw text elements."""

    tag: str
    start: int
    end: int
    attributes: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    text: str = ""
    text_start: int = 0
    foreign: bool = False


def decode_references(value: str) -> str:
    """Character references of an attribute value: a name without ``;`` before ``=`` or a letter is left as it is."""
    if "&" not in value:
        return value
    return _REFERENCE.sub(lambda match: _reference(match, value), value)


def _reference(match: re.Match, value: str) -> str:
    if match[1] or match[2]:
        digits = (match[1] or match[2]).lstrip("0") or "0"
        if len(digits) > 8:
            return "\ufffd"
        code = int(digits, 16 if match[1] else 10)
        if code in _WINDOWS_1252:
            return _WINDOWS_1252[code]
        if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            return "\ufffd"
        return chr(code)
    name, semicolon = match[3], match[4]
    if semicolon and name + ";" in html5:
        return html5[name + ";"]
    for length in range(len(name), 1, -1):
        if name[:length] in html5:
            following = value[match.start() + 1 + length : match.start() + 2 + length]
            if following == "=" or (following.isalnum() and following.isascii()):
                return match[0]
            return html5[name[:length]] + name[length:] + semicolon
    return match[0]


def tokenize(text: str) -> Iterator[Token]:
    """Start tags of an HTML document in order."""
    position, end = 0, len(text)
    foreign_depth = 0
    while (position := text.find("<", position)) != -1:
        following = text[position + 1 : position + 2]
        if following == "!":
            position = _markup_declaration(text, position, foreign_depth > 0)
        elif following == "/":
            match = _TAG_NAME.match(text, position + 2)
            if match:
                if match[0].lower() in _FOREIGN and foreign_depth:
                    foreign_depth -= 1
                position = _tag_end(text, match.end())
            else:
                close = text.find(">", position)
                position = end if close == -1 else close + 1
        elif following == "?":
            close = text.find(">", position)
            position = end if close == -1 else close + 1
        else:
            match = _TAG_NAME.match(text, position + 1)
            if not match:
                position += 1
                continue
            token = Token(match[0].lower(), position, end, foreign=foreign_depth > 0)
            position, closed, self_closing = _attributes(text, match.end(), token)
            if not closed:
                return  # the standard drops a tag that the end of the file cuts short
            token.end = position
            if token.tag in _FOREIGN:
                token.foreign = True
                foreign_depth += not self_closing
            if token.tag in _RAW_TEXT and not (token.foreign and (self_closing or token.tag in ("title", "script"))):
                position = _raw_text(text, position, token)
            yield token


def _markup_declaration(text: str, position: int, foreign: bool) -> int:
    end = len(text)
    if text.startswith("<!--", position):
        if text.startswith(">", position + 4) or text.startswith("->", position + 4):
            return text.index(">", position) + 1
        match = re.compile(r"--!?>").search(text, position + 4)
        return match.end() if match else end
    if foreign and text.startswith("<![CDATA[", position):
        close = text.find("]]>", position)
        return end if close == -1 else close + 3
    close = text.find(">", position)
    return end if close == -1 else close + 1


def _tag_end(text: str, position: int) -> int:
    position, _, _ = _attributes(text, position, None)
    return position


def _attributes(text: str, position: int, token: Token | None) -> tuple[int, bool, bool]:
    end = len(text)
    while position < end:
        if text[position] == ">":
            return position + 1, True, text[position - 1] == "/"
        match = _ATTRIBUTE.match(text, position)
        if match.end() == position:
            position += 1
            continue
        if (match[3] is not None and not match[4]) or (match[5] is not None and not match[6]):
            return end, False, False
        if token is not None and match[1]:
            name = match[1].lower()
            if name not in token.attributes:
                group = 3 if match[3] is not None else 5 if match[5] is not None else 7 if match[7] is not None else 0
                token.attributes[name] = decode_references(match[group].replace("\r\n", "\n")) if group else ""
                token.spans[name] = match.span(group) if group else (match.end(), match.end())
        position = match.end()
    return end, False, False


def _raw_text(text: str, position: int, token: Token) -> int:
    token.text_start = position
    if token.tag == "plaintext":
        token.text = text[position:]
        return len(text)
    match = re.compile(rf"</{token.tag}(?=[\t\n\f\r />])", re.IGNORECASE).search(text, position)
    stop = match.start() if match else len(text)
    token.text = text[position:stop]
    return stop
