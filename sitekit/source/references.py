"""The bibliography: content/data/references.bib, parsed by pybtex, as plain records ready to print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sitekit.problems import Problem
from sitekit.records import record
from sitekit.source.entries import Entries
from sitekit.source.text import read_text

if TYPE_CHECKING:
    from pybtex.database import BibliographyData, Entry, Person

_ENTRY = re.compile(r"^@(\w+)\s*\{\s*([^,\s]+)\s*,", re.M)


@record()
class Source:
    """One entry of the bibliography. ``line`` is where it stands in the file; texts are plain Unicode.

    ``authors`` and ``container`` are the full citation; ``first_author`` and ``journal`` are what a page needs for a reader to
    know the source again.
    """

    key: str
    line: int
    kind: str
    authors: str
    first_author: str
    title: str
    container: str
    journal: str
    year: str
    doi: str
    url: str

    @property
    def link(self) -> str:
        """Where the source can be read: its DOI through the resolver (https://www.doi.org), else its own address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def link_label(self) -> str:
        """The link in words: the DOI, or the name of the site."""
        return f"doi:{self.doi}" if self.doi else re.sub(r"^https?://(?:www\.)?([^/]+).*$", r"\1", self.url)


def read_references(file: Path, path: str) -> tuple[Entries[Source], list[Problem]]:
    """Every entry by key, and what is wrong with the file: syntax, doubled keys, entries without DOI or address."""
    # Here, because a small build knows the bibliography from the last one and need not parse it.
    from pybtex.database.input.bibtex import Parser
    from pybtex.exceptions import PybtexError
    from pybtex.scanner import TokenRequired

    text, problems = read_text(file, path)
    if problems:
        return Entries.of({}, everything=True), problems
    lines: dict[str, int] = {}
    seen, twice, kept = set(), [], []  # pybtex reads nothing where a key stands twice, in whatever case
    starts = [match.start() for match in _ENTRY.finditer(text)]
    for match, end in zip(_ENTRY.finditer(text), [*starts[1:], len(text)], strict=True):
        key, line = match[2], text.count("\n", 0, match.start()) + 1
        entry = text[match.start() : end]
        if key.lower() in seen:
            problems.append(
                Problem(path, line, 1, "duplicate-reference", f"{key} is defined twice.", "Delete one entry.")
            )
            twice.append(key)
            entry = "\n" * entry.count("\n")
        seen.add(key.lower())
        lines.setdefault(key, line)
        kept.append(entry)
    text = text[: starts[0] if starts else len(text)] + "".join(kept)
    try:
        data: BibliographyData = Parser().parse_string(text)
    except TokenRequired as error:
        problems.append(_unreadable(path, error.lineno or 1, error))
        return Entries.of({}, everything=True), problems
    except PybtexError as error:
        problems.append(_unreadable(path, 1, error))
        return Entries.of({}, everything=True), problems
    sources: Entries[Source] = Entries.of({}, twice)
    for key, entry in data.entries.items():
        source = _source(key, lines.get(key, 1), entry)
        sources[key] = source
        for missing in (name for name in ("title", "year") if not getattr(source, name)):
            hint = f"Add {missing} = {{…}}."
            problems.append(Problem(path, source.line, 1, "incomplete-reference", f"{key} has no {missing}.", hint))
        if not source.link:
            hint = "Add doi = {…} or url = {…}."
            problems.append(Problem(path, source.line, 1, "incomplete-reference", f"{key} has no DOI or URL.", hint))
    return sources, problems


def _unreadable(path: str, line: int, error: Exception) -> Problem:
    return Problem(path, line, 1, "bad-bibliography", f"Not valid BibTeX: {error}.", "Check braces and commas.")


def _source(key: str, line: int, entry: Entry) -> Source:
    fields = {name.lower(): _plain(value) for name, value in entry.fields.items()}
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    container = (
        fields.get("journal") or fields.get("booktitle") or fields.get("institution") or fields.get("publisher") or ""
    )
    container = container or fields.get("howpublished") or fields.get("organization") or ""
    place = fields.get("volume", "")
    if place and fields.get("number"):
        place += f"({fields['number']})"
    if fields.get("pages"):
        place += f"{':' if place else ''}{fields['pages'].replace('--', '–')}"
    return Source(
        key=key,
        line=line,
        kind=entry.type,
        authors=_authors(people, 3),
        first_author=_authors(people, 1),
        title=fields.get("title", "").rstrip(".").replace("--", "–"),
        container=f"{container} {place}".strip(),
        journal=container,
        year=fields.get("year", ""),
        doi=fields.get("doi", ""),
        url=fields.get("url", ""),
    )


def _plain(value: str) -> str:
    """BibTeX text as plain Unicode: accents decoded, protecting braces gone."""
    import latexcodec  # noqa: F401 (registers the "latex" codec)

    decoded = value.encode().decode("latex") if "\\" in value else value
    return " ".join(re.sub(r"[{}]", "", decoded.replace("---", "—")).split())


def _authors(people: list[Person], shown: int) -> str:
    """``Kroenke K, Bair MJ, Damush TM and others``: the style of the National Library of Medicine."""
    names = []
    for person in people:
        last = _plain(" ".join(person.prelast_names + person.last_names))
        initials = "".join(part[0] for part in person.first_names + person.middle_names if part[0].isalpha())
        names.append(f"{last} {initials}".strip())
    known = [name for name in names if name.lower() != "others"]
    more = len(known) > shown or len(known) < len(names)
    return ", ".join(known[:shown]) + (" and others" if more else "")
