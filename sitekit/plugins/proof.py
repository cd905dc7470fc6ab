"""Proving the staged site before a reader can see it: no broken link, and no address lost that was ever published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sitekit.links import Finding, Report, check
from sitekit.links.cli import finish
from sitekit.links.ledger import Ledger, Redirects, check_promise, html_fallbacks, published, read_redirects
from sitekit.links.settings import Settings
from sitekit.links.source.record import BuildRecord
from sitekit.problems import Problem
from sitekit.source.text import read_text

LEDGER, REDIRECTS = "urls.txt", "redirects.yaml"


def read_addresses(content: Path, label: str) -> tuple[Ledger, Redirects, list[Problem]]:
    """The ledger of every address ever published and what is recorded about those that moved; both may not exist yet."""
    texts, problems = [], []
    for name in (LEDGER, REDIRECTS):
        file = content / "data" / name
        text, found = read_text(file, f"{label}/data/{name}") if file.exists() else ("", [])
        texts.append(text)
        problems += found
    ledger, found = Ledger.parse(texts[0], f"{label}/data/{LEDGER}")
    redirects, more = read_redirects(texts[1], f"{label}/data/{REDIRECTS}")
    return ledger, redirects, problems + found + more


def write_fallbacks(folder: Path, redirects: Redirects, url: str) -> None:
    """Write a page for each moved address, for hosts that know no redirects. Never in the place of a page that exists."""
    for name, html in html_fallbacks(redirects, url).items():
        file = folder / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(html, encoding="utf-8")


def prove(
    folder: Path, url: str, content: Path, record: BuildRecord, ledger: Ledger, redirects: Redirects, cache: Path
) -> tuple[Report, list[Problem]]:
    """Check every link and every promised address of a staged site, deployed at ``url``.

    Returns the checker's report, and what is wrong as problems at their place in the source.
    """
    report = check(folder, f"{url}/", cache=cache / "links.cache")
    broken = replace(report, findings=tuple(one for one in report.findings if one.severity == "error"))
    if broken.findings:
        broken = finish(broken, Settings(), content, record)
    lost = check_promise(ledger, redirects, published(folder), f"{content.name}/data/{LEDGER}") if ledger.lines else []
    return report, [_problem(finding) for finding in _errors((*broken.findings, *lost))]


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _problem(finding: Finding) -> Problem:
    path = finding.source or f"output/{finding.page}"
    hint = finding.suggestion or "Correct the link, or the template that writes it."
    message = finding.message if finding.url in finding.message else f"{finding.message}: {finding.url}"
    line, column = (finding.source_line, finding.source_column) if finding.source else (finding.line, finding.column)
    return Problem(path, line, column, finding.code, message, hint)
