"""How large an SVG drawing is, from its own words (https://www.w3.org/TR/SVG2/coords.html#ViewBoxAttribute)."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from sitekit.images.model import Fault, Size

_SVG = "{http://www.w3.org/2000/svg}svg"
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*\Z")


def read_drawing(data: bytes, name: str) -> Size | Fault | None:
    """The size of a drawing in CSS pixels; None when it does not say; a fault when a browser could not draw it."""
    if b"<!ENTITY" in data:
        hint = "Save it again as plain SVG, without a DOCTYPE."
        return Fault("damaged-image", f"{name} defines entities, which a drawing does not need.", hint)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        hint = "Export it again, or take it back from the history."
        return Fault("damaged-image", f"{name} is not well-formed SVG: {error}.", hint)
    if root.tag != _SVG:
        hint = 'Begin it with <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 width height">.'
        return Fault("damaged-image", f"{name} does not begin with an svg element.", hint)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = [_number(side) for side in (box[2:] if len(box) == 4 else (root.get("width", ""), root.get("height", "")))]
    return Size(*(max(1, round(side)) for side in sides)) if all(sides) else None


def _number(text: str) -> float:
    match = _LENGTH.match(text)
    return float(match[1]) if match else 0.0
