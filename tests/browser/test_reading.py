"""How pages behave in a real browser, for the people who most need them to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PAGE_TYPES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('[tabindex="0"]')
      && getComputedStyle(e).position !== 'absolute' && e.getClientRects().length)
    .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("kind", PAGE_TYPES)
def test_nothing_scrolls_sideways_on_a_narrow_phone(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(address + PAGE_TYPES[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.evaluate(OVERFLOW)
    page.add_style_tag(content=TEXT_SPACING)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.evaluate(OVERFLOW)
    page.close()


@pytest.mark.parametrize("kind", PAGE_TYPES)
def test_a_page_asks_this_site_only_and_stores_nothing(browser: Browser, address: str, kind: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + PAGE_TYPES[kind], wait_until="networkidle")
    assert [url for url in requests if not url.startswith(f"{address}/")] == []
    assert len(requests) <= 5, requests
    expected = [error for error in errors if kind == "error" and "404" in error]
    assert errors == expected
    assert context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    context.close()


@pytest.mark.parametrize("kind", PAGE_TYPES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_ground_differ_enough(browser: Browser, address: str, kind: str, scheme: str) -> None:
    """WCAG 2.2, 1.4.6: 7:1, for every text on a page (4.5:1 when it is large)."""
    page = browser.new_page(color_scheme=scheme)
    page.goto(address + PAGE_TYPES[kind])
    assert page.evaluate(CONTRAST) == []
    page.close()


@pytest.mark.parametrize("kind", PAGE_TYPES)
def test_targets_are_large_enough_for_a_shaking_hand(browser: Browser, address: str, kind: str) -> None:
    """WCAG 2.2, 2.5.5: 44 by 44 pixels for every control that does not stand in a line of text."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(address + PAGE_TYPES[kind])
    small = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input')].filter(e => {
          const box = e.getBoundingClientRect(), inline = getComputedStyle(e).display === 'inline';
          return e.checkVisibility() && !inline && box.width && (box.height < 44 || box.width < 44)
            && !e.closest('.visually-hidden, .cite, .references__back, .term') && !e.matches('.skip');
        }).map(e => e.outerHTML.slice(0, 120) + ' ' + Math.round(e.getBoundingClientRect().height))"""
    )
    assert small == []
    page.close()


def test_the_keyboard_reaches_everything_and_focus_is_seen(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + PAGE_TYPES["article"])
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null; const s = getComputedStyle(e);
              const all = [...document.querySelectorAll('*')];
              return [all.indexOf(e), parseFloat(s.outlineWidth), s.outlineStyle, e.outerHTML.slice(0, 100)]; }"""
        )
        if state is None:
            break
        assert state[1] >= 2, state
        assert state[2] != "none", state
        seen.add(state[0])
    assert len(seen) >= wanted
    page.close()


def test_the_skip_link_moves_focus_to_the_content(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + PAGE_TYPES["article"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.close()


@pytest.mark.parametrize("kind", ["home", "article", "table", "help"])
def test_pages_are_whole_without_scripts_and_without_styles(browser: Browser, address: str, kind: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/*.css", lambda route: route.abort())
    page.goto(address + PAGE_TYPES[kind])
    assert page.locator("h1").is_visible()
    assert page.locator("a[href='tel:988']").first.is_visible()
    assert page.locator("main").inner_text().strip()
    context.close()


def test_a_printed_article_keeps_its_address_status_sources_and_crisis_numbers(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + PAGE_TYPES["article"])
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    for needed in ("untangled.example/mind/insomnia-and-pain/", "Not yet reviewed by a clinician", "988", "doi:10."):
        assert needed in text, needed
    assert not page.locator("nav[aria-label*='opics']").first.is_visible()
    page.close()


def test_motion_is_still_for_those_who_ask(browser: Browser, address: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(address + PAGE_TYPES["article"])
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return parseFloat(s.transitionDuration) > 0.01 || parseFloat(s.animationDuration) > 0.01 }).length"
    )
    assert moving == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.close()


@pytest.mark.parametrize("kind", ["home", "article", "table"])
def test_forced_colors_keep_every_control_visible(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_page(forced_colors="active")
    page.goto(address + PAGE_TYPES[kind])
    assert page.locator("h1").is_visible()
    hidden = page.evaluate(
        "[...document.querySelectorAll('a.button, .button')].filter(e => { const s = getComputedStyle(e);"
        " return s.borderTopWidth === '0px' && s.outlineStyle === 'none' && s.textDecorationLine === 'none' }).length"
    )
    assert hidden == 0
    page.close()


CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility() || e.closest('.visually-hidden, script, svg')) continue;
    const s = getComputedStyle(e), size = parseFloat(s.fontSize), bold = +s.fontWeight >= 700;
    const [a, b] = [light(parse(s.color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05), need = size >= 24 || (bold && size >= 18.66) ? 4.5 : 7;
    if (ratio < need - 0.01) bad.push(`${ratio.toFixed(2)} ${e.className || e.tagName}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return bad.slice(0, 8);
}"""
