"""One record for everything that can be wrong, and the printers for it.

Problems are data: the build, ``invoke check``, pytest, the link checker and the preview all produce the same record, so
an editor sees the same words everywhere. Nothing here knows Pelican, Markdown or the web.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

SEVERITIES = ("error", "warning")


@dataclass(frozen=True, order=True, slots=True)
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
        return f"{self.path}:{self.line}:{self.column}: {self.code}: {self.message}"

    def as_dict(self) -> dict[str, object]:
        """The record as plain JSON-ready data."""
        return asdict(self)


class ProblemsFound(Exception):
    """Raised once, at the end, with every problem that was found."""

    exitcode = 1

    def __init__(self, problems: Iterable[Problem], action: str = "Nothing was written.") -> None:
        self.problems = sorted(set(problems))
        super().__init__(f"{summary(self.problems)}. {action}")


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
        lines.append(f"{problem.path}:{problem.line}:{problem.column}: {mark}{problem.code}: {problem.message}")
        if problem.hint:
            lines.append(f"    {problem.hint}")
    return "\n".join(lines)
