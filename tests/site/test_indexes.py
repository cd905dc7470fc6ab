"""Files for machines: feeds, sitemap, robots.txt, web manifest, icons."""

from __future__ import annotations

import datetime
import email.utils
import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ORIGIN = "https://untangled.example"


def _modified(source: Path) -> str:
    return re.search(r"^modified: (\S+)$", source.read_text(encoding="utf-8"), re.M)[1]


def test_the_atom_feed_has_what_rfc_4287_asks_for(site: Path, articles: dict[str, BeautifulSoup]) -> None:
    feed = etree.parse(site / "feeds" / "all.atom.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
    assert any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link"))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(articles)
    identifiers = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(identifiers)) == len(identifiers)
    has_author = feed.find(f"{ATOM}author") is not None
    for entry in entries:
        assert has_author or entry.findtext(f"{ATOM}author/{ATOM}name"), "RFC 4287, 4.1.1: an author is required"
        assert entry.findtext(f"{ATOM}title")
        assert datetime.datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).tzinfo is not None
        assert entry.find(f"{ATOM}link").get("href").startswith(f"{ORIGIN}/")
        assert entry.findtext(f"{ATOM}summary")
        assert entry.find(f"{ATOM}content") is None, "the whole text stays where its status and the crisis lines are"


def test_the_rss_feed_has_what_rss_2_asks_for(site: Path, articles: dict[str, BeautifulSoup]) -> None:
    rss = etree.parse(site / "feeds" / "all.rss.xml").getroot()
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    channel = rss.find("channel")
    for name in ("title", "link", "description", "language"):
        assert channel.findtext(name), name
    items = channel.findall("item")
    assert len(items) == len(articles)
    for item in items:
        assert item.find("guid").get("isPermaLink") == "false"
        assert email.utils.parsedate_to_datetime(item.findtext("pubDate")).tzinfo is not None
        assert item.findtext("link").startswith(f"{ORIGIN}/")


def test_the_sitemap_lists_every_page_with_its_true_date(site: Path, root: Path) -> None:
    tree = etree.parse(site / "sitemap.xml").getroot()
    assert tree.tag == f"{SITEMAP}urlset"
    dates = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in tree}
    pages = {file.relative_to(site).as_posix() for file in site.rglob("*.html")} - {"404.html"}
    assert set(dates) == {f"{ORIGIN}/{page.removesuffix('index.html')}" for page in pages}
    for source in (root / "content" / "articles").rglob("*.md"):
        address = f"{ORIGIN}/{source.parent.name}/{source.stem}/"
        assert dates[address] == _modified(source)


def test_robots_txt_names_the_sitemap(site: Path) -> None:
    lines = (site / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in lines
    assert "User-agent: *" in lines


def test_the_manifest_and_the_icons_exist(site: Path) -> None:
    manifest = json.loads((site / "site.webmanifest").read_text(encoding="utf-8"))
    assert manifest["name"] == "Untangled"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert (site / icon["src"].removeprefix("/")).is_file()
    assert (site / "favicon.ico").read_bytes()[:4] == b"\0\0\1\0"
    assert (site / "apple-touch-icon.png").read_bytes()[1:4] == b"PNG"


def test_no_template_of_pelicans_own_theme_leaks_in(site: Path, root: Path) -> None:
    unexpected = {"archives.html", "authors.html", "categories.html", "tags.html", "author", "tag", "category"}
    assert not unexpected & {path.name for path in site.iterdir()}
    needed = {path.stem for path in (root / "theme" / "templates").glob("*.html")}
    assert {"article", "page", "category", "home", "error", "base"} <= needed
