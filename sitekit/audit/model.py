"""What the audit measured: one record for each check and page, and the two ways to print them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``page`` is a root-relative path, or empty for the site as a whole.

    ``limit`` says in words what is wanted; ``met`` is None for a figure that is shown and not judged. ``badness`` sorts the
    worst first, whatever the unit. ``findings`` are what a reader of the report has to mend. ``timing`` marks what depends on the
    machine that measures, too.
    """

    check: str
    page: str
    value: float
    unit: str
    limit: str
    met: bool | None
    badness: float
    findings: tuple[str, ...] = ()
    timing: bool = False


def at_most(
    check: str,
    page: str,
    value: float,
    unit: str,
    limit: float | None,
    findings: Sequence[str] = (),
    timing: bool = False,
) -> Measure:
    """A figure that must not exceed ``limit``; None shows it only."""
    wanted = f"at most {_number(limit)} {unit}" if limit is not None else "no limit"
    met = None if limit is None else value <= limit
    return Measure(check, page, value, unit, wanted, met, value, tuple(findings), timing)


def at_least(
    check: str, page: str, value: float, unit: str, limit: float, findings: Sequence[str] = (), timing: bool = False
) -> Measure:
    """A figure that must not fall below ``limit``."""
    wanted = f"at least {_number(limit)} {unit}"
    return Measure(check, page, value, unit, wanted, value >= limit, -value, tuple(findings), timing)


def none_of(check: str, page: str, findings: Sequence[str]) -> Measure:
    """A check that must find nothing."""
    return at_most(check, page, len(findings), "findings", 0, findings)


def could_not_run(check: str, reason: str) -> Measure:
    """A check that failed to run counts as not met: silence is no proof."""
    return Measure(check, "", 0, "", "must run", False, float("inf"), (f"could not run: {reason}",))


def format_text(measures: Iterable[Measure], rows: int = 16, findings: int = 12) -> str:
    """A block for each check in the order of arrival, its pages worst first, each with its first findings.

    Every page that does not meet a limit is shown; of the others, so many that a block has ``rows`` lines.
    """
    groups: dict[str, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(measure.check, []).append(measure)
    lines = []
    for check, group in groups.items():
        failed = [measure for measure in group if measure.met is False]
        verdict = "NOT MET" if failed else "shown" if all(measure.met is None for measure in group) else "met"
        limit = next((measure.limit for measure in group if measure.met is not None), group[0].limit)
        lines.append(f"{check} ({limit}): {verdict}")
        ordered = sorted(group, key=lambda one: (one.met is not False, -one.badness, one.page))
        shown = ordered[: max(rows, len(failed))]
        for measure in shown:
            mark = " <- not met" if measure.met is False else ""
            lines.append(f"  {_number(measure.value):>9} {measure.unit:<9} {measure.page or 'the whole site'}{mark}")
            lines += [f"              {finding}" for finding in measure.findings[:findings]]
            if len(measure.findings) > findings:
                lines.append(f"              … and {len(measure.findings) - findings} more")
        if len(ordered) > len(shown):
            lines.append(f"              {len(ordered) - len(shown)} more pages, all met")
        lines.append("")
    return "\n".join(lines)


def as_json(measures: Iterable[Measure]) -> str:
    """All measures as a JSON list; a badness without end is left out."""
    rows = [asdict(measure) for measure in measures]
    for row in rows:
        row.pop("badness")
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}".rstrip("0")
