"""``srcset`` and ``imagesrcset`` by the algorithm of the HTML standard, and ``<meta http-equiv=refresh>``."""

from __future__ import annotations

import re

_SPACE = "\t\n\f\r "
_SEPARATORS = re.compile(r"[\t\n\f\r ,]*")
_NOT_SPACE = re.compile(r"[^\t\n\f\r ]+")
_INTEGER = re.compile(r"[0-9]+")
_FLOAT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?")
_REFRESH = re.compile(r"[\t\n\f\r ]*(?:[0-9]+[0-9.]*|\.[0-9.]*)(.*)", re.DOTALL)
_REFRESH_URL = re.compile(r"[uU][rR][lL][\t\n\f\r ]*=[\t\n\f\r ]*")


def parse_srcset(value: str) -> list[str]:
    """The URLs a browser may choose from. Candidates whose descriptors are invalid are dropped, as browsers drop them."""
    urls: list[str] = []
    position, end = 0, len(value)
    while True:
        position = _SEPARATORS.match(value, position).end()
        if position >= end:
            return urls
        match = _NOT_SPACE.match(value, position)
        url, position = match[0], match.end()
        if url.endswith(","):
            urls.append(url.rstrip(","))
            continue
        descriptors, position = _descriptors(value, position)
        if _valid(descriptors):
            urls.append(url)


def _descriptors(value: str, position: int) -> tuple[list[str], int]:
    """Split at white space outside parentheses, up to the comma that ends the candidate."""
    found: list[str] = []
    current: list[str] = []
    depth = False
    while position < len(value):
        char = value[position]
        position += 1
        if depth:
            current.append(char)
            depth = char != ")"
        elif char in _SPACE:
            if current:
                found.append("".join(current))
                current = []
        elif char == ",":
            break
        else:
            current.append(char)
            depth = char == "("
    if current:
        found.append("".join(current))
    return found, position


def _valid(descriptors: list[str]) -> bool:
    width = density = height = False
    for descriptor in descriptors:
        number, unit = descriptor[:-1], descriptor[-1]
        if unit == "w" and _INTEGER.fullmatch(number):
            if width or density or not number.strip("0"):
                return False
            width = True
        elif unit == "x" and _FLOAT.fullmatch(number):
            if width or density or height or (number.startswith("-") and float(number) < 0):
                return False
            density = True
        elif unit == "h" and _INTEGER.fullmatch(number):
            if height or density or not number.strip("0"):
                return False
            height = True
        else:
            return False
    return width or not height


def parse_refresh(content: str) -> str | None:
    """The URL of a refresh by the standard's shared declarative refresh steps; None where it only reloads or is invalid."""
    match = _REFRESH.fullmatch(content)
    if not match:
        return None
    rest = match[1]
    if not rest:
        return None
    if rest[0] not in ";," + _SPACE:
        return None
    rest = rest.lstrip(_SPACE)
    if rest[:1] in (";", ","):
        rest = rest[1:]
    rest = rest.lstrip(_SPACE)
    if not rest:
        return None
    named = _REFRESH_URL.match(rest)
    if named:
        rest = rest[named.end() :]
    if rest[:1] in ("'", '"'):
        rest = rest[1:].partition(rest[0])[0]
    return rest
