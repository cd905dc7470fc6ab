"""The case collection: every broken URL found on its line, nothing else reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitekit.links import check

CASES = Path(__file__).parents[2] / "data" / "links" / "cases"


@pytest.mark.parametrize("case", sorted(folder.name for folder in CASES.iterdir()))
def test_case(case: str) -> None:
    folder = CASES / case
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    report = check(folder / "site", expected.get("base_url", "https://example.org/"))
    found = {(finding.page, finding.url): finding.line for finding in report.problems}
    wanted = {(entry["page"], entry["url"]): entry.get("line") for entry in expected["broken"]}

    assert set(wanted) <= set(found)
    assert {key: found[key] for key, line in wanted.items() if line} == {
        key: line for key, line in wanted.items() if line
    }
    assert not {(page, url) for page, url in found if url in expected.get("ok", ()) and (page, url) not in wanted}
    assert not {(entry["page"], entry["url"]) for entry in expected.get("ok_on", ())} & set(found)
    for key, count in expected.get("occurrences", {}).items():
        assert sum(f"{finding.page}|{finding.url}" == key for finding in report.problems) == count
    advised = {(finding.page, finding.code, finding.detail) for finding in report.advisories}
    assert {(entry["page"], entry["code"], entry["detail"]) for entry in expected.get("advisory", ())} <= advised


def test_there_are_cases() -> None:
    assert len(list(CASES.iterdir())) > 40
