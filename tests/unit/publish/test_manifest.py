"""What a release is, written down and read back."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.publish.manifest import File, Manifest, Source, content_digest, new_release, with_packs

_FILE = File("a/index.html", "0" * 64, 5, "text/html; charset=utf-8", "public, max-age=300", "page")

_files = st.builds(
    File,
    path=st.text(min_size=1, max_size=30),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    size=st.integers(0, 2**40),
    type=st.sampled_from(["text/html; charset=utf-8", "image/png"]),
    cache=st.sampled_from(["public, max-age=300", "no-store"]),
    kind=st.sampled_from(["page", "asset", "file"]),
    encoding=st.sampled_from(["", "br", "gzip"]),
    base=st.text(max_size=5),
    pack=st.text(max_size=5),
)


@given(st.lists(_files, max_size=8), st.lists(st.text(max_size=8), max_size=3))
def test_a_manifest_survives_being_stored(files: list[File], uncommitted: list[str]) -> None:
    source = Source("c0ffee", 7, tuple(uncommitted))
    manifest = Manifest("r", "2026-01-01T00:00:00+00:00", {file.path: file for file in files}, source)
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b"{", mtime=0),
        gzip.compress(b'{"schema": 2}', mtime=0),
        b"\x1f\x8b\x08",
    ],
)
def test_a_damaged_manifest_is_told_as_such(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"manifest"):
        Manifest.from_bytes(data)


def test_the_digest_changes_with_bytes_and_headers_but_not_with_order_or_packs() -> None:
    other = replace(_FILE, path="b/index.html")
    assert content_digest([_FILE, other]) == content_digest([other, _FILE])
    assert content_digest([_FILE]) == content_digest([replace(_FILE, pack="elsewhere")])
    for change in ({"sha256": "1" * 64}, {"type": "text/plain"}, {"cache": "no-store"}, {"encoding": "br"}):
        assert content_digest([_FILE]) != content_digest([replace(_FILE, **change)])


def test_release_names_sort_by_time() -> None:
    early = new_release([_FILE], Source(), now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    late = new_release([], Source(), now=datetime(2026, 11, 2, tzinfo=UTC))
    assert early.release.startswith("20260102T030405Z-")
    assert early.release < late.release


@pytest.mark.parametrize(
    ("path", "url"),
    [("index.html", "/"), ("a/index.html", "/a/"), ("404.html", "/404.html"), ("xindex.html", "/xindex.html")],
)
def test_pages_are_asked_for_by_their_folder(path: str, url: str) -> None:
    assert replace(_FILE, path=path).url_path == url
    assert replace(_FILE, path=path + ".br", base=path, encoding="br").url_path == url


def test_bytes_are_kept_once_and_never_for_assets() -> None:
    files = {
        "assets/a.0123456789.css": replace(_FILE, path="assets/a.0123456789.css", kind="asset"),
        "a/index.html": _FILE,
        "b/index.html": replace(_FILE, path="b/index.html", sha256="b" * 64),
        "big.pdf": replace(_FILE, path="big.pdf", sha256="c" * 64, size=100, kind="file"),
    }
    packed = with_packs(Manifest("new", "", files), {"0" * 64: "old"}, large=50).files
    assert [packed[path].pack for path in files] == ["", "old", "new", "object"]
