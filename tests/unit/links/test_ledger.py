"""No published address is lost without a redirect or a reason."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sitekit.links import check
from sitekit.links.ledger import (
    Ledger,
    Redirects,
    check_promise,
    html_fallbacks,
    netlify_rules,
    published,
    read_redirects,
    redirect_table,
)

from .sites import page, write

DATA = """redirects:
  - from: /old/
    to: /new/
    since: 2026-11-22
  - {from: /older/, to: /old/, since: 2026-11-22}
  - from: /page/#gone
    to: /page/#here
    since: 2026-11-22
removed:
  - url: /news/
    since: 2026-11-22
    reason: It is over.
"""


def ledger(*addresses: str) -> Ledger:
    return Ledger({}).with_new(addresses)


def found(lines: Ledger, redirects: Redirects, present: set[str]) -> list[tuple[str, str, int]]:
    return [
        (finding.code, finding.url, finding.source_line)
        for finding in check_promise(lines, redirects, present, "urls.txt")
    ]


def test_addresses_of_a_built_site(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "index.html": page("<h1>No id</h1>"),
            "a b/index.html": page('<h2 id="one">x</h2><h3 id="caf\u00e9 2">x</h3><p id="not-a-heading">x</p>'),
            "plain.html": page('<h1 id="top">x</h1>'),
            "404.html": page('<h1 id="lost">x</h1>'),
            "moved/index.html": '<meta http-equiv="Refresh" content="0;url=/"><h1 id="m">x</h1>',
            "x.css": "p{}",
        },
    )
    assert published(tmp_path) == {
        "/",
        "/a%20b/",
        "/a%20b/#one",
        "/a%20b/#caf%C3%A9%202",
        "/plain.html",
        "/plain.html#top",
    }


def test_a_ledger_survives_writing_and_reading() -> None:
    lines = ledger("/b/#z", "/b/", "/a/", "/b/#a")
    text = lines.as_text()
    assert text.splitlines()[1:] == ["/a/", "/b/", "/b/#a", "/b/#z"]
    assert Ledger.parse(text) == (lines, [])
    assert lines.new({"/b/", "/c/", "/a/#x"}) == ["/a/#x", "/c/"]


@settings(deadline=None)
@given(
    st.sets(
        st.text("ab/#%-", min_size=1, max_size=8)
        .map(lambda text: "/" + text)
        .filter(lambda text: not text.endswith("#"))
    )
)
def test_any_set_of_addresses_survives(addresses: set[str]) -> None:
    parsed, problems = Ledger.parse(Ledger({}).with_new(addresses).as_text())
    assert (set(parsed.lines), problems) == (addresses, [])


def test_a_bad_ledger_line_is_told_with_its_place() -> None:
    parsed, problems = Ledger.parse("# note\n/a/\nb/\n/a b/\n/a/\n/c/#\n", "urls.txt")
    assert set(parsed.lines) == {"/a/"}
    assert [(p.path, p.line, p.code) for p in problems] == [
        ("urls.txt", 3, "ledger-line"),
        ("urls.txt", 4, "ledger-line"),
        ("urls.txt", 5, "ledger-duplicate"),
        ("urls.txt", 6, "ledger-line"),
    ]


def test_what_is_lost_is_found_on_its_line() -> None:
    lines = ledger("/", "/a/", "/a/#x", "/b/", "/b/#y", "/b/#z")
    assert found(lines, Redirects(), {"/", "/b/", "/b/#y"}) == [("lost-page", "/a/", 3), ("lost-anchor", "/b/#z", 7)]
    assert found(lines, Redirects(), set(lines.lines)) == []


def test_redirects_and_removals_keep_the_promise() -> None:
    redirects, problems = read_redirects(DATA, "redirects.yaml")
    assert problems == []
    lines = ledger("/old/", "/old/#x", "/new/", "/news/", "/news/#y", "/page/", "/page/#gone")
    present = {"/new/", "/page/", "/page/#here"}
    assert found(lines, redirects, present) == [("redirect-chain", "/older/", 5)]


def test_redirects_are_checked() -> None:
    text = "redirects:\n" + "".join(
        f"  - {{from: {source}, to: {target}, since: 2026-11-22}}\n"
        for source, target in {
            "/a/": "/b/",
            "/b/": "/a/",
            "/self/": "/self/",
            "/lost/": "/nowhere/",
            "/page/": "/other/",
            "/into/": "/a/",
            "/frag/": "/page/#nope",
            "/out/": "https://other.example/",
        }.items()
    )
    redirects, _ = read_redirects(text)
    assert sorted((code, url) for code, url, _ in found(ledger(), redirects, {"/page/", "/other/"})) == [
        ("redirect-loop", "/a/"),
        ("redirect-loop", "/b/"),
        ("redirect-loop", "/self/"),
        ("redirect-shadows-page", "/page/"),
        ("redirect-target", "/frag/"),
        ("redirect-target", "/lost/"),
    ]


def test_mistakes_in_the_file_are_told_all_at_once() -> None:
    text = """redirects:
  - {from: old/, to: /a/, since: 2026-11-22}
  - {from: /a/, to: b/, since: 2026-11-22}
  - {from: /a/, to: /b/}
  - {from: /c/, to: /b/, since: soon}
  - {from: /d/, to: /b/, since: 2026-11-22}
  - {from: /d/, to: /b/, since: 2026-11-22}
  - text
removed:
  - {url: /e/, since: 2026-11-22, reason: ""}
others: []
"""
    redirects, problems = read_redirects(text, "r.yaml")
    assert [moved.source for moved in redirects.moved] == ["/d/"]
    assert [(p.line, p.code) for p in problems] == [
        (2, "redirects-address"),
        (3, "redirects-address"),
        (4, "redirects-fields"),
        (5, "redirects-date"),
        (7, "redirects-twice"),
        (8, "redirects-fields"),
        (10, "redirects-reason"),
        (11, "redirects-shape"),
    ]
    for bad in ("[", "- x", "redirects: 5", "{a: b"):
        assert read_redirects(bad)[1]
    assert read_redirects("") == (Redirects(), [])
    assert read_redirects("redirects:\nremoved:\n")[1] == []


def test_rendered_redirects_lead_to_the_end_at_once() -> None:
    redirects, _ = read_redirects(DATA)
    assert json.loads(redirect_table(redirects, "/docs")) == {"/docs/old/": "/docs/new/", "/docs/older/": "/docs/new/"}
    assert netlify_rules(redirects) == "/old/ /new/ 301\n/older/ /new/ 301\n/news/ /404.html 410\n"


def test_fallback_pages_send_the_reader_on_and_pass_the_link_check(tmp_path: Path) -> None:
    redirects, _ = read_redirects(DATA)
    pages = html_fallbacks(redirects, "https://example.org/")
    assert set(pages) == {"old/index.html", "older/index.html"}
    write(tmp_path, {**pages, "new/index.html": page("x"), "index.html": page('<a href="/new/">New</a>')})
    report = check(tmp_path, "https://example.org/")
    assert (report.problems, report.advisories) == ((), ())
    assert published(tmp_path) == {"/", "/new/"}


def test_dates_are_kept() -> None:
    redirects, _ = read_redirects(DATA)
    assert {moved.since for moved in redirects.moved} == {datetime.date(2026, 11, 22)}
