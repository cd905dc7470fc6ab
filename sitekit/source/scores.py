"""What we score our own pages on: content/data/scores/<slug>.yaml, item by item, against content/data/scores/criteria.yaml.

Nobody outside has checked these scores, and every page says so. Each point names the place on the page that earns it, so a
reader can judge it, and a heading that is renamed or a block that goes makes the score a problem.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sitekit.problems import Problem
from sitekit.source import blocks
from sitekit.source.documents import Document
from sitekit.source.entries import Entries
from sitekit.source.yamlfile import Record, read_records

CRITERIA = "criteria.yaml"
FRAME = ("title", "contents", "references", "about-page", "page", "site")
"""Places that the template gives every article; ``page`` is the page as a whole, ``site`` what stands on every page."""

FRONT = ("helps", "main_message", "description")
NOT_APPLICABLE = "n/a"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One published instrument: its items in our words, the points each can have, and which may not apply."""

    id: str
    name: str
    points: tuple[int, ...]
    items: dict[str, str]
    optional: frozenset[str]

    def result(self, scores: Mapping[str, int | None]) -> str:
        """The total in the words that the instrument's own guide uses. ``None`` is an item that does not apply."""
        if self.id == "pemat":
            shares = [_percent(scores, group) for group in ("U", "A")]
            return f"{shares[0]}% to understand, {shares[1]}% to act"
        if self.id == "cdc":
            return f"{_percent(scores, '')} of 100"
        return f"{sum(score or 0 for score in scores.values())} of {max(self.points) * len(self.items)}"


@dataclass(frozen=True, slots=True)
class PageScores:
    """The scores of one page: for each instrument its items and points, and the day they were given."""

    slug: str
    scored: datetime.date
    points: dict[str, dict[str, int | None]]


def _percent(scores: Mapping[str, int | None], group: str) -> int:
    counted = [score for item, score in scores.items() if item.startswith(group) and score is not None]
    return round(100 * sum(counted) / len(counted)) if counted else 0


def read_criteria(file: Path, path: str) -> tuple[Entries[Instrument], list[Problem]]:
    """The instruments by id, in the order of the file, and what is wrong with it."""
    records, problems = read_records(file, path)
    everything = bool(problems)
    instruments: dict[str, Instrument] = {}
    lost = []
    for record in records:
        missing = [name for name in ("id", "name", "points", "items") if not record.get(name)]
        if missing or not isinstance(record["items"], Record):
            hint = "Write id, name, points and items, and optional for items that may not apply."
            problems.append(
                _wrong(path, record.line, f"The instrument has no {' and no '.join(missing) or 'items'}.", hint)
            )
            lost.append(record.get("id"))
            continue
        optional = frozenset(map(str, record.get("optional") or ()))
        for item in sorted(optional - record["items"].keys()):
            problems.append(_wrong(path, record.lines["optional"], f"{item} is not an item.", "Correct or delete it."))
        items = {str(name): str(text) for name, text in record["items"].items()}
        instruments[record["id"]] = Instrument(record["id"], record["name"], tuple(record["points"]), items, optional)
    return Entries.of(instruments, lost, everything), problems


def read_scores(
    folder: Path, label: str, documents: list[Document]
) -> tuple[dict[str, Instrument], dict[str, PageScores], list[Problem]]:
    """The instruments, the scores of every article by its slug, and every problem. A folder that does not exist holds none.

    Places that no longer exist, scores older than the text and articles without scores are warnings: the page is still right.
    """
    if not folder.is_dir():
        return {}, {}, []
    instruments, problems = read_criteria(folder / CRITERIA, f"{label}/{CRITERIA}")
    articles = {document.slug: document for document in documents if document.kind == "article"}
    scores: dict[str, PageScores] = {}
    for file in sorted(folder.iterdir()):
        path, slug = f"{label}/{file.name}", file.name.removesuffix(".yaml")
        if file.name == CRITERIA:
            continue
        if slug == file.name or slug not in articles:
            hint = "Name the file after an article, slug.yaml, or delete it."
            problems.append(Problem(path, 0, 0, "stray-file", f"There is no article {slug}.", hint))
            continue
        found, page_problems = _read_page(file, path, articles[slug], instruments)
        problems += page_problems
        if found:
            scores[slug] = found
    return instruments, scores, problems + check_scored(folder, label, documents)


def check_scored(folder: Path, label: str, documents: Iterable[Document]) -> list[Problem]:
    """Advice for each article that nobody has scored. Where there is no folder, nobody scores."""
    problems = []
    for document in documents if folder.is_dir() else ():
        file = folder / f"{document.slug}.yaml"
        if document.kind == "article" and not document.draft and not file.exists():
            hint = f"Score it item by item in {label}/{file.name}."
            problems.append(Problem(document.path, 1, 1, "not-scored", "Nobody has scored this page.", hint, "warning"))
    return problems


def _wrong(path: str, line: int, message: str, hint: str) -> Problem:
    return Problem(path, line, 1, "bad-scores", message, hint)


