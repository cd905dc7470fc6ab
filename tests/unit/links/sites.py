"""Small sites written for one test, and the sets that a check of them gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sitekit.links import Report, check

Files = Mapping[str, str | bytes]


def page(body: str, head: str = "") -> str:
    """A minimal HTML page."""
    return (
        f"<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8><title>T</title>{head}</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def write(root: Path, files: Files) -> Path:
    """Write files below ``root``; text as UTF-8."""
    for name, content in files.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def checked(root: Path, files: Files, base_url: str = "https://example.org/") -> Report:
    """The report on a site of just these files."""
    return check(write(root, files), base_url)


def broken(report: Report) -> set[tuple[str, str]]:
    """Page and URL of each broken link."""
    return {(finding.page, finding.url) for finding in report.problems}


def urls(report: Report) -> set[str]:
    """URLs of the broken links."""
    return {finding.url for finding in report.problems}


def advice(report: Report) -> set[tuple[str, str, str]]:
    """Page, code and detail of everything that is not a broken link."""
    return {(finding.page, finding.code, finding.detail) for finding in report.advisories}
