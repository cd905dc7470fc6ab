"""A small web server for one folder, on this machine only.

It answers as the CDN does (sitekit/publish/edge): ``index.html`` for a folder, a slash where one is missing, our own 404 page with
status 404 for what does not exist, no directory listings, no guesses about missing extensions.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sitekit.publish.rules import load_rules

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.I)
"""Names of this machine. Any port, because what forwards a port to this one keeps its own in the name."""

_HTML = "text/html; charset=utf-8"
_TLS_ONLY = ("upgrade-insecure-requests",)
"""Over plain HTTP on this machine, this directive would send the browser to a port where nothing listens."""


class SiteHandler(BaseHTTPRequestHandler):
    """Serves a built site. Requests for another host name are refused, so that no web page can reach in by DNS tricks."""

    protocol_version = "HTTP/1.1"
    timeout = 60

    def __init__(self, *arguments: object, directory: str) -> None:
        self.directory = Path(directory)
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer a request, or refuse it."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            self.send(HTTPStatus.MISDIRECTED_REQUEST, b"This server answers for this machine only.\n", "text/plain")
            return
        self.respond(self.url_path)

    do_HEAD = do_GET

    def version_string(self) -> str:
        """What the header Server says: no versions."""
        return "Preview"

    @property
    def url_path(self) -> str:
        """The path asked for, still percent-encoded, with one slash in front. ``/`` for a request that could not be read."""
        return urlsplit("/" + getattr(self, "path", "").lstrip("/")).path

    def respond(self, path: str) -> None:
        """Answer for a root-relative path, still percent-encoded."""
        if not path.endswith("/") and "." not in path.rpartition("/")[2]:
            self.redirect(path + "/", HTTPStatus.MOVED_PERMANENTLY)
            return
        file = find(self.directory, path)
        if file is None:
            self.send_missing()
        else:
            self.send_file(HTTPStatus.OK, file)

    def send_missing(self) -> None:
        """Show the site's own page for what is missing."""
        page = find(self.directory, "/404.html")
        if page is None:
            self.send(HTTPStatus.NOT_FOUND, b"There is no such page.\n", "text/plain")
        else:
            self.send_file(HTTPStatus.NOT_FOUND, page)

    def send_file(self, status: HTTPStatus, file: Path) -> None:
        """Send one file of the site."""
        name = file.relative_to(self.directory.resolve()).as_posix()
        media = load_rules().media_type(name)
        self.send(status, file.read_bytes(), media.type if media else "application/octet-stream")

    def redirect(self, target: str, status: HTTPStatus) -> None:
        """Send the browser elsewhere."""
        self.send(status, b"", "", {"Location": target})

    def send(self, status: HTTPStatus, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        """Send a whole response; for HEAD, all but the body."""
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing: the browser shows what it got."""


def find(folder: Path, path: str) -> Path | None:
    """The file below ``folder`` that answers for a root-relative URL path. None when there is none, whatever tricks are tried."""
    name = unquote(path, errors="replace").removeprefix("/")
    if name.endswith("/") or not name:
        name += "index.html"
    if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in name.split("/")):
        return None
    try:
        file = (folder / name).resolve()
        return file if file.is_file() and file.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):  # a name too long, or with a NUL in it
        return None


def published_headers(path: str) -> dict[str, str]:
    """The security headers that readers get with a root-relative path, without what only works over TLS."""
    headers = load_rules().response_headers(path)
    del headers["Strict-Transport-Security"]
    policy = headers["Content-Security-Policy"].split("; ")
    headers["Content-Security-Policy"] = "; ".join(rule for rule in policy if rule not in _TLS_ONLY)
    return headers


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server for ``folder`` on the loopback address. Port 0 takes any free one. Raises OSError when the port is taken."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(SiteHandler, directory=str(folder)))
