"""Applies corrections that are certain to the Markdown or data file they were found in, and touches nothing else in the file."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sitekit.source.markdown_links import MarkdownLink, scan

from .files import write_atomic
from .model import Finding
from .resolve import clean

_DATA_SUFFIXES = (".yaml", ".yml", ".bib", ".json", ".toml", ".csv")
# What a URL may hold so that it means the same, unquoted, in each of those formats.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9._~:/?=&+;@%()-]+")
_URL_ENDS = re.compile(r"[\s\"'}>,\]]|\Z")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``old`` by ``new`` at an offset (in characters) of a file."""

    path: Path
    start: int
    end: int
    old: str
    new: str
    name: str


def plan(findings: Iterable[Finding], root: Path) -> list[Edit]:
    """Edits for every finding whose correction is certain and whose link stands in its source as the page shows it."""
    edits: dict[tuple[Path, int], Edit] = {}
    scanned: dict[Path, dict[tuple[int, int], MarkdownLink]] = {}
    for finding in findings:
        if not finding.fix or not finding.source_line:
            continue
        path = root / finding.source
        if finding.source.endswith(_DATA_SUFFIXES):
            edit = _data_edit(path, finding)
            if edit is not None:
                edits[path, edit.start] = edit
            continue
        if not finding.source.endswith(".md"):
            continue
        if path not in scanned:
            links = scan(_read(path), front_matter=True)
            scanned[path] = {(link.line, link.column): link for link in links}
        link = scanned[path].get((finding.source_line, finding.source_column))
        new = _corrected(link, finding) if link else None
        if link and new is not None:
            old = _read(path)[link.start : link.end]
            if old != new:
                edits[path, link.start] = Edit(path, link.start, link.end, old, new, finding.source)
    return sorted(edits.values())


def _data_edit(path: Path, finding: Finding) -> Edit | None:
    """The edit of an absolute URL in a data file; None where the file holds it in parts, or the new one would need quotes."""
    if not (_PLAIN_URL.fullmatch(finding.url) and _PLAIN_URL.fullmatch(finding.fix)):
        return None
    text = _read(path)
    lines = text.split("\n")
    if finding.source_line > len(lines):
        return None
    start = sum(len(line) + 1 for line in lines[: finding.source_line - 1]) + finding.source_column - 1
    end = start + len(finding.url)
    if text[start:end] != finding.url or not _URL_ENDS.match(text, end):
        return None
    return Edit(path, start, end, finding.url, finding.fix, finding.source)


def _corrected(link: MarkdownLink, finding: Finding) -> str | None:
    """The destination as it should be written; None where the build rewrote it, so that the page does not tell."""
    if clean(link.destination) == finding.url:
        new = finding.fix
    elif finding.code == "missing-fragment" and "#" in link.destination:
        new = f"{link.destination.partition('#')[0]}#{finding.fix.partition('#')[2]}"
    else:
        return None
    if link.kind in ("html", "attribute-list"):
        return escape(new)
    return new.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def diff(edits: Iterable[Edit]) -> str:
    """A unified diff of all edits."""
    parts = []
    for path, group in _by_file(edits).items():
        before = _read(path)
        lines = difflib.unified_diff(
            before.splitlines(keepends=True),
            _applied(before, group).splitlines(keepends=True),
            group[0].name,
            group[0].name,
        )
        parts += [line if line.endswith("\n") else f"{line}\n" for line in lines]
    return "".join(parts)


def apply_edits(edits: Iterable[Edit]) -> None:
    """Write the files. Raises ValueError, with nothing written, where a file is no longer what the edits were made for."""
    results = {}
    for path, group in _by_file(edits).items():
        text = _read(path)
        for edit in group:
            if text[edit.start : edit.end] != edit.old:
                raise ValueError(f"{edit.name} has changed since it was checked.")
        results[path] = _applied(text, group)
    for path, text in results.items():
        write_atomic(path, text.encode("utf-8", "surrogateescape"))


def _by_file(edits: Iterable[Edit]) -> dict[Path, list[Edit]]:
    files: dict[Path, list[Edit]] = defaultdict(list)
    for edit in sorted(edits):
        files[edit.path].append(edit)
    return files


def _applied(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def _read(path: Path) -> str:
    """Text with its line ends and any stray bytes intact, so that writing it back changes nothing."""
    return path.read_bytes().decode("utf-8", "surrogateescape")
