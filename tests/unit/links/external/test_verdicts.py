"""The rules themselves, for every input: verdicts, waiting times, settings."""

from __future__ import annotations

import datetime
import random
import re
import ssl
import tomllib
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.links.external.body import BadEncoding, decoder
from sitekit.links.external.network import NoConnection, NotPublic, UnknownName
from sitekit.links.external.retry import backoff, retry_after
from sitekit.links.external.settings import ExternalSettings, read_external
from sitekit.links.external.targets import has_credentials, serialise
from sitekit.links.external.verdict import BROKEN, FINE, UNKNOWN, judge_error, judge_status
from sitekit.links.settings import read_settings
from sitekit.links.site import UsageError
from sitekit.links.whatwg_url import parse

NOW = datetime.datetime(1994, 11, 6, 8, 49, 7, tzinfo=datetime.UTC)
HEADERS = st.dictionaries(st.sampled_from(["cf-mitigated", "retry-after", "location", "x"]), st.text(max_size=20))


@given(st.one_of(st.integers(), st.integers(100, 599)), HEADERS, st.binary(max_size=200))
def test_every_answer_has_a_verdict(status: int, headers: dict[str, str], body: bytes) -> None:
    verdict = judge_status(status, headers, body)
    assert verdict.outcome in (FINE, BROKEN, UNKNOWN)
    assert (verdict.outcome == FINE) == (not verdict.message)
    assert verdict.outcome != FINE or 200 <= status < 300
    assert verdict.outcome != BROKEN or 400 <= status < 500
    assert verdict == judge_status(status, headers, body)
    assert verdict.message == "" or (verdict.message.endswith(".") and verdict.message[0].isupper())


ERRORS = [
    NotPublic("x is 10.0.0.1"),
    UnknownName("no", True),
    UnknownName("no", False),
    NoConnection(ConnectionRefusedError()),
    NoConnection(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")),
    NoConnection(ssl.SSLEOFError()),
    NoConnection(httpcore.ConnectTimeout()),
    NoConnection(ExceptionGroup("all", [OSError(113, "no route"), OSError(101, "no network")])),
    httpcore.ReadTimeout(),
    httpcore.ReadError(),
    httpcore.RemoteProtocolError("illegal status line: \x1b[31m\u202ebytes\x00"),
    httpcore.UnsupportedProtocol(),
    TimeoutError(),
    ConnectionResetError(),
    UnicodeError("odd"),
    ValueError("x" * 10_000),
    RecursionError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_every_failure_has_a_verdict_that_can_be_printed(error: Exception) -> None:
    verdict = judge_error(error)
    assert verdict.outcome in (BROKEN, UNKNOWN)
    assert verdict.message.isprintable()
    assert 10 < len(verdict.message) < 250
    assert (verdict.outcome == BROKEN) == (error in (ERRORS[1], ERRORS[3]))


def test_a_circle_of_causes_ends() -> None:
    one, other = OSError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert judge_error(one).outcome == UNKNOWN


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 30.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 30.0),
        ("Sun Nov  6 08:49:37 1994", 30.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("9" * 5_000, None),
        ("٣", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_header_makes_anybody_wait_for_nonsense(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@given(st.integers(1, 10_000), st.floats(0, 1e6), st.floats(0, 1e6), st.integers())
def test_a_pause_is_random_grows_and_has_a_limit(attempt: int, base: float, limit: float, seed: int) -> None:
    pause = backoff(attempt, base, limit, random.Random(seed))
    assert 0 <= pause <= min(limit, base * 2 ** min(attempt - 1, 30))


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", ""]), st.integers(0, 50))
def test_no_bytes_unpack_to_more_than_there_is_room_for(data: bytes, coding: str, room: int) -> None:
    with suppress(BadEncoding):
        assert len(decoder(coding).feed(data, room)) <= room


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("http://A.test", "http://a.test/"),
        ("http://a.test:80/x/../y?", "http://a.test/y?"),
        ("https://a.test:8443/%7Ex/%2f", "https://a.test:8443/%7Ex/%2f"),
        ("http://bücher.test/ü?ü#ü", "http://xn--bcher-kva.test/%C3%BC?%C3%BC"),
        ('http://a.test\\x y"<>`{}|^', "http://a.test/x%20y%22%3C%3E%60%7B%7D|%5E"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_addresses_are_written_the_way_the_url_standard_says(written: str, sent: str) -> None:
    assert serialise(parse(written)) == sent


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_goes_out_is_ascii_without_spaces(path: str, query: str) -> None:
    parsed = parse(f"http://a.test/{path}?{query}")
    assert re.fullmatch(r"[!-~]+", serialise(parsed))
    assert serialise(parse(serialise(parsed))) == serialise(parsed)


@pytest.mark.parametrize(
    "url", ["http://u@a.test/", "//u:p@a.test", "https:\\\\u@a.test", "http://@a.test/", "ht\ntp://u@a"]
)
def test_credentials_are_seen(url: str) -> None:
    assert has_credentials(url)


@pytest.mark.parametrize("url", ["http://a.test/@x", "http://a.test?u@b", "/@x", "mailto:a@b", "http://a.test#@"])
def test_other_at_signs_are_not_credentials(url: str) -> None:
    assert not has_credentials(url)


def test_the_documentation_shows_every_setting_with_its_default(root: Path) -> None:
    text = (root / "docs/links/external.md").read_text(encoding="utf-8")
    block = "".join(
        f"{line[4:]}\n" for line in text.splitlines() if line.startswith("    ") and ("=" in line or "[" in line)
    )
    shown = tomllib.loads(block)["tool"]["sitekit"]["links"]["external"]
    mistakes: list[str] = []
    assert read_external(shown, mistakes) == ExternalSettings()
    assert mistakes == []
    assert {name.replace("-", "_") for name in shown} == {field.name for field in fields(ExternalSettings)}


def test_settings_are_read_and_every_mistake_is_told(tmp_path) -> None:
    good = """[tool.sitekit.links.external]
connections = 3
delay-per-host = 0
fine-days = 1.5
allow-private = true
user-agent = "me"
"""
    (tmp_path / "pyproject.toml").write_text(good)
    external = read_settings(tmp_path / "pyproject.toml").external
    assert external == ExternalSettings(
        connections=3, delay_per_host=0, fine_days=1.5, allow_private=True, user_agent="me"
    )
    bad = """[tool.sitekit.links.external]
connections = 0
attempts = 1.5
failures = true
run-seconds = nan
url-seconds = inf
fine-jitter = 1.0
allow-private = 1
user-agent = "é"
nonsense = 1
body_bytes = 5
"""
    (tmp_path / "pyproject.toml").write_text(bad)
    with pytest.raises(UsageError) as raised:
        read_settings(tmp_path / "pyproject.toml")
    lines = str(raised.value).splitlines()
    names = tomllib.loads(bad)["tool"]["sitekit"]["links"]["external"]
    assert len(lines) == len(names)
    assert all(any(name in line for line in lines) for name in names)
    mistakes: list[str] = []
    assert read_external("x", mistakes) == ExternalSettings()
    assert mistakes == ["external: is not a table."]
