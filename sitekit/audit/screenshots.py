"""Pictures of every kind of page, to be looked at: ``python -m sitekit.audit.screenshots OUT [--site FOLDER]``.

Each page at 320, 768 and 1280 CSS pixels, light and at night, and as the pages of its print. The search page is shown empty,
with results and with its help in a crisis.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from sitekit.audit.browser import chromium
from sitekit.audit.pages import page_types
from sitekit.audit.server import served

WIDTHS = (320, 768, 1280)
SCHEMES = {"light": "light", "night": "dark"}
SEARCHES = {"results": "insomina", "crisis": "I want to die", "nothing": "zzzqq"}
_ROOT = Path(__file__).resolve().parents[2]


def take(browser: Browser, origin: str, types: dict[str, str], out: Path) -> int:
    """Write the pictures below ``out`` as ``<kind>-<width>-<scheme>.png`` and ``<kind>.pdf``. Returns how many."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for kind, address in types.items():
        for scheme, value in SCHEMES.items():
            for width in WIDTHS:
                page = browser.new_page(color_scheme=value, viewport={"width": width, "height": 900})
                page.goto(origin + address)
                page.screenshot(path=out / f"{kind}-{width}-{scheme}.png", full_page=True)
                count += 1
                if kind == "search":
                    for name, words in SEARCHES.items():
                        search_for(page, words)
                        page.screenshot(path=out / f"{kind}-{name}-{width}-{scheme}.png", full_page=True)
                        count += 1
                page.close()
        page = browser.new_page()
        page.goto(origin + address)
        page.pdf(path=out / f"{kind}.pdf", format="Letter", prefer_css_page_size=True)
        page.close()
        count += 1
    return count


def search_for(page: Page, words: str) -> None:
    """Type words into the open search page and wait until it says what it found."""
    status = page.locator("#search-status")
    page.locator("#search-words").fill("")
    page.keyboard.press("Enter")
    page.locator("#search-words").fill(words)
    page.keyboard.press("Enter")
    status.filter(has_text=".").wait_for()


def main(arguments: list[str]) -> int:
    """The command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.audit.screenshots", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder for the pictures")
    parser.add_argument("--site", type=Path, default=_ROOT / "output", help="a built site (default: output/)")
    options = parser.parse_args(arguments)
    try:
        types = page_types(options.site)
        with chromium() as browser, served(options.site) as origin:
            count = take(browser, origin, types, options.out)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} pictures of {len(types)} kinds of pages in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
