"""What comes of each way in which a server can answer, against a real one."""

from __future__ import annotations

import asyncio
import gzip
import random
import time
import zlib

import brotli
import pytest

from sitekit.links.external.run import Offline, check_external

from .conftest import Outside
from .server import Request, answer, by_method, endless, in_turn, raw, redirect, silence


def test_a_page_that_is_there_is_asked_for_once_by_head_however_many_links_lead_to_it(outside: Outside) -> None:
    url = outside.page("a.test/x")
    assert outside.ask(url, url, f"{url}#top", f"{url}#", f"{url}#:~:text=words") == {}
    assert outside.server.asked("a.test/x") == ["HEAD"]
    counts = outside.latest.counts
    assert (counts.addresses, counts.asked, counts.fine, counts.skipped) == (1, 1, 1, 0)


def test_who_asks_says_so_and_carries_nothing_about_the_page_with_the_link(outside: Outside) -> None:
    outside.ask(outside.page("a.test/x", answer(set_cookie="id=1; Path=/")), outside.page("a.test/y"))
    assert len(outside.server.log) == 2
    for request in outside.server.log:
        assert request.headers["user-agent"] == "mozilla/5.0 (compatible; sitekit-links/1.0; +https://own.test/)"
        assert not {"cookie", "referer", "authorization"} & set(request.headers)


def test_the_address_of_the_site_is_said_in_ascii(outside: Outside) -> None:
    folder = outside.site(outside.page("a.test/x"))
    world = outside.internet.surroundings(outside.clock, outside.authority)
    assert check_external(folder, "https://bücher.test/ä/", outside.settings, None, surroundings=world).findings == ()
    assert "+https://xn--bcher-kva.test/%c3%a4/)" in outside.server.log[0].headers["user-agent"]


def test_the_address_goes_out_as_a_browser_would_write_it(outside: Outside) -> None:
    outside.page("a.test/caf%C3%A9/100%/a%2Fb?q=a%20b&c=%27d|", answer(body="<p id=part>"))
    assert outside.code("http://a.test/café/./x/../100%/a%2Fb?q=a b&c='d|#part") == ""


@pytest.mark.parametrize("status", [404, 410])
def test_gone_pages(outside: Outside, status: int) -> None:
    url = outside.page("a.test/x", answer(status))
    assert outside.code(url) == "external-failing"
    assert f"The server answers {status}" in outside.latest.findings[0].message
    assert outside.server.asked("a.test/x") == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [401, 402, 403, 405, 406, 418, 451, 500, 501, 502, 503, 504, 521, 599, 999])
def test_answers_that_a_reader_may_not_get(outside: Outside, status: int) -> None:
    url = outside.page("a.test/x", answer(status))
    assert outside.code(url) == "unknown-target"


@pytest.mark.parametrize("refused", [403, 404, 405, 501])
def test_head_is_not_believed_when_it_fails(outside: Outside, refused: int) -> None:
    url = outside.page("a.test/x", by_method(head=answer(refused), get=answer(200)))
    assert outside.code(url) == ""
    assert outside.server.asked("a.test/x") == ["HEAD", "GET"]


def test_head_that_is_met_with_silence_or_hung_up_on_is_followed_by_get(outside: Outside) -> None:
    silent = outside.page("a.test/x", by_method(head=silence, get=answer()))
    rude = outside.page("b.test/x", by_method(head=raw(b"", reset=True), get=answer()))
    assert outside.ask(silent, rude, request_seconds=0.8) == {}


def test_a_wall_against_robots_is_neither_fine_nor_broken(outside: Outside) -> None:
    by_header = outside.page("a.test/x", answer(404, cf_mitigated="challenge"))
    by_body = outside.page("b.test/x", answer(404, "Request unsuccessful. Incapsula incident ID: 1-2"))
    in_place = outside.page("c.test/x", answer(200, '<p id="x"></p><script>window._cf_chl_opt={}</script>'))
    found = outside.ask(by_header, by_body, f"{in_place}#wanted")
    assert {finding.code for finding in found.values()} == {"unknown-target"}
    assert len(found) == 3
    assert all("wall against robots" in finding.message for finding in found.values())


