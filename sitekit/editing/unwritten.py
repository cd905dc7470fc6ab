"""Text that an editor still has to write: welcome in a draft, a problem anywhere else."""

from __future__ import annotations

import re

from sitekit.problems import Problem
from sitekit.source.documents import Document
from sitekit.source.mask import mask_code
from sitekit.source.text import position

MARK = "TODO"
_UNWRITTEN = re.compile(rf"\b{MARK}\b(?: \([^()\n]*\))?")


def todo(what: str) -> str:
    """The text that stands for one still to be written."""
    return f"{MARK} ({what})"


def check_unwritten(document: Document) -> list[Problem]:
    """A located problem for each mark in a page that is not a draft. Notes in comments and code may say what they like."""
    if document.draft:
        return []
    problems = []
    masked = mask_code(document.text)
    for match in _UNWRITTEN.finditer(masked):
        hint = "Write the text, or set status: draft in the front matter until it is written."
        message = f"Text is still to be written: {match[0]}"
        problems.append(Problem(document.path, *position(masked, match.start()), "unwritten-text", message, hint))
    return problems
