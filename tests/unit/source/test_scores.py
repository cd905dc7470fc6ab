"""Self-scoring: totals, and what is reported when a score does not stand up."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sitekit.problems import Problem
from sitekit.source.documents import Document, list_documents, read_document
from sitekit.source.scores import Instrument, PageScores, read_criteria, read_scores

CRITERIA = """\
- id: pemat
  name: PEMAT-P
  points: [0, 1]
  optional: [U2, A2]
  items: {U1: Purpose., U2: Numbers., A1: Action., A2: Charts.}
- id: discern
  name: DISCERN
  points: [1, 2, 3, 4, 5]
  items: {D1: Aims., D2: Sources.}
"""
SCORES = """\
- instrument: pemat
  scored: 2026-11-22
  items:
    U1: {score: 1, where: helps; title, why: Says so.}
    U2: {score: n/a, why: No numbers.}
    A1: {score: 0, where: "## What you can do", why: No steps.}
    A2: {score: n/a, why: None.}
- instrument: discern
  scored: 2026-11-23
  items:
    D1: {score: 4, where: key-points, why: Clear.}
    D2: {score: 3, where: references; about-page, why: Some.}
"""
PAGE = """\
---
title: Worry
helps: This page helps.
published: 2026-11-01
modified: {modified}
---
::: key-points
- a
:::

## What you can do

Rest.
"""


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "scores"
        self.folder.mkdir()
        self.article(folder)
        self.write("criteria", CRITERIA)
        self.write("worry", SCORES)

    def article(self, folder: Path, modified: str = "2026-11-22", body: str = "") -> None:
        file = folder / "worry.md"
        file.write_text(PAGE.format(modified=modified) + body, encoding="utf-8")
        self.documents: list[Document] = [
            read_document(file, "content/worry.md", "articles/mind/worry.md", frozenset({"mind"}))[0]
        ]

    def write(self, name: str, text: str) -> None:
        (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def read(self) -> tuple[dict[str, Instrument], dict[str, PageScores], list[Problem]]:
        return read_scores(self.folder, "scores", self.documents)

    def found(self) -> list[tuple[str, int, str, str]]:
        problems = self.read()[2]
        assert all(problem.hint for problem in problems)
        return sorted((problem.path, problem.line, problem.code, problem.severity) for problem in problems)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_scores_are_read_and_added_up_the_way_each_instrument_does(site: Site) -> None:
    instruments, scores, problems = site.read()
    assert problems == []
    given = scores["worry"]
    assert given.scored == datetime.date(2026, 11, 22)
    assert given.points["pemat"] == {"U1": 1, "U2": None, "A1": 0, "A2": None}
    assert instruments["pemat"].result(given.points["pemat"]) == "100% to understand, 0% to act"
    assert instruments["discern"].result(given.points["discern"]) == "7 of 10"


def test_the_index_is_a_share_of_what_applies() -> None:
    index = Instrument("cdc", "Index", (0, 1), {f"C{number}": "x" for number in range(1, 5)}, frozenset({"C4"}))
    assert index.result({"C1": 1, "C2": 1, "C3": 0, "C4": None}) == "67 of 100"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("U1: {score: 1,", "U1: {score: 2,", 4),
        ("U1: {score: 1,", "U1: {score: n/a,", 4),
        ("U1: {score: 1,", "U1: {score: true,", 4),
        ("U1: {score: 1,", "U9: {score: 1,", 4),
        ("where: helps; title, ", "", 4),
        ("helps; title", "helps; somewhere", 4),
        (", why: Says so.", "", 4),
        ("{score: 1, where: helps; title, why: Says so.}", "1", 4),
        ("instrument: discern", "instrument: discerns", 8),
        ("scored: 2026-11-23", "scored: soon", 8),
        ("    D2: {score: 3, where: references; about-page, why: Some.}\n", "", 8),
    ],
)
def test_a_score_that_cannot_stand_is_an_error_at_its_line(site: Site, old: str, new: str, line: int) -> None:
    assert SCORES.count(old) == 1
    site.write("worry", SCORES.replace(old, new))
    assert ("scores/worry.yaml", line, "bad-scores", "error") in site.found()
    assert site.read()[1] == {}


@pytest.mark.parametrize(("old", "line"), [("## What you can do", 6), ("key-points", 11)])
def test_a_place_that_has_gone_is_a_warning(site: Site, old: str, line: int) -> None:
    site.write("worry", SCORES.replace(old, {"key-points": "short"}.get(old, "## Gone")))
    assert site.found() == [("scores/worry.yaml", line, "scores-outdated", "warning")]
    assert "worry" in site.read()[1]


def test_a_text_that_changed_after_it_was_scored_is_a_warning(site: Site, tmp_path: Path) -> None:
    site.article(tmp_path, modified="2026-12-01")
    assert site.found() == [("scores/worry.yaml", 1, "scores-outdated", "warning")]


def test_an_article_that_nobody_scored_is_a_warning(site: Site) -> None:
    (site.folder / "worry.yaml").unlink()
    assert site.found() == [("content/worry.md", 1, "not-scored", "warning")]


def test_scores_of_no_article_are_an_error(site: Site) -> None:
    site.write("sleep", SCORES)
    assert site.found() == [("scores/sleep.yaml", 0, "stray-file", "error")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("  items: {D1: Aims., D2: Sources.}\n", "", 6), ("optional: [U2, A2]", "optional: [U9]", 4)],
)
def test_a_mistake_in_the_criteria_is_an_error(site: Site, old: str, new: str, line: int) -> None:
    site.write("criteria", CRITERIA.replace(old, new))
    assert ("scores/criteria.yaml", line, "bad-scores", "error") in site.found()


def test_a_site_without_scores_has_none(tmp_path: Path) -> None:
    assert read_scores(tmp_path / "none", "scores", []) == ({}, {}, [])


def test_our_own_scores_are_complete(root: Path) -> None:
    files, _ = list_documents(root / "content", "content")
    topics = frozenset(path.name for path in (root / "content/articles").iterdir())
    documents = [read_document(*entry, topics)[0] for entry in files]
    instruments, _, problems = read_scores(root / "content/data/scores", "content/data/scores", documents)
    assert {name: len(one.items) for name, one in instruments.items()} == {
        "pemat": 24,
        "discern": 16,
        "cdc": 20,
        "jama": 4,
    }
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_the_instruments_are_read_in_the_order_of_the_file(root: Path) -> None:
    instruments, problems = read_criteria(root / "content/data/scores/criteria.yaml", "x")
    assert problems == []
    assert list(instruments) == ["pemat", "discern", "cdc", "jama"]
