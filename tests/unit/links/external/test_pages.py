"""Anchors on pages of other sites, addresses that have moved for good, and DOIs."""

from __future__ import annotations

import pytest

from .conftest import Outside
from .server import answer, by_method, redirect

PAGE = """<!doctype html><title>T</title><h1 id="First">One</h1><a name="named">x</a><p id="a b">y<p id="café">z
<h2 id="user-content-heading">w</h2><template><i id="inert"></i></template><!-- <p id="comment"> -->"""


def test_anchors_are_looked_for_the_way_a_browser_does(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(body=PAGE))
    there = [
        "First",
        "named",
        "a%20b",
        "caf%C3%A9",
        "café",
        "heading",
        "top",
        "TOP",
        "",
        "First:~:text=One",
        ":~:text=One",
    ]
    by_script = ["/route", "!/route"]
    missing = ["first", "inert", "comment", "First%20", "named:"]
    found = outside.ask(*(f"{url}#{fragment}" for fragment in (*there, *by_script, *missing)))
    assert sorted(found) == sorted(f"{url}#{fragment}" for fragment in missing)
    assert {finding.code for finding in found.values()} == {"external-failing"}
    assert "no element with the id “first”" in found[f"{url}#first"].message
    assert outside.server.asked("a.test/x") == ["GET"]


def test_an_anchor_that_stays_away_has_a_code_of_its_own(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(body=PAGE))
    for _ in range(3):
        outside.code(f"{url}#gone")
        outside.clock.days(2)
    assert outside.code(f"{url}#gone") == "external-fragment"
    assert outside.code(f"{url}#First") == ""


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p id='é'>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        (b"<meta charset=windows-1252><p id='\xe9'>", "text/html"),
        ("<meta charset=latin1><p id='é'>".encode(), "text/html; charset=utf-8"),
        ("\ufeff<p id='é'>".encode(), "text/html; charset=latin1"),
        ("<p id='é'>".encode("utf-16-le"), 'text/html; charset="utf-16le"'),
        (b"\xff\xfe" + "<p id='é'>".encode("utf-16-le"), "text/html"),
        (b"<p id='\xe9'>", "text/html; charset=no-such-thing"),
        (b"<p id='\xc3\xa9'>\xff\xc3 \xed\xa0\x80", "application/xhtml+xml; charset=utf-8"),
    ],
)
def test_a_page_is_decoded_by_its_header_then_by_itself(outside: Outside, body: bytes, content_type: str) -> None:
    url = outside.page("a.test/x", answer(body=body, content_type=content_type))
    assert outside.ask(f"{url}#%C3%A9") == {}
    assert set(outside.ask(f"{url}#e", recheck=True)) == {f"{url}#e"}


def test_a_page_without_any_id_is_put_together_by_scripts(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(body="<div class=root></div><script src=app.js></script>"))
    assert outside.code(f"{url}#section") == "unknown-target"


def test_fragments_of_what_is_not_html_are_the_viewers_business(outside: Outside) -> None:
    url = outside.page("a.test/x.pdf", answer(body=b"%PDF", content_type="application/pdf"))
    assert outside.code(f"{url}#page=3") == ""


def test_all_anchors_of_a_page_are_looked_for_in_one_request(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(body=PAGE))
    assert outside.ask(url, f"{url}#First", f"{url}#named") == {}
    assert outside.server.asked("a.test/x") == ["GET"]


def test_what_has_moved_for_good_is_offered_with_the_anchor_of_the_link(outside: Outside) -> None:
    outside.page("b.test/new", answer(body=PAGE))
    outside.page("a.test/middle", redirect("http://b.test/new", 308))
    url = outside.page("a.test/old", redirect("/middle", 301))
    found = outside.ask(url, f"{url}#First")
    assert {(finding.code, finding.suggestion, finding.fix) for finding in found.values()} == {
        ("permanent-redirect", "http://b.test/new", "http://b.test/new"),
        ("permanent-redirect", "http://b.test/new#First", "http://b.test/new#First"),
    }


