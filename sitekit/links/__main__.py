"""``python -m sitekit.links SITE_DIR --base-url URL``: exit 0 clean, 1 problems, 2 used wrongly or nothing to check."""

from __future__ import annotations

import argparse
import json
import sys

from .check import check
from .model import Finding, Report
from .site import UsageError


def _entry(finding: Finding) -> dict[str, object]:
    return {
        "page": finding.page,
        "url": finding.url,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "source": finding.source,
        "suggestion": finding.suggestion,
        "detail": finding.detail,
    }


def as_json(report: Report) -> str:
    data = {
        "pages": report.pages,
        "links": report.links,
        "fragments": report.fragments,
        "files": report.files,
        "problems": [_entry(finding) for finding in report.problems],
        "advisories": [_entry(finding) for finding in report.advisories],
    }
    return json.dumps(data, indent=1)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sitekit.links", description=__doc__)
    parser.add_argument("site_dir", metavar="SITE_DIR")
    parser.add_argument("--base-url", required=True, metavar="URL")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    options = parser.parse_args(arguments)
    try:
        report = check(options.site_dir, options.base_url)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    if options.format == "json":
        print(as_json(report))
    else:
        for finding in report.findings:
            print(f"{finding.page}:{finding.line}:{finding.column}: {finding.code}: {finding.message}  {finding.url}")
        print(report.summary())
    if report.checked_nothing:
        print("Nothing was checked: the folder holds no page with a link.", file=sys.stderr)
        return 2
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
