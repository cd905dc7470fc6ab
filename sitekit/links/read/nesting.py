"""How deep a document is nested, told without parsing it."""

from __future__ import annotations

import re

# Below this an HTML5 tree builder is fast whatever it is fed; above, each open element slows every further one.
MAX_DEPTH = 4_000
_SHORTEST_ELEMENT = 7  # bytes that an element and its end tag take at the least

_OPEN_TAG = re.compile(r"<(/?)([a-zA-Z]+)")
_OPEN_TAG_BYTES = re.compile(rb"<(/?)([a-zA-Z]+)")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr param path use circle rect".split())
_IMPLIED = frozenset("li p dt dd tr td th option thead tbody tfoot".split())
_SKIP = _VOID | _IMPLIED
_SKIP_BYTES = frozenset(name.encode() for name in _SKIP)


def is_deep(data: bytes | str) -> bool:
    """Whether more elements may be open at once than a tree builder should be given."""
    return len(data) > _SHORTEST_ELEMENT * MAX_DEPTH and _nesting(data) > MAX_DEPTH


def _nesting(data: bytes | str) -> int:
    """An upper estimate of how many elements are open at once, without parsing."""
    start, end = ("<", "</") if isinstance(data, str) else (b"<", b"</")
    if data.count(start) - 2 * data.count(end) <= MAX_DEPTH:
        closed_later = data.count(end) > MAX_DEPTH
        if not closed_later:
            return 0
    pattern, skip = (_OPEN_TAG, _SKIP) if isinstance(data, str) else (_OPEN_TAG_BYTES, _SKIP_BYTES)
    depth = deepest = 0
    for closing, tag in pattern.findall(data):
        if tag in skip:
            continue
        if closing:
            if depth:
                depth -= 1
        else:
            depth += 1
            if depth > deepest:
                deepest = depth
                if deepest > MAX_DEPTH:
                    return deepest
    return deepest
