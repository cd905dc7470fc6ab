"""The fact base, docs/facts/FACTS.md, as records, and the other texts that a number on a page may come from."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

_ENTRY = re.compile(
    r"^(?:\*\*(?P<fact>F\d+\.\d+)\*\*|> \*\*(?P<caution>Caution \d+[a-z]?)\.)(?P<text>.*?)(?=^\*\*F|^> \*\*Caution|^#|^---|\Z)",
    re.MULTILINE | re.DOTALL,
)
_MARK = re.compile(r"\s*\[([VPR])\]")
_KEY = re.compile(r"@([A-Za-z][\w-]*)")
_BIB_ENTRY = re.compile(r"^@\w+\{(?P<key>[^,\s]+),(?P<text>.*?)^\}", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fact:
    """A numbered fact or caution. ``mark`` is V, P or R, or empty; ``keys`` are the sources it names."""

    id: str
    mark: str
    text: str
    keys: frozenset[str]


def read_facts(file: Path) -> dict[str, Fact]:
    """Every fact and caution by its id, such as ``F2.02`` or ``Caution 5a``."""
    found = {}
    for match in _ENTRY.finditer(file.read_text(encoding="utf-8")):
        name, text = match["fact"] or match["caution"], match["text"]
        mark = _MARK.match(text)
        found[name] = Fact(name, mark[1] if mark else "", " ".join(text.split()), frozenset(_KEY.findall(text)))
    return found


def read_other_texts(content: Path) -> dict[str, str]:
    """Texts beside the fact base that rows may name: ``@key`` for an entry of the bibliography, ``glossary:Term`` for a
    definition, ``resource:id`` for a verified service."""
    data = content / "data"
    bibliography = (data / "references.bib").read_text(encoding="utf-8")
    texts = {f"@{match['key']}": match["text"] for match in _BIB_ENTRY.finditer(bibliography)}
    with (data / "glossary.csv").open(encoding="utf-8", newline="") as lines:
        texts |= {f"glossary:{row['term']}": row["definition"] for row in csv.DictReader(lines)}
    for record in yaml.safe_load((data / "resources.yaml").read_text(encoding="utf-8")):
        if record["verified"]:
            texts[f"resource:{record['id']}"] = " ".join(str(value) for value in record.values())
    return texts
