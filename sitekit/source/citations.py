"""The written form of a citation: ``[@key]``, ``[@key1; @key2]``, with a certainty or kind after a comma.

The form follows Pandoc's citation syntax (https://pandoc.org/MANUAL.html#citation-syntax), so other tools can read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CERTAINTIES = ("high", "moderate", "low", "very low")
"""GRADE levels of certainty, highest first (https://gradepro.org/handbook)."""

KINDS = ("survey", "approval", "law", "guideline", "consensus")
"""What a source is, where grading does not apply."""

LABELS = CERTAINTIES + KINDS

PATTERN = re.compile(r"\[@([^\]\n]*(?:\n[^\]\n]+)*)\]")
_KEY = re.compile(r"@?([A-Za-z][\w:.-]*)\Z")


@dataclass(frozen=True, slots=True)
class Citation:
    """One bracket: its keys in order, its label (or an empty string) and what could not be read in it."""

    keys: tuple[str, ...]
    label: str
    unreadable: str = ""


def parse(inside: str) -> Citation:
    """Read what stands between ``[@`` and ``]``."""
    sources, _, label = inside.partition(",")
    label = " ".join(label.split())
    keys, bad = [], ""
    for part in sources.split(";"):
        match = _KEY.match(part.strip())
        if match:
            keys.append(match[1])
        else:
            bad = part.strip() or "an empty key"
    return Citation(tuple(keys), label, bad)
