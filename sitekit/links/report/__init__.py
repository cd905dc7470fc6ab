"""Printers of a report. Each takes a report and gives text; none decides anything."""

from __future__ import annotations

from collections.abc import Callable

from ..model import Report
from .excerpts import Excerpts
from .github import as_github
from .json import as_json
from .junit import as_junit
from .markdown import as_markdown
from .sarif import as_sarif
from .text import as_text

Printer = Callable[[Report, Excerpts], str]

FORMATS: dict[str, Printer] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "sarif": as_sarif,
    "github": as_github,
    "markdown": as_markdown,
}

__all__ = ["FORMATS", "Excerpts", "Printer"]
