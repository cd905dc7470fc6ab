"""The live preview in a real browser: the page follows the source without losing the reader's place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from benchmarks.preview.running import Events, Running, make_project
from sitekit.source.plaintext import read as read_plaintext
from sitekit.source.readability import measure_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
PAGE = "/mind/insomnia-and-pain/"
OTHER = "/mind/depression-and-pain/"
STATUS = "[data-status]"
MARKED = "Marked first.\n\nMarked second.\n\nMarked third."
DRAFT = """\
---
title: Words that are not ready
description: A page that nobody may see before it is finished.
type: reference
status: draft
published: 2026-11-22
modified: 2026-11-22
next_review: 2027-11-22
helps: This page helps you see how a draft looks.
main_message: A draft is for editors alone.
---

## What it will say

Nothing yet.
"""
LONG_ENOUGH = 30_000  # milliseconds; how fast it is, benchmarks/preview measures


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The preview of a copy of the real site, after its first build."""
    folder = tmp_path_factory.mktemp("project")
    make_project(folder)
    with Running(folder) as preview:
        with Events(preview, "/") as events:
            events.until_built()
        yield preview


@pytest.fixture
def article(running: Running) -> Iterator[Path]:
    """A source to change; put back, and built, afterwards."""
    path = running.folder / "content/articles/mind/insomnia-and-pain.md"
    before = path.read_bytes()
    yield path
    restore(running, path, before)


@pytest.fixture
def stylesheet(running: Running) -> Iterator[Path]:
    """A part of the stylesheet to change; put back, and built, afterwards."""
    path = running.folder / "theme/static/css/tokens.css"
    before = path.read_bytes()
    yield path
    restore(running, path, before)


def restore(running: Running, path: Path, before: bytes) -> None:
    if path.read_bytes() != before:
        with Events(running, PAGE) as events:
            events.until_ready()
            path.write_bytes(before)
            while events.until_ready().get("mistakes"):
                pass


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    """The article, open, with a mark that a reload would wipe out. No error may appear in its console."""
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(LONG_ENOUGH)
    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(running.address + PAGE)
    expect(page.locator(STATUS)).to_have_attribute("data-status", "ready", timeout=LONG_ENOUGH)
    page.evaluate("window.unbroken = true")
    yield page
    page.close()
    assert errors == []


def eventually(page: Page, expression: str) -> None:
    """Wait until an expression is true. Playwright's own way needs eval, which the published policy forbids."""
    for _ in range(LONG_ENOUGH // 50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def unbroken(page: Page) -> bool:
    return page.evaluate("window.unbroken === true")


def save(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_saved_text_appears_where_the_reader_is(page: Page, article: Path) -> None:
    heading = page.locator("#what-you-can-do")
    focused = page.locator("main a").first
    focused.focus()
    heading.scroll_into_view_if_needed()
    before = heading.bounding_box()["y"]
    save(article, "## What you can do", "A sentence from the editor.\n\n## What you can do")
    expect(page.get_by_text("A sentence from the editor.")).to_be_attached(timeout=LONG_ENOUGH)
    assert unbroken(page)
    assert abs(heading.bounding_box()["y"] - before) < 200  # a line was put in above it
    assert focused.evaluate("element => element === document.activeElement")
    save(article, "A sentence from the editor.\n\n", "")
    expect(page.get_by_text("A sentence from the editor.")).not_to_be_attached(timeout=LONG_ENOUGH)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n## ", "\nA sentence from the editor.\n\n## "),
        ("How to read this: ", "How to read this: A sentence from the editor. "),
    ],
    ids=["above", "beside"],
)
def test_what_the_reader_opened_stays_open(browser: Browser, running: Running, old: str, new: str) -> None:
    article = running.folder / "content/articles/understand/stress-sleep-and-the-nervous-system.md"
    before = article.read_bytes()
    page = browser.new_page()
    page.goto(f"{running.address}/understand/stress-sleep-and-the-nervous-system/")
    details = page.locator("main .prose details").first
    details.evaluate("element => { element.open = true; window.opened = element }")
    try:
        save(article, old, new)
        expect(page.get_by_text("A sentence from the editor.")).to_be_attached(timeout=LONG_ENOUGH)
        assert details.evaluate("element => element.open")
        assert details.evaluate("element => element === window.opened")
    finally:
        page.close()
        restore(running, article, before)


def test_paragraphs_stay_themselves_when_others_come_and_go(page: Page, article: Path) -> None:
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("## What you can do", f"{MARKED}\n\n## What you can do", 1), encoding="utf-8")
    expect(page.get_by_text("Marked second.")).to_be_attached(timeout=LONG_ENOUGH)
    page.evaluate(
        "window.third = [...document.querySelectorAll('main p')].find(one => one.textContent === 'Marked third.')"
    )
    moved = "Put in.\n\nPut in, too.\n\nMarked second, changed.\n\nMarked third.\n\nPut in last."
    article.write_text(text.replace("## What you can do", f"{moved}\n\n## What you can do", 1), encoding="utf-8")
    expect(page.get_by_text("Put in last.")).to_be_attached(timeout=LONG_ENOUGH)
    assert page.evaluate("window.third.isConnected && window.third.textContent") == "Marked third."
    assert unbroken(page)


