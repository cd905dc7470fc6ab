"""A picture as HTML: valid sizes for the column of text, and every word the editor wrote."""

from __future__ import annotations

import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from sitekit.images import html
from sitekit.images.model import Picture, Size, Variant

TOKENS = Path(__file__).resolve().parents[3] / "theme" / "static" / "css" / "tokens.css"


def picture(width: int, height: int, **totals: int) -> Picture:
    widths = [one for one in (320, 640) if one < width] + [width]
    kinds = totals or {"avif": 1, "webp": 2, "jpg": 3}
    return Picture(
        Size(width, height),
        tuple(Variant(kind, one, f"assets/a-{one}.0.{kind}", total) for kind, total in kinds.items() for one in widths),
    )


def shown(image: str, of: Picture, base: str = "") -> LexborHTMLParser:
    return LexborHTMLParser(html.render(html.read_attributes(html.IMAGE.fullmatch(image)[1]), of, base))


def test_the_browser_may_choose_kind_and_width() -> None:
    page = shown('<img alt="A knot" src="x" loading="lazy" decoding="async">', picture(1280, 960), "/site")
    types = [source.attributes["type"] for source in page.css("picture > source")]
    assert types == ["image/avif", "image/webp"]
    image = page.css_first("picture > img").attributes
    assert image["src"] == "/site/assets/a-1280.0.jpg"
    assert image["srcset"] == (
        "/site/assets/a-320.0.jpg 320w, /site/assets/a-640.0.jpg 640w, /site/assets/a-1280.0.jpg 1280w"
    )
    assert (image["width"], image["height"]) == ("1280", "960")
    assert (image["alt"], image["loading"], image["decoding"]) == ("A knot", "lazy", "async")
    assert {node.attributes["sizes"] for node in page.css("source, img")} == {
        "(min-width: 40.25rem) 37rem, (min-width: 25rem) 92vw, calc(100vw - 2rem)"
    }


def test_the_kind_that_is_smaller_is_offered_first() -> None:
    page = shown('<img alt="" src="x">', picture(400, 300, avif=9, webp=2, png=30))
    assert [source.attributes["type"] for source in page.css("source")] == ["image/webp", "image/avif"]
    assert page.css_first("img").attributes["src"] == "/assets/a-400.0.png"


def test_what_the_editor_wrote_stays() -> None:
    page = shown("<img alt='5 < 6 & \"so on\"' src=x title=\"A &amp; B\" class='wide' />", picture(400, 300))
    image = page.css_first("img").attributes
    assert (image["alt"], image["title"], image["class"]) == ('5 < 6 & "so on"', "A & B", "wide")


def test_a_small_picture_asks_for_no_more_than_its_width() -> None:
    page = shown('<img alt="" src="x">', picture(200, 100))
    assert {node.attributes["sizes"] for node in page.css("source, img")} == {"200px"}


def test_a_width_that_the_editor_chose_keeps_the_shape() -> None:
    image = shown('<img alt="" src="x" width="300" height="7">', picture(1280, 960)).css_first("img").attributes
    assert (image["width"], image["height"], image["sizes"]) == ("300", "225", "300px")
    for odd in ("0", "9999", "50%", "-3"):
        image = shown(f'<img alt="" src="x" width="{odd}">', picture(1280, 960)).css_first("img").attributes
        assert (image["width"], image["height"]) == ("1280", "960")


def test_a_drawing_stays_one_file_and_gets_its_size() -> None:
    written = html.render({"alt": "A knot", "src": "{static}/images/a.svg"}, Picture(Size(30, 20)), "/site")
    assert written == '<img alt="A knot" src="{static}/images/a.svg" width="30" height="20">'


def test_the_sizes_are_those_of_the_theme() -> None:
    text = TOKENS.read_text(encoding="utf-8")
    assert re.search(r"--measure: (\d+)rem;", text)[1] == str(html.COLUMN)
    assert "--gutter: clamp(1rem, 4vw, 2.5rem);" in text
