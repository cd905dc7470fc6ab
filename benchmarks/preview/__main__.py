"""How long editors wait: from saving a file to the new text on the screen of a real browser.

    python -m benchmarks.preview                        the real site
    python -m benchmarks.preview --articles 10000       generated articles, without language rules
    python -m benchmarks.preview --memory 500           memory after so many edits

The clock starts before the file is written and stops in the frame after the one that shows the text. Goals: 300 ms at the size of
the real site, 1 s at 10,000 articles, memory that does not grow, and 1 s for ``invoke check FILE``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.preview.running import Events, Running, make_project
from tests.browser.conftest import FLAGS

_WATCH = """words => { window.shown = new Promise(resolve => {
  const look = () => document.body.innerText.includes(words)
    && requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
  new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true}); }); }"""
_CSS = """color => new Promise(resolve => { const look = () =>
  getComputedStyle(document.documentElement).backgroundColor === color
    ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look); look(); })"""


def edits(page: Page, article: Path, count: int) -> list[float]:
    """Milliseconds from save to screen for each of ``count`` edits of one body."""
    text = article.read_text(encoding="utf-8")
    times = []
    for number in range(count):
        words = f"Thought number {number} of the day."
        page.evaluate(_WATCH, words)
        started = time.time() * 1000
        article.write_text(f"{text}\n{words}\n", encoding="utf-8")
        times.append(page.evaluate("window.shown") - started)
        page.wait_for_timeout(200)
    article.write_text(text, encoding="utf-8")
    page.wait_for_timeout(500)
    return times


def check(folder: Path, article: Path, count: int) -> list[float]:
    """Milliseconds of ``check FILE``, from the start of its process to the end, after each of ``count`` edits of that file."""
    text = article.read_text(encoding="utf-8")
    times = []
    for number in range(count):
        article.write_text(f"{text}\nThought number {number}.\n", encoding="utf-8")
        time.sleep(2)  # the preview, which runs beside it, has built by then
        started = time.perf_counter()
        command = [sys.executable, "-m", "invoke", "check", "--path", str(article)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        times.append((time.perf_counter() - started) * 1000)
        assert done.returncode == 0, done.stdout + done.stderr
    article.write_text(text, encoding="utf-8")
    time.sleep(2)
    return times


def stylesheet(page: Page, folder: Path) -> float:
    """Milliseconds from saving a color to seeing it."""
    tokens = folder / "theme/static/css/tokens.css"
    text = tokens.read_text(encoding="utf-8")
    started = time.time() * 1000
    tokens.write_text(text.replace("--paper: #faf8f4", "--paper: #ffeedd"), encoding="utf-8")
    shown = page.evaluate(_CSS, "rgb(255, 238, 221)") - started
    tokens.write_text(text, encoding="utf-8")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.preview")
    parser.add_argument("--articles", type=int, help="so many generated articles instead of the real site")
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--memory", type=int, default=0, help="measure memory over so many more edits")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_project(folder, options.articles)
        os.environ.pop("SITE_CACHE", None)
        with Running(folder) as running, sync_playwright() as playwright:
            started = time.perf_counter()
            with Events(running, "/") as events:
                events.until_built()
            print(f"first build           {time.perf_counter() - started:8.2f} s")
            article = sorted((folder / "content/articles/mind").glob("*.md"))[-1]
            address = f"/mind/{article.stem}/"
            browser = playwright.chromium.launch(executable_path=options.chromium, args=[*FLAGS, "--no-sandbox"])
            page = browser.new_page(color_scheme="light")
            page.set_default_timeout(120_000)
            page.goto(running.address + address)
            page.wait_for_timeout(1000)
            times = edits(page, article, options.edits)
            print(
                f"body saved to screen  {statistics.median(times):8.0f} ms  "
                f"(median of {len(times)}; least {min(times):.0f}, most {max(times):.0f})"
            )
            checks = check(folder, article, 5)
            print(f"one file checked      {statistics.median(checks):8.0f} ms  (median of {len(checks)})")
            print(f"color saved to screen {stylesheet(page, folder):8.0f} ms")
            page.wait_for_timeout(3000)
            print(f"memory                {running.memory() / 1e6:8.0f} MB (server and its processes)")
            if options.memory:
                edits(page, article, options.memory)
                page.wait_for_timeout(2000)
                print(f"after {options.memory} more edits {running.memory() / 1e6:8.0f} MB")
            browser.close()


if __name__ == "__main__":
    main()