def test_the_script_of_a_wall_on_an_ordinary_page_is_no_wall(outside: Outside) -> None:
    scripts = (
        '<script src="/_Incapsula_Resource?x"></script><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js">'
    )
    gone = outside.page("a.test/x", answer(404, scripts))
    there = outside.page("b.test/x", answer(200, f"<p id=x></p>{scripts}"))
    assert outside.code(gone) == "external-failing"
    assert outside.code(f"{there}#y") == "external-failing"


def test_429_with_seconds_is_obeyed_and_the_page_is_asked_for_again(outside: Outside) -> None:
    url = outside.page("a.test/x", in_turn(answer(429, retry_after="7"), answer()))
    assert outside.code(url) == ""
    assert outside.server.asked("a.test/x") == ["HEAD", "HEAD"]
    assert outside.clock.waits == [7.0]


def test_429_with_a_date_is_obeyed(outside: Outside) -> None:
    url = outside.page("a.test/x", in_turn(answer(429, retry_after="Sun, 22 Nov 2026 09:40:11 GMT"), answer()))
    assert outside.code(url) == ""
    assert outside.clock.waits == [11.0]


def test_a_host_that_asks_for_hours_is_left_alone_for_this_run(outside: Outside) -> None:
    busy = [outside.page(f"a.test/{n}", answer(429, retry_after="7200")) for n in range(4)]
    found = outside.ask(*busy, outside.page("b.test/x"), connections_per_host=1)
    assert {finding.code for finding in found.values()} == {"unknown-target"}
    assert len(found) == 4
    assert sum("asked for no requests for 2.0 hours" in finding.message for finding in found.values()) == 3
    assert [request.host for request in outside.server.log].count("a.test") == 1
    assert outside.clock.waits == []


def test_503_is_asked_again_after_a_random_while_and_then_let_be(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(503))
    assert outside.code(url, attempts=4, backoff_seconds=2.0) == "unknown-target"
    assert len(outside.clock.waits) == 3
    assert all(0 <= wait <= 2.0 * 2**n for n, wait in enumerate(outside.clock.waits))
    assert len(set(outside.clock.waits)) == 3


SLOW = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p id=first>"


def test_a_slow_drip_and_an_endless_body_cost_a_limited_time_and_are_not_held_against_the_page(
    outside: Outside,
) -> None:
    drip = outside.page("a.test/x", endless(SLOW, b" ", 0.05))
    flood = outside.page("b.test/x", endless(SLOW, b"x" * 50_000, 0.0))
    header_drip = outside.page("c.test/x", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05))
    started = time.monotonic()
    urls = [drip, f"{drip}#first", f"{drip}#second", flood, f"{flood}#first", f"{flood}#second", header_drip]
    found = outside.ask(*urls, request_seconds=0.7, attempts=1)
    assert time.monotonic() - started < 4
    assert {url: finding.code for url, finding in found.items()} == {
        f"{drip}#second": "unknown-target",
        f"{flood}#second": "unknown-target",
        header_drip: "unknown-target",
    }
    assert "did not come to an end in time" in found[f"{drip}#second"].message
    assert "larger than 200,000 bytes" in found[f"{flood}#second"].message


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", lambda data: brotli.compress(data, quality=5)),
        ("identity", bytes),
    ],
    ids=["gzip", "x-gzip", "deflate", "bare deflate", "brotli", "identity"],
)
def test_packed_pages_are_read_and_compression_bombs_only_to_the_limit(outside: Outside, coding: str, pack) -> None:
    small = b"<p id=a>" + b"words " * 5_000 + b"<p id=z>"
    bomb = b"<p id=a>" + b" " * 20_000_000 + b"<p id=z>"
    page = outside.page("a.test/x", answer(200, pack(small), content_encoding=coding))
    large = outside.page("b.test/x", answer(200, pack(bomb), content_encoding=coding))
    found = outside.ask(f"{page}#a", f"{page}#z", f"{large}#a", f"{large}#z")
    assert {url: finding.code for url, finding in found.items()} == {f"{large}#z": "unknown-target"}


def test_a_body_that_is_not_packed_as_it_says_proves_nothing(outside: Outside) -> None:
    urls = [
        outside.page("a.test/x", answer(200, b"not packed", content_encoding=coding)) + f"?{coding}#a"
        for coding in ("gzip", "deflate", "br", "zstd", "gzip, br")
    ]
    for coding in ("gzip", "deflate", "br", "zstd", "gzip, br"):
        outside.server.pages[f"a.test/x?{coding.replace(' ', '%20')}"] = answer(200, b"no", content_encoding=coding)
    assert {finding.code for finding in outside.ask(*urls).values()} == {"unknown-target"}
    assert len(outside.latest.findings) == 5


