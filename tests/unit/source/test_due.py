"""What nobody has looked at for too long is said in time, and in the end not published."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sitekit.source import frontmatter
from sitekit.source.documents import Document
from sitekit.source.due import CHECK_DAYS, GRACE_DAYS, MOST_REVIEW_DAYS, Check, check_resources, check_reviews
from sitekit.source.resources import KINDS, read_resources

DUE = datetime.date(2027, 11, 22)
RESOURCES = """\
- id: line
  name: A line
  kind: crisis
  scope: local
  who: Anyone
  verified: true
  checked: 2026-11-22
- id: office
  name: An office
  kind: license
  scope: local
  who: Anyone
  verified: true
  check_days: 30
  checked: 2026-11-22
- id: unknown
  name: Unknown
  kind: helpline
  scope: local
  who: Anyone
  verified: false
"""


def days_after(date: datetime.date, days: int) -> datetime.date:
    return date + datetime.timedelta(days=days)


def page(status: str = "published", published: str = "2026-01-01") -> Document:
    text = f"---\ntitle: A page\nstatus: {status}\npublished: {published}\nnext_review: {DUE}\n---\n\nText.\n"
    front = frontmatter.parse("content/articles/mind/a.md", text, "article")
    return Document("content/articles/mind/a.md", "articles/mind/a.md", "article", "mind", "a", text, front)


def test_every_kind_of_resource_has_an_interval() -> None:
    assert CHECK_DAYS.keys() == set(KINDS)


def test_each_resource_counts_from_its_own_line_and_for_its_own_time(tmp_path: Path) -> None:
    file = tmp_path / "resources.yaml"
    file.write_text(RESOURCES, encoding="utf-8")
    _, _, checks, problems = read_resources(file, "resources.yaml")
    assert problems == []
    day = datetime.date(2026, 11, 22)
    assert checks == [Check("line", 7, day, 90), Check("office", 15, day, 30)]


@pytest.mark.parametrize("days", ["0", "-1", "366", "many", "1.5", "true"])
def test_an_interval_that_is_none_is_a_mistake(days: str, tmp_path: Path) -> None:
    file = tmp_path / "resources.yaml"
    file.write_text(RESOURCES.replace("check_days: 30", f"check_days: {days}"), encoding="utf-8")
    _, _, checks, problems = read_resources(file, "resources.yaml")
    assert [(problem.code, problem.line) for problem in problems] == [("bad-data", 14)]
    assert [check.id for check in checks] == ["line"]


@pytest.mark.parametrize(
    ("age", "publishing", "severity"),
    [(0, True, ""), (90, True, ""), (91, False, "warning"), (91, True, "error"), (-5, True, "")],
)
def test_a_number_that_nobody_compared_for_too_long_does_not_go_out(age: int, publishing: bool, severity: str) -> None:
    day = datetime.date(2026, 11, 22)
    found = check_resources("data/resources.yaml", [Check("line", 7, day, 90)], days_after(day, age), publishing)
    assert [problem.severity for problem in found] == ([severity] if severity else [])
    for problem in found:
        assert str(problem).startswith("data/resources.yaml:7:1: resource-overdue: line was last checked on 2026-11-22")
        assert "Compare it with its source" in problem.hint


@pytest.mark.parametrize(
    ("late", "publishing", "severity"),
    [
        (0, True, ""),
        (1, False, "warning"),
        (1, True, "warning"),
        (GRACE_DAYS, True, "warning"),
        (GRACE_DAYS + 1, True, "error"),
        (GRACE_DAYS + 1, False, "warning"),
    ],
)
def test_an_overdue_review_is_advice_until_the_grace_period_has_passed(
    late: int, publishing: bool, severity: str
) -> None:
    found = check_reviews([page()], days_after(DUE, late), publishing)
    assert [(problem.code, problem.line, problem.severity) for problem in found] == (
        [("review-overdue", 5, severity)] if severity else []
    )
    last = days_after(DUE, GRACE_DAYS + 1).isoformat()
    assert all((last in problem.hint) == (late <= GRACE_DAYS) for problem in found)


def test_a_draft_may_be_as_old_as_it_likes() -> None:
    assert check_reviews([page("draft")], days_after(DUE, 1000), True) == []


@pytest.mark.parametrize(("early", "warned"), [(MOST_REVIEW_DAYS, False), (MOST_REVIEW_DAYS + 1, True)])
def test_a_review_is_a_year_away_at_most(early: int, warned: bool) -> None:
    found = check_reviews([page()], days_after(DUE, -early), True)
    assert [(one.code, one.line, one.severity) for one in found] == [("review-too-late", 5, "warning")] * warned
    assert check_reviews([page("draft")], days_after(DUE, -early), True) == []


def test_the_review_of_a_page_that_waits_counts_from_the_day_it_comes_out() -> None:
    published = days_after(DUE, -MOST_REVIEW_DAYS)
    assert check_reviews([page(published=published.isoformat())], days_after(DUE, -500), True) == []
