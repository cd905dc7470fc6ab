"""The table that ties every number on a page to its fact, docs/facts/numbers.csv, and what can be wrong with it.

docs/facts/plain-numbers.csv lists, with a reason each, the numbers that state no fact: phone numbers, small counts in advice,
words about the page itself. Words there that begin with ``:::`` name a block: what it says without a citation is advice.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitekit.problems import Problem
from tests.content.derive import follows, stands, stands_with
from tests.content.facts import Fact
from tests.content.occurrences import Occurrence

NUMBERS, PLAIN, FACTS, ARTICLES = (
    "docs/facts/numbers.csv",
    "docs/facts/plain-numbers.csv",
    "docs/facts/FACTS.md",
    "content/articles",
)
COLUMNS = ("page", "number", "words", "sources", "figure", "note")
PLAIN_COLUMNS = ("page", "number", "words", "reason")
_AROUND = 28
_SMALL = re.compile(r"[1-9]\d?|0 to 10")
_UNIT = re.compile(r"[ -](hour|day|week|month|year)s?\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One number on a page. ``words`` are text of the page that holds it, ``sources`` ids of facts or other texts; ``figure`` is
    what stands there, where the page rounds it or writes it otherwise."""

    line: int
    page: str
    number: str
    words: str
    sources: tuple[str, ...]
    figure: str
    note: str

    def matches(self, found: Occurrence) -> bool:
        return (found.page, found.number) == (self.page, self.number) and found.covered_by(self.words)


@dataclass(frozen=True, slots=True)
class Plain:
    """A number, or every number in a place, that states no fact. ``*`` stands for any page or words, ``small`` for any whole
    number below 100."""

    line: int
    page: str
    number: str
    words: str
    reason: str

    def matches(self, found: Occurrence) -> bool:
        small = self.number == "small" and _SMALL.fullmatch(found.number)
        if self.page not in ("*", found.page) or not (small or self.number == found.number):
            return False
        if self.words.startswith(":::"):
            return found.within == self.words.removeprefix(":::").strip() and not found.cited
        return self.words == "*" or found.covered_by(self.words)


def read_rows(file: Path) -> list[Row]:
    """The table. A header other than ``COLUMNS`` is an error of the caller's data and raises."""
    return [
        Row(line, *values[:3], tuple(part.strip() for part in values[3].split(";") if part.strip()), *values[4:])
        for line, values in _records(file, COLUMNS)
    ]


def read_plain(file: Path) -> list[Plain]:
    """The numbers that state no fact."""
    return [Plain(line, *values) for line, values in _records(file, PLAIN_COLUMNS)]


