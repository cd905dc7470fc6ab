"""What readers get of a photo: upright, in the colors of the web, in several widths, and nothing of where it was taken."""

from __future__ import annotations

import pytest
from PIL import Image, ImageCms

from sitekit.images.kinds import kind_of
from sitekit.images.model import Size, widths_for
from sitekit.images.raster import encode
from tests.pictures import SECRETS, as_bytes, opened, photo, scene


def files(data: bytes) -> dict[tuple[str, int], Image.Image]:
    return {(one.kind, one.width): opened(one.data) for one in encode(data, kind_of(data))[1]}


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (200, (200,)),
        (340, (340,)),
        (500, (320, 500)),
        (1280, (320, 640, 960, 1280)),
        (4000, (320, 640, 960, 1280)),
        (1000, (320, 640, 1000)),
        (1, (1,)),
    ],
)
def test_widths_grow_to_that_of_the_picture_and_never_beyond(width: int, widths: tuple[int, ...]) -> None:
    assert widths_for(Size(width, 100)) == widths


def test_a_photo_is_made_in_every_kind_and_width() -> None:
    found = files(photo(1500, 1000))
    assert found.keys() == {(kind, width) for kind in ("avif", "webp", "jpg") for width in (320, 640, 960, 1280)}
    for (_, width), image in found.items():
        assert image.size == (width, round(1000 * width / 1500))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation: int) -> None:
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    upright = scene(400, 300)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = as_bytes(upright.transpose(turned) if turned is not None else upright, "JPEG", quality=95, exif=exif)
    size, _ = encode(data, "jpeg")
    assert size == Size(400, 300)
    for image in files(data).values():
        red, green, blue = image.convert("RGB").getpixel((image.width // 10, image.height // 10))
        assert red > 200 and green < 60 and blue < 60
        assert image.convert("RGB").getpixel((image.width * 9 // 10, image.height // 10))[0] < 120


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_of_metadata(kind: str) -> None:
    source = opened(photo())
    exif, profile = source.getexif(), source.info["icc_profile"]
    data = as_bytes(source, kind, exif=exif, icc_profile=profile, xmp=b"<x:xmpmeta>Secret</x:xmpmeta>")
    assert any(secret in data for secret in SECRETS)
    made = encode(data, kind_of(data))[1]
    assert len(made) == 6
    for one in made:
        assert not [secret for secret in SECRETS if secret in one.data]
        assert opened(one.data).info.keys().isdisjoint({"exif", "icc_profile", "xmp", "comment"})
        assert not opened(one.data).getexif()


def test_colors_are_converted_to_those_of_the_web() -> None:
    # In this profile, red and blue have changed places.
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    image = Image.new("RGB", (60, 40), (200, 10, 10))
    data = as_bytes(image, "PNG", icc_profile=bytes(swapped))
    for made in files(data).values():
        red, _, blue = made.convert("RGB").getpixel((30, 20))
        assert blue > 150 > red


def test_a_profile_that_does_not_fit_is_passed_over() -> None:
    for profile in (b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()):
        image = files(as_bytes(Image.new("RGB", (60, 40), (200, 10, 10)), "PNG", icc_profile=profile))["png", 60]
        assert image.getpixel((30, 20)) == (200, 10, 10)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_stays_png(mode: str) -> None:
    transparent = mode in ("LA", "RGBA")
    found = files(as_bytes(Image.new(mode, (50, 40)), "PNG"))
    assert found.keys() == {(kind, 50) for kind in ("avif", "webp", "png")}
    assert {image.mode for image in found.values()} == {"RGBA" if transparent else "RGB"}


def test_deep_gray_keeps_its_brightness() -> None:
    image = files(as_bytes(Image.new("I;16", (4, 4), 40_000), "PNG"))["png", 4]
    assert image.getpixel((0, 0)) == (156, 156, 156)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_photos_for_print_become_photos_for_screens(mode: str) -> None:
    found = files(as_bytes(Image.new(mode, (50, 40)), "JPEG"))
    assert {image.mode for image in found.values()} == {"RGB"}


def test_the_fallback_of_webp_is_jpeg_unless_something_shines_through() -> None:
    solid, clear = scene(60, 40), scene(60, 40).convert("RGBA")
    assert ("jpg", 60) in files(as_bytes(solid, "WEBP"))
    assert ("jpg", 60) in files(as_bytes(clear, "WEBP", exact=True))
    clear.putalpha(90)
    found = files(as_bytes(clear, "WEBP", lossless=True))
    assert {image.getchannel("A").getextrema() for image in found.values()} == {(90, 90)}
    assert ("png", 60) in found


def test_the_same_bytes_make_the_same_files() -> None:
    data = photo(700, 500)
    assert encode(data, "jpeg") == encode(data, "jpeg")
