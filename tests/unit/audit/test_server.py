"""The server of the audit answers as the published site would."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import brotli
import pytest

from sitekit.audit.server import served
from sitekit.publish.rules import load_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "search").mkdir()
    (tmp_path / "index.html").write_text("<p>home")
    (tmp_path / "search" / "index.html").write_text("<p>search")
    (tmp_path / "404.html").write_text("<p>lost")
    (tmp_path / "icon.png").write_bytes(b"png")
    return tmp_path


def get(url: str, **headers: str) -> urllib.request.addinfourl:
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
    except urllib.error.HTTPError as error:
        return error


@pytest.mark.parametrize("path", ["/", "/search/", "/icon.png", "/missing/"])
def test_every_response_carries_the_headers_of_its_path(folder: Path, path: str) -> None:
    wanted = load_rules().response_headers(path)
    del wanted["Strict-Transport-Security"], wanted["Content-Security-Policy"]
    with served(folder) as origin, get(origin + path) as answer:
        assert {name: answer.headers[name] for name in wanted} == wanted
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert ("wasm-unsafe-eval" in answer.headers["Content-Security-Policy"]) is (path == "/search/")


def test_text_is_compressed_for_those_who_take_it(folder: Path) -> None:
    with served(folder) as origin:
        with get(f"{origin}/", **{"Accept-Encoding": "gzip, br"}) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            assert brotli.decompress(answer.read()) == b"<p>home"
        with get(f"{origin}/") as answer:
            assert answer.headers["Content-Encoding"] is None
            assert answer.read() == b"<p>home"
        with get(f"{origin}/icon.png", **{"Accept-Encoding": "br"}) as answer:
            assert answer.headers["Content-Encoding"] is None


def test_what_is_missing_is_404_with_our_own_page(folder: Path) -> None:
    with served(folder) as origin, get(f"{origin}/missing/") as answer:
        assert answer.status == 404
        assert answer.read() == b"<p>lost"


def test_only_assets_are_kept_for_ever(folder: Path) -> None:
    (folder / "assets").mkdir()
    (folder / "assets" / "main.0123456789ab.css").write_text("p{}")
    with served(folder) as origin:
        with get(f"{origin}/assets/main.0123456789ab.css") as answer:
            assert "immutable" in answer.headers["Cache-Control"]
        with get(f"{origin}/") as answer:
            assert "immutable" not in answer.headers["Cache-Control"]
