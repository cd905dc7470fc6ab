"""Printers of a report. Each takes a report and gives text; none decides anything."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from ..model import Report
from .excerpts import Excerpts

Printer = Callable[[Report, Excerpts], str]

FORMATS = ("text", "json", "junit", "sarif", "github", "markdown")


def printer(name: str) -> Printer:
    """The printer of a format. Loaded when asked for: an unchanged site is checked in less time than all of them take to load."""
    if name not in FORMATS:
        raise KeyError(name)
    return getattr(import_module(f".{name}", __name__), f"as_{name}")


__all__ = ["FORMATS", "Excerpts", "Printer", "printer"]
