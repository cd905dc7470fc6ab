"""The mends that are certain, by the code of the problem each one ends. Everything else is left to the editor."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sitekit.editing.knowledge import Knowledge, near
from sitekit.editing.relink import Edit
from sitekit.problems import Problem
from sitekit.source.blocks import FORMS
from sitekit.source.citations import LABELS
from sitekit.source.destinations import content_path, read_destination
from sitekit.source.documents import Document
from sitekit.source.frontmatter import BY_NAME
from sitekit.source.markdown_links import MarkdownLink, scan
from sitekit.source.rules.sections import SECTIONS

_DATE = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?!\d)")
_WORD = re.compile(r"[\w-]+")
_CITED_LABEL = re.compile(r"\[@[^\],]*,[ \t]*([^\]\n]*?)[ \t]*\]")
_HEADING = re.compile(r"##[ \t]+(.*?)[ \t#]*$", re.M)
_HEADING_END = re.compile(r"#{2,6}[ \t].*?([.,:;]+)[ \t]*$", re.M)
_ENTRY = re.compile(r"[^\s,\[\]\"'#-][^\s,\[\]\"'#]*")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff]")


@dataclass(frozen=True, slots=True)
class Place:
    """A problem in a document, the offset in its text at which it stands, and the link there, if one does."""

    document: Document
    problem: Problem
    start: int
    link: MarkdownLink | None
    known: Knowledge

    @property
    def text(self) -> str:
        """The whole text."""
        return self.document.text

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """A match of a pattern exactly here."""
        return pattern.match(self.text, self.start)


Mend = Callable[[Place], Iterator[Edit]]
MENDS: dict[str, Mend] = {}


def mend(*codes: str) -> Callable[[Mend], Mend]:
    """Register the decorated function for problems of these codes."""

    def register(function: Mend) -> Mend:
        MENDS.update(dict.fromkeys(codes, function))
        return function

    return register


@mend("unknown-key")
def key(place: Place) -> Iterator[Edit]:
    """A key with one slip of the finger, when the right one is not there already."""
    match = place.match(_WORD)
    names = [field.name for field in BY_NAME.values() if place.document.kind in field.kinds]
    right = near(match[0], names) if match else ""
    if right and right not in place.document.front.positions:
        yield Edit(match.start(), match.end(), right)


@mend(*(f"bad-{name.replace('_', '-')}" for name in BY_NAME))
def value(place: Place) -> Iterator[Edit]:
    """A choice with one slip, or a date with the year first in another notation."""
    schema = BY_NAME[place.problem.code.removeprefix("bad-").replace("-", "_")].schema
    if "enum" in schema and (match := place.match(_WORD)):
        right = near(match[0], schema["enum"])
        if right:
            yield Edit(match.start(), match.end(), right)
    if schema.get("format") == "date" and (match := place.match(_DATE)):
        try:
            right = datetime.date(*map(int, match.groups())).isoformat()
        except ValueError:
            return
        if right != match[0]:
            yield Edit(match.start(), match.end(), right)


@mend("key-order")
def order(place: Place) -> Iterator[Edit]:
    """All keys in the order of the definition, each with the lines that belong to it; not where a comment might be torn away."""
    front, starts = place.document.front, _line_starts(place.text)
    lines = [line for line, column in front.positions.values() if column == 1]
    end = front.body_line - 2  # the closing ---
    text = place.text[starts[1] : starts[end]]
    if place.problem != next((one for one in front.problems if one.code == "key-order"), None):
        return  # one mend orders them all
    if len(lines) < len(front.positions) or min(lines) != 2 or re.search(r"^[ \t]*#", text, re.M):
        return
    ends = dict(zip(sorted(lines), [*sorted(lines)[1:], end + 1], strict=True))
    parts = {name: place.text[starts[line - 1] : starts[ends[line] - 1]] for name, (line, _) in front.positions.items()}
    yield Edit(starts[1], starts[end], "".join(parts[name] for name in BY_NAME if name in parts))


@mend("unknown-related")
def related(place: Place) -> Iterator[Edit]:
    """An entry that names an article in another way than by its path below articles/."""
    front = place.document.front
    after = [at for at in front.positions.values() if at > front.at("related")]
    starts = _line_starts(place.text)
    end = starts[min(after, default=(front.body_line - 1, 1))[0] - 1]
    start = place.text.index(":", place.start) + 1
    for match in _ENTRY.finditer(place.text, start, end):
        if f"articles/{match[0]}" not in place.known.targets.ids:
            page = place.known.page(match[0])
            if page.startswith("articles/"):
                yield Edit(match.start(), match.end(), page.removeprefix("articles/"))


@mend("insecure-link")
def secure(place: Place) -> Iterator[Edit]:
    """http to a host that we link to with https elsewhere; a page of our own by its file."""
    if not place.link:
        return
    host, _, path = place.link.destination.removeprefix("http://").partition("/")
    if host.lower() == place.known.own_host:
        yield from _by_file(place, f"/{path}")
    elif host.lower() in place.known.secure and place.text.startswith("http://", place.start):
        yield Edit(place.start, place.start + len("http://"), "https://")


@mend("hard-coded-link")
def address(place: Place) -> Iterator[Edit]:
    """The address of one of our pages, as a link to its file."""
    if place.link:
        yield from _by_file(place, place.link.destination)


def _by_file(place: Place, destination: str) -> Iterator[Edit]:
    path, mark, fragment = destination.partition("#")
    topic = path.strip("/")
    page = place.known.addresses.get(path) or place.known.addresses.get(f"{path}/")
    if page:
        yield Edit(place.link.start, place.link.end, f"{{filename}}/{page}{mark}{fragment}")
    elif topic in place.known.targets.topics and not fragment:
        yield Edit(place.link.start, place.link.end, f"{{category}}{topic}")


@mend("broken-link", "missing-file")
def path(place: Place) -> Iterator[Edit]:
    """{filename} for {static} or the other way round, a missing ``.md``, or the right name in the wrong folder."""
    if not place.link:
        return
    meant = read_destination(place.link.destination)
    if meant.kind == "category":
        right = near(meant.path.strip("/"), place.known.targets.topics)
        if right:
            yield Edit(place.link.start, place.link.end, f"{{category}}{right}")
    elif meant.kind in ("filename", "static", "attach", "plain"):
        right = _existing(place, meant.path)
        if right:
            mark = "#" if meant.fragment else ""
            yield Edit(place.link.start, place.link.end, f"{right}{mark}{meant.fragment}")


def _existing(place: Place, written: str) -> str:
    """The one page or image that a path must mean, as a destination; empty when there is none or more than one."""
    targets, folder = place.known.targets, posixpath.dirname(place.document.relative)
    whole = content_path(written, folder)
    if whole in targets.files:
        return f"{{static}}{written}" if not written.startswith("images/") else f"{{static}}/{whole}"
    for path in (whole, f"{whole}.md"):
        if path in targets.ids:
            return f"{{filename}}{written}{path.removeprefix(whole)}"
    name = posixpath.basename(whole)
    images = [path for path in targets.files if posixpath.basename(path) == name]
    if len(images) == 1:
        return f"{{static}}/{images[0]}"
    page = place.known.page(whole) if whole.endswith(".md") or "." not in name else ""
    return f"{{filename}}/{page}" if page else ""


@mend("broken-fragment")
def fragment(place: Place) -> Iterator[Edit]:
    """The id of a heading with other capitals, spaces or one slip."""
    if not place.link or "#" not in place.text[place.link.start : place.link.end]:
        return
    meant = read_destination(place.link.destination)
    page = place.document.relative
    if meant.kind == "filename":
        page = content_path(meant.path, posixpath.dirname(page))
    right = near(meant.fragment.replace("%20", " "), place.known.targets.ids.get(page, ()))
    if right:
        start = place.text.index("#", place.link.start, place.link.end) + 1
        yield Edit(start, place.link.end, right)


@mend("unknown-resource")
def resource(place: Place) -> Iterator[Edit]:
    """The id of a resource with other capitals or one slip. Numbers are never guessed."""
    start = place.start + len("resource:") if place.text.startswith("resource:", place.start) else place.start
    match = _WORD.match(place.text, start)
    right = near(match[0], place.known.targets.resources) if match and not match[0].isdecimal() else ""
    if right:
        yield Edit(match.start(), match.end(), right)


@mend("unknown-block")
def block(place: Place) -> Iterator[Edit]:
    """The name of a block with one slip."""
    match = re.compile(r":::[ \t]*([\w-]+)").match(place.text, place.start)
    right = near(match[1], FORMS) if match else ""
    if right:
        yield Edit(*match.span(1), right)


@mend("unknown-certainty")
def certainty(place: Place) -> Iterator[Edit]:
    """A certainty or kind with other capitals, a hyphen, or one slip."""
    match = place.match(_CITED_LABEL)
    right = near(match[1], LABELS) if match else ""
    if right:
        yield Edit(*match.span(1), right)


@mend("section-order")
def section(place: Place) -> Iterator[Edit]:
    """A fixed heading with other capitals."""
    match = place.match(_HEADING)
    right = next((title for title in SECTIONS if match and title.casefold() == match[1].casefold()), "")
    if right and right != match[1]:
        yield Edit(*match.span(1), right)


@mend("heading-punctuation")
def heading_end(place: Place) -> Iterator[Edit]:
    """A full stop, comma or colon at the end of a heading."""
    match = place.match(_HEADING_END)
    if match:
        yield Edit(*match.span(1), "")


@mend("control-character")
def invisible(place: Place) -> Iterator[Edit]:
    """Characters that show nothing and mean nothing. Those that turn the direction of text are left to a person."""
    line_end = place.text.find("\n", place.start)
    for match in _INVISIBLE.finditer(place.text, place.start, line_end if line_end >= 0 else len(place.text)):
        yield Edit(match.start(), match.end(), "")


def places(document: Document, known: Knowledge, problems: list[Problem]) -> Iterator[Place]:
    """Every problem that has a place and a mend."""
    starts = _line_starts(document.text)
    links = {(link.line, link.column): link for link in scan(document.text)}
    for problem in problems:
        if problem.code in MENDS and 0 < problem.line <= len(starts):
            start = starts[problem.line - 1] + problem.column - 1
            yield Place(document, problem, start, links.get((problem.line, problem.column)), known)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]
