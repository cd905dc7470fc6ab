"""What a phone on a slow line sees: LCP, layout shift, blocked time and requests, measured in a throttled Chromium.

1.6 Mbit/s, 150 ms and a processor four times slower are Lighthouse's "slow 4G" and mid-range phone, applied while the page
loads and not simulated afterwards. Chromium adds the delay to each request; the handshakes of a new connection are not in it.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from playwright.sync_api import Browser

from sitekit.audit.model import Measure, at_most
from sitekit.audit.weight import REQUEST_LIMIT

LCP_LIMIT = 1000
BITS_PER_SECOND, DELAY, SLOWER = 1.6e6, 150, 4
_RUNS, _AGAIN = 3, 2
_SETTLE = 300
"""Milliseconds after the load event in which a late paint or shift would still be seen."""
_OBSERVE = """
window.__meter = { lcp: 0, shift: 0, blocked: 0, what: "" };
new PerformanceObserver(list => { for (const entry of list.getEntries()) {
  __meter.lcp = entry.startTime; __meter.what = entry.element ? entry.element.tagName.toLowerCase() : ""; }
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver(list => { for (const entry of list.getEntries()) __meter.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver(list => { for (const entry of list.getEntries()) __meter.blocked += Math.max(0, entry.duration - 50);
}).observe({ type: "longtask", buffered: true });
"""


def measure_vitals(browser: Browser, origin: str, types: dict[str, str], patient: bool = True) -> list[Measure]:
    """LCP, CLS, TBT and requests of each page, the middle of three cold visits on a phone.

    Other work on the machine can only make a page slower, so a page over a limit of time is measured again, up to twice, and
    the quickest middle counts. Where figures of time do not matter, not ``patient``, each page is visited once.
    """
    measures = []
    for address in types.values():
        middle = _middle(browser, origin, address, _RUNS if patient else 1)
        for _ in range(_AGAIN if patient else 0):
            if middle["lcp"] <= LCP_LIMIT and not middle["blocked"]:
                break
            other = _middle(browser, origin, address, _RUNS if patient else 1)
            middle |= {name: min(middle[name], other[name]) for name in ("lcp", "blocked")}
        measures += [
            at_most("LCP on 1.6 Mbit/s, 150 ms, 4x CPU", address, round(middle["lcp"]), "ms", LCP_LIMIT, timing=True),
            at_most("Layout shift (CLS)", address, round(middle["shift"], 4), "", 0),
            at_most("Time blocked (TBT)", address, round(middle["blocked"]), "ms", 0, timing=True),
            at_most("Requests, the icon among them", address, middle["requests"], "requests", REQUEST_LIMIT),
        ]
    return measures


def _middle(browser: Browser, origin: str, address: str, runs: int) -> dict[str, float]:
    visits = [visit(browser, origin, [address])[0] for _ in range(runs)]
    return {name: median(one[name] for one in visits) for name in ("lcp", "shift", "blocked", "requests")}


def visit(browser: Browser, origin: str, addresses: list[str], wide: bool = False) -> list[dict[str, Any]]:
    """Open pages one after the other in a fresh profile on the slow line. Returns what was measured of each."""
    size = {"width": 1350, "height": 940} if wide else {"width": 412, "height": 823}
    context = browser.new_context(viewport=size, device_scale_factor=1 if wide else 1.75)
    context.add_init_script(_OBSERVE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    speed = BITS_PER_SECOND / 8
    line = {"offline": False, "latency": DELAY, "downloadThroughput": speed, "uploadThroughput": speed}
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    received = {"requests": 0, "bytes": 0.0}
    session.on("Network.requestWillBeSent", lambda _: received.update(requests=received["requests"] + 1))
    session.on("Network.loadingFinished", lambda e: received.update(bytes=received["bytes"] + e["encodedDataLength"]))
    results = []
    for address in addresses:
        received.update(requests=0, bytes=0.0)
        page.goto(origin + address, wait_until="load")
        page.wait_for_timeout(_SETTLE)
        results.append({**page.evaluate("__meter"), **received})
    context.close()
    return results
