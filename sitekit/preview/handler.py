"""The web server of the preview: the site as readers get it, with what editors need added on the way out, never in a file.

Added are one script, which builds the overlay and the panel, and a banner's words. Everything of the preview's own is below
``/__preview/``. The headers are those of the published site, whose policy lets that one script in by a nonce, and the script keeps
to the rest of it: no inline code, no markup from text.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import threading
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from sitekit.preview.banner import banner_for
from sitekit.preview.builder import Builder
from sitekit.preview.redirects import Redirects
from sitekit.preview.server import SiteHandler, published_headers
from sitekit.preview.state import Board, version_of
from sitekit.publish.rules import load_rules

if TYPE_CHECKING:
    from sitekit.preview.live import Project

OWN = "/__preview/"
CLIENT = Path(__file__).with_name("client")
_MOST_BROWSERS = 64
_HEAD_END = re.compile(rb"</head\s*>", re.I)
_WAITING = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    b"<meta name=color-scheme content='light dark'><title>Preview</title></head>"
    b"<body><p>The site has not been built yet. This page will show it as soon as it has.</p></body></html>"
)


@dataclass
class Context:
    """What all requests share. ``describer`` works beside the builder, so that a panel never keeps a build waiting."""

    project: Project
    board: Board
    describer: Builder
    editor: str
    redirects: Redirects
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    browsers: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_MOST_BROWSERS))


class PreviewHandler(SiteHandler):
    """Serves the site of ``context.project`` and the preview's own addresses."""

    def __init__(self, *arguments: object, context: Context) -> None:
        self._context = context
        super().__init__(*arguments, directory=str(context.project.output))

    def respond(self, path: str) -> None:
        """Answer for the preview's own paths, redirects, and then for the site."""
        if path.startswith(OWN):
            self._respond_own(path.removeprefix(OWN), parse_qs(urlsplit(self.path).query))
        elif target := self._context.redirects.get(unquote(path)):
            self.redirect(target, HTTPStatus.MOVED_PERMANENTLY)
        elif not (self.directory / "index.html").is_file():
            self._send_page(HTTPStatus.SERVICE_UNAVAILABLE, _WAITING, path)
        else:
            super().respond(path)

    def send_file(self, status: HTTPStatus, file: Path) -> None:
        """Send a page with the preview's script, and anything else as it is."""
        if file.suffix == ".html":
            self._send_page(status, file.read_bytes(), self.url_path)
        else:
            super().send_file(status, file)

    def end_headers(self) -> None:
        """Add the headers readers get. What browsers may keep is said in a header they ignore: here, nothing is ever old."""
        path = self.url_path
        for name, value in published_headers(path).items():
            policy = name == "Content-Security-Policy"
            self.send_header(name, with_own_script(value, self._context.nonce) if policy else value)
        kind = load_rules().classify((path + "index.html" if path.endswith("/") else path).lstrip("/"))
        fixed = kind.name == "asset" and not path.startswith(OWN)
        self.send_header("Cache-Control", kind.cache if fixed else "no-store")
        self.send_header("X-Published-Cache-Control", kind.cache)
        super().end_headers()

    def _send_page(self, status: HTTPStatus, html: bytes, path: str) -> None:
        banner = ""
        if status == HTTPStatus.OK:  # the page for what is missing is no draft, whatever was asked for
            banner = banner_for(self._context.project.content, unquote(path), self._context.board.state.today)
        tag = (
            f'<script type="module" nonce="{self._context.nonce}" src="{OWN}client.js" data-preview data-version="{version_of(html)}"'
            f' data-banner="{escape(banner)}"></script>'
        ).encode()
        end = _HEAD_END.search(html)
        at = end.start() if end else len(html)
        self.send(status, html[:at] + tag + html[at:], "text/html; charset=utf-8")

    def _respond_own(self, name: str, query: dict[str, list[str]]) -> None:
        page = query.get("page", ["/"])[0]
        if name == "events":
            self._send_events(page, query.get("version", [""])[0])
        elif name == "panel":
            self._send_panel(page)
        elif (file := CLIENT / name) in CLIENT.iterdir():
            media = load_rules().media_type(name)
            self.send(HTTPStatus.OK, file.read_bytes(), media.type if media else "text/plain")
        else:
            self.send(HTTPStatus.NOT_FOUND, b"The preview has no such address.\n", "text/plain")

    def _send_panel(self, page: str) -> None:
        project = self._context.project
        outcome = self._context.describer.describe(project.settings, project.output, page, self._context.editor)
        if outcome.status:
            body = json.dumps({"page": page, "failed": outcome.text}).encode()
            self.send(HTTPStatus.INTERNAL_SERVER_ERROR, body, "application/json")
        else:
            self.send(HTTPStatus.OK, outcome.text.encode(), "application/json")

    def _send_events(self, page: str, version: str) -> None:
        """Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html) until either side ends."""
        if self.command == "HEAD" or not self._context.browsers.acquire(blocking=False):
            self.send(HTTPStatus.SERVICE_UNAVAILABLE, b"Too many pages are open.\n", "text/plain")
            return
        try:
            self.close_connection = True
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self._write("retry: 500\n\n")
            for event in self._context.board.follow(page, version):
                self._write(f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n" if event else ": still here\n\n")
        except OSError:
            pass  # the browser went away
        finally:
            self._context.browsers.release()

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()


def with_own_script(policy: str, nonce: str) -> str:
    """A Content-Security-Policy that lets the preview's script run, and what it imports, and no other that it did not allow.

    So a script that readers' browsers would block is blocked here, too.
    """
    allowed, found = re.subn(r"script-src (?:'none')?", f"script-src 'nonce-{nonce}' ", policy, count=1)
    return allowed if found else f"{policy}; script-src 'nonce-{nonce}'"


class PreviewServer(ThreadingHTTPServer):
    """One thread for each connection; none of them keeps the process alive."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is no news; anything else is."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
