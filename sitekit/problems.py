"""One record for everything that can be wrong, and the printers for it.

Problems are data: the build, ``invoke check``, pytest, the link checker and the preview all produce the same record, so
an editor sees the same words everywhere. Nothing here knows Pelican, Markdown or the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict

from sitekit.records import record

SEVERITIES = ("error", "warning")

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@record(order=True)
class Problem:
    """One thing that is wrong, and where.

    ``path`` is relative to the project (forward slashes); ``line`` and ``column`` count from 1, and 0 means "the file as a
    whole". ``code`` is stable and kebab-case; ``message`` says what is wrong; ``hint`` says what to do about it.
    The field order is the sort order, so a list of problems reads from top to bottom of each file.
    """

    path: str
    line: int = 0
    column: int = 0
    code: str = ""
    message: str = ""
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """``path:line:column: code: message``, the form that editors and terminals make clickable."""
        return visible(f"{self.path}:{self.line}:{self.column}: {self.code}: {self.message}")

    def as_dict(self) -> dict[str, object]:
        """The record as plain JSON-ready data."""
        return asdict(self)


class ProblemsFound(Exception):
    """Raised once, at the end, with every problem that was found."""

    exitcode = 1

    def __init__(self, problems: Iterable[Problem], action: str = "Nothing was written.") -> None:
        self.problems = sorted(set(problems))
        super().__init__(f"{summary(self.problems)}. {action}")


def visible(text: str) -> str:
    """``text`` on one line, with characters that would steer a terminal or turn its text around shown as escapes."""
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Only those problems that must stop a build, sorted."""
    return sorted(problem for problem in set(problems) if problem.severity == "error")


def summary(problems: Iterable[Problem]) -> str:
    """A count in words: ``3 problems in 2 files``."""
    found = list(problems)
    files = len({problem.path for problem in found})
    return f"{len(found)} problem{'s' if len(found) != 1 else ''} in {files} file{'s' if files != 1 else ''}"


def format_text(problems: Iterable[Problem]) -> str:
    """Each problem on a line of its own with its remedy indented below it, sorted, ready for a terminal."""
    lines: list[str] = []
    for problem in sorted(set(problems)):
        mark = "" if problem.severity == "error" else "warning: "
        place = f"{problem.path}:{problem.line}:{problem.column}"
        lines.append(visible(f"{place}: {mark}{problem.code}: {problem.message}"))
        if problem.hint:
            lines.append(f"    {visible(problem.hint)}")
    return "\n".join(lines)
