"""A small web server for one folder, on this machine only.

It answers as the CDN does: ``index.html`` for a folder, our own 404 page with status 404 for what does not exist, no
directory listings, no guesses about missing extensions.
"""

from __future__ import annotations

import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_TYPES = {".webmanifest": "application/manifest+json", ".xml": "application/xml", ".svg": "image/svg+xml"}


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves a built site. Requests for another host name are refused, so that no web page can reach in by DNS tricks."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **_TYPES, ".html": "text/html; charset=utf-8"}
    protocol_version = "HTTP/1.1"

    def send_head(self):  # noqa: ANN201 (type set by the standard library)
        """Refuse foreign hosts, then answer as usual."""
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if host not in ("127.0.0.1", "localhost", "[::1]"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        return super().send_head()

    def list_directory(self, path: str) -> None:
        """A folder without index.html does not exist for a reader."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page for what is missing."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Say only what went wrong."""
        if len(values) > 1 and str(values[1]) >= "400":
            super().log_message(format, *values)


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server for ``folder`` on the loopback address. Port 0 takes any free one. Raises OSError when the port is taken."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(SiteHandler, directory=str(folder)))


def serve(folder: Path, port: int) -> None:
    """Serve until interrupted."""
    try:
        server = make_server(folder, port)
    except OSError as error:
        print(
            f"Port {port} cannot be used ({error.strerror}). Choose another: invoke serve --port 8001", file=sys.stderr
        )
        raise SystemExit(1) from error
    with server:
        print(f"Serving {folder.name}/ at http://127.0.0.1:{server.server_port}/ — stop with Ctrl-C", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
