"""Where lines break around the words that the glossary explains: each is a box, and beside boxes browsers break as they please."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PAGE_TYPES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
STRAY = r"""() => {
  const stray = [], range = document.createRange();
  const at = (node, place) => { range.setStart(node, place); range.setEnd(node, place + 1); return range.getBoundingClientRect(); };
  for (const button of document.querySelectorAll('main .term > button')) {
    if (!button.checkVisibility()) continue;
    const term = button.parentElement, lines = [button.getBoundingClientRect()];
    const before = term.firstChild;
    if (before.nodeType === Node.TEXT_NODE && at(before, 0).bottom <= lines[0].top + 1) stray.push(`left behind: ${before.data}`);
    const walker = document.createTreeWalker(term.closest('p, li, td, dd'), NodeFilter.SHOW_TEXT);
    walker.currentNode = term;
    let after = walker.nextSibling() || walker.nextNode();
    while (after && (term.contains(after) || !after.parentElement.checkVisibility())) after = walker.nextNode();
    if (after && /^[^\s([]/.test(after.data) && at(after, 0).top >= button.getBoundingClientRect().bottom - 1)
      stray.push(`${button.textContent} | ${after.data.slice(0, 20)}`);
  }
  return stray;
}"""


KINDS = ("article", "table", "long", "ketamine", "care")
WIDTHS = range(280, 321, 4)


def strays(page: Page) -> list[str]:
    """What stands alone at an end of a line, at many widths of the text, so that many words come to stand at the end of theirs."""
    found = []
    for width in WIDTHS:
        page.evaluate("width => { document.querySelector('main').style.inlineSize = `${width}px` }", width)
        found += page.evaluate(STRAY)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_begins_with_the_full_stop_of_the_line_before(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(address + PAGE_TYPES[kind])
    assert page.locator("main .term > button").count() > 3, "a page with words to explain"
    assert strays(page) == []
    page.close()


def test_without_its_styles_a_full_stop_would_stray(browser: Browser, address: str) -> None:
    """The test above can see: it is the styles of a word that hold its full stop."""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(address + PAGE_TYPES["long"])
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('.term { white-space: normal !important } .term::after { content: none !important }');
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert strays(page) != []
    page.close()
