"""Proving the staged site with the link checker before a reader can see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sitekit.links import Report, check
from sitekit.problems import Problem
from sitekit.site import SiteSource


def check_links(folder: Path, settings: dict[str, Any], source: SiteSource) -> tuple[Report, list[Problem]]:
    """Check every link of a staged site. Returns the checker's report and its errors as problems."""
    report = check(folder, settings["SITEURL"] + "/")
    problems = []
    for finding in report.findings:
        if finding.severity == "error":
            path = finding.source or f"output/{finding.page}"
            hint = finding.suggestion or "Correct the link, or the template that writes it."
            line, column = finding.line or 0, finding.column or 0
            problems.append(Problem(path, line, column, finding.code, f"{finding.message}: {finding.url}", hint))
    return report, problems
