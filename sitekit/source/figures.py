"""The written forms of figures: ``::: icons``, ``::: chart name`` and ``::: figure name``, read from the lines between the marks."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from sitekit.problems import Problem
from sitekit.source import blocks
from sitekit.source.charts import Chart
from sitekit.source.checks import unknown
from sitekit.source.citations import PATTERN
from sitekit.source.documents import Document

FIGURES = ("icons", "chart", "figure")
HOW_TO_READ = "How to read this:"
NO_DIFFERENCE = "no difference"
"""What the line in the middle of a chart of differences means; the words that say how to read it must say so."""

MOST_SHARES = 4
WHOLES = (10, 20, 50, 100)
"""Rows of ten can be counted at a glance; larger crowds cannot."""

PLACES = {"cycle": 5}
"""The drawings, and how many numbered places each shows; the list below a drawing says what each place is."""

_SHARE = re.compile(r"(?:[-*+][ \t]+)?(\d{1,6}) (?:of|in) (\d{1,6}):[ \t]*(\S.*)\Z")
_NUMBERED = re.compile(r"\d{1,3}[.)][ \t]+\S")


@dataclass(frozen=True, slots=True)
class Share:
    """``24 of 100: adults with chronic pain`` as an editor writes it in an ``icons`` block."""

    count: int
    whole: int
    words: str


def read_share(line: str) -> Share | None:
    """The share that a line gives, or ``None`` if the line is something else."""
    match = _SHARE.match(line.strip())
    return Share(int(match[1]), int(match[2]), match[3].strip()) if match else None


def check_figures(document: Document, charts: Mapping[str, Chart], lost: Container[str] = ()) -> list[Problem]:
    """Every located problem in the figures of one document; ``lost`` are names of charts that could not be read."""
    masked, first = document.masked, document.front.body_line
    lines = masked.split("\n")
    problems: list[Problem] = []
    for block in blocks.scan(masked, first, document.path)[0]:
        if block.name not in FIGURES:
            continue
        inside = lines[block.line - first + 1 : block.end_line - first]
        how = [
            (number, line) for number, line in enumerate(inside, block.line + 1) if line.strip().startswith(HOW_TO_READ)
        ]
        chart = charts.get(block.argument) if block.name == "chart" else None
        if not how:
            hint = f"Say in a sentence how to look at it: {HOW_TO_READ} …"
            message = f"::: {block.name} has no line '{HOW_TO_READ} …'."
            problems.append(Problem(document.path, block.line, 1, "figure-how-to-read", message, hint))
        elif chart and chart.sides and NO_DIFFERENCE not in how[0][1].casefold():
            hint = f"Say, for example: The dashed line means {NO_DIFFERENCE}."
            message = "Nothing tells what the dashed line in the middle of this chart means."
            problems.append(Problem(document.path, how[0][0], 1, "figure-how-to-read", message, hint))
        column = lines[block.line - first].find(block.argument) + 1
        at = (document.path, block.line, column)
        if block.name == "chart" and block.argument and block.argument not in charts and block.argument not in lost:
            problems.append(unknown(*at, "unknown-chart", block.argument, charts, "content/data/charts has no chart"))
        elif block.name == "figure" and block.argument:
            problems += _check_drawing(*at, block.argument, inside)
        elif block.name == "icons":
            problems += _check_icons(document.path, block.line, inside)
    return problems


def _check_drawing(path: str, line: int, column: int, name: str, inside: Sequence[str]) -> list[Problem]:
    if name not in PLACES:
        return [unknown(path, line, column, "unknown-figure", name, PLACES, "There is no drawing")]
    items = sum(bool(_NUMBERED.match(text)) for text in inside)
    if items != PLACES[name]:
        message = f"The drawing {name} shows {PLACES[name]} numbered places; the list names {items}."
        return [
            Problem(path, line, column, "figure-list", message, "Write a numbered list with one item for each place.")
        ]
    return []


def _check_icons(path: str, line: int, inside: Sequence[str]) -> list[Problem]:
    problems: list[Problem] = []
    shares: list[Share] = []

    def wrong(number: int, message: str, hint: str) -> None:
        problems.append(Problem(path, number, 1, "bad-icons", message, hint))

    for number, text in enumerate(inside, line + 1):
        share = read_share(text)
        if share is None:
            if re.match(r"\s*(?:[-*+][ \t]+)?\d", text):
                wrong(
                    number,
                    f"This line cannot be read: {text.strip()}",
                    "Write it like this: 24 of 100: adults with pain.",
                )
            continue
        shares.append(share)
        if share.whole not in WHOLES:
            hint = f"Use one of: {', '.join(map(str, WHOLES))}."
            wrong(number, f"{share.whole} small people cannot be drawn so that readers can count them.", hint)
        if share.count > share.whole:
            wrong(number, f"{share.count} is more than {share.whole}.", "Compare the numbers with the source.")
        if share.whole != shares[0].whole:
            message = f"This line counts in {share.whole}, the first in {shares[0].whole}."
            wrong(number, message, "Count in the same number, so that readers can compare.")
    if not 1 <= len(shares) <= MOST_SHARES:
        hint = "Write each on a line of its own: 24 of 100: adults with pain."
        wrong(line, f"The block shows {len(shares)} groups of people; 1 to {MOST_SHARES} can be compared.", hint)
    if not any(PATTERN.search(text) for text in inside):
        problems.append(
            Problem(path, line, 1, "figure-source", "The figure names no source.", "Add a line: Source: [@key, survey]")
        )
    return problems
