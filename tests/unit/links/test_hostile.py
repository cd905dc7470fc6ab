"""Input that tries to stop the checker, or to make it look outside the folder. The rest of the site is still checked."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from sitekit.links import UsageError, check

from .sites import broken, checked, page, urls, write

HOME = {"index.html": page('<a href="gone">x</a>')}
SOON = 20  # seconds of CPU; each of these takes minutes or for ever when done naively


def in_time(tmp_path: Path, files: dict[str, str | bytes]) -> set[str]:
    started = time.process_time()
    report = checked(tmp_path, {**HOME, **files})
    assert time.process_time() - started < SOON
    assert ("index.html", "gone") in broken(report)
    return urls(report) - {"gone"}


def test_entity_bomb(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "ha">{levels}]><feed xmlns="http://www.w3.org/2005/Atom"><title>&l11;</title></feed>'
    assert (
        in_time(tmp_path, {"feed.xml": bomb, "x.svg": bomb.replace("<title>", '<link href="&l11;"/><title>')}) == set()
    )


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", {"s.txt": "https://example.org/stolen"}) / "s.txt"
    feed = f'<!DOCTYPE f [<!ENTITY x SYSTEM "{secret.as_uri()}">]><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>&x;</loc></url></urlset>'
    assert "https://example.org/stolen" not in in_time(tmp_path / "site", {"sitemap.xml": feed})


@pytest.mark.parametrize(
    "element", ["div", "b", "a", "span", "svg", "ul><li", "table><tr><td", "blockquote", "font", "object", "button"]
)
def test_deep_nesting(element: str, tmp_path: Path) -> None:
    body = (
        f"<{element}>" * 30_000 + '<a href="deep-gone">x</a><p id="deep"><a href="#deep">x</a><a href="#shallow">x</a>'
    )
    assert in_time(tmp_path, {"deep.html": page(body)}) == {"deep-gone", "#shallow"}


def test_deep_xml(tmp_path: Path) -> None:
    assert in_time(tmp_path, {"deep.svg": '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 100_000}) == set()


def test_deep_json(tmp_path: Path) -> None:
    head = f'<script type="application/ld+json">{"[" * 100_000}</script>'
    assert in_time(tmp_path, {"deep.html": page("", head), "manifest.json": "[" * 100_000}) == set()


def test_many_attributes_and_many_open_links(tmp_path: Path) -> None:
    body = "<p " + " ".join(f"a{n}=x" for n in range(20_000)) + ">" + "<a href=gone-too>" * 20_000
    assert in_time(tmp_path, {"wide.html": page(body)}) == {"gone-too"}


def test_a_huge_page(tmp_path: Path) -> None:
    body = "".join(f'<p id="p{n}">{"word " * 45}<a href="#p{n}">x</a></p>\n' for n in range(120_000))
    assert len(body) > 30_000_000
    assert in_time(tmp_path, {"huge.html": page(body + '<a href="#gone-end">x</a>')}) == {"#gone-end"}


def test_many_broken_links_in_one_file(tmp_path: Path) -> None:
    locations = "".join(f"<url><loc>https://example.org/no/{n}</loc></url>\n" for n in range(30_000))
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
    assert len(in_time(tmp_path, {"sitemap.xml": sitemap})) == 30_000


def test_long_urls(tmp_path: Path) -> None:
    long = "x" * 2_000_000
    assert in_time(
        tmp_path, {"long.html": page(f'<a href="{long}">x</a><img src="data:image/png;base64,{long}" alt="">')}
    ) == {long}


def test_zero_byte_files(tmp_path: Path) -> None:
    names = (
        "a.html",
        "a.css",
        "a.xml",
        "a.svg",
        "a.png",
        "robots.txt",
        "_redirects",
        "manifest.json",
        "a.xml.gz",
        "sitemap.xml",
    )
    files = dict.fromkeys(names, "")
    files["links.html"] = page("".join(f'<a href="{name}">{name}</a>' for name in names) + '<a href="a.html#x">x</a>')
    assert in_time(tmp_path, files) == {"a.html#x"}


def test_binary_noise_under_every_name(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 40
    names = (
        "n.html",
        "n.css",
        "n.xml",
        "n.svg",
        "n.webmanifest",
        "robots.txt",
        "_redirects",
        "sitemap.txt",
        "n.xml.gz",
        "n.xhtml",
        "feed.json",
    )
    report = checked(tmp_path, {**HOME, **dict.fromkeys(names, noise)})
    assert ("index.html", "gone") in broken(report)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_symbolic_links(tmp_path: Path) -> None:
    body = '<a href="loop/loop/a.html">x</a><a href="loop/gone">x</a><a href="self">x</a><a href="alias/b.html#b">x</a><a href="alias/gone">x</a>'
    site = write(tmp_path / "site", {"index.html": page(body), "a.html": page("x"), "real/b.html": page("<p id=b>")})
    (site / "loop").symlink_to(site)
    (site / "self").symlink_to("self")
    (site / "alias").symlink_to("real")
    (site / "real" / "up").symlink_to("..")
    report = check(site, "https://example.org/")
    assert urls(report) == {"loop/gone", "self", "alias/gone"}
    assert report.pages == 3


def test_a_folder_behind_a_symbolic_link_is_part_of_the_site(tmp_path: Path) -> None:
    outside = write(
        tmp_path / "outside", {"b.html": page('<p id="b"><a href="../index.html">x</a><a href="gone">x</a>')}
    )
    site = write(tmp_path / "site", {"index.html": page('<a href="in/b.html#b">x</a><a href="in/b.html#c">x</a>')})
    (site / "in").symlink_to(outside)
    assert broken(check(site, "https://example.org/")) == {("in/b.html", "gone"), ("index.html", "in/b.html#c")}


def test_file_names_that_are_not_utf8(tmp_path: Path) -> None:
    site = write(tmp_path, {"index.html": page('<a href="caf%E9.html">x</a><a href="caf%E8.html">x</a>')})
    try:
        (site / os.fsdecode(b"caf\xe9.html")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    assert urls(check(site, "https://example.org/")) == {"caf%E8.html"}


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    site = write(tmp_path, HOME)
    (site / "fifo.html").symlink_to("/dev/null")
    os.mkfifo(site / "pipe.html")
    report = check(site, "https://example.org/")
    assert report.pages == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that opens and cannot be read, whoever asks")
def test_a_file_that_fails_to_be_read_is_told_by_every_run(tmp_path: Path) -> None:
    site = write(tmp_path / "site", HOME)
    (site / "odd.html").symlink_to("/proc/self/mem")
    for cache in (None, tmp_path / "c", tmp_path / "c"):
        told = {(finding.page, finding.code) for finding in check(site, "https://example.org/", cache=cache).findings}
        assert ("odd.html", "unreadable-file") in told
    (site / "odd.html").unlink()
    write(site, {"odd.html": page('<a href="gone">x</a>')})
    assert urls(check(site, "https://example.org/", cache=tmp_path / "c")) == {"gone"}


def test_nul_in_json_is_only_another_character(tmp_path: Path) -> None:
    head = '<script type="application/ld+json">{"@context":"https://schema.org","url":"/#a\\u0000b"}</script>'
    report = check(write(tmp_path, {"index.html": page('<a href="/">x</a>', head)}), "https://example.org/")
    assert len(report.problems) == 1


@pytest.mark.parametrize("base_url", ["", "example.org", "/x", "ftp://example.org/", "https://", "file:///x"])
def test_a_base_url_must_be_one(base_url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check(write(tmp_path, HOME), base_url)


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check(tmp_path / "nowhere", "https://example.org/")
