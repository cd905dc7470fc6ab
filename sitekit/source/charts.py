"""The numbers behind bar charts: content/data/charts/<name>.csv, read and checked.

Above the header stand lines ``# key: value`` that say what the numbers are; see ``SETTINGS``. Each row is a bar and carries the
key of its source, how sure the evidence is, and the fact it was copied from, so that a reviewer can compare.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from sitekit.problems import Problem
from sitekit.records import record
from sitekit.source.citations import LABELS
from sitekit.source.entries import Entries
from sitekit.source.text import read_text

COLUMNS = ("group", "label", "value", "low", "high", "cite", "certainty", "fact")
SETTINGS = ("unit", "heads", "sides")
"""``unit`` is ``percent``, or what is counted ("days in 3 months"); ``heads`` are the heads of the table, with semicolons:
what is compared, the numbers and, if there are any, their intervals. ``sides`` makes a chart of differences: it says what a
number below 0 means and what one above 0 means, such as ``less pain; more pain``."""

REQUIRED = ("unit", "heads")

PERCENT = "percent"
MOST_BARS = 12
LONGEST_LABEL, LONGEST_GROUP, LONGEST_SIDE = 24, 34, 11
"""In characters. A label shares its line with the value of the bar, a side with the other side, and both must fit a phone 320
pixels wide."""

_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_FACT = re.compile(r"F\d\.\d\d\Z")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,3})?\Z")
_SIGNED = re.compile(rf"-?{_NUMBER.pattern}")
_SETTING = re.compile(r"#[ \t]*([a-z]+)[ \t]*:[ \t]*(.*)\Z")


@record()
class Bar:
    """One bar, its numbers exactly as the source has them (text), and the interval around it if the source gives one."""

    group: str
    label: str
    value: str
    low: str
    high: str
    cite: str
    certainty: str
    fact: str


@record()
class Chart:
    """One file. ``most`` is the value at the far end of the axis, which begins at 0, or, with ``sides``, at ``-most``."""

    name: str
    unit: str
    heads: tuple[str, ...]
    bars: tuple[Bar, ...]
    sides: tuple[str, ...] = ()

    @property
    def most(self) -> float:
        """100 for percentages, so that a bar is the part of a whole; else a round number above the largest number."""
        if self.unit == PERCENT:
            return 100.0
        largest = max(abs(Decimal(text)) for bar in self.bars for text in (bar.value, bar.low, bar.high) if text)
        step = Decimal(10) ** largest.adjusted()
        return float((largest / step).to_integral_value(ROUND_CEILING) * step) or 1.0

    @property
    def citations(self) -> tuple[str, ...]:
        """One citation for each source and certainty, in the order of the bars, as an editor would write it."""
        return tuple(dict.fromkeys(f"[@{bar.cite}, {bar.certainty}]" for bar in self.bars))


def read_charts(folder: Path, label: str, references: Collection[str]) -> tuple[Entries[Chart], list[Problem]]:
    """Every chart of a folder by its name, and what is wrong with the files. A folder that does not exist holds none."""
    charts: dict[str, Chart] = {}
    problems: list[Problem] = []
    lost = []
    for file in sorted(folder.glob("*")):
        path = f"{label}/{file.name}"
        name = file.name.removesuffix(".csv")
        if name == file.name or not _NAME.match(name):
            hint = "Name it name.csv, in small letters, digits and hyphens."
            problems.append(Problem(path, 0, 0, "stray-file", "The file is not a chart and would be left out.", hint))
            lost.append(name)
            continue
        chart, found = read_chart(file, path, name, references)
        problems += found
        if chart:
            charts[name] = chart
        else:
            lost.append(name)
    return Entries.of(charts, lost), problems


def read_chart(file: Path, path: str, name: str, references: Collection[str]) -> tuple[Chart | None, list[Problem]]:
    """One chart, or ``None`` if something is wrong with it, and every problem with its line."""
    text, problems = read_text(file, path)
    if problems:
        return None, problems
    lines = text.split("\n")
    settings, first = _settings(path, lines, problems)
    bars: list[Bar] = []
    reader = csv.reader(lines[first:], strict=True)
    start = first + 1
    try:
        for number, cells in enumerate(reader):
            line, start = start, first + reader.line_num + 1
            if not number:
                if tuple(cells) != COLUMNS:
                    problems.append(
                        _wrong(path, line, "The columns are not those of a chart.", f"Write {','.join(COLUMNS)}")
                    )
                    return None, problems
            elif cells:
                bar, found = _bar(path, line, cells, references, "sides" in settings)
                problems += found
                if bar and any((bar.group, bar.label) == (other.group, other.label) for other in bars):
                    problems.append(
                        _wrong(path, line, f"A second bar is called {bar.label}.", "Give it a label of its own.")
                    )
                bars += [bar] if bar else []
    except csv.Error as error:
        problems.append(_wrong(path, start, f"Not valid CSV: {error}.", "Check the quotes."))
    if not problems:
        problems += _check_whole(path, first + 1, settings, bars)
    if problems:
        return None, problems
    return Chart(name, settings["unit"], _parts(settings["heads"]), tuple(bars), _parts(settings.get("sides", ""))), []


def _parts(setting: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in setting.split(";")) if setting else ()


def _wrong(path: str, line: int, message: str, hint: str) -> Problem:
    return Problem(path, line, 1, "bad-chart", message, hint)


def _settings(path: str, lines: list[str], problems: list[Problem]) -> tuple[dict[str, str], int]:
    """The settings above the header, and how many lines they take."""
    settings: dict[str, str] = {}
    count = 0
    for count, line in enumerate(lines):
        if not line.startswith("#"):
            break
        match = _SETTING.match(line)
        if not match or match[1] not in SETTINGS or not match[2].strip():
            problems.append(
                _wrong(path, count + 1, f"Not a setting: {line}", f"Write # key: value, with {', '.join(SETTINGS)}.")
            )
            continue
        settings[match[1]] = match[2].strip()
    for name in REQUIRED:
        if name not in settings:
            problems.append(_wrong(path, 1, f"The chart has no {name}.", f"Add a line '# {name}: …' at the top."))
    return settings, count


def _bar(
    path: str, line: int, cells: list[str], references: Collection[str], signed: bool
) -> tuple[Bar | None, list[Problem]]:
    """One row. ``signed`` numbers may be below 0; without ``sides``, nothing would say what that means."""
    if len(cells) != len(COLUMNS):
        message = f"The line has {len(cells)} cells; {len(COLUMNS)} are expected."
        return None, [_wrong(path, line, message, "Put a cell that holds a comma into double quotes.")]
    bar = Bar(*(" ".join(cell.split()) for cell in cells))
    problems = []
    for name, text, longest in (("group", bar.group, LONGEST_GROUP), ("label", bar.label, LONGEST_LABEL)):
        if len(text) > longest:
            hint = "A longer one does not fit a phone."
            problems.append(_wrong(path, line, f"The {name} has {len(text)} characters; {longest} is the most.", hint))
    if not bar.label:
        problems.append(_wrong(path, line, "The bar has no label.", "Say in a few words what it shows."))
    numbers = [("value", bar.value)] + [(name, text) for name, text in (("low", bar.low), ("high", bar.high)) if text]
    for name, text in numbers:
        if not (_SIGNED if signed else _NUMBER).match(text):
            hint = "Write digits with a point, such as 39.3."
            if _SIGNED.match(text):
                hint = "If this is a difference, add a line such as '# sides: less pain; more pain' at the top."
            problems.append(_wrong(path, line, f"{name} is not a number: {text or 'nothing'}", hint))
    if bool(bar.low) != bool(bar.high):
        problems.append(_wrong(path, line, "The interval has one end.", "Give low and high, or neither."))
    elif bar.low and not problems and not float(bar.low) <= float(bar.value) <= float(bar.high):
        problems.append(
            _wrong(path, line, "The value lies outside its interval.", "Compare the three numbers with the source.")
        )
    if bar.cite not in references:
        problems.append(
            _wrong(
                path, line, f"references.bib has no entry {bar.cite or '(nothing)'}.", "Write the key of the source."
            )
        )
    if bar.certainty not in LABELS:
        problems.append(
            _wrong(
                path,
                line,
                f"{bar.certainty or 'Nothing'} is not a certainty or kind.",
                f"Use one of: {', '.join(LABELS)}.",
            )
        )
    if not _FACT.match(bar.fact):
        hint = "Write the number of the fact the figures were copied from, such as F2.05."
        problems.append(_wrong(path, line, f"{bar.fact or 'Nothing'} is not the number of a fact.", hint))
    return (None if problems else bar), problems


def _check_whole(path: str, line: int, settings: dict[str, str], bars: list[Bar]) -> list[Problem]:
    problems = _check_sides(path, line, settings, bars) if "sides" in settings else []
    fewest = 1 if "sides" in settings else 2
    if not fewest <= len(bars) <= MOST_BARS:
        hint = "A single number needs no chart; more bars than that need two charts."
        message = f"The chart has {len(bars)} bars; {fewest} to {MOST_BARS} can be read."
        problems.append(_wrong(path, line, message, hint))
    columns = 3 if any(bar.low for bar in bars) else 2
    if len(settings["heads"].split(";")) != columns:
        hint = "Name, with semicolons, what is compared, the numbers and, if the source gives them, the intervals."
        problems.append(_wrong(path, 1, f"heads does not name {columns} columns.", hint))
    if settings["unit"] == PERCENT and any(float(bar.high or bar.value) > 100 for bar in bars):
        problems.append(_wrong(path, line, "A percentage is above 100.", "Compare it with the source."))
    return problems


def _check_sides(path: str, line: int, settings: dict[str, str], bars: list[Bar]) -> list[Problem]:
    """What is wrong with a chart of differences. A single difference may stand alone: its range is what it shows."""
    problems = []
    parts = _parts(settings["sides"])
    if len(parts) != 2 or not all(0 < len(part) <= LONGEST_SIDE for part in parts):
        hint = "Write '# sides: less pain; more pain': what a number below 0 means, then one above 0."
        message = f"sides does not name 2 sides of {LONGEST_SIDE} characters at most."
        problems.append(_wrong(path, 1, message, hint))
    if settings["unit"] == PERCENT:
        hint = "A difference is no part of a whole: say what is counted, such as 'people in 100'."
        problems.append(_wrong(path, 1, "A chart of differences cannot have the unit percent.", hint))
    for bar in bars:
        if not bar.low:
            hint = (
                "Without it, a reader cannot tell a difference from none. Copy it from the source, or write a sentence."
            )
            problems.append(_wrong(path, line, f"The difference {bar.label} has no interval.", hint))
    return problems
