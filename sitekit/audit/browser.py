"""Chromium as the system packages it, driven by Playwright; never downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str:
    """Where the system's Chromium is. Raises FileNotFoundError, with a remedy, when there is none."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError("No Chromium on this machine: apt-get install chromium")


def flags() -> list[str]:
    """The command line for this machine: root has no sandbox to offer."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*FLAGS, *(["--no-sandbox"] if root else [])]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium that ends with the context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags())
        try:
            yield browser
        finally:
            browser.close()
