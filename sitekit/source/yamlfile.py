"""Data files in YAML, read with the line of every record so that a mistake can be shown where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sitekit.problems import Problem
from sitekit.source.text import read_text


class Record(dict[str, Any]):
    """One mapping of a data file; ``line`` is where it starts and ``lines`` where each of its keys stands (from 1)."""

    line: int = 0
    lines: dict[str, int]


class _Loader(yaml.CSafeLoader):
    """YAML with plain dates: an ISO date stays the text that the editor wrote."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _construct(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> Record:
    loader.flatten_mapping(node)
    record = Record(
        {loader.construct_object(key, True): loader.construct_object(value, True) for key, value in node.value}
    )
    record.line = node.start_mark.line + 1
    record.lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    return record


_Loader.add_constructor("tag:yaml.org,2002:map", _construct)


def read_records(file: Path, path: str) -> tuple[list[Record], list[Problem]]:
    """The records of a YAML file that holds a list of mappings, and the problems that kept some from being read."""
    text, problems = read_text(file, path)
    if problems:
        return [], problems
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return [], [
            Problem(path, *where, "bad-data", f"Not valid YAML: {error.problem}.", "Check indentation and quotes.")
        ]
    if not isinstance(data, list) or not all(isinstance(item, Record) for item in data):
        return [], [
            Problem(path, 1, 1, "bad-data", "The file must be a list of records.", "Start each record with '- '.")
        ]
    return data, []
