"""What kind of picture some bytes are, by how they begin, whatever the file is called."""

from __future__ import annotations

import re

SUFFIXES = {"jpeg": (".jpg", ".jpeg"), "png": (".png",), "webp": (".webp",), "svg": (".svg",)}
"""The kinds that can be published, each with the suffixes its files may have."""

RASTER = frozenset({".jpg", ".jpeg", ".png", ".webp"})
IMAGES = frozenset({*RASTER, ".svg", ".gif", ".avif", ".heic", ".heif", ".tif", ".tiff", ".bmp", ".jxl", ".ico"})
"""Suffixes of pictures, in lower case, whether or not they can be published."""

_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC"}
_SVG = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)*<(?:\w+:)?svg\b", re.S
)
_LOOK = 4096


def kind_of(data: bytes) -> str:
    """A key of SUFFIXES, or the name in capitals of a kind that cannot be published, or nothing when it is no picture we know."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "")
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return "TIFF"
    if data.startswith(b"BM"):
        return "BMP"
    return "svg" if _SVG.match(data.removeprefix(b"\xef\xbb\xbf")[:_LOOK]) else ""
