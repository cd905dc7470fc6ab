"""What engines, zoom, forced colors and the security policy say about every kind of page.

Together with test_reading.py (reflow, spacing, contrast, targets, keyboard, print, no styles, no scripts, still motion).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sitekit.audit.accessibility import axe_source, run_axe
from sitekit.audit.pages import DESIGNED, all_pages, page_types
from sitekit.audit.server import served
from sitekit.audit.tools import ensure_node_tools

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("engines")]
KINDS = (*DESIGNED, "article", "page", "topic")


@pytest.fixture(scope="session")
def types(site: Path) -> dict[str, str]:
    """The address that stands for each kind of page."""
    found = page_types(site)
    assert set(found) == set(KINDS)
    return found


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    """The built site behind the headers of the published one."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core; `python3 tasks.py test` has installed it, so that a test needs no network."""
    return axe_source(ensure_node_tools().modules)


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(
    browser: Browser, origin: str, types: dict[str, str], axe: str, kind: str, scheme: str, width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(origin + types[kind])
    assert run_axe(page, axe) == []
    page.close()


def test_axe_would_find_something(browser: Browser, origin: str, axe: str) -> None:
    """The engine is awake: a page with a fault has a violation."""
    page = browser.new_page()
    page.goto(f"{origin}/")
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any(violation.startswith("button-name") for violation in run_axe(page, axe))
    page.close()


def test_no_page_breaks_the_security_policy(browser: Browser, site: Path, origin: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))"
    )
    broken = {}
    for address in all_pages(site):
        page.goto(origin + address)
        if found := page.evaluate("violations"):
            broken[address] = found
    assert broken == {}
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert page.evaluate("violations.length") == 1, "the listener hears"
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_at_400_percent_everything_is_reached_by_scrolling_down(
    browser: Browser, origin: str, types: dict[str, str], kind: str
) -> None:
    """WCAG 2.2, 1.4.10 and 2.4.12: 1280 by 1024 at 400 % is 320 by 256; what sticks there would cover the text."""
    page = browser.new_page(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    page.goto(origin + types[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    stuck = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position)"
        " && e.checkVisibility() && e.getBoundingClientRect().height > 64).map(e => e.outerHTML.slice(0, 80))"
    )
    assert stuck == []
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_text_twice_as_large_stays_on_the_page(browser: Browser, origin: str, types: dict[str, str], kind: str) -> None:
    """WCAG 2.2, 1.4.4: readers may set their letters to 200 % and leave everything else as it is."""
    page = browser.new_page(viewport={"width": 640, "height": 800})
    page.goto(origin + types[kind])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_in_forced_colors_fields_and_buttons_keep_an_edge(
    browser: Browser, origin: str, types: dict[str, str], kind: str
) -> None:
    page = browser.new_page(forced_colors="active")
    page.goto(origin + types[kind])
    edgeless = page.evaluate(
        "[...document.querySelectorAll('button, input, .button')].filter(e => { const s = getComputedStyle(e);"
        " return e.checkVisibility() && s.borderTopWidth === '0px' && s.outlineStyle === 'none' && s.textDecorationLine === 'none' })"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert edgeless == []
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_paper_is_light_at_night_and_carries_the_address(
    browser: Browser, origin: str, types: dict[str, str], kind: str
) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(origin + types[kind])
    page.emulate_media(media="print")
    ground, ink = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector('h1')).color]"
        ".map(color => color.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0))"
    )
    assert ground > 700, "of 765, the sum of white"
    assert ink < 150
    if kind != "error":
        assert f"untangled.example{types[kind]}" in page.locator("body").inner_text()
    page.close()
