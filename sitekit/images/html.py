"""A picture as HTML: the browser takes the first kind it reads, and the smallest width that fills its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from sitekit.images.model import Picture, Variant

IMAGE = re.compile(r"""<img\b((?:[^<>"']|"[^"]*"|'[^']*')*?)\s*/?>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_TYPES = {"avif": "image/avif", "webp": "image/webp"}

COLUMN = 37
"""The width of the column of text in rem: --measure of theme/static/css/tokens.css."""

_COLUMN_PIXELS = COLUMN * 16
_SIZES = f"(min-width: 40.25rem) {COLUMN}rem, (min-width: 25rem) 92vw, calc(100vw - 2rem)"
"""The column with the margins (--gutter) that are left beside it: 4 % of the window, but at least 1 rem, on either side."""


def read_attributes(text: str) -> dict[str, str]:
    """The attributes of a tag, in the order of the text, with character references undone."""
    return {
        match[1].lower(): unescape(next((value for value in match.groups()[1:] if value is not None), ""))
        for match in _ATTRIBUTE.finditer(text)
    }


def render(attributes: Mapping[str, str], picture: Picture, base: str) -> str:
    """The HTML of a picture that an ``img`` with these attributes shows; ``base`` is where the site is deployed.

    A width that the editor chose is kept, and the height follows from the shape.
    """
    size = picture.size
    chosen = attributes.get("width", "")
    if chosen.isdecimal() and 0 < int(chosen) <= size.width:
        size = size.scaled(int(chosen))
    given = {name: value for name, value in attributes.items() if name not in ("srcset", "sizes", "width", "height")}
    shape = {"width": str(size.width), "height": str(size.height)}
    if not picture.variants:
        return _tag("img", {**given, **shape})
    sizes = f"{size.width}px" if size.width <= _COLUMN_PIXELS else _SIZES
    fallback = picture.of(picture.fallback)
    # The kind that is smaller comes first: for photos that is AVIF, for flat drawings often WebP.
    kinds = sorted(_TYPES, key=lambda kind: sum(one.bytes for one in picture.of(kind)))
    sources = [
        _tag("source", {"type": _TYPES[kind], "srcset": _srcset(picture.of(kind), base), "sizes": sizes})
        for kind in kinds
    ]
    given["src"] = f"{base}/{fallback[-1].path}"
    image = _tag("img", {**given, "srcset": _srcset(fallback, base), "sizes": sizes, **shape})
    return f"<picture>{''.join(sources)}{image}</picture>"


def _srcset(variants: tuple[Variant, ...], base: str) -> str:
    return ", ".join(f"{base}/{one.path} {one.width}w" for one in variants)


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    pairs = [f'{key}="{escape(value)}"' for key, value in attributes.items()]
    return f"<{' '.join([name, *pairs])}>"
