"""The accessibility page says of every check that needs people whether it was done, as the data file does."""

from __future__ import annotations

import datetime
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

from sitekit.source.words import date_in_words


def test_the_page_and_the_data_agree(pages: dict[str, BeautifulSoup], root: Path) -> None:
    checks = yaml.safe_load((root / "audit" / "manual-checks.yaml").read_text(encoding="utf-8"))
    assert all(set(check) == {"check", "with", "covers", "status", "found"} for check in checks)
    assert all(check["status"] == "not done" or isinstance(check["status"], datetime.date) for check in checks)
    wanted = {
        check["check"]: "Not done" if check["status"] == "not done" else date_in_words(check["status"])
        for check in checks
    }
    rows = pages["accessibility/index.html"].find("table").tbody.find_all("tr")
    shown = {row.th.get_text(strip=True): row.td.get_text(strip=True) for row in rows}
    assert shown == wanted
