"""A small Internet on this machine, and a site that links to it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

import pytest
import trustme

from sitekit.links.external.run import ExternalResult, check_external
from sitekit.links.external.settings import ExternalSettings
from sitekit.links.model import Finding

from ..sites import page, write
from .server import Clock, Handler, Internet, Server, answer

BASE = "https://own.test/"
QUICK = ExternalSettings(
    delay_per_host=0.0,
    connect_seconds=2.0,
    request_seconds=10.0,  # for a busy machine; tests of silence choose their own
    url_seconds=90.0,
    run_seconds=20.0,
    attempts=2,
    backoff_seconds=0.01,
    wait_seconds=30.0,
    redirects=5,
    body_bytes=200_000,
)
PUBLIC = "1.1.1.1"


@dataclass
class Outside:
    """What a test needs: say what is out there, ask, and see what came of it."""

    folder: Path
    server: Server
    internet: Internet
    clock: Clock
    authority: trustme.CA
    port: int
    settings: ExternalSettings = QUICK
    latest: ExternalResult | None = None
    _last_address: int = field(default=1)

    def page(self, url: str, handler: Handler | None = None) -> str:
        """Put something at ``http://url``; the host comes into being with it."""
        host = url.partition("/")[0]
        if host not in self.internet.names:
            self._last_address += 1
            self.internet.host(host, f"1.1.1.{self._last_address}", http=self.port)
        self.server.pages[url] = handler or answer()
        return f"http://{url}"

    def secure(self, host: str, context: ssl.SSLContext) -> str:
        """A host with TLS on port 443."""
        self._last_address += 1
        self.internet.host(host, f"1.1.1.{self._last_address}", https=self.server.listen(context))
        self.server.pages[f"{host}/"] = answer()
        return f"https://{host}/"

    def site(self, *urls: str) -> Path:
        """A site of one page with these links, beside which the history lies."""
        links = "\n".join(f'<a href="{escape(url)}">a link</a>' for url in urls)
        return write(self.folder, {"index.html": page(links)})

    @property
    def history(self) -> Path:
        return self.folder.parent / "history.json"

    def ask(self, *urls: str, recheck: bool = False, **settings: object) -> dict[str, Finding]:
        """Check a site with these links; the findings by URL."""
        chosen = replace(self.settings, **settings)
        world = self.internet.surroundings(self.clock, self.authority)
        folder = self.site(*urls)
        self.latest = check_external(folder, BASE, chosen, self.history, recheck=recheck, surroundings=world)
        return {finding.url: finding for finding in self.latest.findings}

    def code(self, url: str, **settings: object) -> str:
        """The code of the one finding about one link; empty where it is fine."""
        found = self.ask(url, **settings)
        return found[url].code if found else ""

    def message(self, url: str, **settings: object) -> str:
        return self.ask(url, **settings)[url].message


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def outside(tmp_path: Path, authority: trustme.CA) -> Iterator[Outside]:
    server = Server()
    try:
        yield Outside(tmp_path / "site", server, Internet(server), Clock(), authority, server.listen())
    finally:
        server.close()


@pytest.fixture(scope="session")
def certificate(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """A server's side of TLS with a certificate of the authority that the checker trusts."""

    def make(*names: str, http2: bool = False, **terms: object) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, **terms).configure_cert(context)
        context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
        return context

    return make
