"""How much of one thing a source may hold before it is refused unread, so that no file can keep an editor waiting.

Reading Markdown takes time that grows with the square of some things: brackets in one paragraph, quotes within quotes. Nobody
writes that much of them on purpose; a paste or a slip does. The limits lie far above anything an article needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sitekit.problems import Problem
from sitekit.source.text import position

MAX_DOCUMENT_BYTES = 200_000
"""About 30,000 words; the longest articles have 3,000."""

MAX_PARAGRAPH = 20_000
MAX_MARKS = 1_000
MAX_BACKTICKS = 200
MAX_LINES_TOGETHER = 1_000
MAX_LINKS = 1_000
MAX_QUOTES = 20
MAX_INDENT = 80

REFUSED = frozenset({"line-too-long", "nested-too-deep", "paragraph-too-large", "too-many-links"})
"""Codes of problems with which a file is not read any further."""

_MARKS = b"[]()<>*_`!\\{}&"
_LINK = re.compile(r"\]\(|\[@")
_INDENTED = re.compile(r"\n[^\S\n]")
_QUOTES = re.compile(r"[ \t]*(?:>[ \t]?)+")
_NEW_PART = re.compile(r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|\||#|:::|>|$)")


def check_limits(path: str, text: str) -> list[Problem]:
    """A located problem for each thing there is too much of in a text, at most one for each line and paragraph."""
    if _is_small(text):
        return []
    problems: list[Problem] = []
    together = 0
    for number, line in enumerate(text.split("\n"), 1):
        together = together + 1 if line.strip() else 0
        if together == MAX_LINES_TOGETHER + 1:
            message = f"More than {MAX_LINES_TOGETHER:,} lines stand without an empty one between them."
            hint = "Put empty lines between paragraphs, or split the page."
            problems.append(Problem(path, number, 1, "paragraph-too-large", message, hint))
        quotes = _QUOTES.match(line)
        indent = len(line) - len(line.lstrip())
        if (quotes and quotes[0].count(">") > MAX_QUOTES) or (indent > MAX_INDENT and line.strip()):
            column = indent + 1 if indent > MAX_INDENT else quotes.end()
            hint = "Bring the text up a few levels; delete spaces or > at the start of the line."
            problems.append(Problem(path, number, column, "nested-too-deep", "The text nests too deeply.", hint))
    links = list(islice(_LINK.finditer(text), MAX_LINKS, MAX_LINKS + 1))
    for match in links:
        message = f"The page has more than {MAX_LINKS:,} links and citations."
        problems.append(Problem(path, *position(text, match.start()), "too-many-links", message, "Split the page."))
    for number, part in _parts(text):
        too_much = ""
        if len(part) > MAX_PARAGRAPH:
            too_much = f"{MAX_PARAGRAPH:,} characters"
        elif _marks(part) > MAX_MARKS:
            too_much = f"{MAX_MARKS:,} brackets and other marks"
        elif part.count("`") > MAX_BACKTICKS:
            too_much = f"{MAX_BACKTICKS} backticks"
        if too_much:
            message = f"The paragraph has more than {too_much}."
            hint = "Break it into paragraphs with empty lines between them, or delete what was pasted by mistake."
            problems.append(Problem(path, number, 1, "paragraph-too-large", message, hint))
    return problems


def _is_small(text: str) -> bool:
    """Whether a look at the whole shows that no part can be beyond a limit, which is so for nearly every page."""
    lines = text.split("\n")
    return (
        len(lines) <= MAX_LINES_TOGETHER
        and not (_INDENTED.search(f"\n{text}") and any(len(line) - len(line.lstrip()) > MAX_INDENT for line in lines))
        and text.count(">") <= MAX_QUOTES
        and text.count("](") + text.count("[@") <= MAX_LINKS
        and len(text) <= MAX_PARAGRAPH
        and _marks(text) <= MAX_MARKS
        and text.count("`") <= MAX_BACKTICKS
    )


def _marks(text: str) -> int:
    """How many characters of a text may have a meaning in Markdown, counted many times faster than an expression can."""
    data = text.encode("utf-8", "replace")
    return len(data) - len(data.translate(None, _MARKS))


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs, list items and table rows, each with the number of its first line."""
    first, lines = 1, []
    for number, line in enumerate(text.split("\n"), 1):
        if lines and _NEW_PART.match(line):
            yield first, "\n".join(lines)
            lines = []
        if line.strip():
            first = first if lines else number
            lines.append(line)
    if lines:
        yield first, "\n".join(lines)
