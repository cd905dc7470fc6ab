"""What every page owes its readers, whatever it is about."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

from bs4 import BeautifulSoup

Pages = dict[str, BeautifulSoup]


def test_every_page_has_one_h1_with_words(pages: Pages) -> None:
    for path, page in pages.items():
        heads = page.find_all("h1")
        assert len(heads) == 1, path
        assert heads[0].get_text(strip=True), path


def test_titles_and_descriptions_are_unique(pages: Pages) -> None:
    titles = [page.title.get_text(strip=True) for page in pages.values()]
    descriptions = [page.find("meta", attrs={"name": "description"})["content"] for page in pages.values()]
    assert len(set(titles)) == len(titles)
    assert len(set(descriptions)) == len(descriptions)
    assert all(20 < len(description) <= 160 for description in descriptions)


def test_headings_never_skip_a_level(pages: Pages) -> None:
    for path, page in pages.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert not jumps, f"{path}: {jumps}"


def test_every_page_has_its_landmarks_and_language(pages: Pages) -> None:
    for path, page in pages.items():
        assert page.html["lang"] == "en-US", path
        for landmark in ("header", "main", "footer"):
            outer = [tag for tag in page.find_all(landmark) if not tag.find_parent(["article", "section", "main"])]
            assert len(outer) == 1, f"{path}: {landmark}"
        names = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.find_all("nav")]
        assert None not in names, path
        assert len(set(names)) == len(names), path


def test_the_first_link_skips_to_the_content(pages: Pages) -> None:
    for path, page in pages.items():
        first = page.find("a")
        assert first["href"] == f"#{page.main['id']}", path


def test_images_say_what_they_show(pages: Pages) -> None:
    for path, page in pages.items():
        for image in page.find_all("img"):
            assert image.has_attr("alt"), path
        for drawing in page.find_all("svg"):
            assert drawing.get("aria-hidden") == "true" or drawing.get("role") == "img", path


def test_help_in_a_crisis_is_at_the_start_and_the_end_of_every_page(pages: Pages) -> None:
    for path, page in pages.items():
        links = page.body.find_all("a")
        numbers = [number for number, link in enumerate(links) if link.get("href") in ("tel:988", "sms:988")]
        assert numbers, path
        html = str(page.body)
        places = [match.start() / len(html) for match in re.finditer(r'href="tel:988"', html)]
        assert places[0] < 0.25, f"{path}: {places}"
        assert len(places) > 1, f"{path}: {places}"
        strips = [number for number in numbers if number < 8]
        assert strips, path


def test_the_crisis_strip_is_the_same_everywhere(pages: Pages) -> None:
    strips = {str(page.find(class_="crisis-strip")) for page in pages.values()}
    assert len(strips - {"None"}) == 1
    assert "None" not in strips


def test_no_page_asks_anybody_else_for_anything(pages: Pages) -> None:
    loading = re.compile(r"^(?:https?:)?//")
    for path, page in pages.items():
        for tag in page.find_all(["script", "img", "iframe", "source", "audio", "video", "object", "embed"]):
            for attribute in ("src", "srcset", "data", "poster"):
                assert not loading.match(tag.get(attribute, "")), f"{path}: {tag}"
        for link in page.find_all("link"):
            if set(link.get("rel", ())) & {
                "stylesheet",
                "icon",
                "preload",
                "manifest",
                "preconnect",
                "dns-prefetch",
                "prefetch",
            }:
                assert link["href"].startswith("/"), f"{path}: {link}"


def test_pages_run_no_script_and_hold_no_inline_style(pages: Pages) -> None:
    for path, page in pages.items():
        extra = ["module"] if path == "search/index.html" else []
        assert [script.get("type") for script in page.find_all("script")] == [
            "application/ld+json",
            *extra,
            "speculationrules",
        ], path
        assert not page.find_all("style"), path
        assert not page.find_all(style=True), path
        events = [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert not events, path


def test_links_that_leave_do_not_say_where_the_reader_was(pages: Pages) -> None:
    for path, page in pages.items():
        for link in page.find_all("a", href=re.compile("^https?:")):
            assert "noreferrer" in link.get("rel", ()), f"{path}: {link['href']}"
            assert link["href"].startswith("https:"), f"{path}: {link['href']}"


def test_articles_say_that_no_clinician_has_reviewed_them(articles: Pages, root: Path) -> None:
    for path, page in articles.items():
        assert "Not yet reviewed by a clinician" in page.main.get_text(" ", strip=True), path
        assert "lastReviewed" not in str(page), path
        assert "reviewedBy" not in str(page), path


def test_articles_show_breadcrumbs_contents_and_true_dates(articles: Pages, root: Path) -> None:
    for path, page in articles.items():
        source = (root / "content" / "articles" / f"{path.removesuffix('/index.html')}.md").read_text(encoding="utf-8")
        dates = set(re.findall(r"^(?:modified|next_review): (\S+)$", source, re.M))
        crumbs = page.find("nav", attrs={"aria-label": "You are here"})
        assert [link["href"] for link in crumbs.find_all("a")][:2] == ["/", f"/{path.split('/')[0]}/"], path
        assert crumbs.find(attrs={"aria-current": "page"}), path
        assert {time["datetime"] for time in page.find_all("time")} >= dates, path
        contents = {link["href"] for link in page.find_all("a", href=re.compile("^#"))}
        for heading in page.main.find_all("h2", id=True):
            if heading.find_parent(class_="prose"):
                assert f"#{heading['id']}" in contents, f"{path}: {heading['id']}"


def test_the_times_of_the_sections_fit_into_the_time_of_the_page(articles: Pages) -> None:
    """Key points and short version take the rest, some two minutes at most."""
    for path, page in articles.items():
        whole = int(re.match(r"\d+", page.find(class_="status").get_text(strip=True))[0])
        rows = [row for row in page.find(class_="contents").find_all("li") if row.a["href"] != "#sources"]
        times = [row.span.get_text() for row in rows]
        assert all(re.fullmatch(r"(15|30) seconds|1 minute|[2-9] minutes", time) for time in times), path
        minutes = sum(int(time.split()[0]) / (60 if "second" in time else 1) for time in times)
        assert -0.75 <= whole - minutes <= 3, f"{path}: {whole} minutes, its sections {minutes}"


def test_every_citation_leads_to_its_source_and_back(articles: Pages) -> None:
    cited = {path: page for path, page in articles.items() if page.find(id="sources")}
    assert len(cited) >= len(articles) - 1, "only a guide to a public register may do without sources"
    for path, page in cited.items():
        marks = page.find_all("a", id=re.compile(r"^cite-\d+-\d+$"))
        assert marks, path
        for mark in marks:
            source = page.find(id=mark["href"].removeprefix("#"))
            assert source is not None, f"{path}: {mark}"
            assert source.find("a", href=f"#{mark['id']}"), f"{path}: no way back to {mark['id']}"


def test_structured_data_agrees_with_the_page(pages: Pages) -> None:
    for path, page in pages.items():
        node = json.loads(page.find("script", type="application/ld+json").string)
        assert node["name"] == " ".join(page.h1.get_text(" ", strip=True).split()) or path == "index.html", path
        canonical = page.find("link", rel="canonical")
        assert path == "404.html" or node["url"] == canonical["href"], path
        assert node["@type"] == "MedicalWebPage" or path.count("/") < 2, path
        if "breadcrumb" in node:
            crumbs = page.find("nav", attrs={"aria-label": "You are here"}).find_all("li")
            assert [item["name"] for item in node["breadcrumb"]["itemListElement"]] == [
                crumb.get_text(" ", strip=True) for crumb in crumbs
            ], path


def test_social_cards_use_our_own_image(pages: Pages, site: Path) -> None:
    for path, page in pages.items():
        image = page.find("meta", property="og:image")["content"]
        assert image.startswith("https://untangled.example/assets/"), path
        assert (site / image.removeprefix("https://untangled.example/")).is_file(), path


def test_the_error_page_works_at_any_depth(pages: Pages) -> None:
    page = pages["404.html"]
    for tag in page.find_all(["a", "link", "img"]):
        target = tag.get("href") or tag.get("src") or ""
        assert target.startswith(("/", "#", "tel:", "sms:", "https://")), tag
    assert page.find("meta", attrs={"name": "robots"})["content"].startswith("noindex")
