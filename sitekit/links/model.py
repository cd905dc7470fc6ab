"""What a check returns: findings and counts, as plain immutable data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .codes import CODES

if TYPE_CHECKING:
    from sitekit.problems import Problem


class Finding(NamedTuple):
    """One thing found.

    ``page`` is the file below the site folder with forward slashes; ``line`` and ``column`` count from 1 and 0 means unknown.
    ``url`` is as authored after decoding. ``source`` is the Markdown or template file the link was written in, where known,
    with ``source_line`` and ``source_column``; ``pages`` counts the pages that show one and the same template mistake.
    """

    page: str
    line: int = 0
    column: int = 0
    url: str = ""
    code: str = ""
    message: str = ""
    severity: str = "error"
    suggestion: str = ""
    source: str = ""
    source_line: int = 0
    source_column: int = 0
    detail: str = ""
    pages: int = 1
    fix: str = ""

    @property
    def broken(self) -> bool:
        """Whether this is a dead link, and not advice."""
        return CODES[self.code].broken

    @property
    def place(self) -> str:
        """Where to mend it: ``file:line:column`` in the sources where that is known, else on the page."""
        if self.source:
            file, line, column = self.source, self.source_line, self.source_column
        else:
            file, line, column = self.page, self.line, self.column
        return f"{file}:{line}:{column}" if line else file

    def as_problem(self, output: str = "output") -> Problem:
        """The record that the rest of the project prints. ``output`` is the site folder, for findings without a source."""
        from sitekit.problems import Problem

        if self.source:
            path, line, column = self.source, self.source_line, self.source_column
        else:
            path, line, column = f"{output}/{self.page}", self.line, self.column
        hint = f"Did you mean {self.suggestion} ?" if self.suggestion else ""
        message = f"{self.url}: {self.message}" if self.url else self.message
        severity = "error" if self.severity == "error" else "warning"
        return Problem(path, line, column, self.code, message, hint, severity)


class ExternalCounts(NamedTuple):
    """Addresses on other sites: all that are linked to, those asked in this run, what is known of them, those time ran out for."""

    addresses: int = 0
    asked: int = 0
    fine: int = 0
    broken: int = 0
    unknown: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run found, sorted, with how much it looked at. ``external`` is there when other sites were asked too."""

    pages: int = 0
    links: int = 0
    fragments: int = 0
    files: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    external: ExternalCounts | None = None

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Broken links only."""
        return tuple(finding for finding in self.findings if finding.broken)

    @property
    def advisories(self) -> tuple[Finding, ...]:
        """Everything that is worth knowing and is not a broken link."""
        return tuple(finding for finding in self.findings if not finding.broken)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must stop a build, by the severities in force."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def checked_nothing(self) -> bool:
        """Whether the run proves nothing, because it saw no page or no link."""
        return self.pages == 0 or self.links == 0

    def summary(self) -> str:
        """One line: what was checked and what was found."""
        broken, other = len(self.problems), len(self.advisories)
        text = (
            f"{self.pages:,} pages, {self.links:,} links, {self.fragments:,} fragments, {self.files:,} files checked: "
            f"{broken:,} broken, {other:,} other finding{'' if other == 1 else 's'}."
        )
        if self.external is not None:
            outside = self.external
            text += (
                f" {outside.addresses:,} addresses on other sites ({outside.asked:,} asked in this run): {outside.fine:,} fine, "
                f"{outside.broken:,} failing, {outside.unknown:,} cannot tell, {outside.skipped:,} left for next time."
            )
        return text


def with_severities(findings: Iterable[Finding], severities: dict[str, str]) -> list[Finding]:
    """Each finding at the severity the project chose; those switched off are dropped."""
    result = []
    for finding in findings:
        severity = severities.get(finding.code, CODES[finding.code].severity)
        if severity != "off":
            result.append(finding if finding.severity == severity else finding._replace(severity=severity))
    return result
