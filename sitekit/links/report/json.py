"""For programs. ``problems`` holds broken links only; everything else is under ``advisories``."""

from __future__ import annotations

import json

from ..model import Finding, Report
from .excerpts import Excerpts


def as_json(report: Report, excerpts: Excerpts) -> str:
    """The whole report as one JSON object."""
    data: dict[str, object] = {
        "pages": report.pages,
        "links": report.links,
        "fragments": report.fragments,
        "files": report.files,
        "problems": [_entry(finding) for finding in report.problems],
        "advisories": [_entry(finding) for finding in report.advisories],
    }
    if report.external is not None:
        data["external"] = report.external._asdict()
    return json.dumps(data, indent=1) + "\n"


def _entry(finding: Finding) -> dict[str, object]:
    source = finding.source
    if source and finding.source_line:
        source = f"{source}:{finding.source_line}:{finding.source_column}"
    return {
        "page": finding.page,
        "url": finding.url,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "message": finding.message,
        "source": source,
        "suggestion": finding.suggestion,
        "severity": finding.severity,
        "detail": finding.detail,
        "pages": finding.pages,
        "source_file": finding.source,
        "source_line": finding.source_line,
        "source_column": finding.source_column,
        "fix": finding.fix,
    }