def _records(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        header = next(reader)
        if tuple(header) != tuple(columns):
            raise ValueError(f"{file.name} begins with {header}, not with {list(columns)}")
        for values in reader:
            if len(values) != len(columns):
                raise ValueError(f"{file.name}:{reader.line_num} has {len(values)} columns, not {len(columns)}")
            yield reader.line_num, values


def check(
    found: Sequence[Occurrence],
    rows: Sequence[Row],
    plain: Sequence[Plain],
    facts: Mapping[str, Fact],
    texts: Mapping[str, str],
) -> list[Problem]:
    """Everything that is wrong between the pages, the table and the facts, sorted."""
    problems: list[Problem] = []
    by_page: dict[str, list[Row]] = {}
    for row in rows:
        by_page.setdefault(row.page, []).append(row)
        problems += _check_row(row, facts, texts)
    used: set[Row | Plain] = set()
    for one in found:
        held = [row for row in by_page.get(one.page, ()) if row.matches(one)]
        spared = [rule for rule in plain if rule.matches(one)]
        used.update(held, spared)
        if not held and not spared:
            hint = f"Find its fact in {FACTS} and add to {NUMBERS}: {suggested_row(one)}"
            problems.append(_on_page(one, "number-without-fact", f"“{one.number}” has no row in {NUMBERS}.", hint))
        for row in held:
            problems += _check_use(one, row, facts, texts)
    problems += [
        _gone(row, NUMBERS, f"{row.page} no longer says “{row.number}” in “{row.words}”.")
        for row in rows
        if row not in used
    ]
    problems += [
        _gone(rule, PLAIN, f"“{rule.words}” spares nothing on {rule.page}.") for rule in plain if rule not in used
    ]
    problems += [_gone(rule, PLAIN, f"“{rule.words}” has no reason.") for rule in plain if not rule.reason.strip()]
    return sorted(set(problems))


def suggested_row(one: Occurrence) -> str:
    """The row for a number as a line of CSV, with the sources left to fill in."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([one.page, one.number, words_around(one), "F?", "", ""])
    return line.getvalue()


def words_around(one: Occurrence) -> str:
    """A few words of the page that hold the number, within its cell in a table."""
    start, end = one.start, one.start + len(one.number)
    first = max(one.text.rfind("|", 0, start) + 1, start - _AROUND, 0)
    last = one.text.find("|", end)
    last = min(len(one.text) if last < 0 else last, end + _AROUND)
    if first and one.text[first - 1] not in "| ":
        first = one.text.find(" ", first, start) + 1 or start
    if last < len(one.text) and one.text[last] not in "| ":
        last = max(one.text.rfind(" ", end, last), end)
    return one.text[first:last].strip()


def _check_row(row: Row, facts: Mapping[str, Fact], texts: Mapping[str, str]) -> Iterator[Problem]:
    figure = row.figure or row.number
    if not row.sources:
        yield _wrong(
            row, "no-source", f"“{row.number}” names no fact.", f"Name its fact in {FACTS}, or move the row to {PLAIN}."
        )
    for source in row.sources:
        text = facts[source].text if source in facts else texts.get(source)
        if text is None:
            yield _wrong(
                row, "unknown-source", f"{source} is no fact, entry, term or resource.", f"Look it up in {FACTS}."
            )
        elif source in facts and facts[source].mark == "R":
            yield _wrong(
                row, "unconfirmed-fact", f"{source} is marked [R], unconfirmed.", "Take the number off the page."
            )
        elif not stands(figure, text):
            hint = "Correct the page or the row. If the page rounds, write the exact figure of the fact under figure."
            yield _wrong(row, "not-in-source", f"“{figure}” does not stand in {source}.", hint)
    if row.figure and not follows(row.number, row.figure):
        hint = "Correct the number on the page, or the figure in the row."
        yield _wrong(row, "not-derived", f"“{row.number}” is not “{row.figure}” rounded.", hint)


def _check_use(one: Occurrence, row: Row, facts: Mapping[str, Fact], texts: Mapping[str, str]) -> Iterator[Problem]:
    """What a row promises about the very place: the source is cited there, a rounded count stands beside its figure, and a
    number of hours to years has the same unit in the source, unless a note says how the source puts it."""
    known = [facts[source] for source in row.sources if source in facts]
    if one.cited and known and not any(fact.keys & one.cited or not fact.keys for fact in known):
        cited, ids = ", ".join(sorted(one.cited)), ", ".join(fact.id for fact in known)
        hint = f"Cite a source of {ids} after the number, or correct the row."
        yield _on_page(one, "other-source-cited", f"“{one.number}” comes from {ids}, and the text cites {cited}.", hint)
    if (unit := _UNIT.match(one.text, one.start + len(one.number))) and not row.note:
        figure = row.figure or row.number
        for source in row.sources:
            text = facts[source].text if source in facts else texts.get(source, "")
            if stands(figure, text) and not stands_with(figure, unit[1], text):
                hint = "Correct the page, or note in the row how the source puts it."
                yield _on_page(one, "other-unit", f"“{figure} {unit[1]}” does not stand in {source}.", hint)
    counted = (" in " in one.number or " of " in one.number) and one.within != "icons"  # a drawing has no room for it
    if counted and row.figure.endswith("%") and row.figure not in one.sentence:
        hint = f"Write the exact figure beside it: “{one.number} ({row.figure})”."
        yield _on_page(one, "rounded-alone", f"“{one.number}” stands without {row.figure} in its sentence.", hint)


def _on_page(one: Occurrence, code: str, message: str, hint: str) -> Problem:
    return Problem(f"{ARTICLES}/{one.page}", one.line, one.column, code, message, hint)


def _wrong(row: Row, code: str, message: str, hint: str) -> Problem:
    return Problem(NUMBERS, row.line, 1, code, f"{row.page}: {message}", hint)


def _gone(row: Row | Plain, path: str, message: str) -> Problem:
    return Problem(path, row.line, 1, "row-off-page", message, "Correct the row, or delete it.")


def check_chart(path: str, lines: Iterable[str], facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """What is wrong with the numbers of a chart: each stands in its fact, which names the source that the row cites."""
    records = [
        (number, line) for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")
    ]
    rows = csv.DictReader(line for _, line in records)
    for (number, _), row in zip(records[1:], rows, strict=True):
        fact = facts.get(row["fact"])
        if fact is None or fact.mark == "R":
            yield Problem(
                path, number, 1, "unknown-source", f"{row['fact']} is no confirmed fact.", f"Look it up in {FACTS}."
            )
            continue
        if row["cite"] not in fact.keys:
            yield Problem(
                path, number, 1, "other-source-cited", f"{fact.id} does not name {row['cite']}.", "Correct the row."
            )
        for column in ("value", "low", "high"):
            figure = row[column]
            if figure and not (stands(figure, fact.text) or stands(f"{figure}%", fact.text)):
                message = f"“{figure}” does not stand in {fact.id}."
                yield Problem(path, number, 1, "not-in-source", message, "Correct the chart.")


def unsourced_keys(cited: Mapping[str, Collection[str]], facts: Mapping[str, Fact]) -> Iterator[tuple[str, str, str]]:
    """(page, key, why) for each cited key that no fact names, or that only unconfirmed facts name."""
    marks: dict[str, set[str]] = {}
    for fact in facts.values():
        for key in fact.keys:
            marks.setdefault(key, set()).add(fact.mark)
    for page, keys in cited.items():
        for key in sorted(keys):
            if key not in marks:
                yield page, key, f"no fact in {FACTS} names it"
            elif marks[key] == {"R"}:
                yield page, key, "every fact that names it is marked [R], unconfirmed"
