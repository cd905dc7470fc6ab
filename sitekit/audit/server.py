"""The preview server, answering as the published site does: with its security headers, its cache rules and Brotli."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path

import brotli

from sitekit.preview.server import SiteHandler
from sitekit.publish.rules import load_rules

_TLS_ONLY = ("upgrade-insecure-requests",)
"""Over plain HTTP on this machine, this directive would send the browser to a port where nothing listens."""


class PublishedHandler(SiteHandler):
    """Sends what sitekit/publish/rules.toml says with every response, except what needs TLS."""

    def do_GET(self) -> None:
        """Send a file compressed when the browser takes it and the file gains by it; all else as the preview does."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if self.path.partition("?")[0].endswith("/") else file
        media = load_rules().media_type(file.name)
        if not (file.is_file() and media and media.compress and "br" in self.headers.get("Accept-Encoding", "")):
            super().do_GET()
            return
        body = _compressed(file, file.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media.type)
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Add the headers for the path asked for."""
        path = self.path.partition("?")[0]
        rules = load_rules()
        headers = rules.response_headers(path)
        headers.pop("Strict-Transport-Security")
        policy = headers["Content-Security-Policy"].split("; ")
        headers["Content-Security-Policy"] = "; ".join(rule for rule in policy if rule not in _TLS_ONLY)
        headers["Cache-Control"] = rules.classify(path.lstrip("/") + ("index.html" if path.endswith("/") else "")).cache
        for name, value in headers.items():
            self.send_header(name, value)
        super().end_headers()


@lru_cache(maxsize=512)
def _compressed(file: Path, stamp: int) -> bytes:
    return brotli.compress(file.read_bytes(), quality=11)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on a free port of the loopback address while the context is open. Yields ``http://127.0.0.1:…``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(PublishedHandler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
