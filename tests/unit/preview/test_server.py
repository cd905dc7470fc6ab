"""The server on this machine answers as the CDN does."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitekit.preview.server import make_server


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    site = tmp_path / "site"
    (site / "mind").mkdir(parents=True)
    (site / "index.html").write_text("home")
    (site / "mind" / "index.html").write_text("mind")
    (site / "404.html").write_text("lost")
    (site / "assets").mkdir()
    (site / "site.webmanifest").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    with make_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def get(port: int, path: str, host: str = "127.0.0.1", method: str = "GET") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", f"{host}:{port}")
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.headers.get("Content-Type", ""), response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, "home"),
        ("/mind/", 200, "mind"),
        ("/mind", 301, ""),
        ("/mind/index", 404, "lost"),
        ("/nowhere/", 404, "lost"),
        ("/assets/", 404, "lost"),
        ("/../secret.txt", 404, "lost"),
        ("/%2e%2e/secret.txt", 404, "lost"),
    ],
)
def test_paths_answer_as_on_the_cdn(port: int, path: str, status: int, body: str) -> None:
    assert (get(port, path)[0], get(port, path)[2]) == (status, body)


def test_types_are_those_browsers_need(port: int) -> None:
    assert get(port, "/")[1] == "text/html; charset=utf-8"
    assert get(port, "/site.webmanifest")[1] == "application/manifest+json"


def test_a_foreign_host_name_is_refused(port: int) -> None:
    assert get(port, "/", host="evil.example")[0] == 421
    assert get(port, "/", host="localhost")[0] == 200


def test_head_has_no_body(port: int) -> None:
    assert get(port, "/nowhere/", method="HEAD")[::2] == (404, "")
