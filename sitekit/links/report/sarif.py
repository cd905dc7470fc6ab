"""SARIF 2.1.0, the OASIS format that code hosts and editors import."""

from __future__ import annotations

import json
from hashlib import blake2b
from urllib.parse import quote

from ..codes import CODES
from ..model import Finding, Report
from .excerpts import Excerpts

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(report: Report, excerpts: Excerpts) -> str:
    """One run with one result for each finding; places are in the sources where they are known."""
    codes = sorted({finding.code for finding in report.findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].title},
            "defaultConfiguration": {"level": _LEVELS.get(CODES[code].severity, "none")},
        }
        for code in codes
    ]
    run = {
        "tool": {"driver": {"name": "sitekit.links", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in report.findings],
        "properties": {
            "pages": report.pages,
            "links": report.links,
            "fragments": report.fragments,
            "files": report.files,
        },
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _result(finding: Finding, rule: int) -> dict[str, object]:
    text = finding.message if not finding.url else f"{finding.url}: {finding.message}"
    if finding.suggestion:
        text += f" Did you mean {finding.suggestion} ?"
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "partialFingerprints": {"place/v1": _fingerprint(finding)},
    }
    if finding.source:
        result["locations"] = [_location(finding.source, finding.source_line, finding.source_column)]
        if finding.page:
            result["relatedLocations"] = [_location(finding.page, finding.line, finding.column)]
    elif finding.page:
        result["locations"] = [_location(finding.page, finding.line, finding.column)]
    return result


def _location(file: str, line: int, column: int) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(file, safe="/", errors="surrogateescape")}}
    if line:
        physical["region"] = {"startLine": line, "startColumn": column} if column else {"startLine": line}
    return {"physicalLocation": physical}


def _fingerprint(finding: Finding) -> str:
    """The same finding in the next run, even when lines have moved."""
    parts = (finding.code, finding.source or finding.page, finding.url)
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
