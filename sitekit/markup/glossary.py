"""Marks the first use of each glossary term on a page, so that its meaning is one tap away.

This works on finished HTML, last of all, because "first" means first in reading order: the key points, then the body, then the
short version, whatever the order in the source. Feeds get the text without marks, since few feed readers know popovers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from html import escape, unescape

from sitekit.source.glossary import Term, forms

_TOKEN = re.compile(r"(<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)", re.S)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^>]*?\bclass=[\"']?([^\"'>]*))?")

# Where a mark has no place: what is a link or a control already, names and titles, code, and what is read out of context.
_NO_TAGS = frozenset(
    "a button summary label figure h1 h2 h3 h4 h5 h6 th caption code pre kbd samp dfn svg script sup time cite".split()
)
# A care card holds one thing to do and nothing that leads away from it; a resource card is a name, a number and hours.
_NO_CLASSES = frozenset({"care", "resource", "evidence", "table__how"})
_FITS = 20
"""Characters that leave room for a word beside them on any phone. A control is one box: it cannot begin on one line and end on
the next, so of a longer name only the last words become the control, and the others look the same before it."""


class TermMarker:
    """Finds terms in HTML. Made once for a glossary: all names are one regular expression."""

    def __init__(self, terms: Iterable[Term], render: Callable[..., str]) -> None:
        self._render = render
        self._terms: dict[str, Term] = {}
        self._by_name: dict[str, list[Term]] = {}
        for term in terms:
            for name in {name.casefold() for name in (term.term, *term.names)}:
                self._by_name.setdefault(name, []).append(term)
            for name in term.names:
                for form in forms(name):
                    self._terms.setdefault(escape(form, quote=False), term)
        self._pattern = _pattern(self._terms)

    def mark(self, parts: Iterable[str], page: str, off: Collection[str] = ()) -> tuple[str, ...]:
        """``parts`` of one page, in reading order, with the first use of each term made into a control with its meaning.

        ``page`` is the URL of the glossary, ``off`` names (terms or aliases) that stay plain. The result depends on nothing
        else, so the same parts always give the same HTML.
        """
        wanted = {name.casefold() for name in off}
        seen = {term.id for name in wanted for term in self._by_name.get(name, ())}
        return tuple(self._part(html, page, seen) for html in parts)

    def _part(self, html: str, page: str, seen: set[str]) -> str:
        def marked(match: re.Match[str]) -> str:
            name = " ".join(match["name"].split())
            term = self._terms[name]
            if term.id in seen:
                return match[0]
            seen.add(term.id)
            before, words = _last_words(match["name"])
            opening, url = match["opening"] or "", f"{page}#{term.id}"
            return self._render("term", opening=opening, before=before, words=words, term=term, url=url)

        tokens = _TOKEN.split(html)
        closed_by, depth = "", 0
        for number, token in enumerate(tokens):
            if number % 2 == 0:
                if not closed_by and token:
                    tokens[number] = self._pattern.sub(marked, token)
                continue
            tag = _TAG.match(token)
            if not tag:
                continue
            closing, name, classes = tag[1], tag[2].lower(), tag[3] or ""
            if closed_by:
                if name == closed_by:
                    depth += -1 if closing else 1
                    closed_by = closed_by if depth else ""
            elif not closing and (name in _NO_TAGS or _NO_CLASSES.intersection(classes.split())):
                closed_by, depth = name, 1
        return "".join(tokens)


def _last_words(name: str) -> tuple[str, str]:
    """A name in two: what stands before its last words, and so many of these as fit, one at least."""
    words = name.split()
    last = [words.pop()]
    while words and len(unescape(" ".join((words[-1], *last)))) <= _FITS:
        last.insert(0, words.pop())
    return " ".join(words), " ".join(last)


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    """One expression for all names, the longest first; grouped by first letter, which makes it several times faster."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        groups.setdefault(name[0], []).append(re.escape(name[1:]).replace(r"\ ", r"\s+"))
    branches = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(groups.items()))
    # A hyphen joins words to a new one: "ACT-based", "non-opioid". "&" guards against the inside of a character reference.
    return re.compile(rf"(?:(?P<opening>[(\[“‘\"]+)|(?<![\w&#-]))(?P<name>{branches or '(?!)'})(?![\w-])")
