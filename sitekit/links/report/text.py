"""For people at a terminal: clickable places, the line itself, what was probably meant."""

from __future__ import annotations

from ..model import Finding, Report
from .excerpts import Excerpts


def as_text(report: Report, excerpts: Excerpts) -> str:
    """Broken links first, each with an excerpt of the line it is on; then everything else; then the summary."""
    parts = [_finding(finding, excerpts) for finding in report.problems]
    parts += [_finding(finding, excerpts) for finding in report.advisories if finding.severity != "info"]
    hidden = sum(finding.severity == "info" for finding in report.advisories)
    if hidden:
        parts.append(f"{hidden:,} more for information only (--format json shows them).")
    parts.append(report.summary())
    return "\n".join(parts) + "\n"


def _finding(finding: Finding, excerpts: Excerpts) -> str:
    mark = "" if finding.severity == "error" else f"{finding.severity}: "
    address = f" {finding.url}" if finding.url else ""
    lines = [f"{finding.place}: {mark}{finding.code}:{address}", f"    {finding.message}"]
    excerpt, at = excerpts.excerpt(finding)
    if excerpt.strip():
        indent = len(excerpt) - len(excerpt.lstrip())
        lines += [f"    | {excerpt.strip()}", f"    | {' ' * max(at - indent, 0)}^"]
    if finding.suggestion:
        lines.append(f"    Did you mean {finding.suggestion} ?")
    if finding.source and finding.page:
        others = f" and {finding.pages - 1:,} more" if finding.pages > 1 else ""
        lines.append(f"    seen on {finding.page}:{finding.line}{others}")
    return "\n".join(lines)