def test_redirects_that_do_not_last_are_followed_in_silence(outside: Outside) -> None:
    outside.page("b.test/y")
    for status in (302, 303, 307):
        assert outside.code(outside.page(f"a.test/{status}", redirect("http://b.test/y", status))) == ""


def test_redirect_loops_and_chains_without_end(outside: Outside) -> None:
    outside.page("a.test/2", redirect("/1"))
    loop = outside.page("a.test/1", redirect("/2"))
    for number in range(9):
        outside.page(f"b.test/{number}", redirect(f"/{number + 1}"))
    chain, short = outside.page("b.test/0", redirect("/1")), "http://b.test/4"
    outside.page("b.test/9")
    walled = outside.page("c.test/x", redirect("/x", set_cookie="seen=1"))
    found = outside.ask(loop, chain, short, walled)
    assert {url: finding.code for url, finding in found.items()} == {
        loop: "external-failing",
        chain: "external-failing",
        walled: "unknown-target",
    }
    assert "go round in a circle: http://a.test/1 → http://a.test/2 → http://a.test/1" in found[loop].message
    assert "more than 5 redirects" in found[chain].message


@pytest.mark.parametrize(
    ("location", "code", "said"),
    [
        ("file:///etc/passwd", "external-failing", "no browser follows"),
        ("javascript:alert(1)", "external-failing", "no browser follows"),
        ("http://[", "external-failing", "no browser can read"),
        ("mailto:a@b.test", "unknown-target", "not a page"),
        ("http://user:secret@b.test/", "unknown-target", "a password in it"),
        ("//user@b.test/", "unknown-target", "a password in it"),
        ("app:\x9b31m\xad" + "y" * 5_000, "unknown-target", "not a page"),
    ],
)
def test_redirects_to_where_nobody_should_follow(outside: Outside, location: str, code: str, said: str) -> None:
    outside.page("b.test/")
    url = outside.page("a.test/x", redirect(location))
    finding = outside.ask(url)[url]
    assert (finding.code, said in finding.message) == (code, True)
    assert finding.message.isprintable()
    assert len(finding.message) < 250
    assert [request.host for request in outside.server.log] == ["a.test"] * len(outside.server.log)


def test_a_redirect_without_a_place_to_go_says_nothing(outside: Outside) -> None:
    assert outside.code(outside.page("a.test/x", answer(302))) == "unknown-target"
    assert outside.code(outside.page("a.test/y", answer(304))) == "unknown-target"


BROKEN_OFF = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p id=first>"


def test_bodies_that_break_off_prove_what_had_arrived(outside: Outside) -> None:
    reset = outside.page("a.test/x", raw(BROKEN_OFF, reset=True, pause=0.05))
    short = outside.page("b.test/x", raw(BROKEN_OFF))
    chunked = outside.page("c.test/x", raw(SLOW.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")))
    found = outside.ask(*(f"{url}#{anchor}" for url in (reset, short, chunked) for anchor in ("first", "second")))
    assert {(url, finding.code) for url, finding in found.items()} == {
        (f"{reset}#second", "unknown-target"),
        (f"{short}#second", "unknown-target"),
        (f"{chunked}#first", "unknown-target"),
        (f"{chunked}#second", "unknown-target"),
    }


def test_a_body_longer_than_it_says_does_not_spoil_the_next_answer(outside: Outside) -> None:
    long = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<p id=a><p id=b>")
    first = outside.page("a.test/x", long)
    second = outside.page("a.test/y")
    assert outside.ask(first, second, connections_per_host=1) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x00\x00",
        b"\x00" * 1_000,
    ],
    ids=["nothing", "ssh", "status", "negative", "two lengths", "no colon", "huge", "tls", "zeros"],
)
def test_what_is_not_http_is_neither_fine_nor_broken(outside: Outside, data: bytes) -> None:
    url = outside.page("a.test/x", raw(data))
    finding = outside.ask(url)[url]
    assert finding.code == "unknown-target"
    assert finding.message.isprintable()
    assert len(finding.message) < 250


