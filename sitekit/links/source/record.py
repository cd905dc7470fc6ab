"""The record a build leaves beside its output: which source and template made each page, and how it rewrote each link.

The format is in docs/links/record.md. Reading it is the only thing the checker needs to know about the build.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..site import UsageError

VERSION = 1
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


class RecordError(UsageError):
    """The build record cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """``source`` and ``template`` are paths relative to the project, empty where there is none. ``links`` pairs each
    destination as written in the source with the URL written to the page, in the order of the source."""

    source: str = ""
    template: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """Pages by their path below the output folder, with forward slashes."""

    pages: Mapping[str, PageRecord] = field(default_factory=dict)

    def as_json(self) -> str:
        """The record as it is stored: a line for each page, sorted, so that equal builds give equal bytes."""
        entries = (
            (path, {"source": page.source, "template": page.template, "links": page.links})
            for path, page in sorted(self.pages.items())
        )
        lines = (f"{_ENCODE(path)}: {_ENCODE(entry)}" for path, entry in entries)
        return f'{{"version": {VERSION}, "pages": {{\n' + ",\n".join(lines) + "\n}}\n"


def read_record(path: Path) -> BuildRecord:
    """Read a record. Raises RecordError naming the file and the first thing wrong with it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordError(f"The build record {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise RecordError(f"The build record {path} is not JSON: {error}.") from None
    if not isinstance(data, dict) or not isinstance(data.get("pages"), dict):
        raise RecordError(f'The build record {path} has no object "pages".')
    if data.get("version", VERSION) != VERSION:
        raise RecordError(f"The build record {path} has version {data.get('version')!r}; this reads {VERSION}.")
    return BuildRecord({str(name): _page(path, name, entry) for name, entry in data["pages"].items()})


def _page(path: Path, name: str, entry: object) -> PageRecord:
    if not isinstance(entry, dict):
        raise RecordError(f"The build record {path} says nothing usable about {name!r}.")
    links = entry.get("links", [])
    source, template = entry.get("source", ""), entry.get("template", "")
    pairs_ok = isinstance(links, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in links
    )
    if not (pairs_ok and isinstance(source, str) and isinstance(template, str)):
        raise RecordError(f'The build record {path} has a bad "source", "template" or "links" for {name!r}.')
    return PageRecord(source, template, tuple((authored, written) for authored, written in links))
