"""The scores that we promise for every article, computed from the points in content/data/scores.

A page that cannot honestly reach a floor says why in its file, under ``below_floor`` of the instrument, and is named in
``BELOW_FLOOR``. A page that has reached it since leaves both.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sitekit.problems import Problem, format_text
from sitekit.source.documents import Document, list_documents, read_document
from sitekit.source.scores import PageScores, read_scores
from sitekit.source.yamlfile import read_records

SCORES = "content/data/scores"
UNDERSTAND, ACT, CLEAR = 94, 86, 95
"""In 100 of the points that apply: PEMAT-P understandability and actionability, and the CDC Clear Communication Index."""

DISCERN_TOTAL, DISCERN_ITEM = 72, 4
"""Of 80 on every article; the least that an item may have on a page about a treatment."""

BELOW_FLOOR = {
    "checking-a-license": {"discern"},
    "family-and-friends": {"discern"},
    "medicines-for-pain": {"discern"},
    "newport-beach": {"discern"},
    "opioids": {"discern"},
    "paying-for-care": {"discern"},
    "preparing-a-visit": {"discern"},
    "words-and-stigma": {"discern"},
}
"""Articles by slug and the instruments whose floor they miss; their files say why."""

Points = Mapping[str, Mapping[str, int | None]]


def share(points: Mapping[str, int | None], group: str = "") -> float:
    """The points of a group of items, in 100 of those that apply."""
    counted = [score for item, score in points.items() if item.startswith(group) and score is not None]
    return 100 * sum(counted) / len(counted)


def shortfalls(points: Points, is_treatment: bool) -> dict[str, str]:
    """The instruments whose floor a page misses, and by what."""
    found: dict[str, list[str]] = {}

    def least(instrument: str, what: str, value: float, floor: float) -> None:
        if value < floor:
            found.setdefault(instrument, []).append(f"{what} {value:g}, floor {floor}")

    least("pemat", "understandability", share(points["pemat"], "U"), UNDERSTAND)
    least("pemat", "actionability", share(points["pemat"], "A"), ACT)
    least("discern", "total", sum(score or 0 for score in points["discern"].values()), DISCERN_TOTAL)
    for item, score in points["discern"].items() if is_treatment else ():
        least("discern", item, score or 0, DISCERN_ITEM)
    least("cdc", "index", share(points["cdc"]), CLEAR)
    least("jama", "benchmarks", sum(score or 0 for score in points["jama"].values()), len(points["jama"]))
    return {instrument: "; ".join(what) for instrument, what in found.items()}


@pytest.fixture(scope="module")
def articles(root: Path) -> dict[str, Document]:
    """The articles by slug."""
    topics = frozenset(path.name for path in (root / "content/articles").iterdir())
    documents = [read_document(*entry, topics)[0] for entry in list_documents(root / "content", "content")[0]]
    return {document.slug: document for document in documents if document.kind == "article"}


@pytest.fixture(scope="module")
def read(root: Path, articles: dict[str, Document]) -> tuple[dict[str, PageScores], list[Problem]]:
    """The scores of each article, and what the site's own checks say about them."""
    _, scores, problems = read_scores(root / SCORES, SCORES, list(articles.values()))
    return scores, problems


@pytest.fixture(scope="module")
def missed(
    read: tuple[dict[str, PageScores], list[Problem]], articles: dict[str, Document]
) -> dict[str, dict[str, str]]:
    """The articles below a floor, with the instruments and by how much."""
    found = {
        slug: shortfalls(page.points, articles[slug].values["type"] == "treatment") for slug, page in read[0].items()
    }
    return {slug: what for slug, what in found.items() if what}


def test_every_article_is_scored_on_the_text_that_stands(
    read: tuple[dict[str, PageScores], list[Problem]], articles: dict[str, Document]
) -> None:
    scores, problems = read
    assert not problems, "\n" + format_text(problems)
    assert scores.keys() == articles.keys()


def test_every_article_reaches_the_floors_or_is_named_below_them(missed: dict[str, dict[str, str]]) -> None:
    named = {slug: sorted(instruments) for slug, instruments in BELOW_FLOOR.items()}
    assert {slug: sorted(what) for slug, what in missed.items()} == named, "\n".join(
        f"{slug}: {instrument}: {what}" for slug, found in missed.items() for instrument, what in found.items()
    )


def test_a_reason_stands_where_a_floor_is_missed_and_nowhere_else(
    root: Path, missed: dict[str, dict[str, str]], articles: dict[str, Document]
) -> None:
    reasons = {
        (slug, record["instrument"]): str(record["below_floor"])
        for slug in articles
        for record in read_records(root / SCORES / f"{slug}.yaml", slug)[0]
        if "below_floor" in record
    }
    assert reasons.keys() == {(slug, instrument) for slug, found in missed.items() for instrument in found}
    assert all(len(reason.split()) > 5 for reason in reasons.values())


FULL: Points = {
    "pemat": {**dict.fromkeys([f"U{number}" for number in range(1, 18)], 1), **dict.fromkeys(["A20", "A21"], 1)},
    "discern": dict.fromkeys([f"D{number}" for number in range(1, 17)], 5),
    "cdc": dict.fromkeys([f"C{number}" for number in range(1, 21)], 1),
    "jama": dict.fromkeys(["J1", "J2", "J3", "J4"], 1),
}


@pytest.mark.parametrize(
    ("instrument", "changes", "missed"),
    [
        ("pemat", {"U1": 0}, False),  # 16 of 17 are 94.1 in 100
        ("pemat", {"U1": 0, "U2": 0}, True),
        ("pemat", {"A20": 0}, True),
        ("pemat", {"A20": None}, False),
        ("discern", {"D9": 4}, False),
        ("discern", {"D9": 3}, True),
        ("discern", {f"D{number}": 4 for number in range(1, 10)}, True),  # 71 in all
        ("cdc", {"C4": 0}, False),
        ("cdc", {"C4": 0, "C15": 0}, True),
        ("jama", {"J2": 0}, True),
    ],
)
def test_points_that_are_missing_count_against_the_floor(
    instrument: str, changes: dict[str, int | None], missed: bool
) -> None:
    points = {**FULL, instrument: {**FULL[instrument], **changes}}
    assert list(shortfalls(points, is_treatment=True)) == ([instrument] if missed else [])


def test_a_single_low_item_counts_on_treatment_pages_alone() -> None:
    points = {**FULL, "discern": {**FULL["discern"], "D9": 3}}
    assert shortfalls(points, is_treatment=True) and not shortfalls(points, is_treatment=False)
