"""Annotations that GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from ..model import Finding, Report
from .excerpts import Excerpts

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def as_github(report: Report, excerpts: Excerpts) -> str:
    """One workflow command for each finding that has a place in the sources, or at least a page."""
    return "".join(_command(finding) for finding in report.findings) + f"{report.summary()}\n"


def _command(finding: Finding) -> str:
    if finding.source:
        file, line, column = finding.source, finding.source_line, finding.source_column
    else:
        file, line, column = finding.page, finding.line, finding.column
    places = [f"file={_property(file)}"]
    if line:
        places.append(f"line={line}")
        if column:
            places.append(f"col={column}")
    message = finding.message if not finding.url else f"{finding.url}: {finding.message}"
    if finding.suggestion:
        message += f" Did you mean {finding.suggestion} ?"
    return f"::{_LEVELS[finding.severity]} {','.join(places)},title={_property(finding.code)}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