def test_a_move_is_remembered_while_the_answer_holds(outside: Outside) -> None:
    outside.page("b.test/new")
    url = outside.page("a.test/old", redirect("http://b.test/new", 301))
    first = outside.ask(url)
    assert outside.ask(url) == first
    assert outside.latest.counts.asked == 0


def test_one_passing_redirect_makes_the_whole_way_passing(outside: Outside) -> None:
    outside.page("b.test/new")
    outside.page("a.test/middle", redirect("http://b.test/new", 302))
    assert outside.code(outside.page("a.test/old", redirect("/middle", 301))) == ""


def test_a_move_to_something_broken_is_broken(outside: Outside) -> None:
    outside.page("b.test/new", answer(404))
    url = outside.page("a.test/old", redirect("http://b.test/new", 301))
    assert outside.message(url).startswith("It leads on to http://b.test/new. The server answers 404")


@pytest.mark.parametrize(
    ("target", "certain"),
    [
        ("http://b.test/somewhere", True),
        ("http://b.test/", False),
        ("http://b.test/login/x", False),
        ("http://b.test/old?session=1", False),
    ],
)
def test_only_a_move_of_the_page_itself_is_certain(outside: Outside, target: str, certain: bool) -> None:
    outside.page(target.removeprefix("http://"))
    url = outside.page("a.test/old", redirect(target, 301))
    finding = outside.ask(url)[url]
    assert (finding.code, finding.suggestion, bool(finding.fix)) == ("permanent-redirect", target, certain)


def test_an_anchor_given_by_the_redirect_replaces_that_of_the_link(outside: Outside) -> None:
    outside.page("b.test/new", answer(body=PAGE))
    url = outside.page("a.test/old", redirect("http://b.test/new#named", 301))
    found = outside.ask(f"{url}#was-there-once")
    assert [(finding.code, finding.fix) for finding in found.values()] == [
        ("permanent-redirect", "http://b.test/new#named")
    ]


def test_a_redirect_to_an_address_outside_ascii(outside: Outside) -> None:
    outside.page("b.test/caf%C3%A9")
    url = outside.page("a.test/old", redirect("http://b.test/café", 301))
    assert outside.ask(url)[url].suggestion == "http://b.test/caf%C3%A9"


def test_a_doi_is_judged_by_its_resolver_alone(outside: Outside) -> None:
    outside.page("doi.org/10.1/known", redirect("http://publisher.test/article"))
    outside.page("doi.org/10.1/unknown", answer(404, "DOI Not Found"))
    outside.page("publisher.test/article", answer(403))
    found = outside.ask("http://doi.org/10.1/known", "http://doi.org/10.1/known#sec", "http://doi.org/10.1/unknown")
    assert {url: finding.code for url, finding in found.items()} == {"http://doi.org/10.1/unknown": "external-failing"}
    assert {request.host for request in outside.server.log} == {"doi.org"}
    assert outside.ask("http://doi.org/10.1/known", "http://doi.org/10.1/known#sec") == {}
    assert outside.latest.counts.asked == 0


def test_an_old_address_of_the_resolver_is_offered_its_new_one(outside: Outside) -> None:
    outside.page("dx.doi.org/10.1/x", redirect("http://doi.org/10.1/x", 301))
    outside.page("doi.org/10.1/x", redirect("http://publisher.test/x", 302))
    assert outside.ask("http://dx.doi.org/10.1/x")["http://dx.doi.org/10.1/x"].fix == "http://doi.org/10.1/x"


def test_a_resolver_that_refuses_head_is_asked_by_get(outside: Outside) -> None:
    outside.page("doi.org/10.1/x", by_method(head=answer(405), get=redirect("http://publisher.test/x")))
    assert outside.code("http://doi.org/10.1/x") == ""
