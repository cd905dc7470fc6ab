"""The server on this machine answers as the CDN does."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitekit.preview.server import find, make_server, published_headers


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
    (site / "way-out.txt").symlink_to(tmp_path / "secret.txt")
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
        ("/?from=search", 200, "home"),
        ("/mind/", 200, "mind"),
        ("/mind/index.html", 200, "mind"),
        ("/mind", 301, ""),
        ("/mind/index", 301, ""),
        ("/nowhere", 301, ""),
        ("/nowhere/", 404, "lost"),
        ("/assets/", 404, "lost"),
        ("/index.htm", 404, "lost"),
    ],
)
def test_paths_answer_as_on_the_cdn(port: int, path: str, status: int, body: str) -> None:
    assert get(port, path)[::2] == (status, body)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/mind/../../secret.txt",
        "/mind/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/%00.txt",
        "/mind//index.html",
        "/./index.html",
        "/way-out.txt",
        "/" + "a" * 5000 + ".html",
        "/C:/secret.txt",
    ],
)
def test_no_path_leads_out_of_the_site(port: int, path: str) -> None:
    assert get(port, path)[::2] == (404, "lost")


def test_a_redirect_never_leads_to_another_site(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "//evil.example/page")
    assert connection.getresponse().headers["Location"] == "/evil.example/page/"
    connection.close()


def test_types_are_those_that_are_published(port: int) -> None:
    assert get(port, "/")[1] == "text/html; charset=utf-8"
    assert get(port, "/site.webmanifest")[1] == "application/manifest+json"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "",
        "localhost.evil.example",
        "localhost:80@evil.example",
        "localhost:x",
    ],
)
def test_a_foreign_host_name_is_refused(port: int, host: str) -> None:
    assert get(port, "/", host=host)[0] == 421


@pytest.mark.parametrize(
    "hosts",
    [("localhost", "evil.example"), ("localhost:80@evil.example",), ("localhost:x",), ()],
    ids=["two", "name in front", "no port", "none"],
)
def test_a_request_names_one_host_and_nothing_else(port: int, hosts: tuple[str, ...]) -> None:
    lines = "".join(f"Host: {host}\r\n" for host in hosts)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\n{lines}\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LocalHost"])
def test_names_of_this_machine_are_welcome(port: int, host: str) -> None:
    assert get(port, "/", host=host)[0] == 200


def test_head_has_no_body(port: int) -> None:
    assert get(port, "/nowhere/", method="HEAD")[::2] == (404, "")


def test_only_reading_is_allowed(port: int) -> None:
    assert get(port, "/", method="POST")[0] == 501


def test_a_request_that_is_no_request_does_no_harm(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        connection.recv(1000)
    assert get(port, "/")[0] == 200


def test_the_server_listens_on_this_machine_only(tmp_path: Path) -> None:
    with make_server(tmp_path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_published_headers_hold_the_policy_but_nothing_that_needs_tls() -> None:
    headers = published_headers("/")
    assert "Strict-Transport-Security" not in headers
    assert "upgrade-insecure-requests" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_find_gives_the_index_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").touch()
    assert find(tmp_path, "/a/") == (tmp_path / "a" / "index.html").resolve()
    assert find(tmp_path, "/a") is None