def test_a_page_ends_up_as_a_fresh_visit_would_find_it(page: Page, article: Path, browser: Browser) -> None:
    marks = ("Added first.", "Added second.", "Added third.")
    for mark, old, new in zip(
        marks,
        ("## What you can do", "1. One\n2. Two\n\n", "## A new part"),
        (
            "## A new part\n\nAdded first.\n\n1. One\n2. Two\n\n## What you can do",
            "Added second.\n\n",
            "A **bold** word, [a link]({filename}depression-and-pain.md).\n\nAdded third.\n\n## Another new part",
        ),
        strict=True,
    ):
        save(article, old, new)
        expect(page.get_by_text(mark)).to_be_attached(timeout=LONG_ENOUGH)
    fresh = browser.new_page()
    fresh.goto(page.url)
    text = "document.querySelector('main').innerHTML"
    assert page.evaluate(text) == fresh.evaluate(text)
    assert unbroken(page)
    fresh.close()


def test_a_changed_stylesheet_is_swapped_without_a_reload(page: Page, stylesheet: Path) -> None:
    page.emulate_media(color_scheme="light")
    save(stylesheet, "--paper: #faf8f4", "--paper: #ffeedd")
    eventually(page, "getComputedStyle(document.documentElement).backgroundColor === 'rgb(255, 238, 221)'")
    eventually(page, "document.querySelectorAll('head link[rel=stylesheet]:not([media])').length === 1")
    assert unbroken(page)


