"""The SARIF output validates against the schema of SARIF 2.1.0, whatever is reported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.links import check
from sitekit.links.codes import CODES
from sitekit.links.model import Finding, Report, with_severities
from sitekit.links.report import Excerpts, printer

from .sites import page, write

SCHEMA = Path(__file__).parents[2] / "data" / "sarif" / "sarif-2.1.0-rtm.4.json"
SUB_DELIMS = "!$&'()*+,;="
URI_REFERENCE = re.compile(rf"(?:[A-Za-z0-9._~:@/{SUB_DELIMS}-]|%[0-9A-Fa-f]{{2}})*")


@pytest.fixture(scope="session")
def schema() -> jsonschema.Draft4Validator:
    data = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator.check_schema(data)
    return jsonschema.Draft4Validator(data)


def validated(schema: jsonschema.Draft4Validator, report: Report, folder: Path) -> dict:
    """The one run of a report, after validation."""
    data = json.loads(printer("sarif")(report, Excerpts(folder)))
    assert [(list(error.absolute_path), error.message) for error in schema.iter_errors(data)] == []
    (run,) = data["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in (*result.get("locations", ()), *result.get("relatedLocations", ())):
            place = location["physicalLocation"]
            assert URI_REFERENCE.fullmatch(place["artifactLocation"]["uri"])
            assert "region" not in place or place["region"]["startLine"] >= 1  # the final schema asks for it
    return run


def test_the_schema_is_strict_enough_to_notice(schema: jsonschema.Draft4Validator) -> None:
    for run in ({}, {"tool": {}}, {"tool": {"driver": {"name": "x"}}, "nonsense": 1}):
        assert not schema.is_valid({"version": "2.1.0", "runs": [run]})
    result = {"message": {"text": "x"}, "locations": [{"physicalLocation": {"region": {"startLine": 0}}}]}
    assert not schema.is_valid({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [result]}]})


def test_a_report_on_a_real_site_and_an_empty_one(schema: jsonschema.Draft4Validator, tmp_path: Path) -> None:
    site = write(
        tmp_path,
        {
            "index.html": page('<a href="/nowhere">here</a><a href="#x">x</a><img src=""><i id=a></i><i id=a></i>'),
            "é ü/orphan.html": page('<a href="/ÜBER?a=1&amp;b=2">read more</a>'),
            "a.xml": "<feed",
        },
    )
    report = check(site, "https://example.org/")
    run = validated(schema, report, site)
    assert len(run["results"]) == len(report.findings) > 5
    assert validated(schema, Report(), site)["results"] == []


FINDINGS = st.builds(
    Finding,
    page=st.text(max_size=20),
    line=st.integers(0, 9),
    column=st.integers(0, 9),
    url=st.text(max_size=20),
    code=st.sampled_from(sorted(CODES)),
    message=st.text(max_size=20),
    suggestion=st.text(max_size=10),
    source=st.sampled_from(["", "content/a b.md", "content/é.md", "content/%41#?.md"]),
    source_line=st.integers(0, 9),
    source_column=st.integers(0, 9),
)


@given(findings=st.lists(FINDINGS, max_size=8))
def test_any_findings_give_a_valid_log(schema: jsonschema.Draft4Validator, findings: list[Finding]) -> None:
    told = tuple(sorted(with_severities(findings, {})))
    run = validated(schema, Report(1, 1, 1, 1, told), Path())
    assert len(run["results"]) == len(told)
