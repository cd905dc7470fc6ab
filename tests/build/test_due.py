"""The day decides: what is overdue is advice to writers and stops what goes out."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_pelican, snapshot

ARTICLE = "articles/mind/insomnia-and-pain.md"
PUBLISH = ("-s", str(ROOT / "publishconf.py"))


@pytest.fixture
def fresh(content: Path) -> datetime.date:
    """The day on which everything has just been checked; all reviews are due two years later but one, which is due then."""
    file = content / "data" / "resources.yaml"
    text = file.read_text(encoding="utf-8")
    day = max(datetime.date.fromisoformat(found) for found in re.findall(r"checked: (\S+)", text))
    file.write_text(re.sub(r"checked: \S+", f"checked: {day}", text), encoding="utf-8")
    for path in (content / "articles").rglob("*.md"):
        due = day if path == content / ARTICLE else day.replace(year=day.year + 2)
        source = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^next_review: .*$", f"next_review: {due}", source), encoding="utf-8")
    return day


def day_after(day: datetime.date, days: int) -> dict[str, str]:
    return {"SITE_TODAY": (day + datetime.timedelta(days=days)).isoformat()}


def test_a_number_nobody_has_checked_stops_the_publication_and_not_the_writer(
    content: Path, tmp_path: Path, fresh: datetime.date
) -> None:
    output = tmp_path / "output"
    assert run_pelican(content, output, *PUBLISH, **day_after(fresh, 90)).returncode == 0
    before = snapshot(output)
    stopped = run_pelican(content, output, *PUBLISH, **day_after(fresh, 91))
    assert stopped.returncode == 1
    assert re.search(r"content/data/resources\.yaml:\d+:1: resource-overdue: 988 was last checked", stopped.stderr)
    assert "review-overdue" not in stopped.stderr.replace("review-overdue: The review was due", "", 1)
    assert snapshot(output) == before
    writing = run_pelican(content, tmp_path / "draft", **day_after(fresh, 91))
    assert writing.returncode == 0, writing.stderr
    assert "Advice" in writing.stdout


def test_a_page_nobody_has_reviewed_stops_the_publication_after_a_time_of_grace(
    content: Path, tmp_path: Path, fresh: datetime.date
) -> None:
    resources = content / "data" / "resources.yaml"
    checked = fresh + datetime.timedelta(days=91)
    text = resources.read_text(encoding="utf-8").replace(f"checked: {fresh}", f"checked: {checked}")
    resources.write_text(text, encoding="utf-8")
    assert run_pelican(content, tmp_path / "output", *PUBLISH, **day_after(fresh, 90)).returncode == 0
    stopped = run_pelican(content, tmp_path / "output", *PUBLISH, **day_after(fresh, 91))
    assert stopped.returncode == 1
    assert re.search(rf"content/{ARTICLE}:\d+:1: review-overdue: The review was due on {fresh}", stopped.stderr)
    assert stopped.stderr.count("review-overdue") == 1
    assert run_pelican(content, tmp_path / "draft", **day_after(fresh, 91)).returncode == 0


def test_a_page_shows_when_evidence_was_searched_only_if_somebody_did(content: Path, tmp_path: Path) -> None:
    file = content / ARTICLE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\nnext_review:", "\nevidence_searched: 2026-11-20\nnext_review:"), encoding="utf-8")
    done = run_pelican(content, tmp_path / "output")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "output/mind/insomnia-and-pain/index.html").read_text(encoding="utf-8")
    assert '<dt>Evidence searched</dt><dd><time datetime="2026-11-20">November 20, 2026</time></dd>' in page
    other = (tmp_path / "output/mind/anxiety-and-pain/index.html").read_text(encoding="utf-8")
    assert "Evidence searched" not in other
