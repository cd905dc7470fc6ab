"""Every picture that would disappoint a reader is refused, with the reason and the remedy."""

from __future__ import annotations

import pytest
from PIL import Image

from sitekit.images.examine import MAX_BYTES, MAX_DRAWING_BYTES, examine
from sitekit.images.model import Fault, Size
from tests.pictures import animation, as_bytes, photo, scene

PNG, WEBP = as_bytes(scene(300, 200), "PNG"), as_bytes(scene(300, 200), "WEBP")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><path d="M0 0h9"/></svg>'
TWO_IN_ONE = as_bytes(scene(300, 200), "MPO", save_all=True, append_images=[scene(30, 20)])
DEEP = as_bytes(Image.new("1", (8000, 7000)), "PNG")
STRIP = as_bytes(Image.new("L", (10, 20_000)), "PNG")


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("a.jpg", photo(400, 300), Size(400, 300)),
        ("a.jpeg", photo(400, 300, orientation=6), Size(300, 400)),
        ("a.jpg", photo(400, 300, orientation=3), Size(400, 300)),
        ("knot-2_b.png", PNG, Size(300, 200)),
        ("a.webp", WEBP, Size(300, 200)),
        ("a.jpg", TWO_IN_ONE, Size(300, 200)),
        ("a.svg", SVG, Size(30, 20)),
    ],
)
def test_a_sound_picture_has_the_size_that_readers_see(name: str, data: bytes, size: Size) -> None:
    assert examine(f"images/{name}", data) == size


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("a.jpg", photo()[:-300], "damaged-image", "to its end"),
        ("a.jpg", photo()[:200], "damaged-image", "to its end"),
        ("a.png", PNG[:-40], "damaged-image", "to its end"),
        ("a.png", PNG[:100] + b"1234" + PNG[104:], "damaged-image", "to its end"),
        ("a.webp", WEBP[:-40], "damaged-image", "to its end"),
        ("a.jpg", b"", "damaged-image", "empty"),
        ("a.png", b"Not a picture at all.", "damaged-image", "does not begin"),
        ("a.svg", SVG[:-3], "damaged-image", "not well-formed"),
        ("a.svg", b"<html></html>", "damaged-image", "does not begin"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg>&a;</svg>', "damaged-image", "entities"),
        ("a.png", DEEP, "image-too-large", "56,000,000 pixels"),
        ("a.png", STRIP, "image-too-large", "20,000 pixels tall"),
        ("a.jpg", photo() + bytes(MAX_BYTES), "image-too-large", "MB"),
        ("a.svg", SVG + b" " * MAX_DRAWING_BYTES, "image-too-large", "MB"),
        ("a.png", animation("PNG"), "animated-image", "2 frames"),
        ("a.webp", animation("WEBP"), "animated-image", "2 frames"),
        ("a.png", photo(), "wrong-image-kind", "is a JPEG image"),
        ("a.jpg", as_bytes(scene(9, 9), "AVIF"), "wrong-image-kind", "is AVIF"),
        ("a.gif", as_bytes(scene(9, 9), "GIF"), "wrong-image-kind", "is GIF"),
        ("a.jpg", b"\0\0\0\x18ftypheic" + bytes(99), "wrong-image-kind", "is HEIC"),
        ("a.tif", as_bytes(scene(9, 9), "TIFF"), "wrong-image-kind", "is TIFF"),
        ("a.svg", PNG, "wrong-image-kind", "is a PNG image"),
        ("IMG 12.JPG", photo(), "bad-file-name", "cannot be part of an address"),
        ("größe.jpg", photo(), "bad-file-name", "cannot be part of an address"),
        ("a.b.jpg", photo(), "bad-file-name", "cannot be part of an address"),
    ],
)
def test_a_picture_that_cannot_be_published_says_why_and_what_to_do(
    name: str, data: bytes, code: str, words: str
) -> None:
    fault = examine(f"images/{name}", data)
    assert isinstance(fault, Fault)
    assert fault.code == code
    assert words in fault.message
    assert name in fault.message or repr(name) in fault.message
    assert fault.hint


def test_a_file_that_only_begins_like_a_drawing_is_judged_at_once() -> None:
    fault = examine("images/a.svg", b"<!---->" * 500 + b"<nothing")
    assert isinstance(fault, Fault)
    assert fault.code == "damaged-image"


def test_a_rename_is_proposed_that_will_do() -> None:
    fault = examine("images/IMG 12.JPG", photo())
    assert isinstance(fault, Fault)
    assert fault.hint.endswith("img-12.jpg")
    assert examine("images/img-12.jpg", photo()) == Size(400, 300)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 640 480"', Size(640, 480)),
        ('viewBox="-5,-5, 99.6 10" width="50%"', Size(100, 10)),
        ('width="120px" height="80"', Size(120, 80)),
        ('width="120mm" height="80mm"', None),
        ('viewBox="0 0 0 0"', None),
        ("", None),
    ],
)
def test_a_drawing_has_the_size_that_it_names(attributes: str, size: Size | None) -> None:
    assert examine("images/a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()) == size
