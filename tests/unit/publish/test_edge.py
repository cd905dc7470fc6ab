"""One data source for three kinds of hosts: each rendering is run by the program that reads it, where there is one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from sitekit.publish.config import Config
from sitekit.publish.edge import cloudflare, cloudfront, render_all
from sitekit.publish.errors import ConfigError
from sitekit.publish.rules import Redirect, load_rules
from tests.unit.publish.conftest import Stage

REDIRECTS = (Redirect("/old/", "/mind/article-0/"), Redirect("/pain.html", "https://example.org/pain", 302))

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")


@pytest.fixture
def viewer_request(tmp_path: Path) -> Callable[[str, str], dict]:
    """Runs the CloudFront function for a path and an Accept-Encoding header; gives what it returns."""
    source = cloudfront.viewer_request(load_rules(), REDIRECTS, ("br", "gzip"), ("br",))

    def call(uri: str, accept: str = "") -> dict:
        headers = {"accept-encoding": {"value": accept}} if accept else {}
        event = json.dumps({"request": {"uri": uri, "headers": headers}})
        script = f"{source}\nconsole.log(JSON.stringify(handler({event})));"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=30, check=True)
        return json.loads(done.stdout)

    return call


@needs_node
@pytest.mark.parametrize(
    ("uri", "accept", "key"),
    [
        ("/", "", "/index.html"),
        ("/mind/", "gzip, deflate, br, zstd", "/mind/index.html.br"),
        ("/mind/", "gzip", "/mind/index.html"),  # pages have brotli only in these settings
        ("/assets/a.0123456789.css", "gzip, deflate", "/assets/a.0123456789.css.gz"),
        ("/assets/a.0123456789.css", "gzip;q=1.0, br;q=0.5", "/assets/a.0123456789.css.br"),
        ("/assets/a.0123456789.css", "br;q=0, gzip;q=0", "/assets/a.0123456789.css"),
        ("/assets/a.0123456789.css", "identity", "/assets/a.0123456789.css"),
        ("/assets/a.0123456789.css", "", "/assets/a.0123456789.css"),
        ("/images/a.png", "br", "/images/a.png"),
        ("/feeds/all.atom.xml", "br", "/feeds/all.atom.xml.br"),
        ("/robots.txt", "broken, brx", "/robots.txt"),
        ("/constructor/", "", "/constructor/index.html"),
    ],
)
def test_cloudfront_finds_the_object_for_every_request(viewer_request, uri: str, accept: str, key: str) -> None:
    assert viewer_request(uri, accept)["uri"] == key


@needs_node
@pytest.mark.parametrize(
    ("uri", "status", "location"),
    [
        ("/old/", 301, "/mind/article-0/"),
        ("/pain.html", 302, "https://example.org/pain"),
        ("/mind", 301, "/mind/"),
        ("//evil.example", 301, None),
        ("/_publish/pointer.json", 404, None),
    ],
)
def test_cloudfront_redirects_and_hides_the_publishers_own_files(viewer_request, uri, status, location) -> None:
    answer = viewer_request(uri)
    if uri == "//evil.example":  # has a dot, so it is a file; never a redirect to another host
        assert answer["uri"] == uri
        return
    assert answer["statusCode"] == status
    assert answer.get("headers", {}).get("location", {}).get("value") == location


@needs_node
def test_cloudfront_never_redirects_to_another_host(viewer_request) -> None:
    assert viewer_request("//evil/path")["headers"]["location"]["value"] == "/evil/path/"


def test_a_function_that_cloudfront_would_refuse_is_not_written() -> None:
    many = [Redirect(f"/old-{number}/", f"/new-{number}/") for number in range(400)]
    with pytest.raises(ConfigError, match="10240 are allowed"):
        cloudfront.viewer_request(load_rules(), many, ("br",), ())


def test_the_cloudfront_policy_holds_every_header_once() -> None:
    policy = cloudfront.headers_policy(load_rules())
    assert policy["CustomHeadersConfig"]["Quantity"] == len(policy["CustomHeadersConfig"]["Items"])
    security = policy["SecurityHeadersConfig"]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000
    named = {item["Header"] for item in policy["CustomHeadersConfig"]["Items"]}
    assert named == {"Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"}
    assert security["ContentSecurityPolicy"]["ContentSecurityPolicy"].startswith("default-src 'none'")


def test_cloudflare_gets_every_header_and_redirect_within_its_limits() -> None:
    text = cloudflare.headers(load_rules())
    for name, value in load_rules().response_headers().items():
        assert f"  {name}: {value}\n" in text
    assert text.count("\n  ! Content-Security-Policy\n") == len(load_rules().csp_below)
    assert max(len(line) for line in text.splitlines()) <= 2000
    assert cloudflare.redirects(REDIRECTS).splitlines()[1:] == [
        "/old/ /mind/article-0/ 301",
        "/pain.html https://example.org/pain 302",
    ]
    with pytest.raises(ConfigError, match="Cloudflare takes 2000"):
        cloudflare.redirects([Redirect(f"/{n}/", "/") for n in range(2001)])


def test_webassembly_is_allowed_on_the_search_page_alone() -> None:
    rules = load_rules()
    assert "wasm-unsafe-eval" in rules.policy("/search/")
    assert "wasm-unsafe-eval" not in rules.policy("/mind/")
    assert "unsafe-inline" not in rules.policy("/search/")


@pytest.mark.parametrize(
    ("redirects", "message"),
    [
        ([Redirect("old/", "/new/")], "not a root-relative path"),
        ([Redirect('/a"b/', "/new/")], "not a root-relative path"),
        ([Redirect("//host/", "/new/")], "not a root-relative path"),
        ([Redirect("/old/", "http://example.org/")], "https address"),
        ([Redirect("/old/", "/new/;return 200")], "https address"),
        ([Redirect("/old/", "/new/", 200)], "not a redirect status"),
        ([Redirect("/old/", "/a/"), Redirect("/old/", "/b/")], "given twice"),
        ([Redirect("/old/", "/new/"), Redirect("/new/", "/newest/")], "redirects again"),
        ([Redirect("/old/", "/old/#part")], "redirects again"),
    ],
)
def test_a_redirect_that_cannot_work_is_refused(tmp_path: Path, redirects: list[Redirect], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        render_all(load_rules(), redirects, Config(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def nginx(stage: Stage, tmp_path: Path) -> Iterator[str]:
    """The published directory behind a real nginx with the rendered rules; its address."""
    stage.push()
    render_all(load_rules(), REDIRECTS, stage.config, tmp_path / "edge")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = tmp_path / "edge" / "nginx"
    temporary = "".join(f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    (base / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log; worker_processes 1;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n"
        f"server {{ listen 127.0.0.1:{port}; root {stage.target.current}; include site.conf; }} }}\n"
    )
    # nginx as root reads files as another user, who may not enter the test's folder
    user = [] if os.geteuid() else ["-g", "user root;"]
    server = subprocess.Popen(["nginx", "-e", str(tmp_path / "error.log"), "-c", str(base / "nginx.conf"), *user])
    try:
        for _ in range(100):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except httpx.ConnectError:
                assert server.poll() is None, (tmp_path / "error.log").read_text()
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@needs_nginx
def test_nginx_serves_every_file_with_type_caching_and_every_security_header(stage: Stage, nginx: str) -> None:
    rules = load_rules()
    for path, data in stage.site.files().items():
        url = path.removesuffix("index.html")
        answer = httpx.get(f"{nginx}/{url}", headers={"Accept-Encoding": "identity"})
        assert (answer.status_code, answer.content) == (200, data), path
        media = rules.media_type(path)
        assert answer.headers["content-type"] == media.type, path
        assert answer.headers["cache-control"] == rules.classify(path).cache, path
        for name, value in rules.response_headers(f"/{url}").items():
            assert answer.headers[name] == value, (path, name)


@needs_nginx
def test_nginx_serves_variants_redirects_and_the_error_page(stage: Stage, nginx: str) -> None:
    style = next(path for path in stage.site.files() if path.endswith(".css"))
    with httpx.stream("GET", f"{nginx}/{style}", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert b"".join(answer.iter_raw()) == stage.read(style + ".gz")
    moved = httpx.get(f"{nginx}/old/")
    assert moved.status_code == 301
    assert httpx.URL(moved.headers["location"]).path == "/mind/article-0/"
    assert httpx.get(f"{nginx}/pain.html").headers["location"] == "https://example.org/pain"
    missing = httpx.get(f"{nginx}/nowhere/")
    assert (missing.status_code, missing.content) == (404, stage.site.files()["404.html"])
    for name, value in load_rules().response_headers().items():
        assert missing.headers[name] == value
        assert moved.headers[name] == value
