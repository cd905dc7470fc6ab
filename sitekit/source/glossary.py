"""The glossary: content/data/glossary.csv, read and checked, with every form in which a name may stand in a text."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sitekit.problems import Problem
from sitekit.records import record
from sitekit.source.entries import Entries, Known
from sitekit.source.text import read_text

COLUMNS = ("term", "aliases", "definition", "see_also", "kind")
KINDS = ("", "medicine", "therapy")
"""Names of medicines and therapies, which the readability meter counts more kindly; everything else has no kind."""

LONGEST_DEFINITION = 200
_REMARK = re.compile(r"\s*\([^)]*\)\Z")
_PLURAL = re.compile(r"[a-z]s\Z")
_NOT_PLURAL = re.compile(r"(?:ss|us|is|sis)\Z")


@record()
class Term:
    """One entry. ``id`` is its fragment on the glossary page, ``line`` (from 1) where it stands in the file."""

    id: str
    term: str
    aliases: tuple[str, ...]
    definition: str
    see_also: tuple[str, ...]
    kind: str
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        """The term and its aliases; a remark in brackets ("Bladder symptoms (ketamine)") is not part of a name."""
        return (_REMARK.sub("", self.term), *self.aliases)


def read_glossary(file: Path, path: str) -> tuple[Entries[Term], list[Problem]]:
    """Every term by its name, in alphabetical order, and what is wrong with the file.

    ``path`` is how problems name it. Nothing is raised for bad input; an entry with a problem is left out.
    """
    text, problems = read_text(file, path)
    if problems:
        return Entries.of({}, everything=True), problems
    rows, lost, everything = _rows(text, path, problems)
    terms: dict[str, Term] = {}
    owners: dict[str, Term] = {}
    for line, row in rows:
        found = _check(path, line, row)
        problems += found
        if found:
            lost += [row["term"], *_list(row["aliases"])]
            continue
        term = Term(
            slug(row["term"]), row["term"], _list(row["aliases"]), row["definition"], _list(row["see_also"]), row["kind"], line
        )  # fmt: skip
        clash = next((name for name in term.names if name.casefold() in owners), "")
        if clash:
            other = owners[clash.casefold()]
            hint = "Each name may stand once in the file; delete it from one of the two."
            problems.append(
                Problem(path, line, 1, "bad-glossary", f"{clash} already belongs to {other.term} (line {other.line}).", hint)
            )  # fmt: skip
            lost += term.names
            continue
        owners |= {name.casefold(): term for name in term.names}
        terms[term.term] = term
    ordered = dict(sorted(terms.items(), key=lambda item: item[0].casefold()))
    entries = Entries.of(ordered, [*lost, *(name.casefold() for name in lost)], everything)
    problems += _check_see_also(path, terms, Known({row["term"] for _, row in rows}, entries.lost))
    return entries, problems


def slug(term: str) -> str:
    """The fragment of a term: its letters and digits, with hyphens between the words."""
    return "-".join(re.findall(r"[a-z0-9]+", term.lower()))


def forms(name: str) -> Iterator[str]:
    """Every way a name may be written in a text.

    Capitals are kept as they are ("ACT" is a therapy, "act" is a word); only the first letter of a name that is otherwise
    in small letters may be large or small. A name has its plural, and a name in the plural its singular.
    """
    first = name.split(" ", 1)[0]
    free = first[1:].islower() or (len(first) == 1 and " " in name)
    for number in _numbers(name):
        yield from {number[0].upper() + number[1:], number[0].lower() + number[1:]} if free else (number,)


def _numbers(name: str) -> tuple[str, ...]:
    """A name in singular and plural."""
    if not name[-1].isalpha():
        return (name,)
    if name.endswith("sis"):
        return name, name[:-3] + "ses"
    if re.search(r"[^aeiou]y\Z", name):
        return name, name[:-1] + "ies"
    if _PLURAL.search(name) and not _NOT_PLURAL.search(name):
        return name, name[:-1]
    if re.search(r"(?:s|x|ch|sh)\Z", name):
        return name, name + "es"
    return name, name + "s"


def check_opt_outs(path: str, at: tuple[int, int], names: Iterable[str], terms: Entries[Term]) -> list[Problem]:
    """The problem of each name under ``glossary_off`` that the glossary does not hold."""
    names, problems = tuple(names), []
    if not names:
        return []
    known = {name.casefold(): name for term in terms.values() for name in (term.term, *term.names)}
    for name in names:
        if name.casefold() not in known and name.casefold() not in terms.lost:
            near = difflib.get_close_matches(name.casefold(), known, 1)
            hint = (
                f"Did you mean {known[near[0]]}?"
                if near
                else "Delete it, or add the term to content/data/glossary.csv."
            )
            problems.append(Problem(path, *at, "unknown-term", f"The glossary has no term {name}.", hint))
    return problems


def _list(cell: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in cell.split(";") if part.strip())


def _rows(text: str, path: str, problems: list[Problem]) -> tuple[list[tuple[int, dict[str, str]]], list[str], bool]:
    """Each record with the line on which it begins; the terms of lines that are none; whether there may be more that is lost."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    lost: list[str] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if line == 1:
                if tuple(cells) != COLUMNS:
                    hint = f"The first line must be: {','.join(COLUMNS)}"
                    problems.append(
                        Problem(path, 1, 1, "bad-glossary", "The columns are not those of a glossary.", hint)
                    )
                    return [], [], True
            elif len(cells) == len(COLUMNS):
                rows.append((line, {name: " ".join(cell.split()) for name, cell in zip(COLUMNS, cells, strict=True)}))
            elif cells:
                message = f"The line has {len(cells)} cells; {len(COLUMNS)} are expected."
                hint = "Put a cell that holds a comma into double quotes."
                problems.append(Problem(path, line, 1, "bad-glossary", message, hint))
                lost.append(" ".join(cells[0].split()))
    except csv.Error as error:
        problems.append(Problem(path, start, 1, "bad-glossary", f"Not valid CSV: {error}.", "Check the quotes."))
        return rows, lost, True
    return rows, lost, False


def _check(path: str, line: int, row: dict[str, str]) -> list[Problem]:
    problems: list[Problem] = []

    def wrong(message: str, hint: str) -> None:
        problems.append(Problem(path, line, 1, "bad-glossary", message, hint))

    if not slug(row["term"]):
        wrong("The entry has no term.", "Write the term into the first cell.")
    if not row["definition"]:
        wrong(f"{row['term']} has no definition.", "Explain it in one plain sentence.")
    elif len(row["definition"]) > LONGEST_DEFINITION:
        count = len(row["definition"])
        wrong(
            f"The definition of {row['term']} has {count} characters; {LONGEST_DEFINITION} is the most.", "Shorten it."
        )
    elif row["definition"][-1] not in ".?!":
        wrong(f"The definition of {row['term']} does not end like a sentence.", "Add a full stop.")
    if row["kind"] not in KINDS:
        wrong(f"{row['kind']} is not a kind of term.", "Write medicine or therapy, or leave the cell empty.")
    return problems


def _check_see_also(path: str, terms: dict[str, Term], all_terms: Collection[str]) -> list[Problem]:
    problems = []
    for term in terms.values():
        for other in term.see_also:
            if other not in all_terms:
                near = difflib.get_close_matches(other, all_terms, 1)
                hint = f"Did you mean {near[0]}?" if near else "Write a term of this file, or delete it."
                message = f"{term.term} points to {other}, which is not a term."
                problems.append(Problem(path, term.line, 1, "bad-glossary", message, hint))
    return problems