def test_whatever_bytes_come_the_run_ends_with_a_verdict_for_each_address(outside: Outside) -> None:
    chance = random.Random(7)
    seeds = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p id=first>",
        b"HTTP/1.1 301 Moved\r\nLocation: http://a.test/next\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\x1f\x8b\x08\x00\x00\r\n0\r\n\r\n",
        b"HTTP/1.1 429 Slow\r\nRetry-After: Sun, 22 Nov 2026 09:40:11 GMT\r\n\r\n",
    ]
    urls = []
    for number in range(120):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data))
            data[at : at + chance.choice((0, 1, 1, 4))] = chance.choice((b"", b"\r\n", bytes([chance.randrange(256)])))
        urls.append(f"{outside.page(f'a.test/{number}', raw(bytes(data)))}#first")
    found = outside.ask(*urls, attempts=1, connections_per_host=24, request_seconds=2.0)
    assert outside.latest.counts.asked == len(urls)
    assert outside.latest.counts.skipped == 0
    assert {finding.code for finding in found.values()} >= {"unknown-target"}
    assert all(finding.message.isprintable() and len(finding.message) < 300 for finding in found.values())
    assert not any("It could not be checked" in finding.message for finding in found.values())


def test_nobody_at_home(outside: Outside) -> None:
    outside.internet.host("closed.test", "1.1.2.1")
    found = outside.ask("http://closed.test/", "http://nowhere.test/")
    assert {finding.code for finding in found.values()} == {"external-failing"}
    assert "The server refuses the connection." in found["http://closed.test/"].message
    assert "the name nowhere.test does not exist" in found["http://nowhere.test/"].message


def test_a_host_that_cannot_be_reached_is_not_asked_for_every_link(outside: Outside) -> None:
    outside.internet.host("closed.test", "1.1.2.1")
    urls = [f"http://closed.test/{number}" for number in range(30)]
    fine = outside.page("a.test/x")
    found = outside.ask(*urls, fine, connections_per_host=1, attempts=1)
    assert len(found) == 30
    assert outside.internet.reached.count("1.1.2.1") == 5


def test_when_nothing_can_be_reached_nothing_is_learned(outside: Outside) -> None:
    with pytest.raises(Offline, match="None of 6 hosts"):
        outside.ask(*(f"http://host{number}.test/" for number in range(6)))
    assert not outside.history.exists()


def test_requests_to_one_host_are_few_at_once_and_apart(outside: Outside) -> None:
    outside.clock.waits.clear()
    urls = [outside.page(f"a.test/{number}") for number in range(6)]
    assert outside.ask(*urls, connections_per_host=2, delay_per_host=3.0) == {}
    assert outside.clock.passed >= 5 * 3.0
    assert outside.server.most_at_once <= 2


def test_requests_to_all_hosts_together_are_limited(outside: Outside) -> None:
    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.03)
        await answer()(request, writer)

    urls = [outside.page(f"host{number}.test/", slow) for number in range(12)]
    assert outside.ask(*urls, connections=3) == {}
    assert 1 < outside.server.most_at_once <= 3


def test_the_time_of_a_run_is_limited_and_what_was_left_out_comes_first_next_time(outside: Outside) -> None:
    slow = outside.page("a.test/slow", silence)
    quick = outside.page("b.test/x")
    outside.ask(slow, quick, run_seconds=0.6)
    assert (outside.latest.counts.asked, outside.latest.counts.skipped) == (1, 1)
    assert any("Time ran out" in note for note in outside.latest.notes)
    outside.server.pages["a.test/slow"] = answer()
    outside.ask(slow, quick)
    assert (outside.latest.counts.asked, outside.latest.counts.fine) == (1, 2)


def test_the_time_of_one_address_is_limited(outside: Outside) -> None:
    url = outside.page("a.test/x", silence)
    outside.clock.seconds = time.monotonic  # the budget is made of real time here
    started = time.monotonic()
    assert outside.code(url, attempts=50, url_seconds=0.5, request_seconds=0.2, backoff_seconds=0.0) == "unknown-target"
    assert time.monotonic() - started < 2


def test_findings_are_sorted_and_carry_their_place(outside: Outside) -> None:
    urls = [outside.page(f"a.test/{number}", answer(404)) for number in (3, 1, 2)]
    outside.ask(*urls)
    assert [(finding.line, finding.url) for finding in outside.latest.findings] == [
        (5, "http://a.test/3"),
        (6, "http://a.test/1"),
        (7, "http://a.test/2"),
    ]
    assert all(finding.column == 10 for finding in outside.latest.findings)
