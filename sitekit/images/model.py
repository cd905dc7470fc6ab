"""What is known of a picture, and of the files that are made from it."""

from __future__ import annotations

from sitekit.records import record

WIDTHS = (320, 640, 960, 1280)
"""Widths in pixels that a picture is made in: phones and columns of text at one, one and a half and two device pixels each."""

WIDEST = WIDTHS[-1]
TALLEST = 16_383
"""The most pixels a side of a WebP image can have."""


@record()
class Size:
    """Pixels as a reader sees them, that is, after turning the picture the way its camera was held."""

    width: int
    height: int

    def scaled(self, width: int) -> Size:
        """The same shape, ``width`` pixels wide."""
        return Size(width, max(1, round(self.height * width / self.width)))


@record()
class Fault:
    """Why a picture cannot be published: the code, message and hint of a problem that is not located yet."""

    code: str
    message: str
    hint: str


@record()
class Variant:
    """One file made from a picture. ``kind`` is avif, webp, jpg or png, ``path`` where it lies below output/, ``bytes`` its size."""

    kind: str
    width: int
    path: str
    bytes: int


@record()
class Picture:
    """A picture as pages show it. Without variants it is a drawing, shown as it is."""

    size: Size
    variants: tuple[Variant, ...] = ()

    @property
    def fallback(self) -> str:
        """The kind that every browser reads; empty for a drawing."""
        return next((one.kind for one in self.variants if one.kind in ("jpg", "png")), "")

    def of(self, kind: str) -> tuple[Variant, ...]:
        """The variants of one kind, from narrow to wide."""
        return tuple(sorted((one for one in self.variants if one.kind == kind), key=lambda one: one.width))


def widths_for(size: Size) -> tuple[int, ...]:
    """The widths a picture of ``size`` is made in; never wider than it is, and none that saves hardly anything over the next."""
    full = min(size.width, WIDEST)
    return (*(width for width in WIDTHS if width * 1.1 < full), full)
