"""Lighthouse: the middle of three runs for each kind of page, on a phone and on a desk, in all four categories."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from sitekit.audit.browser import chromium_path, flags
from sitekit.audit.model import Measure, at_least, could_not_run
from sitekit.audit.tools import NodeTools, ToolError

RUNS, _AGAIN = 3, 2
_AT_ONCE = 2
"""Browsers at the same time. Lighthouse computes its phone from what it saw, so a busy neighbor costs little."""
_CHECK = "Lighthouse"
_NOT_INDEXED = ("/404.html",)
"""Pages that ask search engines to leave them out; Lighthouse counts that against them under "SEO", rightly or not."""


def run_lighthouse(origin: str, types: dict[str, str], tools: NodeTools, patient: bool = True) -> list[Measure]:
    """Scores of 0 to 100 for each page, form factor and category; what is imperfect stands with the scores below 100.

    Other work on the machine can only make a page slower, so pages whose performance is not at its best are measured again, up
    to twice, alone, and the best middle counts.
    """
    addresses, runs = list(types.values()), RUNS if patient else 1
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        shares = [addresses[start::_AT_ONCE] for start in range(_AT_ONCE)]
        results = [
            result for part in pool.map(lambda share: _run(origin, share, tools, runs), shares) for result in part
        ]
    for _ in range(_AGAIN if patient else 0):
        slow = {result.address for result in results if result.scores.get("performance", 1) < 1}
        if not slow:
            break
        better = {(other.address, other.form): other for other in _run(origin, sorted(slow), tools, runs)}
        results = [_better(result, better.get((result.address, result.form))) for result in results]
    return [measure for result in results for measure in _judged(result)]


@dataclass(frozen=True, slots=True)
class _Result:
    """One page on one form factor: the middle score of each category, and what was not perfect."""

    address: str
    form: str
    scores: dict[str, float]
    notes: tuple[str, ...]


def _run(origin: str, addresses: list[str], tools: NodeTools, runs: int) -> list[_Result]:
    """Raises ToolError when Lighthouse gives no answer."""
    arguments = (chromium_path(), origin, str(runs), json.dumps(flags()), *addresses)
    done = tools.run("lighthouse.mjs", *arguments)
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise ToolError((done.stderr or done.stdout)[-800:]) from error
    return [
        _Result(
            one["address"], one["form"], {name: _median(of) for name, of in one["scores"].items()}, tuple(one["notes"])
        )
        for one in found
    ]


def _median(scores: list[float | None]) -> float:
    """The middle score, or -1 where Lighthouse gave none."""
    return -1 if not scores or None in scores else median(scores)


def _better(one: _Result, other: _Result | None) -> _Result:
    return max((one, other or one), key=lambda result: result.scores["performance"])


def _judged(result: _Result) -> list[Measure]:
    measures = []
    for category, score in result.scores.items():
        if category == "seo" and result.address in _NOT_INDEXED:
            continue
        check = f"{_CHECK} {category}, {result.form}"
        if score < 0:
            measures.append(could_not_run(check, f"{result.address}: no score"))
            continue
        notes = result.notes if score < 1 else ()
        timing = category == "performance"
        measures.append(at_least(check, result.address, round(100 * score), "points", 100, notes, timing))
    return measures
