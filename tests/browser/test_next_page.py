"""The next page of a topic is rendered before a reader opens it, and nothing is asked for before somebody points at a link."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sitekit.audit import nextpage
from sitekit.audit.devtools import DevTools, Tab, devtools
from sitekit.audit.server import PublishedHandler, served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
ARTICLE = "/mind/insomnia-and-pain/"
RELATED = ".related a"
QUIET = 1.0
"""Seconds without a request after which the browser has asked for all that it wants: it acts within 0.2 s."""
VISIT = """(() => { const [visit] = performance.getEntriesByType("navigation");
  return { activation: visit.activationStart, loaded: visit.loadEventEnd, delivery: visit.deliveryType }; })()"""


class Recording(PublishedHandler):
    """The published site; it keeps which pages it was asked for, and for which purpose."""

    asked: ClassVar[list[tuple[str, str]]] = []
    last = 0.0

    def do_GET(self) -> None:
        Recording.last = time.monotonic()
        if self.path.endswith("/"):
            self.asked.append((self.path, self.headers.get("Sec-Purpose", "")))
        super().do_GET()


class Reader:
    """Somebody who has come to rest on an article, with a link in view."""

    def __init__(self, tab: Tab, origin: str, link: str) -> None:
        self.tab, self.origin = tab, origin
        self.page = tab.open(origin + ARTICLE)
        self.target, self.x, self.y = nextpage.place(tab.browser, self.page, link)
        self.path = self.target.removeprefix(origin)
        assert self.asked() == [(ARTICLE, "")]

    def points(self) -> None:
        nextpage.point(self.tab.browser, self.page, self.x, self.y)

    def clicks(self) -> None:
        nextpage.click(self.tab.browser, self.page, self.x, self.y)

    def presses_enter(self) -> None:
        nextpage.press_enter(self.tab.browser, self.page)

    def asked(self) -> list[tuple[str, str]]:
        """Which pages were asked for since the last time, once no more requests come."""
        Recording.last = time.monotonic()
        while (waited := time.monotonic() - Recording.last) < QUIET:
            time.sleep(QUIET - waited)
        taken, Recording.asked[:] = Recording.asked[:], []
        return taken

    def arrives(self) -> dict[str, Any]:
        """What the browser says of the visit to the page behind the link, which must be shown by now."""
        return self.tab.browser.evaluate(self.tab.shown(self.target), VISIT)


@pytest.fixture(scope="module")
def origin(site: Path) -> Iterator[str]:
    with served(site, Recording) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[DevTools]:
    with devtools() as browser:
        yield browser


@pytest.fixture
def tab(chromium: DevTools) -> Iterator[Tab]:
    """A tab. At the end no page, prepared or open, may have complained."""
    Recording.asked.clear()
    with Tab(chromium, ("Log.enable", {}), ("Runtime.enable", {})) as tab:
        yield tab
    assert [one for one in tab.events if one["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")] == []


def test_the_next_page_is_whole_before_the_click_that_opens_it(tab: Tab, origin: str) -> None:
    reader = Reader(tab, origin, nextpage.LINK)
    reader.points()
    assert reader.asked() == [(reader.path, "prefetch;prerender")]
    reader.clicks()
    visit = reader.arrives()
    assert 0 < visit["loaded"] <= visit["activation"]
    assert reader.asked() == []


def test_any_other_page_is_fetched_before_the_click_that_opens_it(tab: Tab, origin: str) -> None:
    reader = Reader(tab, origin, RELATED)
    reader.points()
    assert reader.asked() == [(reader.path, "prefetch")]
    reader.clicks()
    assert reader.arrives()["delivery"] == "navigational-prefetch"
    assert reader.asked() == []


def test_a_link_that_is_in_view_and_has_the_focus_is_not_asked_for(tab: Tab, origin: str) -> None:
    reader = Reader(tab, origin, nextpage.LINK)
    reader.presses_enter()
    visit = reader.arrives()
    assert (visit["activation"], visit["delivery"]) == (0, "")
    assert reader.asked() == [(reader.path, "")]


@pytest.mark.parametrize("link", [nextpage.LINK, RELATED])
def test_a_browser_whose_user_wants_no_pages_ahead_asks_for_none(origin: str, link: str) -> None:
    """Chrome's "Preload pages: off" and, on phones, its data saver go through the same gate; only the first can be set here."""
    Recording.asked.clear()
    with devtools({"net": {"network_prediction_options": 2}}) as browser, Tab(browser) as tab:
        reader = Reader(tab, origin, link)
        reader.points()
        assert reader.asked() == []
        reader.clicks()
        assert reader.arrives()["delivery"] == ""
