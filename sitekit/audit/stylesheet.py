"""Selectors of the stylesheet that match nothing on any page of the site: what nobody would miss.

Matching is asked of Chromium itself, rule by rule. Pseudo-classes and pseudo-elements that depend on what a reader does, or
that exist only while drawing, are cut off first: ``.door:hover::after`` counts as used when there is a ``.door``.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from sitekit.audit.model import Measure, none_of
from sitekit.audit.pages import all_pages
from sitekit.audit.screenshots import SEARCHES, search_for

_LIST = """() => {
  const found = [];
  const walk = (rules) => { for (const rule of rules) {
    if (rule.selectorText !== undefined) found.push(rule.selectorText);
    if (rule.cssRules && !(rule instanceof CSSKeyframesRule)) walk(rule.cssRules);
  } };
  for (const sheet of document.styleSheets) walk(sheet.cssRules);
  return found;
}"""
_UNUSED = """(selectors) => selectors.filter(text => {
  const plain = text.replace(/(^|[\\s,>+~(])::[-\\w]+/g, "$1*").replace(/::[-\\w]+(\\([^)]*\\))?/g, "")
    .replace(/:(focus-visible|focus-within|focus|hover|active|visited|link|target|popover-open|before|after)\\b|\\[open\\]/g, ":not(x-none)")
    .replace(/:not\\(:not\\(x-none\\)\\)/g, "");
  try { return !document.querySelector(plain || "*"); } catch { return true; }
})"""
_WAITING = {".evidence--high::before"}
"""Parts that are there for what an editor may write, and that no page happens to use: a claim of high certainty."""


def check_stylesheet(browser: Browser, origin: str, folder: Path) -> list[Measure]:
    """The selectors that match on no page, the search page in all its states."""
    page = browser.new_page()
    seen: set[str] = set()
    left: set[str] = set()
    for address in all_pages(folder):
        page.goto(origin + address)
        listed = set(page.evaluate(_LIST))
        left |= listed - seen - _WAITING
        seen |= listed
        left = set(page.evaluate(_UNUSED, sorted(left)))
        if page.locator("#search-words").count():
            for words in SEARCHES.values():
                search_for(page, words)
                left = set(page.evaluate(_UNUSED, sorted(left)))
    page.close()
    return [none_of("Unused CSS", "", sorted(left))]
