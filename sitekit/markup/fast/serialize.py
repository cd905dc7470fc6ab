"""An element tree as HTML, the way Python-Markdown writes it."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from markdown.serializers import BOOLEAN_ATTRIBUTES, RE_AMP, to_html_string

_BOOLEAN = BOOLEAN_ATTRIBUTES["html"]
_VOID = frozenset("area base basefont br col embed frame hr img input isindex link meta param source track wbr".split())
_RAW = frozenset({"script", "style"})
_DEEPEST = 100


class _Unusual(Exception):
    """A tree with something that the library shall write."""


def to_html(root: Element) -> str:
    """The HTML of an element and all in it. Comments, qualified names and very deep trees are left to the library."""
    parts: list[str] = []
    try:
        _write(root, parts.append, 0)
    except _Unusual:
        return to_html_string(root)
    return "".join(parts)


def _write(element: Element, write: Callable[[str], None], depth: int) -> None:
    tag, text = element.tag, element.text
    if type(tag) is not str or depth > _DEEPEST:
        raise _Unusual
    start, void = tag, tag.lower() in _VOID
    items = element.items()
    for key, value in sorted(items) if len(items) > 1 else items:
        if type(key) is not str or not isinstance(value, str):
            raise _Unusual
        if "&" in value or "<" in value or ">" in value or '"' in value:
            value = _escaped(value).replace('"', "&quot;")
        start += f" {value}" if key == value and key in _BOOLEAN else f' {key}="{value}"'
    if not text:
        text = ""
    elif ("&" in text or "<" in text or ">" in text) and tag.lower() not in _RAW:
        text = _escaped(text)
    if not len(element):
        write(f"<{start}>{text}" if void else f"<{start}>{text}</{tag}>")
        return
    write(f"<{start}>{text}")
    for child in element:
        _write(child, write, depth + 1)
        tail = child.tail
        if tail:
            write(_escaped(tail) if "&" in tail or "<" in tail or ">" in tail else tail)
    if not void:
        write(f"</{tag}>")


def _escaped(text: str) -> str:
    """``text`` without markup; an ampersand that begins a character reference stays."""
    return RE_AMP.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
