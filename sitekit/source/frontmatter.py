"""Front matter: one typed definition, from which checking, help and the JSON Schema are made.

Front matter is YAML between two ``---`` lines (https://yaml.org/spec/1.2.2/), read with the position of every key. One-line
texts are taken as the editor wrote them, so that ``title: Pain: a guide`` and ``title: 404`` need no quotes.
"""

from __future__ import annotations

import bisect
import datetime
import difflib
import re
from collections.abc import Callable
from dataclasses import field
from typing import Any

from sitekit.problems import Problem
from sitekit.records import record
from sitekit.source.pairs import Scalar, Sequence, Value, read_pairs

ARTICLE_TYPES = ("overview", "condition", "treatment", "guide", "reference")
STATUSES = ("published", "draft")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_CLOSING = re.compile(r"\n---[^\S\n]*(?=\n|\Z)")


class Wrong(ValueError):
    """A value that does not fit its field. The message says why, ``hint`` what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _text(node: Value, most: int) -> str:
    if not isinstance(node, Scalar):
        raise Wrong("must be one line of text", "Write plain text after the colon.")
    value = " ".join(node.value.split())
    if not value:
        raise Wrong("is empty", "Write the text, or delete the line.")
    if len(value) > most:
        raise Wrong(f"has {len(value)} characters; {most} is the most", "Shorten it.")
    return value


def _date(node: Value) -> datetime.date:
    value = node.value if isinstance(node, Scalar) else ""
    hint = "Write the date as YYYY-MM-DD, for example 2026-11-22."
    if not _ISO_DATE.match(value):
        raise Wrong(f"is not an ISO date: {value or 'nothing'}", hint)
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise Wrong(f"is not a date in the calendar: {value}", hint) from error


def _choice(node: Value, choices: tuple[str, ...]) -> str:
    value = node.value if isinstance(node, Scalar) else ""
    if value in choices:
        return value
    near = difflib.get_close_matches(value, choices, 1)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise Wrong(f"is not one of the known values: {value or 'nothing'}", f"{guess}Use one of: {', '.join(choices)}.")


def _texts(node: Value, most: int) -> tuple[str, ...]:
    if not isinstance(node, Sequence):
        raise Wrong("must be a list", "Write [one, two], or one '- item' on each line.")
    values = tuple(_text(item, 200) for item in node.value)
    if len(values) > most:
        raise Wrong(f"has {len(values)} items; {most} is the most", "Keep the most useful ones.")
    if len(set(values)) != len(values):
        raise Wrong("names the same item twice", "Delete one of them.")
    return values


@record()
class Field:
    """One key of the front matter: how to read it, where it belongs, whether it must be there, and help for editors."""

    name: str
    read: Callable[[Value], Any]
    help: str
    required: bool = False
    kinds: tuple[str, ...] = ("article", "page")
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


def _text_field(name: str, most: int, help: str, **more: Any) -> Field:
    return Field(name, lambda node: _text(node, most), help, schema={"type": "string", "maxLength": most}, **more)


def _date_field(name: str, help: str, **more: Any) -> Field:
    return Field(name, _date, help, schema={"type": "string", "format": "date"}, **more)


def _choice_field(name: str, choices: tuple[str, ...], help: str, **more: Any) -> Field:
    return Field(name, lambda node: _choice(node, choices), help, schema={"enum": list(choices)}, **more)


def _list_field(name: str, most: int, help: str, **more: Any) -> Field:
    schema = {"type": "array", "items": {"type": "string"}, "maxItems": most, "uniqueItems": True}
    return Field(name, lambda node: _texts(node, most), help, schema=schema, **more)


_ARTICLE = ("article",)
FIELDS = (
    _text_field("title", 80, "The title: what the page is about, in words readers use.", required=True),
    _text_field("description", 160, "One or two sentences for search results and cards.", required=True),
    _choice_field("type", ARTICLE_TYPES, "Which kind of article; decides the sections.", required=True, kinds=_ARTICLE),
    _choice_field("status", STATUSES, "draft keeps the page out of everything that is published."),
    _date_field("published", "The day the page first goes out; a day to come keeps it in until then.", required=True),
    _date_field("modified", "The day its text last changed.", required=True),
    _date_field(
        "evidence_searched", "The day somebody last searched for new evidence; leave out if nobody did.", kinds=_ARTICLE
    ),
    _date_field("next_review", "When the whole page is due to be read again.", required=True, kinds=_ARTICLE),
    _text_field(
        "clinical_review", 60, "The id of the reviewer in content/data/reviewers.yaml; leave out until one exists."
    ),
    _text_field(
        "helps", 240, "'This page helps you …': what the reader can do after reading.", kinds=("article", "page")
    ),
    _text_field("main_message", 240, "The one sentence to remember, in active voice."),
    _text_field("start", 60, "What a reader would say on the home page, in the first person.", kinds=_ARTICLE),
    _list_field("glossary_off", 20, "Terms of the glossary that stay plain words on this page."),
    _list_field("tags", 8, "Subjects, for related pages.", kinds=_ARTICLE),
    _list_field("related", 4, "Paths of related articles below content/articles/.", kinds=_ARTICLE),
)
BY_NAME = {known.name: known for known in FIELDS}
_RANK = {known.name: number for number, known in enumerate(FIELDS)}
_ONE_LINE = {known.name for known in FIELDS if known.schema.get("type") == "string"}


@record()
class FrontMatter:
    """The values of one file, the position of each key, and where the body starts (line numbers from 1)."""

    values: dict[str, Any]
    positions: dict[str, tuple[int, int]]
    body: str
    body_line: int
    problems: list[Problem]

    def at(self, name: str) -> tuple[int, int]:
        """Line and column of a key, or of the first line when the key is absent."""
        return self.positions.get(name, (1, 1))


def parse(path: str, text: str, kind: str) -> FrontMatter:
    """Split one source text into front matter and body, and check every key.

    ``kind`` is ``article`` or ``page``. Every problem is located; nothing is raised for bad input.
    """
    problems: list[Problem] = []
    begun = text.partition("\n")[0].rstrip() == "---"
    closing = _CLOSING.search(text, 3) if begun else None
    if not closing:
        what = "The front matter has no closing --- line." if begun else "The file has no front matter."
        hint = "Start the file with a line ---, then the keys, then a line ---."
        return FrontMatter({}, {}, text, 1, [Problem(path, 1, 1, "front-matter", what, hint)])
    source = text[: closing.start()].partition("\n")[2]
    values: dict[str, Any] = {}
    positions: dict[str, tuple[int, int]] = {}
    meant: set[str] = set()  # keys that an unknown key is most likely to stand for
    pairs = read_pairs(path, source, _ONE_LINE, problems)
    readable = not problems
    for key, node in pairs:
        name, where = key.value, (key.start_mark.line + 2, key.start_mark.column + 1)
        known = BY_NAME.get(name)
        if known is None or kind not in known.kinds:
            names = [known.name for known in FIELDS if kind in known.kinds]
            near = difflib.get_close_matches(name.lower(), names, 1)
            meant.update(near)
            hint = f"Did you mean {near[0]}?" if near else f"Known keys are: {', '.join(names)}."
            article = "an" if kind == "article" else "a"
            message = f"{name} is not a front matter key of {article} {kind}."
            problems.append(Problem(path, *where, "unknown-key", message, hint))
            continue
        if name in positions:
            problems.append(
                Problem(path, *where, "duplicate-key", f"{name} appears twice.", "Delete one of the two lines.")
            )
            continue
        positions[name] = where
        try:
            values[name] = known.read(node)
        except Wrong as wrong:
            at = (node.start_mark.line + 2, node.start_mark.column + 1)
            problems.append(Problem(path, *at, f"bad-{name.replace('_', '-')}", f"{name} {wrong}.", wrong.hint))
    for known in FIELDS if readable else ():  # what cannot be read may hold every key
        if known.required and kind in known.kinds and known.name not in positions and known.name not in meant:
            hint = f"Add a line '{known.name}: …'. {known.help}"
            problems.append(Problem(path, 1, 1, "missing-key", f"The front matter has no {known.name}.", hint))
    problems += _date_order(path, values, positions) + _key_order(path, positions)
    body_line = text.count("\n", 0, closing.end()) + 2
    return FrontMatter(values, positions, text[closing.end() + 1 :], body_line, problems)


def _date_order(path: str, values: dict[str, Any], positions: dict[str, tuple[int, int]]) -> list[Problem]:
    problems = []
    for earlier, later in (
        ("published", "modified"),
        ("modified", "next_review"),
        ("evidence_searched", "next_review"),
    ):
        if earlier in values and later in values and values[later] < values[earlier]:
            message = f"{later} ({values[later]}) is before {earlier} ({values[earlier]})."
            problems.append(
                Problem(path, *positions[later], f"bad-{later.replace('_', '-')}", message, "Correct one of the two.")
            )
    return problems


def _key_order(path: str, positions: dict[str, tuple[int, int]]) -> list[Problem]:
    """Advice for each key that must move for the keys to stand in the order of the definition; the fewest that will do."""
    tails: list[str] = []  # the last key of the best run of each length, and for each key the one before it in its run
    before: dict[str, str] = {}
    for name in positions:
        place = bisect.bisect(tails, _RANK[name], key=_RANK.__getitem__)
        before[name] = tails[place - 1] if place else ""
        tails[place : place + 1] = [name]
    right, name = set(), tails[-1] if tails else ""
    while name:
        right.add(name)
        name = before[name]
    problems = []
    for name in (one for one in positions if one not in right):
        after = [one for one in positions if _RANK[one] < _RANK[name]]
        hint = f"Put it below {max(after, key=_RANK.__getitem__)}." if after else "Put it first."
        message = f"{name} does not stand where it stands on other pages."
        problems.append(Problem(path, *positions[name], "key-order", message, hint, "warning"))
    return problems


def json_schema(kind: str) -> dict[str, Any]:
    """The definition as JSON Schema 2020-12, for editors that complete front matter keys."""
    fields = [known for known in FIELDS if kind in known.kinds]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Front matter of a {kind}",
        "type": "object",
        "additionalProperties": False,
        "required": [known.name for known in fields if known.required],
        "properties": {known.name: {**known.schema, "description": known.help} for known in fields},
    }
