"""JUnit XML, which most CI systems show as test results."""

from __future__ import annotations

import re
from itertools import groupby

from lxml import etree

from ..model import Finding, Report
from .excerpts import Excerpts

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report, excerpts: Excerpts) -> str:
    """A suite for each file with findings: errors are failures, everything else is output of a passed case."""
    root = etree.Element("testsuites", name="links")
    summary = etree.SubElement(root, "testsuite", name="all links", tests="1", failures="0", errors="0", skipped="0")
    case = etree.SubElement(summary, "testcase", classname="links", name="checked something")
    etree.SubElement(case, "system-out").text = report.summary()
    total, failed = 1, 0
    if report.checked_nothing:
        etree.SubElement(case, "failure", message="Nothing was checked.", type="checked-nothing")
        summary.set("failures", "1")
        failed = 1
    for page, group in groupby(sorted(report.findings, key=_file), key=_file):
        findings = list(group)
        failures = sum(finding.severity == "error" for finding in findings)
        suite = etree.SubElement(root, "testsuite", name=_clean(page), tests=str(len(findings)))
        suite.set("failures", str(failures))
        suite.set("errors", "0")
        suite.set("skipped", "0")
        for finding in findings:
            _case(suite, page, finding)
        total, failed = total + len(findings), failed + failures
    root.set("tests", str(total))
    root.set("failures", str(failed))
    root.set("errors", "0")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode("utf-8")


def _file(finding: Finding) -> str:
    return finding.source or finding.page


def _case(suite: etree._Element, page: str, finding: Finding) -> None:
    name = _clean(f"{finding.place} {finding.code} {finding.url}".strip())
    case = etree.SubElement(suite, "testcase", classname=_clean(page), name=name, file=_clean(page))
    text = f"{finding.place}: {finding.message}"
    if finding.suggestion:
        text += f"\nDid you mean {finding.suggestion} ?"
    if finding.severity == "error":
        etree.SubElement(case, "failure", message=_clean(finding.message), type=finding.code).text = _clean(text)
    else:
        etree.SubElement(case, "system-out").text = _clean(text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