def test_a_stylesheet_beside_the_text_is_swapped_without_a_bare_moment(page: Page, running: Running) -> None:
    """It is linked in the body, above the text; it comes late here, as it would over a slow connection."""

    def late(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/assets/text.*.css", late)
    page.evaluate(
        """() => { const cell = document.querySelector('main td'); window.seen = new Set();
        const look = () => { const style = getComputedStyle(cell);
          seen.add(`${style.verticalAlign} ${getComputedStyle(cell.closest('table')).borderCollapse}`);
          requestAnimationFrame(look); }; look(); }"""
    )
    path = running.folder / "theme/static/css/components/table.css"
    before = path.read_bytes()
    try:
        save(path, "text-align: start;\n  vertical-align: top;", "text-align: start;\n  vertical-align: bottom;")
        eventually(page, "getComputedStyle(document.querySelector('main td')).verticalAlign === 'bottom'")
        eventually(page, "!document.querySelector('head link[href*=\"/text.\"]')")
        page.wait_for_timeout(500)
        assert page.evaluate("[...seen]") == ["top collapse", "bottom collapse"]
        assert page.locator("link[href*='/text.']").count() == 1
        assert page.locator("main > link[href*='/text.'] + .prose").count() == 1
        assert unbroken(page)
    finally:
        restore(running, path, before)


def test_a_page_that_did_not_change_is_left_alone(
    page: Page, browser: Browser, running: Running, article: Path
) -> None:
    other = browser.new_page()
    other.goto(running.address + OTHER)
    other.evaluate(
        """() => { window.changes = 0; new MutationObserver(found => { window.changes += found.length })
        .observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true}) }"""
    )
    save(article, "## What you can do", "Only on this page.\n\n## What you can do")
    expect(page.get_by_text("Only on this page.")).to_be_attached(timeout=LONG_ENOUGH)
    other.wait_for_timeout(500)
    assert other.evaluate("window.changes") == 0
    other.close()


def test_a_mistake_is_an_overlay_until_it_is_mended(page: Page, article: Path) -> None:
    save(article, "## What you can do", "See [this]({filename}nowhere.md).\n\n## What you can do")
    overlay = page.get_by_role("region", name="1 mistake to mend")
    expect(overlay).to_be_visible(timeout=LONG_ENOUGH)
    expect(overlay).to_contain_text("There is no page")
    expect(overlay.locator(".line.wrong")).to_contain_text("See [this]({filename}nowhere.md).")
    expect(page.get_by_role("alert")).to_contain_text("There is no page")
    link = overlay.get_by_role("link").first.get_attribute("href")
    assert link.startswith("vscode://file/")
    assert "/content/articles/mind/insomnia-and-pain.md:" in link
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    save(article, "See [this]({filename}nowhere.md).\n\n", "")
    expect(overlay).to_be_hidden(timeout=LONG_ENOUGH)
    assert unbroken(page)


def test_the_overlay_serves_the_keyboard_and_does_not_trap_it(page: Page, article: Path) -> None:
    page.locator("main a").first.focus()
    save(article, "## What you can do", "See [this]({filename}nowhere.md).\n\n## What you can do")
    overlay = page.get_by_role("region", name="1 mistake to mend")
    expect(overlay).to_be_visible(timeout=LONG_ENOUGH)
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")  # focus was not taken
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    page.get_by_role("button", name="1 mistake").click()
    expect(overlay).to_be_visible()
    overlay.get_by_role("button", name="Hide").focus()
    seen = set()
    for _ in range(6):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.localName"))
    assert seen - {"untangled-preview"}
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()


def test_the_panel_tells_what_is_known_of_the_page_and_closes_again(page: Page, article: Path) -> None:
    toggle = page.get_by_role("button", name="Editor’s panel")
    assert toggle.get_attribute("aria-expanded") == "false"
    toggle.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Editor’s panel")
    expect(panel).to_contain_text("content/articles/mind/insomnia-and-pain.md", timeout=LONG_ENOUGH)
    for words in ("Grade", "Mean sentence", "of 14.0 KB", "All sections present", "citation", "link here", "Review in"):
        expect(panel).to_contain_text(words)
    words = panel.locator(".figure", has=page.get_by_text("Words", exact=True)).locator("dd").first.inner_text()
    prose = measure_page(read_plaintext(article.read_text(encoding="utf-8"))).page.words
    assert int(words.replace(",", "")) > prose  # tables are part of the page, as in the report
    panel.get_by_text("citations").click()
    expect(panel.locator(".certainty").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_the_panel_follows_an_edit(page: Page, article: Path) -> None:
    page.get_by_role("button", name="Editor’s panel").click()
    panel = page.get_by_role("complementary", name="Editor’s panel")
    expect(panel).to_contain_text("No problems", timeout=LONG_ENOUGH)
    save(article, "## What you can do", "See [this]({filename}nowhere.md).\n\n## What you can do")
    expect(panel).to_contain_text("1 mistake", timeout=LONG_ENOUGH)


def test_a_draft_carries_a_banner_that_goes_when_it_is_published(browser: Browser, running: Running) -> None:
    draft = running.folder / "content/articles/mind/a-draft.md"
    page = browser.new_page()
    try:
        page.goto(f"{running.address}/drafts/a-draft/")
        expect(page.locator(STATUS)).to_have_attribute("data-status", "ready", timeout=LONG_ENOUGH)
        assert page.get_by_role("note").count() == 0  # there is nothing yet that readers cannot see
        draft.write_text(DRAFT, encoding="utf-8")
        note = page.get_by_role("note")
        expect(note).to_have_text("Draft. Readers cannot see this page.", timeout=LONG_ENOUGH)
        expect(page.get_by_role("heading", level=1)).to_have_text("Words that are not ready")
        save(draft, "status: draft\n", "")
        expect(note).not_to_be_attached(timeout=LONG_ENOUGH)  # the draft is no longer at this address
        page.goto(f"{running.address}/mind/a-draft/")
        expect(page.locator(STATUS)).to_have_attribute("data-status", "ready", timeout=LONG_ENOUGH)
        expect(page.get_by_role("heading", level=1)).to_have_text("Words that are not ready")
        assert page.get_by_role("note").count() == 0
    finally:
        page.close()
        with Events(running, "/mind/a-draft/") as events:
            events.until_ready()
            if draft.is_file():
                draft.unlink()
                events.until_ready()


def test_nothing_of_the_preview_scrolls_sideways_or_is_too_small_on_a_narrow_screen(page: Page, article: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    save(article, "## What you can do", f"See [this]({{filename}}{'long' * 60}.md).\n\n## What you can do")
    overlay = page.get_by_role("region", name="1 mistake to mend")
    expect(overlay).to_be_visible(timeout=LONG_ENOUGH)
    narrow = "document.documentElement.scrollWidth <= 320"
    inside = """() => [...document.querySelector('untangled-preview').shadowRoot.querySelectorAll('*')]
      .filter(e => e.checkVisibility() && e.getClientRects().length && !e.closest('.spoken')
        && e.getBoundingClientRect().right > 321).map(e => e.outerHTML.slice(0, 100))"""
    assert page.evaluate(narrow)
    assert page.evaluate(inside) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Editor’s panel").click()
    expect(page.get_by_role("complementary", name="Editor’s panel")).to_contain_text("Words", timeout=LONG_ENOUGH)
    assert page.evaluate(inside) == []
    small = """() => [...document.querySelector('untangled-preview').shadowRoot.querySelectorAll('button, summary')]
      .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 100))"""
    assert page.evaluate(small) == []


def test_an_open_page_finds_the_preview_again_when_it_comes_back(browser: Browser, tmp_path: Path) -> None:
    make_project(tmp_path, 2)
    page = browser.new_page()
    with Running(tmp_path) as first:
        with Events(first, "/") as events:
            events.until_built()
        page.goto(first.address)
        expect(page.locator(STATUS)).to_have_attribute("data-status", "ready", timeout=LONG_ENOUGH)
    expect(page.locator(STATUS)).to_have_attribute("data-status", "away", timeout=LONG_ENOUGH)
    home = tmp_path / "content/pages/home.md"
    home.write_text(home.read_text() + "\nBack again.\n")
    with Running(tmp_path, port=int(first.address.rpartition(":")[2])):
        expect(page.get_by_text("Back again.")).to_be_attached(timeout=LONG_ENOUGH)
    page.close()
