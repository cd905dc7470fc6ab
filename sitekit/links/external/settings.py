"""What a project can choose about links to other sites: ``[tool.sitekit.links.external]`` in pyproject.toml."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

_TEXT = {"user-agent"}
_WHOLE = {
    "connections",
    "connections-per-host",
    "attempts",
    "redirects",
    "body-bytes",
    "failures",
}
_SWITCHES = {"allow-private"}
_MAY_BE_ZERO = {"delay-per-host", "backoff-seconds", "failing-days", "faulty-days", "fine-jitter", "redirects"}


@dataclass(frozen=True, slots=True)
class ExternalSettings:
    """Limits and patience. Times are in seconds unless the name says days; sizes are in bytes after decompression.

    ``connections`` and ``connections_per_host`` limit requests under way at once; ``delay_per_host`` is the least time between the
    starts of two requests to one host. ``request_seconds`` limits one request with its body, ``url_seconds`` all work and
    waiting for one URL, ``run_seconds`` the whole run. ``attempts`` counts first tries and repeats. ``wait_seconds`` is the
    longest that a ``Retry-After`` or a backoff may make us wait.

    A link is reported as broken after ``failures`` failures over at least ``failing_days``; a server that answers with faults
    of its own counts as failing only when that lasts ``faulty_days``. A fine answer holds for ``fine_days``, more or less the
    share ``fine_jitter`` of it. ``allow_private`` permits addresses that are not public.
    """

    connections: int = 24
    connections_per_host: int = 2
    delay_per_host: float = 0.5
    connect_seconds: float = 10.0
    request_seconds: float = 30.0
    url_seconds: float = 120.0
    run_seconds: float = 2400.0
    attempts: int = 3
    backoff_seconds: float = 2.0
    wait_seconds: float = 60.0
    redirects: int = 10
    body_bytes: int = 5_000_000
    failures: int = 3
    failing_days: float = 3.0
    faulty_days: float = 14.0
    fine_days: float = 7.0
    fine_jitter: float = 0.3
    allow_private: bool = False
    user_agent: str = ""


def read_external(table: Any, mistakes: list[str]) -> ExternalSettings:
    """Settings from a parsed table, with hyphens in the names. Adds a sentence to ``mistakes`` for everything that is wrong."""
    if not isinstance(table, dict):
        mistakes.append("external: is not a table.")
        return ExternalSettings()
    names = {field.name.replace("_", "-"): field.name for field in fields(ExternalSettings)}
    values = {}
    for key, value in table.items():
        problem = _problem(key, value) if key in names else f"external: knows no setting {key!r}."
        if problem:
            mistakes.append(problem)
        else:
            values[names[key]] = value
    return ExternalSettings(**values)


def _problem(key: str, value: Any) -> str:
    if key in _SWITCHES:
        return "" if isinstance(value, bool) else f"external: {key} must be true or false."
    if key in _TEXT:
        fine = isinstance(value, str) and value.isascii() and value.isprintable()
        return "" if fine else f"external: {key} must be a line of ASCII text."
    if isinstance(value, bool) or not isinstance(value, int if key in _WHOLE else int | float):
        return f"external: {key} must be a {'whole ' if key in _WHOLE else ''}number."
    if not math.isfinite(value) or value < 0 or (value == 0 and key not in _MAY_BE_ZERO):
        return f"external: {key} must be {'0 or more' if key in _MAY_BE_ZERO else 'more than 0'}."
    if key == "fine-jitter" and value >= 1:
        return "external: fine-jitter must be less than 1."
    return ""
