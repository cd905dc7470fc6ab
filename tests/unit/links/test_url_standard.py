"""URLs as the URL Standard reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitekit.links.whatwg_url import decode_fragment, encode_fragment, parse, parse_host

BASE = parse("https://example.org/a/b/c.html?q#f")

# input, host, path, query, fragment
PARSED = [
    ("x.html", "example.org", "/a/b/x.html", None, None),
    ("", "example.org", "/a/b/c.html", "q", None),
    ("#x", "example.org", "/a/b/c.html", "q", "x"),
    ("?x", "example.org", "/a/b/c.html", "x", None),
    (".", "example.org", "/a/b/", None, None),
    ("..", "example.org", "/a/", None, None),
    ("../../../..", "example.org", "/", None, None),
    ("./x/./y/../z", "example.org", "/a/b/x/z", None, None),
    ("x/..", "example.org", "/a/b/", None, None),
    ("%2e%2E/x", "example.org", "/a/x", None, None),
    (".%2e", "example.org", "/a/", None, None),
    ("%2e", "example.org", "/a/b/", None, None),
    ("...", "example.org", "/a/b/...", None, None),
    ("/x", "example.org", "/x", None, None),
    ("//host/x", "host", "/x", None, None),
    ("///host/x", "host", "/x", None, None),
    ("/\\host/x", "host", "/x", None, None),
    ("\\\\host\\x", "host", "/x", None, None),
    ("\\x", "example.org", "/x", None, None),
    ("x\\y", "example.org", "/a/b/x/y", None, None),
    ("  x\t.ht\nml \r", "example.org", "/a/b/x.html", None, None),
    ("https:x.html", "example.org", "/a/b/x.html", None, None),
    ("https:/x.html", "example.org", "/x.html", None, None),
    ("HTTPS://EXAMPLE.ORG", "example.org", "/", None, None),
    ("http:x.html", "x.html", "/", None, None),
    ("http:/x.html", "x.html", "/", None, None),
    ("https://user:p@ss@example.org/x", "example.org", "/x", None, None),
    ("https://example.org@evil.test/x", "evil.test", "/x", None, None),
    ("https://ex%61mple.org/", "example.org", "/", None, None),
    ("https://ＥＸＡＭＰＬＥ.org/", "example.org", "/", None, None),
    ("https://example。org/", "example.org", "/", None, None),
    ("https://bücher.example/", "xn--bcher-kva.example", "/", None, None),
    ("https://exam\u00adple.org/", "example.org", "/", None, None),
    ("https://example.org?x/y", "example.org", "/", "x/y", None),
    ("https://example.org#x?y", "example.org", "/", None, "x?y"),
    ("https://0x7f.1/", "127.0.0.1", "/", None, None),
    ("https://[::1]:80/", "[::1]", "/", None, None),
    ("x?y#z?a#b", "example.org", "/a/b/x", "y", "z?a#b"),
    ("foo:bar", None, None, None, None),
    ("./foo:bar", "example.org", "/a/b/foo:bar", None, None),
    ("//", None, None, None, None),
]


@pytest.mark.parametrize(("text", "host", "path", "query", "fragment"), PARSED)
def test_parses(text: str, host: str | None, path: str | None, query: str | None, fragment: str | None) -> None:
    url = parse(text, BASE)
    if path is None:
        assert url is None or url.opaque is not None
        return
    assert url is not None
    assert (url.host, "/" + "/".join(url.segments), url.query, url.fragment) == (host, path, query, fragment)


INVALID = """https:// | https://exa mple.net/ | https://example]net/ | https://[::1/ | https://[::g]/ | http://:80/ | https://a:99999/
 | https://a:b/ | https://a:-1/ | https://a<b/ | https://a>b/ | https://a^b/ | https://a|b/ | https://%00/ | https://a%2fb/ | https://1.2.3.256/
 | https://1.2.3.4.5/ | https://user@/ | https://[1.2.3.4]/ | https://\u00ad/"""


@pytest.mark.parametrize("text", [text.strip() for text in INVALID.split(" | ")])
def test_rejects(text: str) -> None:
    assert parse(text, BASE) is None


@pytest.mark.parametrize(
    "text",
    ["https://a_b.example/", "https://xn--a/", "https://💩.example/", "https://a..b/", "https://-a/", "https://a:/"],
)
def test_accepts_what_browsers_accept(text: str) -> None:
    assert parse(text, BASE) is not None


def test_a_default_port_is_no_port() -> None:
    assert parse("https://a:443/").port is None
    assert parse("http://a:0080/").port is None
    assert parse("https://a:80/").port == 80


def test_relative_needs_a_base() -> None:
    assert parse("x") is None
    assert parse("x", parse("mailto:a@b")) is None
    assert parse("#x", parse("mailto:a@b")).fragment == "x"


def test_path_is_decoded_once_and_bytes_survive() -> None:
    assert parse("%2520/caf%C3%A9/%E9/%zz/%", BASE).decoded_path()[2:] == ("%20", "café", "\udce9", "%zz", "%")


def test_fragments_are_encoded_then_decoded() -> None:
    assert encode_fragment("a b<é>") == "a%20b%3C%C3%A9%3E"
    assert decode_fragment("a%20b") == "a b"
    assert decode_fragment("%ff") == "\ufffd"


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_makes_it_fail(text: str) -> None:
    for candidate in (text, f"https://{text}", f"https://{text}/x", f"//{text}", f"file:{text}"):
        url = parse(candidate, BASE)
        if url is not None:
            url.decoded_path()


@settings(deadline=None)
@given(st.text(alphabet="0123456789abcdefx.:[]%", max_size=24))
def test_hosts_never_raise(host: str) -> None:
    parse_host(host)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["..", ".", "a", "%2e%2e", ""]), max_size=12))
def test_no_path_climbs_above_the_root(parts: list[str]) -> None:
    assert ".." not in parse("a/" + "/".join(parts), BASE).decoded_path()
