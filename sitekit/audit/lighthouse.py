"""Lighthouse: the middle of three runs for each kind of page, on a phone and on a desk, in all four categories."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from sitekit.audit.browser import chromium_path, flags
from sitekit.audit.model import Measure, at_least, could_not_run
from sitekit.audit.tools import NodeTools

RUNS = 3
_AT_ONCE = 2
"""Browsers at the same time. Lighthouse computes its phone from what it saw, so a busy neighbor costs little."""
_CHECK = "Lighthouse"
_NOT_INDEXED = ("/404.html",)
"""Pages that ask search engines to leave them out; Lighthouse counts that against them under "SEO", rightly or not."""


def run_lighthouse(origin: str, types: dict[str, str], tools: NodeTools) -> list[Measure]:
    """Scores of 0 to 100 for each page, form factor and category; what is imperfect stands with the scores below 100."""
    addresses = list(types.values())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        parts = pool.map(
            lambda part: _run(origin, part, tools), (addresses[start::_AT_ONCE] for start in range(_AT_ONCE))
        )
        return [measure for part in parts for measure in part]


def _run(origin: str, addresses: list[str], tools: NodeTools) -> list[Measure]:
    arguments = (chromium_path(), origin, str(RUNS), json.dumps(flags()), *addresses)
    done = tools.run("lighthouse.mjs", *arguments)
    try:
        results = json.loads(done.stdout)
    except ValueError:
        return [could_not_run(_CHECK, (done.stderr or done.stdout)[-800:])]
    measures = []
    for result in results:
        for category, scores in result["scores"].items():
            if category == "seo" and result["address"] in _NOT_INDEXED:
                continue
            check = f"{_CHECK} {category}, {result['form']}"
            if not scores or None in scores:
                measures.append(could_not_run(check, f"{result['address']}: no score"))
                continue
            value = round(100 * median(scores))
            notes = result["notes"] if value < 100 else ()
            measures.append(at_least(check, result["address"], value, "points", 100, notes))
    return measures
