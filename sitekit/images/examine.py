"""Whether a picture can be published, and how large it is. Decodes all of it, since a file that was cut off begins well."""

from __future__ import annotations

import posixpath
import re

from sitekit.images.drawings import read_drawing
from sitekit.images.kinds import RASTER, SUFFIXES, kind_of
from sitekit.images.model import TALLEST, WIDEST, Fault, Size

MAX_BYTES = 40_000_000
MAX_DRAWING_BYTES = 1_000_000
MAX_PIXELS = 51_000_000
"""The 50-megapixel sensors of telephones, with what they round up."""

_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.[a-z]+\Z")
_SMALLER = "Make it smaller in an image editor; readers get 1,280 pixels across at most."
_AGAIN = "Export it again, or take it back from the history."


def examine(path: str, data: bytes) -> Size | Fault | None:
    """The size of the picture at ``path`` (below content/) with these bytes; None for a drawing that names no size."""
    name = posixpath.basename(path)
    fault = _name_fault(name)
    if fault:
        return fault
    kind = kind_of(data)
    fault = _kind_fault(name, kind, data)
    if fault:
        return fault
    most = MAX_DRAWING_BYTES if kind == "svg" else MAX_BYTES
    if len(data) > most:
        hint = "Simplify the drawing; fonts and pictures do not belong in it." if kind == "svg" else _SMALLER
        return Fault("image-too-large", f"{name} has more than {most / 1e6:.0f} MB.", hint)
    return read_drawing(data, name) if kind == "svg" else _examine_raster(name, kind, data)


def _name_fault(name: str) -> Fault | None:
    if _NAME.match(name):
        return None
    stem, _, suffix = name.rpartition(".")
    better = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "picture"
    hint = f"Rename the file, here and in content/images: for example {better}.{suffix.lower()}"
    message = f"{name!r} cannot be part of an address; use lower-case letters, digits and hyphens."
    return Fault("bad-file-name", message, hint)


def _kind_fault(name: str, kind: str, data: bytes) -> Fault | None:
    suffix = posixpath.splitext(name)[1]
    if suffix in SUFFIXES.get(kind, ()):
        return None
    if not data:
        return Fault("damaged-image", f"{name} is empty.", _AGAIN)
    if kind in SUFFIXES:
        right = name.removesuffix(suffix) + SUFFIXES[kind][0]
        hint = f"Rename it, here and in content/images: {right}"
        return Fault("wrong-image-kind", f"{name} is called {suffix} and is a {kind.upper()} image.", hint)
    if kind or suffix not in RASTER | {".svg"}:
        what = kind or suffix.removeprefix(".").upper()
        hint = "Save it as JPEG (photos), PNG (screenshots) or SVG (drawings)."
        return Fault("wrong-image-kind", f"{name} is {what}; pictures here are JPEG, PNG, WebP or SVG.", hint)
    return Fault("damaged-image", f"{name} does not begin like a {suffix.removeprefix('.').upper()} image.", _AGAIN)


def _examine_raster(name: str, kind: str, data: bytes) -> Size | Fault:
    from sitekit.images.raster import Broken, TooManyPixels, measure

    try:
        size, frames = measure(data, kind, MAX_PIXELS)
    except TooManyPixels as error:
        message = f"{name} has {error} pixels; {MAX_PIXELS:,} is the most."
        return Fault("image-too-large", message, _SMALLER)
    except Broken as error:
        return Fault("damaged-image", f"{name} cannot be read to its end: {error}.", _AGAIN)
    if frames > 1:
        hint = "Use a still picture: movement distracts, and can hurt people with migraine or a balance disorder."
        return Fault("animated-image", f"{name} is animated: it has {frames} frames.", hint)
    if size.scaled(min(size.width, WIDEST)).height > TALLEST:
        message = f"{name} is {size.height:,} pixels tall and {size.width:,} wide, too long a strip for browsers."
        return Fault("image-too-large", message, "Cut it into several pictures.")
    return size
