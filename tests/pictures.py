"""Pictures to test with, made on the spot: the same arguments give the same bytes."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, ImageDraw

SECRETS = (b"Exif", b"GPS", b"Secret", b"ICC_PROFILE", b"iCCP", b"acsp", b"xmp", b"eXIf", b"tEXt")
"""What no published file may hold: marks of metadata, and what :func:`photo` hides in it."""


def as_bytes(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of an image in one of Pillow's formats."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def opened(data: bytes) -> Image.Image:
    """The decoded image."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def scene(width: int, height: int) -> Image.Image:
    """Smooth colors with a red square in the upper left corner, so that one can see how the picture is turned."""
    across, down = Image.linear_gradient("L").rotate(90).resize((width, height)), Image.linear_gradient("L")
    image = Image.merge("RGB", [Image.new("L", (width, height), 60), across, down.resize((width, height))])
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill=(255, 0, 0))
    return image


def photo(width: int = 400, height: int = 300, orientation: int = 1) -> bytes:
    """A JPEG as cameras make it: with a place, a serial number, a comment and a profile. ``orientation`` is EXIF's."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (33.0, 37.0, 5.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return as_bytes(scene(width, height), "JPEG", quality=90, exif=exif, comment=b"SecretComment", icc_profile=profile)


def animation(kind: str) -> bytes:
    """Two frames, as PNG, WEBP or GIF."""
    image = scene(40, 30)
    return as_bytes(image, kind, save_all=True, append_images=[image.rotate(180)])
