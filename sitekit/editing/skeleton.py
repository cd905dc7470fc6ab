"""The text of an article that is still to be written: front matter, blocks and headings as the rules ask for its type."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata

from sitekit.source.frontmatter import FIELDS
from sitekit.source.rules.sections import BLOCK_HOMES, REQUIRED, REQUIRED_BLOCKS, SECTIONS
from sitekit.source.rules.unwritten import todo

_OPTIONAL = ("status", "helps", "main_message")
_NEEDS_QUOTES = re.compile(r"[\"'|>\[{]")

_BLOCKS = {
    "key-points": "\n".join(
        f"- {todo(what)}." for what in ("what a reader must know first", "what helps", "when to get help")
    ),
    "short": f"{todo('the page in two to five very plain sentences')}.",
    "steps": f"1. {todo('one small action')}.\n2. {todo('the next one')}.",
    "questions": f"- {todo('a question for the next visit')}?\n- {todo('another one')}?",
    "resources": "- 988",
}


def slug_of(title: str) -> str:
    """The address of a title: its letters and digits in small ASCII, hyphens between words; empty when it has none."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", ascii_only)))


def article(kind: str, title: str, today: datetime.date) -> str:
    """The source text of a new article of type ``kind``, as a draft whose every open place says what to write there."""
    return f"---\n{_front_matter(kind, title, today)}---\n\n{_body(kind)}"


def _front_matter(kind: str, title: str, today: datetime.date) -> str:
    values = {
        "title": title,
        "description": todo(f"what “{title}” tells"),
        "type": kind,
        "status": "draft",
        "published": today.isoformat(),
        "modified": today.isoformat(),
        "next_review": _a_year_after(today).isoformat(),
        "helps": f"This page helps you {todo('what the reader can do after reading')}.",
        "main_message": f"{todo('the one sentence to remember')}.",
    }
    names = [known.name for known in FIELDS if known.required or known.name in _OPTIONAL]
    return "".join(f"{name}: {_scalar(values[name])}\n" for name in names)


def _scalar(text: str) -> str:
    """A one-line text as our front matter reads it: as it stands, or in quotes where it begins like something else."""
    return json.dumps(text, ensure_ascii=False) if _NEEDS_QUOTES.match(text) else text


def _a_year_after(day: datetime.date) -> datetime.date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _body(kind: str) -> str:
    blocks = REQUIRED_BLOCKS[kind]
    parts = [_block(name) for name in blocks if name not in BLOCK_HOMES]
    titles = [title for title in SECTIONS if title in REQUIRED[kind]] or [todo("what the first section is about")]
    for title in titles:
        parts.append(f"## {title}")
        parts.append(f"{todo('one or two short paragraphs')}.")
        parts += [_block(name) for name in blocks if BLOCK_HOMES.get(name) == title]
    return "\n\n".join(parts) + "\n"


def _block(name: str) -> str:
    return f"::: {name}\n{_BLOCKS[name]}\n:::"
