"""How soon the next page stands on the screen after a click, for a reader with a mouse on the slow line of the vitals.

The speculation rules in every page let a browser render the next page of a topic as soon as somebody points at its link. The
same link opened with the keyboard is not prepared, and so shows what that is worth.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from sitekit.audit.devtools import DevTools, Tab, devtools
from sitekit.audit.line import slow_line
from sitekit.audit.meter import BITS_PER_SECOND, DELAY, SLOWER
from sitekit.audit.model import Measure, at_most, none_of

LINK = "a[rel=next]"
PAINT_LIMIT = 200
"""Milliseconds from an input to the frame that answers it which still count as good (web.dev, Interaction to Next Paint)."""
POINTED, _PRESSED = 1.0, 0.08
"""Seconds for which a reader points at a link before pressing the button, and holds it down."""
_RUNS, _AGAIN = 3, 2
_SETTLE = 1.0
"""Seconds until an opened page has come to rest."""
_PAINT = """new Promise(resolve => new PerformanceObserver(list => {
  const [paint] = list.getEntriesByName("first-contentful-paint"), [visit] = performance.getEntriesByType("navigation");
  if (paint) resolve([performance.timeOrigin + paint.startTime, visit.activationStart > 0]);
}).observe({ type: "paint", buffered: true }))"""


@dataclass(frozen=True, slots=True)
class Visit:
    """The way from a page to its next. ``paint``: milliseconds from the click or key to the first contentful paint."""

    paint: float
    prepared: bool


def measure_next_page(origin: str, folder: Path, types: dict[str, str], patient: bool = True) -> list[Measure]:
    """The middle of three visits to the page after an article, pointed at first, and of three with the keyboard.

    Other work on the machine can only make a page slower, so a figure over its limit is taken again, up to twice, and the
    quickest middle counts. Where figures of time do not matter, not ``patient``, there is one visit of each kind.
    """
    runs = _RUNS if patient else 1
    article = _article_with_next(folder, types)
    with slow_line(urlsplit(origin).port, DELAY / 2000, BITS_PER_SECOND / 8) as port, devtools() as browser:
        url = f"http://127.0.0.1:{port}{article}"
        visits = [follow(browser, url) for _ in range(runs)]
        paint = _middle(visits)
        for _ in range(_AGAIN if patient else 0):
            if paint > PAINT_LIMIT:
                again = [follow(browser, url) for _ in range(runs)]
                paint, visits = min(paint, _middle(again)), visits + again
        typed = _middle([follow(browser, url, keyboard=True) for _ in range(runs)])
    unprepared = sum(not visit.prepared for visit in visits)
    findings = [f"{unprepared} of {len(visits)} visits were not prepared before the click"] if unprepared else []
    return [
        none_of("Next page, prepared before the click", article, findings),
        at_most("Next page, from click to paint", article, round(paint), "ms", PAINT_LIMIT, timing=True),
        at_most("Next page, from Enter to paint, not prepared", article, round(typed), "ms", None, timing=True),
    ]


def _article_with_next(folder: Path, types: dict[str, str]) -> str:
    """The first of the audited pages that offers a next one, the heaviest article before all others. Raises ValueError."""
    for address in (types["article"], *types.values()):
        file = folder / address.strip("/") / "index.html"
        if file.exists() and LexborHTMLParser(file.read_bytes()).css_first(LINK):
            return address
    raise ValueError(f"None of the audited pages has a link {LINK}")


def _middle(visits: list[Visit]) -> float:
    return median(visit.paint for visit in visits)


def follow(
    browser: DevTools, url: str, keyboard: bool = False, pointed: float = POINTED, slower: float = SLOWER
) -> Visit:
    """Open ``url`` in a fresh profile, then the page that its link "next" leads to, and say when that was painted."""
    throttled = ("Emulation.setCPUThrottlingRate", {"rate": slower})
    with Tab(browser, throttled) as tab:
        page = tab.open(url)
        time.sleep(_SETTLE)
        target, x, y = place(browser, page)
        time.sleep(_SETTLE)
        if keyboard:
            started = press_enter(browser, page)
        else:
            point(browser, page, x, y)
            time.sleep(pointed)
            started = click(browser, page, x, y)
        painted, prepared = browser.evaluate(tab.shown(target), _PAINT)
    return Visit(painted - started, prepared)


def place(browser: DevTools, page: str, link: str = LINK) -> tuple[str, float, float]:
    """Scroll a link into view and give it the focus. Returns its address and where it stands."""
    script = f"""(() => {{ const link = document.querySelector("{link}");
      link.scrollIntoView({{ block: "center", behavior: "instant" }});
      link.focus({{ preventScroll: true }});
      const box = link.getClientRects()[0];
      return [link.href, box.x + box.width / 3, box.y + box.height / 2]; }})()"""
    target, x, y = browser.evaluate(page, script)
    return target, x, y


def point(browser: DevTools, page: str, x: float, y: float) -> None:
    """Move the mouse to a place in the window."""
    browser.post("Input.dispatchMouseEvent", page, type="mouseMoved", x=x, y=y)


def click(browser: DevTools, page: str, x: float, y: float) -> float:
    """Press the button and let it go. Returns when it was let go, in milliseconds since 1970."""
    button: dict[str, Any] = {"x": x, "y": y, "button": "left", "clickCount": 1}
    browser.post("Input.dispatchMouseEvent", page, type="mousePressed", **button)
    time.sleep(_PRESSED)
    released = time.time() * 1000
    browser.post("Input.dispatchMouseEvent", page, type="mouseReleased", **button)
    return released


def press_enter(browser: DevTools, page: str) -> float:
    """Press Enter on what has the focus. Returns when, in milliseconds since 1970."""
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    pressed = time.time() * 1000
    browser.post("Input.dispatchKeyEvent", page, type="keyDown", text="\r", **key)
    browser.post("Input.dispatchKeyEvent", page, type="keyUp", **key)
    return pressed
