"""Checks a whole site folder: list, read and judge each file, compare across files, report."""

from __future__ import annotations

import time
from pathlib import Path

from .judge import FileRecord, Missing, judge
from .model import Finding, Report, with_severities
from .read.extract import Redirect
from .read.file import is_page, is_readable, read_file
from .read.plain import read_redirects
from .resolve import Resolver
from .site import Site, read_site
from .whole import missing_anchors, orphans, refresh_findings, rule_findings, unused_files

REDIRECTS_FILE = "_redirects"


def check(site_dir: Path | str, base_url: str, *, severities: dict[str, str] | None = None) -> Report:
    """Check every link of the site in ``site_dir``, deployed at ``base_url``.

    Returns a Report; raises UsageError where the folder or the base URL cannot be used. Nothing outside the folder is read and
    nothing is fetched.
    """
    started = time.perf_counter()
    site = read_site(Path(site_dir), base_url)
    rules = _redirect_rules(site)
    resolver = Resolver(site, rules)
    records = [record for path in site.files if (record := _check_file(site, path, resolver)) is not None]
    records += _linked_manifests(site, records, resolver)
    findings: list[Finding] = []
    missing = missing_anchors(records)
    for record in records:
        if missing and any(key in missing for key in record.wanted()):
            record = _check_file(site, record.path, resolver, missing) or record
        findings += record.findings
    findings += orphans(records)
    findings += unused_files(site, records)
    findings += refresh_findings(records)
    findings += rule_findings(REDIRECTS_FILE, rules)
    return Report(
        pages=sum(is_page(record.path) for record in records),
        links=sum(record.links for record in records),
        fragments=sum(record.fragment_links for record in records),
        files=len(site.files),
        findings=tuple(sorted(with_severities(findings, severities or {}))),
        seconds=time.perf_counter() - started,
    )


def _redirect_rules(site: Site) -> list[Redirect]:
    if REDIRECTS_FILE not in site.files:
        return []
    try:
        return read_redirects((site.root / REDIRECTS_FILE).read_bytes()).redirects
    except OSError:
        return []


def _linked_manifests(site: Site, records: list[FileRecord], resolver: Resolver) -> list[FileRecord]:
    """A web app manifest may have any name: what makes it one is that a page links to it as such."""
    linked = {path for record in records for path in record.manifests if not is_readable(path)}
    return [_check_file(site, path, resolver, is_manifest=True) for path in sorted(linked)]


def _check_file(
    site: Site,
    path: str,
    resolver: Resolver,
    missing: Missing | None = None,
    is_manifest: bool = False,
) -> FileRecord | None:
    if not is_manifest and not is_readable(path):
        return None
    try:
        data = (site.root / path).read_bytes()
    except OSError as error:
        message = f"Cannot be read: {error.strerror}."
        return FileRecord(path, "other", findings=[Finding(path, 0, 0, "", "unreadable-file", message)])
    return judge(path, data, read_file(path, data, is_manifest), resolver, missing)
