"""The sections of the site: content/data/topics.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sitekit.problems import Problem
from sitekit.source.entries import Entries
from sitekit.source.yamlfile import read_records


@dataclass(frozen=True, slots=True)
class TopicData:
    """One section: its id (folder and URL), title, description and the reading order of its articles' slugs."""

    id: str
    title: str
    description: str
    order: tuple[str, ...]
    line: int


def read_topics(file: Path, path: str) -> tuple[Entries[TopicData], list[Problem]]:
    """The topics by id, in the order of the file, and what is wrong with it."""
    records, problems = read_records(file, path)
    everything = bool(problems)
    topics: dict[str, TopicData] = {}
    lost = []
    for record in records:
        missing = [name for name in ("id", "title", "description") if not record.get(name)]
        for name in missing:
            problems.append(Problem(path, record.line, 1, "bad-data", f"The topic has no {name}.", f"Add '{name}: …'."))
        for name in sorted(record.keys() - {"id", "title", "description", "order"}):
            message = f"{name} is not a key of a topic."
            problems.append(
                Problem(path, record.lines[name], 1, "bad-data", message, "Use id, title, description, order.")
            )
        order = record.get("order") or []
        if not isinstance(order, list) or not isinstance(record.get("id", ""), str):
            message = "The id of a topic is a word, and its order a list."
            problems.append(
                Problem(path, record.line, 1, "bad-data", message, "Write 'id: mind' and 'order: [one, two]'.")
            )
            missing.append("order")
        if missing:
            lost.append(record.get("id"))
        else:
            order = tuple(str(slug) for slug in order)
            topics[record["id"]] = TopicData(record["id"], record["title"], record["description"], order, record.line)
    return Entries.of(topics, lost, everything), problems
