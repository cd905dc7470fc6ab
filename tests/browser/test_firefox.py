"""The published site in Firefox: another engine for layout, styles, popovers, security policy and WebAssembly.

Playwright drives Debian's Firefox through WebDriver BiDi, which cannot emulate color schemes or switch scripts off for a page;
preferences of the whole browser do both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from sitekit.audit.pages import DESIGNED, page_types
from sitekit.audit.screenshots import search_for
from sitekit.audit.server import served
from sitekit.audit.tools import ensure_firefox
from tests.browser.test_reading import CONTRAST, OVERFLOW

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("firefox")]
KINDS = (*DESIGNED, "article", "page", "topic")
WIDTHS = (320, 1280)
SCHEMES = {"dark": 0, "light": 1}
"""Values of the preference layout.css.prefers-color-scheme.content-override."""
ARTICLE = "/mind/insomnia-and-pain/"
KEEP_VIOLATIONS = "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))"
Launch = Callable[..., AbstractContextManager[Browser]]


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    """The built site behind the headers of the published one."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Launch:
    """Starts a Firefox with preferences."""
    command = ensure_firefox()

    @contextmanager
    def start(**preferences: bool | int) -> Iterator[Browser]:
        options = {"channel": "moz-firefox", "executable_path": command}
        browser = playwright.firefox.launch(**options, firefox_user_prefs=preferences)
        try:
            yield browser
        finally:
            browser.close()

    return start


@pytest.fixture(scope="module", params=SCHEMES)
def firefox(request: pytest.FixtureRequest, launch: Launch) -> Iterator[tuple[Browser, str]]:
    """A Firefox, by day and by night."""
    with launch(**{"layout.css.prefers-color-scheme.content-override": SCHEMES[request.param]}) as browser:
        yield browser, request.param


@pytest.fixture
def page(firefox: tuple[Browser, str]) -> Iterator[Page]:
    """A page of its own profile. At the end nothing may have broken the security policy or been logged as an error."""
    context = firefox[0].new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(KEEP_VIOLATIONS)
    yield page
    assert page.evaluate("violations") == []
    assert errors == []
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_its_window_in_readable_colors(
    page: Page, firefox: tuple[Browser, str], origin: str, site: Path, kind: str
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(origin + page_types(site)[kind])
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {firefox[1]})').matches")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.evaluate(OVERFLOW)
        assert page.evaluate(CONTRAST) == []
    assert [url for url in requests if not url.startswith(f"{origin}/")] == []


def test_the_keyboard_opens_the_meaning_of_a_word_near_it_and_closes_it(page: Page, origin: str) -> None:
    page.goto(origin + ARTICLE)
    word = page.locator("button[popovertarget]").first
    word.focus()
    page.keyboard.press("Enter")
    meaning = page.locator(":popover-open")
    assert meaning.count() == 1
    button, box = word.bounding_box(), meaning.bounding_box()
    assert min(abs(button["y"] + button["height"] - box["y"]), abs(box["y"] + box["height"] - button["y"])) < 40
    page.keyboard.press("Escape")
    assert page.locator(":popover-open").count() == 0
    assert word.evaluate("button => button === document.activeElement")


def test_search_finds_what_was_misspelled(page: Page, origin: str) -> None:
    page.goto(f"{origin}/search/")
    search_for(page, "insomina")
    assert "insomnia" in page.locator(".finding mark").first.inner_text().lower()


def test_without_scripts_search_offers_other_ways_and_asks_for_no_script(launch: Launch, origin: str) -> None:
    with launch(**{"javascript.enabled": False}) as browser:
        page = browser.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{origin}/search/")
        assert page.locator("main").get_by_role("link", name="Words explained, A to Z").is_visible()
        assert not page.locator("#search-words").is_visible()
        assert [url for url in requests if url.endswith(".js")] == []
