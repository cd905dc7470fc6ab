"""Whether a page of another site has the anchor that a link names."""

from __future__ import annotations

import re

import webencodings

from ..read.html import read_html
from ..whole import has_anchor
from .body import Body
from .verdict import BROKEN, FINE, UNKNOWN, Verdict, is_challenge

_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_SET_BY_SCRIPT = ("user-content-",)  # GitHub and others prefix the ids in what users write and jump to them by script


def is_html(content_type: str) -> bool:
    """Whether a ``Content-Type`` is one whose fragments name elements."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml", "")


def look_for(fragments: list[str], body: Body, content_type: str) -> dict[str, Verdict]:
    """A verdict for each fragment. Of a page that arrived in part only what was found is certain."""
    anchors = set(read_html(_decoded(body.data, content_type)).ids)
    return {fragment: _one(fragment, anchors, body) for fragment in fragments}


def _one(fragment: str, anchors: set[str], body: Body) -> Verdict:
    if any(has_anchor(anchors, prefix + fragment) for prefix in ("", *_SET_BY_SCRIPT)):
        return Verdict(FINE)
    if not body.complete:
        return Verdict(UNKNOWN, f"The page was read in part, and “{fragment}” was not in it: {body.why}.")
    if is_challenge({}, body.data):
        return Verdict(UNKNOWN, "A wall against robots stands before the page; a browser may get through.")
    if not anchors:
        return Verdict(
            UNKNOWN, f"Scripts put the page together, so whether it has “{fragment}” shows in a browser only."
        )
    return Verdict(BROKEN, f"The page has no element with the id “{fragment}”.")


def _decoded(data: bytes, content_type: str) -> bytes | str:
    """Text by the header's charset, where there is a known one; a byte order mark goes before. Else the page itself says."""
    match = _CHARSET.search(content_type)
    encoding = webencodings.lookup(match[1]) if match else None
    return webencodings.decode(data, encoding, errors="replace")[0] if encoding else data
