"""The keys and values of front matter, each with its place: YAML in which a text of one line needs no quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from sitekit.problems import Problem

if TYPE_CHECKING:
    import yaml


class Mark(NamedTuple):
    """A place, counted from 0 as in YAML."""

    line: int
    column: int


class Scalar(NamedTuple):
    """One text as it is written."""

    value: str
    start_mark: Mark | None = None


class Sequence(NamedTuple):
    """A list of values."""

    value: list[Value]
    start_mark: Mark | None = None


class Other(NamedTuple):
    """Keys and values within a value, which no key of ours takes."""

    start_mark: Mark | None = None


Value = Scalar | Sequence | Other
Pair = tuple[Scalar, Value]
_KEY_LINE = re.compile(r"([A-Za-z_][\w-]*)(:[ \t]+)(.*)\Z")
_WORDS = r"[A-Za-z][\w./-]*+(?: [\w./-]++)*+"
_LIST = rf"\[({_WORDS}(?:, {_WORDS})*)\]"
_TEXT = r"([^\s\"'|>\[{].*)"
_LINES = rf"(\n( +)- {_WORDS}(?:\n\5- {_WORDS})*)"
# The length is that at which YAML too still takes a key for one, by far.
_PLAIN_PAIR = re.compile(rf"([a-z_]{{1,40}}):(?: +(?:{_LIST}|{_TEXT})|{_LINES})(?:\n|\Z)", re.A)
_WORD = re.compile(r"[a-z]+\Z")


def read_pairs(path: str, source: str, one_line: Collection[str], problems: list[Problem]) -> list[Pair]:
    """The key and value nodes of ``source``, in order; what cannot be read is added to ``problems``.

    The values of the keys in ``one_line`` are taken as the editor wrote them.
    """
    return plain_pairs(source, one_line) or yaml_pairs(path, source, one_line, problems)


def plain_pairs(source: str, one_line: Collection[str]) -> list[Pair] | None:
    """What :func:`yaml_pairs` makes of the plain forms that nearly every page has, in half the time; None for any other."""
    pairs: list[Pair] = []
    at = line = 0
    while at < len(source):
        match = _PLAIN_PAIR.match(source, at)
        if not match:
            return None
        name, flow, text, block, indent = match.groups()
        if text and not (text.isprintable() if name in one_line else _WORD.match(text)):
            return None
        if text:
            value: Value = Scalar(text.rstrip(), Mark(line, match.start(3) - at))
        else:
            items = flow.split(", ") if flow else [item.lstrip(" ")[2:] for item in block[1:].split("\n")]
            mark = Mark(line, match.start(2) - 1 - at) if flow else Mark(line + 1, len(indent))
            value = Sequence([Scalar(item) for item in items], mark)
        pairs.append((Scalar(name, Mark(line, 0)), value))
        line += match[0].count("\n")
        at = match.end()
    return pairs or None


def yaml_pairs(path: str, source: str, one_line: Collection[str], problems: list[Problem]) -> list[Pair]:
    """The key and value nodes, in order; a YAML error becomes a located problem."""
    import yaml  # here, because hardly any page needs it

    lines = source.split("\n")
    try:
        root = yaml.compose("\n".join(_quoted(line, one_line) for line in lines), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (1, 1)
        if mark:  # the column is that in the quoted line, which is longer than the one in the file
            row = min(mark.line, len(lines) - 1)
            where = (row + 2, min(mark.column, len(lines[row])) + 1)
        message = f"The front matter is not valid YAML: {error.problem or error.context}."
        problems.append(Problem(path, *where, "front-matter", message, "Check the indentation, brackets and quotes."))
        return []
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = f"The front matter cannot be read: {' '.join(str(error).split())}."
        problems.append(Problem(path, 1, 1, "front-matter", message, "Retype it."))
        return []
    if not isinstance(root, yaml.MappingNode) or not all(isinstance(key, yaml.ScalarNode) for key, _ in root.value):
        hint = "Write one 'key: value' on each line."
        problems.append(Problem(path, 1, 1, "front-matter", "The front matter is not a list of keys and values.", hint))
        return []
    return [(_value(key), _value(value)) for key, value in root.value]


def _value(node: yaml.Node) -> Value:
    mark = Mark(node.start_mark.line, node.start_mark.column)
    if node.id == "scalar":
        return Scalar(node.value, mark)
    return Sequence([_value(item) for item in node.value], mark) if node.id == "sequence" else Other(mark)


def _quoted(line: str, one_line: Collection[str]) -> str:
    """A one-line text as a YAML double-quoted string, so that colons and the like stay text."""
    match = _KEY_LINE.match(line)
    if not match or match[1] not in one_line or not match[3].strip() or match[3].lstrip()[0] in "\"'|>[{":
        return line
    return f"{match[1]}{match[2]}{json.dumps(match[3].strip(), ensure_ascii=False)}"
