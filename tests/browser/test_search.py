"""The search page as a tired reader uses it: with a phone, with a keyboard, with mistakes, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitekit.audit.screenshots import search_for
from sitekit.audit.server import served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
KEEP_VIOLATIONS = "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))"


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    """The built site behind the headers of the published one."""
    with served(site) as address:
        yield address


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """The search page, open. At the end, nothing may have broken the security policy or been logged as an error."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(KEEP_VIOLATIONS)
    page.goto(f"{origin}/search/")
    yield page
    assert page.evaluate("violations") == []
    assert [error for error in errors if "ERR_FAILED" not in error] == []
    context.close()


def test_results_stand_in_the_groups_of_their_topics_with_the_words_marked(page: Page) -> None:
    search_for(page, "insomnia")
    groups = page.locator("#results section")
    assert groups.count() >= 2
    for group in groups.all():
        heading = group.locator("h2").inner_text()
        addresses = group.locator(".finding__link").evaluate_all("links => links.map(link => link.pathname)")
        start = page.locator("#browse a", has_text=heading)
        if start.count():
            assert all(address.startswith(start.get_attribute("href")) for address in addresses), heading
    first = page.locator(".finding").first
    assert first.locator(".finding__link").get_attribute("href") == "/mind/insomnia-and-pain/"
    assert "insomnia" in first.locator("mark").first.inner_text().lower()


def test_a_result_leads_to_the_part_that_holds_the_words(page: Page, origin: str) -> None:
    search_for(page, "burning nerve pain")
    parts = page.locator(".finding__section a").evaluate_all("links => links.map(link => link.href)")
    assert parts
    page.goto(parts[0])
    assert page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("insomina", "insomnia"), ("depresion", "depression"), ("ketamnie", "ketamine"), ("gabapentine", "gabapentin")],
)
def test_misspelled_words_find_what_was_meant(page: Page, typed: str, meant: str) -> None:
    search_for(page, typed)
    assert meant in page.locator(".finding mark").first.inner_text().lower()
    if typed != "gabapentine":  # the ending is surplus, so the right word is in it
        expect(page.locator("#search-status")).to_contain_text(f"“{typed}”")
        expect(page.locator("#search-status")).to_contain_text(f"“{meant}”")


def test_the_status_says_how_much_was_found_and_is_announced(page: Page) -> None:
    search_for(page, "ketamine")
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^\d+ pages for “ketamine”\.$"))


def test_a_word_that_no_page_has_is_named_and_ways_on_are_offered(page: Page) -> None:
    search_for(page, "zzzqq")
    expect(page.get_by_role("status")).to_have_text(
        "No page has the word “zzzqq”. Nothing found. Try one plain word, or choose a topic below."
    )
    assert page.locator(".finding").count() == 0
    assert page.locator("#browse a").first.is_visible()


def test_the_keyboard_is_enough(page: Page) -> None:
    page.locator("#search-words").focus()
    page.keyboard.type("sleep")
    page.keyboard.press("Enter")
    links = page.locator(".finding__link")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#search-words")).to_be_focused()
    assert page.locator("#search-words").input_value() == "sleep"


def test_more_results_come_on_request_and_take_the_focus(page: Page) -> None:
    search_for(page, "pain")
    more = page.locator("#more-results")
    shown = page.locator(".finding__link").count()
    total = int(re.search(r"\d+", page.get_by_role("status").inner_text())[0])
    assert shown < total
    while more.is_visible():
        more.press("Enter")
        page.wait_for_timeout(50)
        expect(page.locator(".finding__link:focus")).to_have_count(1)
        assert page.locator(".finding__link").count() > shown
        shown = page.locator(".finding__link").count()
    assert shown == total


def test_nothing_of_the_index_is_loaded_before_the_first_key(page: Page, origin: str) -> None:
    loaded = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert loaded
    assert not [url for url in loaded if "/pagefind/" in url or "spelling" in url]
    size = page.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].reduce((sum, e) => sum + e.transferSize, 0)"
    )
    assert 1000 < size <= 20 * 1024


def test_every_request_stays_on_this_site_and_nothing_is_kept(page: Page, origin: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    search_for(page, "paying for care")
    assert requests
    assert [url for url in requests if not url.startswith(f"{origin}/")] == []
    assert not [url for url in requests if "paying" in url or "care" in url.rpartition("/")[2]], (
        "the words must not be sent"
    )
    assert page.url == f"{origin}/search/"
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0


def test_typed_markup_stays_text(page: Page) -> None:
    for words in ('<img src=x onerror="document.title=1">', "<b>sleep"):
        search_for(page, words)
        assert page.locator("main img, main b").count() == 0
        assert page.title() != "1"
    assert page.locator(".finding").count() > 0


def test_when_no_page_has_all_words_those_with_most_come_and_it_is_said(page: Page) -> None:
    search_for(page, "glossary telephone mindfulness ketamine esketamine")
    status = page.get_by_role("status").inner_text()
    assert "No page has all of these words." in status
    assert page.locator(".finding").count() > 0


def test_an_address_with_words_searches_at_once_and_forgets_them(page: Page, origin: str) -> None:
    page.goto(f"{origin}/search/?q=opioids")
    expect(page.get_by_role("status")).to_contain_text("for “opioids”")
    assert page.locator("#search-words").input_value() == "opioids"
    assert page.url == f"{origin}/search/"


def test_the_way_back_finds_the_results_again(page: Page) -> None:
    search_for(page, "anxiety")
    page.locator(".finding__link").first.click()
    page.wait_for_url(lambda url: "/search/" not in url)
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("for “anxiety”")


def test_only_the_last_words_typed_are_answered(page: Page) -> None:
    field = page.locator("#search-words")
    for words in ("pain", "mood", "alcohol"):
        field.fill(words)
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("“alcohol”")
    page.wait_for_timeout(300)
    assert "alcohol" in page.locator(".finding mark").first.inner_text().lower()
    expect(page.get_by_role("status")).to_contain_text("“alcohol”")


@pytest.mark.parametrize("words", ["suicide", "I want to die", "kill myself", "overdose", "self-harm"])
def test_words_of_a_crisis_bring_the_numbers_first(page: Page, words: str) -> None:
    search_for(page, words)
    help_first = page.locator("#search-crisis")
    assert help_first.is_visible()
    assert help_first.locator("a[href='tel:988']").is_visible()
    above = page.evaluate(
        "document.querySelector('#search-crisis').compareDocumentPosition(document.querySelector('#results'))"
    )
    assert above & 4, "the help stands before the results"


@pytest.mark.parametrize("words", ["painkillers", "diet", "sleep"])
def test_other_words_do_not(page: Page, words: str) -> None:
    search_for(page, words)
    assert not page.locator("#search-crisis").is_visible()


def test_a_search_that_cannot_be_loaded_says_so_and_can_be_tried_again(page: Page) -> None:
    page.route("**/pagefind/words.txt", lambda route: route.abort())
    search_for(page, "sleep")
    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
    page.unroute("**/pagefind/words.txt")
    search_for(page, "sleep")
    expect(page.get_by_role("status")).to_contain_text("for “sleep”")


def test_without_javascript_the_topics_and_lists_remain_and_no_dead_form(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/search/")
    assert not page.locator("#search").is_visible()
    assert "needs JavaScript" in page.locator("main").inner_text()
    assert page.locator("a[href='/glossary/']").first.is_visible()
    assert page.locator("#browse a").count() >= 5
    context.close()
