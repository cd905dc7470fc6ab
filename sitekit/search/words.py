"""The words that the site uses, most frequent first: what the spelling help of the search page may suggest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

NOT_CONTENT = (
    "nav",
    "form",
    ".status",
    ".helps",
    ".key-points__short",
    ".short .button",
    ".cite",
    ".evidence",
    ".meaning",
    ".visually-hidden",
    ".questions__head",
    ".questions__name",
    ".questions__print",
    ".close .references",
    ".about-page",
    ".related",
    ".path",
    ".page-dates",
    "[data-pagefind-ignore]",
)
"""Elements inside a page's main part that say nothing about its subject."""

_WORD = re.compile(r"[a-z][a-z0-9]+")
_MARKS = re.compile(r"[\u0300-\u036f'\u2019]")


def word_list(pages: Iterable[bytes]) -> list[str]:
    """The words of the main part of HTML pages, lower case, without diacritics and apostrophes, by falling frequency, then A to Z."""
    counts: Counter[str] = Counter()
    for html in pages:
        tree = LexborHTMLParser(html)
        for node in tree.css(", ".join(NOT_CONTENT)):
            node.decompose()
        for main in tree.css("main:not(.main--error)"):
            text = main.text(separator=" ").lower()
            counts.update(_WORD.findall(_MARKS.sub("", unicodedata.normalize("NFD", text))))
    return sorted(counts, key=lambda word: (-counts[word], word))
