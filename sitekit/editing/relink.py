"""Links in one text, rewritten at their exact places when a file has moved. Pure functions on text."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sitekit.source.destinations import content_path, pelican_destination, read_destination
from sitekit.source.markdown_links import MarkdownLink, scan

_WRITTEN = re.compile(r"([{|]\w+[}|])?([^#?]*)(.*)\Z", re.S)
_FILES = ("filename", "static", "attach")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters ``start`` to ``end`` of a text, and what comes in their place."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with all edits made. Raises ValueError when two of them overlap."""
    ordered = sorted(set(edits))
    for one, other in itertools.pairwise(ordered):
        if other.start < one.end:
            raise ValueError(f"two edits overlap at character {other.start}")
    for edit in reversed(ordered):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def relink(text: str, home: str, old: str, new: str) -> str:
    """``text`` with every link to ``old`` leading to ``new``, and with its own relative links kept whole if it is what moves.

    ``home``, ``old`` and ``new`` are paths below content/; ``home`` is where the text lies before the move.
    """
    new_home = new if home == old else home
    edits = []
    for link in scan(text, front_matter=True):
        written = (
            _related(link, old, new) if link.kind == "front-matter" else _moved(link, text, home, new_home, old, new)
        )
        if written is not None:
            edits.append(Edit(link.start, link.end, written))
    return edited(text, edits)


def _related(link: MarkdownLink, old: str, new: str) -> str | None:
    """The new form of an entry of ``related``, whose paths begin below articles/."""
    if link.text != "related" or f"articles/{link.destination}" != old:
        return None
    return new.removeprefix("articles/")


def _moved(link: MarkdownLink, text: str, home: str, new_home: str, old: str, new: str) -> str | None:
    """How a link must be written after the move; None where it may stay as it is."""
    meant = read_destination(link.destination)
    if meant.kind not in _FILES:
        return None
    target = content_path(meant.path, posixpath.dirname(home))
    wanted = new if target == old else target
    if content_path(meant.path, posixpath.dirname(new_home)) == wanted:
        return None
    written = text[link.start : link.end]
    if pelican_destination(written) != pelican_destination(link.destination):
        written = link.destination  # it holds escapes or character references, which a path of ours never needs
    placeholder, path, rest = _WRITTEN.match(written).groups()
    return (placeholder or "") + _path_to(wanted, new_home, path) + rest


def _path_to(target: str, home: str, like: str) -> str:
    """The path of ``target`` as seen from ``home``, from the root of content/ where ``like`` is written so."""
    if like.startswith("/"):
        return f"/{target}"
    path = posixpath.relpath(target, posixpath.dirname(home))
    return f"./{path}" if like.startswith("./") and not path.startswith("../") else path


def relink_outside(text: str, home: str, old: str, new: str) -> str:
    """``text`` of a Markdown file elsewhere in the project, with its plain links to ``old`` leading to ``new``.

    All paths are relative to the project.
    """
    edits = []
    for link in scan(text):
        path, mark, rest = re.match(r"([^#?]*)([#?]?)(.*)\Z", link.destination, re.S).groups()
        if path and not path.startswith(("/", "{", "|")) and content_path(path, posixpath.dirname(home)) == old:
            edits.append(Edit(link.start, link.end, posixpath.relpath(new, posixpath.dirname(home)) + mark + rest))
    return edited(text, edits)
