"""A real Chromium from the system, and the real site behind a real server."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from sitekit.preview.server import make_server

PAGE_TYPES = {
    "home": "/",
    "topic": "/mind/",
    "article": "/mind/insomnia-and-pain/",
    "table": "/treatments/compare-treatments/",
    "long": "/understand/the-whole-picture/",
    "ketamine": "/ketamine/ketamine-what-to-know/",
    "care": "/find-care/newport-beach/",
    "help": "/get-help-now/",
    "page": "/privacy/",
    "error": "/nowhere/",
}
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of all browsers; a process can hold one."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as Debian packages it; browsers are never downloaded by the tests."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        pytest.fail(
            "No Chromium on this machine: run python3 tasks.py test, or apt-get install chromium", pytrace=False
        )
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    chromium = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *(["--no-sandbox"] if root else [])])
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The built site, served as the CDN does."""
    with make_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
