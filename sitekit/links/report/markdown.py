"""A summary in Markdown, for the summary page of a CI run or a comment."""

from __future__ import annotations

from collections import Counter

from ..codes import CODES
from ..model import Finding, Report
from .excerpts import Excerpts

_MAX_ROWS = 200  # GitHub cuts a step summary at 1 MiB


def as_markdown(report: Report, excerpts: Excerpts) -> str:
    """Counts by kind, then a table of what is broken and a folded table of everything else."""
    lines = ["## Links", "", report.summary(), ""]
    counts = Counter(finding.code for finding in report.findings)
    if counts:
        lines += ["| Kind | What it means | Count |", "| --- | --- | ---: |"]
        lines += [f"| `{code}` | {CODES[code].title} | {count:,} |" for code, count in sorted(counts.items())]
        lines.append("")
    if report.problems:
        lines += ["### Broken", "", *_table(report.problems), ""]
    if report.advisories:
        lines += ["<details><summary>Other findings</summary>", "", *_table(report.advisories), "", "</details>", ""]
    return "\n".join(lines)


def _table(findings: tuple[Finding, ...]) -> list[str]:
    rows = ["| Where | Address | What | Did you mean |", "| --- | --- | --- | --- |"]
    for finding in findings[:_MAX_ROWS]:
        pages = f" ({finding.pages:,} pages)" if finding.pages > 1 else ""
        cells = (finding.place + pages, finding.url, finding.message, finding.suggestion)
        rows.append("| " + " | ".join(_cell(cell, code=index in (0, 1, 3)) for index, cell in enumerate(cells)) + " |")
    if len(findings) > _MAX_ROWS:
        rows.append(f"| and {len(findings) - _MAX_ROWS:,} more | | | |")
    return rows


def _cell(text: str, code: bool) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    if code:
        fence = "``" if "`" in text else "`"
        return f"{fence}{text}{fence}".replace("|", "\\|")
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
