"""A photo that an editor adds reaches readers in the right size, with nothing of where it was taken; and only if a page shows it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from sitekit.publish.rules import load_rules
from tests.conftest import ROOT, run_pelican, snapshot
from tests.pictures import SECRETS, as_bytes, opened, photo, scene

ARTICLE = "articles/mind/insomnia-and-pain.md"
LATER = "articles/mind/anxiety-and-pain.md"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><path d="M0 0h99"/></svg>'


def add(content: Path, path: str, text: str) -> None:
    with (content / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


def put_first(content: Path, path: str, text: str) -> None:
    front, body = (content / path).read_text(encoding="utf-8").split("\n---\n", 1)
    (content / path).write_text(f"{front}\n---\n\n{text}\n{body}", encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with photos, as it goes out; its content lies beside it."""
    folder = tmp_path_factory.mktemp("pictures")
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    (content / "images").mkdir(exist_ok=True)  # Git keeps no empty folder
    (content / "data" / "urls.txt").unlink()  # one page will be a draft, whatever was promised
    for name, data in {
        "knot.jpg": photo(1500, 1000, orientation=6),
        "chart.png": as_bytes(scene(400, 300), "PNG"),
        "large.jpg": photo(700, 500),
        "secret.jpg": photo(340, 200),
        "unused.jpg": photo(330, 200),
        "arrow.svg": SVG.encode(),
    }.items():
        (content / "images" / name).write_bytes(data)
    put_first(content, ARTICLE, "![A rope with a knot](../../images/knot.jpg)")
    add(
        content,
        ARTICLE,
        "![A chart of sleep]({static}/images/chart.png)\n\n[The whole picture](../../images/large.jpg)",
    )
    add(content, ARTICLE, "![An arrow]({static}/images/arrow.svg)")
    add(content, LATER, "![A hidden place]({static}/images/secret.jpg)")
    text = (content / LATER).read_text(encoding="utf-8").replace("\npublished:", "\nstatus: draft\npublished:", 1)
    (content / LATER).write_text(text, encoding="utf-8")
    for path in sorted((content / "articles").rglob("*.md")):  # what others say of the draft goes with it
        plain = re.sub(r"\[([^\]]*)\]\([^)]*anxiety-and-pain\.md[^)]*\)", r"\1", path.read_text(encoding="utf-8"))
        path.write_text(plain, encoding="utf-8")
    done = run_pelican(content, folder / "output", "-s", str(ROOT / "publishconf.py"))
    assert done.returncode == 0, done.stderr
    assert "pictures" in done.stdout
    return folder / "output"


@pytest.fixture(scope="module")
def page(built: Path) -> LexborHTMLParser:
    return LexborHTMLParser((built / "mind/insomnia-and-pain/index.html").read_text(encoding="utf-8"))


def image(page: LexborHTMLParser, alt: str) -> LexborHTMLParser:
    return next(node for node in page.css("img") if node.attributes.get("alt") == alt)


def test_a_photo_is_offered_in_three_kinds_and_its_widths(built: Path, page: LexborHTMLParser) -> None:
    knot = image(page, "A rope with a knot")
    assert knot.parent.tag == "picture"
    kinds = set()
    for node in (*knot.parent.css("source"), knot):
        for part in node.attributes["srcset"].split(", "):
            address, width = part.split(" ")
            shown = opened((built / address.lstrip("/")).read_bytes())
            assert f"{shown.width}w" == width
            assert shown.height == shown.width * 3 // 2
            kinds.add((shown.format, shown.width))
    assert kinds == {(kind, width) for kind in ("AVIF", "WEBP", "JPEG") for width in (320, 640, 1000)}
    assert (knot.attributes["width"], knot.attributes["height"]) == ("1000", "1500")


def test_a_picture_waits_until_it_is_about_to_be_seen_unless_it_is_the_first_thing(page: LexborHTMLParser) -> None:
    assert "loading" not in image(page, "A rope with a knot").attributes
    assert image(page, "A chart of sleep").attributes["loading"] == "lazy"
    assert {node.attributes["decoding"] for node in page.css("main img")} == {"async"}


def test_screenshots_fall_back_to_png_and_drawings_stay_drawings(built: Path, page: LexborHTMLParser) -> None:
    assert image(page, "A chart of sleep").attributes["src"].endswith(".png")
    arrow = image(page, "An arrow").attributes
    assert (arrow["src"], arrow["width"], arrow["height"]) == ("/images/arrow.svg", "300", "200")
    assert (built / "images/arrow.svg").read_text(encoding="utf-8") == SVG


def test_a_link_to_a_photo_leads_to_what_was_made_from_it(built: Path, page: LexborHTMLParser) -> None:
    href = next(node.attributes["href"] for node in page.css("a") if node.text() == "The whole picture")
    assert re.fullmatch(r"/assets/large-700\.[0-9a-f]{12}\.jpg", href)
    assert (built / href.lstrip("/")).is_file()


def test_nothing_tells_where_a_photo_was_taken(built: Path) -> None:
    pictures = [path for path in built.rglob("*") if path.suffix in (".jpg", ".avif", ".webp") or "chart" in path.name]
    assert len(pictures) == 9 + 6 + 6
    for path in pictures:
        assert not [secret for secret in SECRETS if secret in path.read_bytes()], path


def test_only_pictures_that_readers_can_see_go_out(built: Path) -> None:
    names = {path.name for path in built.rglob("*")}
    assert not [name for name in names if name.startswith(("secret", "unused"))]
    assert {path.name for path in (built / "images").iterdir()} == {"arrow.svg"}


def test_pictures_are_cached_for_ever(built: Path) -> None:
    rules = load_rules()
    for path in (built / "assets").glob("knot-*"):
        assert rules.classify(f"assets/{path.name}").name == "asset"
        assert rules.media_type(path.name).type.startswith("image/")


def test_a_second_build_encodes_nothing_and_changes_nothing(built: Path, tmp_path: Path) -> None:
    before = snapshot(built)
    done = run_pelican(built.parent / "content", built, "-s", str(ROOT / "publishconf.py"))
    assert done.returncode == 0, done.stderr
    assert "Encoded" not in done.stdout
    assert snapshot(built) == before
    elsewhere = {"SITE_CACHE": str(tmp_path / "cache")}
    done = run_pelican(built.parent / "content", tmp_path / "output", "-s", str(ROOT / "publishconf.py"), **elsewhere)
    assert "Encoded" in done.stdout
    assert {name: data for name, (data, _) in snapshot(tmp_path / "output").items()} == {
        name: data for name, (data, _) in before.items()
    }