def _read_page(
    file: Path, path: str, document: Document, instruments: Entries[Instrument]
) -> tuple[PageScores | None, list[Problem]]:
    records, problems = read_records(file, path)
    points: dict[str, dict[str, int | None]] = {}
    dates = []
    for record in records:
        instrument = instruments.get(str(record.get("instrument")))
        if instrument is None and str(record.get("instrument")) in instruments.lost:
            continue
        if instrument is None:
            hint = f"Use one of: {', '.join(instruments)}."
            problems.append(_wrong(path, record.line, f"{record.get('instrument')} is not an instrument.", hint))
            continue
        if instrument.id in points:
            problems.append(_wrong(path, record.line, f"{instrument.id} is scored twice.", "Keep one of the two."))
        date = _date(record.get("scored"))
        if date is None:
            hint = "Add scored: YYYY-MM-DD, the day you read the page and gave the points."
            problems.append(_wrong(path, record.line, f"The scores of {instrument.id} have no date.", hint))
        else:
            dates.append(date)
        items = record.get("items")
        if not isinstance(items, Record):
            problems.append(
                _wrong(path, record.line, f"{instrument.id} has no items.", "Write each item under items:.")
            )
            continue
        points[instrument.id] = _read_items(path, record.line, items, instrument, document, problems)
    for missing in instruments.keys() - points.keys() if records else ():
        problems.append(_wrong(path, 1, f"The page is not scored on {missing}.", "Add a record for it."))
    modified = document.values.get("modified")
    if dates and modified and min(dates) < modified:
        message = f"The text changed on {modified}, after it was scored on {min(dates)}."
        problems.append(
            Problem(path, 1, 1, "scores-outdated", message, "Score it again and change the date.", "warning")
        )
    wrong = any(problem.severity == "error" for problem in problems)
    return (None if wrong or not dates else PageScores(document.slug, min(dates), points)), problems


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


def _read_items(
    path: str, line: int, items: Record, instrument: Instrument, document: Document, problems: list[Problem]
) -> dict[str, int | None]:
    """The points of each item in the order of the instrument."""
    found: dict[str, int | None] = {}
    given = {str(name): (items.lines[str(name)], value) for name, value in items.items()}
    for name in given.keys() - instrument.items.keys():
        problems.append(_wrong(path, given[name][0], f"{instrument.id} has no item {name}.", "Delete it."))
    for name, text in instrument.items.items():
        if name not in given:
            problems.append(
                _wrong(path, line, f"{instrument.id} item {name} has no score: {text}", "Score every item.")
            )
            continue
        at, value = given[name]
        if not isinstance(value, Record) or not {"score", "why"} <= value.keys() <= {"score", "where", "why"}:
            hint = "Write {score: 1, where: key-points, why: What earns the point.}"
            problems.append(_wrong(path, at, f"Item {name} cannot be read.", hint))
            continue
        score = value["score"]
        if score == NOT_APPLICABLE and name in instrument.optional:
            found[name] = None
        elif score in instrument.points and not isinstance(score, bool):
            found[name] = score
            problems += _check_place(path, at, name, str(value.get("where") or ""), document)
        else:
            more = f" or {NOT_APPLICABLE}" if name in instrument.optional else ""
            hint = f"Use one of: {', '.join(map(str, instrument.points))}{more}."
            problems.append(_wrong(path, at, f"Item {name} cannot score {score}.", hint))
    return found


def _check_place(path: str, line: int, item: str, where: str, document: Document) -> list[Problem]:
    """``where`` names places on the page, with semicolons: a ## heading, a block, a key of the front matter, or a part of FRAME."""
    headings, names = _places(document.masked)
    problems = []
    for place in (part.strip() for part in where.split(";")):
        if not place:
            hint = "Name the heading, block or front matter key that earns the point."
            problems.append(_wrong(path, line, f"Item {item} does not say where.", hint))
        elif place.startswith("#"):
            if place not in headings:
                problems.append(_gone(path, line, item, place, document))
        elif place in blocks.FORMS or place in FRONT:
            if place not in names and not document.values.get(place):
                problems.append(_gone(path, line, item, place, document))
        elif place not in FRAME:
            known = ", ".join((*FRAME, *FRONT))
            hint = f"Write a heading with its ##, the name of a block, or one of: {known}."
            problems.append(_wrong(path, line, f"Item {item}: {place} is not a place on a page.", hint))
    return problems


@lru_cache(maxsize=4)  # one page has some sixty items
def _places(masked: str) -> tuple[frozenset[str], frozenset[str]]:
    """The ## headings and the names of the blocks of a page."""
    headings = frozenset(text.rstrip(" #") for text in masked.split("\n") if text.startswith("##"))
    return headings, frozenset(block.name for block in blocks.scan(masked)[0])


def _gone(path: str, line: int, item: str, place: str, document: Document) -> Problem:
    message = f"Item {item} points to {place}, which {document.path} no longer has."
    return Problem(path, line, 1, "scores-outdated", message, "Score the item again.", "warning")
