"""Words to leave, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.rules.model import Finding, Page

NAMED = "To name a word without using it, put it in double quotation marks."


class WordList:
    """Regular expressions for words, each with what to write instead, found together in one pass."""

    def __init__(self, words: dict[str, str], names_pass: bool = False) -> None:
        """``names_pass``: a match with a capital letter inside a sentence is part of a name ("College of Physicians")."""
        self._each = [(re.compile(pattern, re.IGNORECASE), better) for pattern, better in words.items()]
        self._any = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
        self._names_pass = names_pass

    def findings(self, page: Page, what: str) -> Iterator[Finding]:
        """A finding for each use on a page, with ``what`` is wrong with the word."""
        for match in page.find(self._any, skip_quotes=True):
            if self._names_pass and match.before.strip() and match.text[0].isupper():
                continue
            better = next(better for pattern, better in self._each if pattern.match(match.block.text, match.start))
            yield match.finding(f"“{match.text}” {what}.", f"Write instead: {better}. {NAMED}")
