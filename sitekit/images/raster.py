"""Decoding and encoding with Pillow: the only module that imports it, and itself imported only when there is something to do."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from sitekit.images.model import WIDEST, Size, widths_for

_ORIENTATION = 0x0112
_SIDEWAYS = range(5, 9)
"""Values of the EXIF orientation with which width and height change places (Exif 2.32, 4.6.4)."""

_PHOTO = {
    "avif": {"quality": 60, "speed": 6, "subsampling": "4:2:0"},
    "webp": {"quality": 80, "method": 5},
    "jpg": {"quality": 80, "optimize": True, "progressive": True, "subsampling": "4:2:0"},
}
_GRAPHIC = {
    "avif": {"quality": 75, "speed": 6, "subsampling": "4:4:4"},  # text in screenshots keeps its colored edges
    "webp": {"lossless": True, "quality": 80, "method": 5},
    "png": {"optimize": True},
}
_FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG", "png": "PNG"}


class Broken(ValueError):
    """The bytes are no whole picture. The message says what Pillow says."""


class TooManyPixels(ValueError):
    """The picture is larger than was allowed. The message is how many pixels it has."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One file made from a picture: its kind (avif, webp, jpg or png), its width in pixels, its bytes."""

    kind: str
    width: int
    data: bytes


def measure(data: bytes, kind: str, most: int) -> tuple[Size, int]:
    """Decode a JPEG, PNG or WebP image (``kind``) whole. Returns its size as readers see it, and how many frames move in it.

    Raises TooManyPixels, before decoding, for more than ``most`` pixels, and Broken.
    """
    with _opened(data, kind) as image:
        size = Size(*image.size)
        if size.width * size.height > most:
            raise TooManyPixels(f"{size.width * size.height:,}")
        # A JPEG with several pictures (MPO) is one photo with a depth map or a preview; browsers show the first.
        frames = 1 if kind == "jpeg" else getattr(image, "n_frames", 1)
        size = _seen(image)
        image.draft("L", (1, 1))  # reads all of a JPEG and computes little
        image.load()
        return size, frames


def encode(data: bytes, kind: str) -> tuple[Size, list[Encoded]]:
    """Every file that a picture is published as: upright, in sRGB, without any metadata. Returns the size of the widest, too.

    The same bytes give the same files, with the same version of Pillow. Raises Broken.
    """
    with _opened(data, kind) as image:
        size = _seen(image)
        image.draft("RGB", (2 * WIDEST, 2 * WIDEST))  # a large JPEG is scaled while it is decoded
        image.load()
        base = _upright(image)
    widths = widths_for(size)
    profile = base.info.get("icc_profile")
    base = _srgb(_resized(base, size.scaled(widths[-1])), profile)
    graphic = kind == "png" or base.mode == "RGBA"
    made = []
    for width in widths:
        scaled = _resized(base, size.scaled(width))
        scaled.info = {}  # encoders write what they find here: profiles, comments, places
        made += [Encoded(name, width, _saved(scaled, name, graphic)) for name in (_GRAPHIC if graphic else _PHOTO)]
    return Size(*base.size), made


@contextmanager
def _opened(data: bytes, kind: str) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            # Of size we judge ourselves; other warnings are about metadata, which nobody keeps.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as image:
                yield image
    except TooManyPixels:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels("far too many") from error
    except Exception as error:  # decoders of foreign bytes raise nearly anything
        raise Broken(" ".join(str(error).split()) or type(error).__name__) from error


def _seen(image: Image.Image) -> Size:
    """The size of an image that has just been opened, once it stands upright."""
    size = Size(*image.size)
    return Size(size.height, size.width) if image.getexif().get(_ORIENTATION) in _SIDEWAYS else size


def _upright(image: Image.Image) -> Image.Image:
    """The picture the way its camera was held, as gray, color, or color with transparency, at 8 bits; its profile stays with it."""
    upright = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if upright.mode.startswith("I"):
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    elif upright.mode in ("1", "F"):
        upright = upright.convert("L")
    elif upright.mode in ("LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
    elif upright.mode not in ("L", "RGB", "RGBA", "CMYK"):
        upright = upright.convert("RGB")
    upright.info = {"icc_profile": profile} if profile else {}
    return upright


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """``image`` as RGB or RGBA in sRGB. A profile that does not fit is passed over, as browsers do."""
    colors = image.convert("RGB") if image.mode == "RGBA" else image
    converted = None
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(colors, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
    converted = converted or colors.convert("RGB")
    if image.mode == "RGBA":
        alpha = image.getchannel("A")
        if alpha.getextrema() != (255, 255):  # transparency that hides nothing would double the bytes
            converted.putalpha(alpha)
    return converted


def _resized(image: Image.Image, size: Size) -> Image.Image:
    wanted = (size.width, size.height)
    return image.copy() if wanted == image.size else image.resize(wanted, Image.Resampling.LANCZOS)


def _saved(image: Image.Image, kind: str, graphic: bool) -> bytes:
    stream = io.BytesIO()
    options = dict((_GRAPHIC if graphic else _PHOTO)[kind])
    if kind == "avif":
        options["max_threads"] = 1  # the processes of a build are as many as there are cores
    image.save(stream, _FORMATS[kind], **options)
    return stream.getvalue()
