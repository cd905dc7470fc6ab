"""Where the links of the sources lead: every page, heading, image and resource they name must exist."""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sitekit.problems import Problem
from sitekit.source.checks import check_resource, unknown
from sitekit.source.destinations import Destination, content_path, read_destination, resource_href
from sitekit.source.documents import Document
from sitekit.source.entries import Lost
from sitekit.source.markdown_links import MarkdownLink
from sitekit.views import Resource

TEMPLATE_IDS = frozenset({"content", "short", "sources", "question-sheet"})
"""Ids that the page template gives to its own parts, on every article."""

SCHEMES = ("https:", "http:", "mailto:", "tel:", "sms:", "//")
"""What may begin a link that leaves the site. A list of what is allowed, because nobody knows all that is dangerous."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What links can point at. ``ids`` maps a document's path below content/ to the ids in its body; ``files`` are the images.

    ``scheduled`` maps the path of each page that waits for its day to that day; ``lost`` are ids of resources that could not be read.
    """

    ids: Mapping[str, Collection[str]]
    drafts: Collection[str]
    files: Collection[str]
    topics: Collection[str]
    resources: Mapping[str, Resource]
    unverified: Collection[str]
    scheduled: Mapping[str, datetime.date] = field(default_factory=dict)
    lost: Lost = field(default_factory=Lost)


def image_files(content: Path) -> frozenset[str]:
    """The paths below ``content`` of all files that sources can show."""
    files = (path for path in (content / "images").rglob("*") if path.is_file())
    return frozenset(path.relative_to(content).as_posix() for path in files)


def check_links(document: Document, links: Iterable[MarkdownLink], targets: Targets) -> list[Problem]:
    """The located problems of every link and image in one document, its ``related`` list included."""
    problems: list[Problem] = []
    for link in links:
        problems += _check_link(document, link, targets)
    line, column = document.front.at("related")
    for path in document.values.get("related", ()):
        if f"articles/{path}" not in targets.ids:
            known = [name.removeprefix("articles/") for name in targets.ids if name.startswith("articles/")]
            problems.append(unknown(document.path, line, column, "unknown-related", path, known, "There is no article"))
    return problems


def _check_link(document: Document, link: MarkdownLink, targets: Targets) -> list[Problem]:
    at = (document.path, link.line, link.column)
    target = read_destination(link.destination)
    problems = []
    if link.kind == "image" and not link.text.strip():
        hint = "Say between the square brackets what the picture shows."
        problems.append(Problem(*at, "missing-alt", f"The image {link.destination} has no alternative text.", hint))
    if target.kind in ("filename", "fragment"):
        return problems + _check_page(document, at, link, target, targets)
    if target.kind in ("static", "attach"):
        path = content_path(target.path, posixpath.dirname(document.relative))
        if path not in targets.files:
            problems.append(unknown(*at, "missing-file", path, targets.files, "There is no file"))
    elif target.kind == "resource" and target.path in targets.lost:
        pass  # the data file is told to be wrong
    elif target.kind == "resource":
        found = check_resource(*at, target.path, targets.resources, targets.unverified)
        if not found and not resource_href(link.destination, targets.resources):
            message = f"The resource {target.path} has no {target.fragment or 'phone or address'}."
            found = [Problem(*at, "unknown-resource", message, "Leave out what follows #, or add it to the data.")]
        problems += found
    elif target.kind == "category":
        if target.path.strip("/") not in targets.topics:
            problems.append(unknown(*at, "broken-link", target.path, targets.topics, "There is no topic"))
    elif target.kind in ("tag", "author"):
        message = f"{link.destination} leads nowhere: this site has no {target.kind} pages."
        problems.append(
            Problem(*at, "broken-link", message, "Link to an article or a topic, for example {category}mind.")
        )
    elif target.kind == "site":
        hint = "Write {filename}/articles/<topic>/<slug>.md, so that the link follows the page wherever it goes."
        problems.append(Problem(*at, "hard-coded-link", f"{link.destination} is an address, not a file.", hint))
    elif target.kind == "plain":
        hint = "Write {filename}other.md for a page, {static}/images/… for an image, https://… for another site."
        problems.append(Problem(*at, "broken-link", f"{link.destination} names neither a page nor an image.", hint))
    elif target.kind not in ("external", "index"):
        hint = "Use {filename}, {static} or {category}."
        problems.append(Problem(*at, "broken-link", f"{{{target.kind}}} is not a kind of link.", hint))
    elif target.kind == "external" and not target.path.lower().startswith(SCHEMES):
        hint = f"A link begins with one of: {', '.join(SCHEMES)}; or with {{filename}}, {{static}} or resource:."
        message = f"{link.destination} would not open a page: it could run or hold anything."
        problems.append(Problem(*at, "unsafe-link", message, hint))
    elif target.path.lower().startswith("http://"):
        hint = "Use https, so that nobody on the way can read or change the page."
        problems.append(Problem(*at, "insecure-link", f"{link.destination} is not encrypted.", hint))
    return problems


def _check_page(
    document: Document, at: tuple[str, int, int], link: MarkdownLink, target: Destination, targets: Targets
) -> list[Problem]:
    path = document.relative
    if target.kind == "filename":
        path = content_path(target.path, posixpath.dirname(document.relative))
    if path in targets.drafts and not document.draft:
        hint = "Publish that page first, or take the link out."
        return [Problem(*at, "link-to-draft", f"{path} is a draft, which readers cannot open.", hint)]
    day = targets.scheduled.get(path)
    if day and not document.draft and targets.scheduled.get(document.relative, datetime.date.min) < day:
        hint = f"Take the link out until then, or give this page the date {day} or a later one."
        return [Problem(*at, "link-to-scheduled", f"{path} comes out on {day}, after this page.", hint)]
    if path not in targets.ids:
        if path in targets.files:
            return [
                Problem(*at, "broken-link", f"{path} is a file, not a page.", "Write {static} instead of {filename}.")
            ]
        return [unknown(*at, "broken-link", path, targets.ids, "There is no page")]
    ids = targets.ids[path]
    if target.fragment and target.fragment not in ids and target.fragment not in TEMPLATE_IDS:
        return [
            unknown(
                *at, "broken-fragment", f"#{target.fragment}", [f"#{name}" for name in ids], f"{path} has no heading"
            )
        ]
    return []
