"""Names of medicines and therapies that the glossary explains."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

GLOSSARY = Path(__file__).parents[3] / "content" / "data" / "glossary.csv"

_COLUMNS = ("term", "aliases", "kind")

NAMED_TREATMENTS = ("medicine", "therapy")
"""The kinds of glossary entry whose names count two syllables a word at most."""


class Terms:
    """Names of medicines and therapies that the glossary explains. ``spans`` finds them in a sentence."""

    def __init__(self, names: Iterable[str]) -> None:
        names = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
        # "ACT" and "PT" are therapies, "act" and "pt" are not: names in capitals match as they are written.
        capitals = [name for name in names if name.isupper()]
        plain = [name for name in names if not name.isupper()]
        self._patterns = [_pattern(group, flags) for group, flags in ((capitals, 0), (plain, re.IGNORECASE)) if group]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of each name in ``text``."""
        return sorted(match.span() for pattern in self._patterns for match in pattern.finditer(text))


def _pattern(names: list[str], flags: int) -> re.Pattern[str]:
    """Any of the names as whole words, with a plural or possessive s, and with either kind of hyphen."""
    either = "|".join(re.escape(name).replace(r"\-", "[-‑]") for name in names)
    return re.compile(rf"\b(?:{either})(?:s|['’]s)?\b", flags)


def load_terms(path: Path) -> Terms:
    """The terms and aliases of a ``glossary.csv`` whose ``kind`` is ``medicine`` or ``therapy``; none if there is no such file."""
    rows = [row for row in glossary_rows(path) if row.get("kind") in NAMED_TREATMENTS]
    return Terms(name for row in rows for name in (row["term"], *row["aliases"].split(";")))


def default_terms() -> Terms:
    """The terms of this site's own glossary, read again only when the file has changed."""
    return _terms(*_version(GLOSSARY))


@lru_cache(maxsize=2)
def _terms(path: Path, _changed: int) -> Terms:
    return load_terms(path)


def glossary_rows(path: Path = GLOSSARY) -> tuple[dict[str, str], ...]:
    """The rows of a ``glossary.csv``, read again only when the file has changed; none if there is no such file.

    Each row has a term, aliases and a kind, which may be empty. What is wrong with a file is for its own check to say: rows that
    cannot be read are left out here.
    """
    return _rows(*_version(path))


@lru_cache(maxsize=2)
def _rows(path: Path, changed: int) -> tuple[dict[str, str], ...]:
    if not changed:
        return ()
    rows: list[dict[str, str]] = []
    with path.open(encoding="utf-8", errors="replace", newline="") as file, suppress(csv.Error):
        for row in csv.DictReader(file):
            rows.append({name: row.get(name) or "" for name in _COLUMNS})
    return tuple(rows)


def _version(path: Path) -> tuple[Path, int]:
    """The path and when its file last changed, in nanoseconds, or 0 if there is no such file."""
    try:
        return path, path.stat().st_mtime_ns
    except OSError:
        return path, 0
