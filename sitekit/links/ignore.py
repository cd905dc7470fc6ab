"""Ignore rules: each with a reason and a date. A rule that lacks one, is past its date or matches nothing is itself a finding.

In Markdown a rule is a comment on the line of the link, or alone on the line before it::

    <!-- links-ignore until 2027-01-31: the clinic is rebuilding its site -->
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from .model import Finding
from .settings import IgnoreRule

_COMMENT = re.compile(r"<!--\s*links-ignore\b(.*?)-->", re.DOTALL)
_TERMS = re.compile(r"\s*(?:until\s+(\S+?))?\s*:\s*(.*?)\s*", re.DOTALL)
_ABOUT_RULES = {"ignore-unused", "ignore-expired", "ignore-invalid"}


def rules_in_markdown(content: Path) -> list[IgnoreRule]:
    """Rules written beside links, in all Markdown files below ``content``."""
    rules = []
    for file in sorted(content.rglob("*.md")):
        text = file.read_text(encoding="utf-8", errors="replace")
        if "links-ignore" in text:
            rules += _rules_of(text, file.relative_to(content.parent).as_posix())
    return rules


def _rules_of(text: str, name: str) -> list[IgnoreRule]:
    rules = []
    lines = text.splitlines()
    for match in _COMMENT.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        last = text.count("\n", 0, match.end()) + 1
        rest = "\n".join(lines[first - 1 : last])
        target = last
        if _COMMENT.sub("", rest).strip() == "":
            target = next((n for n in range(last + 1, len(lines) + 1) if lines[n - 1].strip()), last)
        terms = _TERMS.fullmatch(match[1])
        expires = None
        if terms and terms[1]:
            try:
                expires = datetime.date.fromisoformat(terms[1])
            except ValueError:
                expires = None
        reason = " ".join(terms[2].split()) if terms else ""
        outside = "//" in _COMMENT.sub("", lines[target - 1])
        rules.append(IgnoreRule(reason, expires, file=name, line=first, only_line=target, outside=outside))
    return rules


def apply_rules(
    findings: Iterable[Finding], rules: Sequence[IgnoreRule], today: datetime.date, external: bool = True
) -> tuple[list[Finding], list[Finding]]:
    """Split findings into those that stand (with findings about the rules themselves) and those that rules take away.

    ``external`` says that other sites were asked: otherwise a rule about one of them is not blamed for matching nothing.
    """
    kept, ignored, about = [], [], []
    valid = []
    for rule in rules:
        if not rule.reason or rule.expires is None:
            message = "An ignore rule needs a reason and a date: <!-- links-ignore until 2027-01-31: why -->."
            if not rule.only_line:
                message = "An ignore rule needs a reason and an expiry date."
            about.append(_about(rule, "ignore-invalid", message))
        elif rule.expires < today:
            message = f"This ignore rule ended on {rule.expires.isoformat()}: {rule.reason}"
            about.append(_about(rule, "ignore-expired", message))
        else:
            valid.append(rule)
    used: set[int] = set()
    for finding in findings:
        matching = [index for index, rule in enumerate(valid) if _matches(rule, finding)]
        used.update(matching)
        (ignored if matching else kept).append(finding)
    about += [
        _about(rule, "ignore-unused", f"This ignore rule matches nothing any more: {rule.reason}")
        for index, rule in enumerate(valid)
        if index not in used and (external or not rule.outside)
    ]
    return kept + about, ignored


def _matches(rule: IgnoreRule, finding: Finding) -> bool:
    if finding.code in _ABOUT_RULES:
        return False
    if rule.only_line:
        return finding.source == rule.file and finding.source_line == rule.only_line
    return (
        fnmatchcase(finding.url, rule.url)
        and (fnmatchcase(finding.page, rule.page) or fnmatchcase(finding.source, rule.page))
        and fnmatchcase(finding.code, rule.code)
    )


def _about(rule: IgnoreRule, code: str, message: str) -> Finding:
    return Finding(
        "",
        0,
        0,
        rule.url if rule.url != "*" else "",
        code,
        message,
        source=rule.file,
        source_line=rule.line,
        source_column=1,
    )
