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

from sitekit.preview.server import SiteHandler, published_headers
from sitekit.publish.rules import load_rules


class PublishedHandler(SiteHandler):
    """Sends what sitekit/publish/rules.toml says with every response, except what needs TLS."""

    def send_file(self, status: HTTPStatus, file: Path) -> None:
        """Send a file, compressed when the browser takes it and the file gains by it."""
        media = load_rules().media_type(file.relative_to(self.directory.resolve()).as_posix())
        if media and media.compress and "br" in self.headers.get("Accept-Encoding", ""):
            self.send(status, _compressed(file, file.stat().st_mtime_ns), media.type, {"Content-Encoding": "br"})
        else:
            super().send_file(status, file)

    def end_headers(self) -> None:
        """Add the headers for the path asked for."""
        path = self.url_path
        cache = load_rules().classify(path.lstrip("/") + ("index.html" if path.endswith("/") else "")).cache
        for name, value in {**published_headers(path), "Cache-Control": cache}.items():
            self.send_header(name, value)
        super().end_headers()


@lru_cache(maxsize=512)
def _compressed(file: Path, stamp: int) -> bytes:
    return brotli.compress(file.read_bytes(), quality=11)


@contextmanager
def served(folder: Path, handler: type[SiteHandler] = PublishedHandler) -> Iterator[str]:
    """Serve ``folder`` on a free port of the loopback address while the context is open. Yields ``http://127.0.0.1:…``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
