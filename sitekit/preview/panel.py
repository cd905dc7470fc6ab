"""What the editor's panel says of one page: everything that can be known from its source and from the last good build.

Runs in a fork of the builder, so it never waits for a build's imports and no build waits for it. Nothing is stored.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sitekit.cache import Cache
from sitekit.compiler import Compiled
from sitekit.memory import Memory, Options
from sitekit.preview.mistakes import EditorLinks
from sitekit.preview.server import find
from sitekit.problems import Problem
from sitekit.quick import compiler_of
from sitekit.site import SiteSource, check_across, check_pictures, link_targets
from sitekit.source.destinations import content_path, read_destination
from sitekit.source.documents import Document
from sitekit.source.links import check_links
from sitekit.source.markdown_links import scan
from sitekit.source.plaintext import PlainText
from sitekit.source.plaintext import read as read_plaintext
from sitekit.source.readability.meter import LONGEST_SENTENCE, MEAN_SENTENCE, PAGE_GRADE, PAGE_GRADE_LIMIT
from sitekit.source.rules.sections import REQUIRED, REQUIRED_BLOCKS
from sitekit.source.text import read_text
from sitekit.stamps import read_stamps, state_file

with suppress(ModuleNotFoundError):  # comes with what publishing needs; without it, everything but the weight is known
    import brotli

BUDGET = 14 * 1024
"""Bytes, after Brotli, of a page and the stylesheets in its head: what fits into the first round trip of a new connection."""

_STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def describe(root: Path, cache: Path, output: Path, page: str, editor: str) -> dict[str, Any]:
    """Everything about the page at the root-relative address ``page``, as plain JSON-ready data.

    ``editor`` is the template of links into the editor. A page without a source of its own (a topic, the page for what is
    missing) has only an address and a weight; ``built`` is false before the first good build.
    """
    found: dict[str, Any] = {"page": page, "built": False}
    former = read_stamps(cache, output)
    memory = former and Memory.open(state_file(cache, output), former.token)
    if not memory:
        return found
    with memory, suppress(sqlite3.Error):
        found = _describe(memory, found, page, output, EditorLinks(root, editor))
    return found


def _describe(memory: Memory, found: dict[str, Any], page: str, output: Path, links: EditorLinks) -> dict[str, Any]:
    name = page.lstrip("/") + ("index.html" if page.endswith("/") else "")
    options = memory.options
    index = dict(memory.index.items())
    found |= {"built": True, "weight": weight(output, page), "waiting": _waiting(index, options)}
    relative = memory.path_of(name)
    if relative is None or not (options.content / relative).is_file():
        return found
    # The source as it is on disk now, whether or not it could be published.
    compiled = compiler_of(memory).compile(options.content / relative, f"{options.label}/{relative}", relative)
    source = SiteSource(memory.data, {**index, relative: compiled}, options.today)
    plain = read_plaintext(compiled.document.text)
    return {
        **found,
        "title": compiled.document.values.get("title", relative),
        "type": compiled.document.values.get("type", ""),
        "source": _place(compiled.document.path, 1, 1, links),
        "readability": _readability(compiled, links),
        "sections": _sections(compiled.document, plain),
        "problems": _problems(options, source, compiled, links),
        "citations": _citations(source, compiled.document, plain, links),
        "links": {
            **_links_out(options, source, compiled, links),
            "in": _links_in(options, source, compiled.document, links),
        },
        "dates": _dates(compiled.document, options.today),
    }


def weight(output: Path, page: str) -> dict[str, int] | None:
    """Bytes of a page and of its stylesheets after Brotli at its best, as they are published.

    ``total`` is what a browser needs to paint: the page and what its head links. ``later`` is what stands in the body, which holds
    up only the text below it. None when there is no page or no Brotli.
    """
    file = find(output, page)
    if file is None or "brotli" not in globals():
        return None
    data = file.read_bytes()
    head, _, body = data.decode("utf-8", "replace").partition("</head>")
    html, css, later = _compressed(data), _sheets(output, head), _sheets(output, body)
    return {"html": html, "css": css, "later": later, "total": html + css, "raw": len(data), "budget": BUDGET}


def _sheets(output: Path, text: str) -> int:
    """Bytes of the stylesheets that a part of a page links, compressed."""
    files = (find(output, urlsplit(href).path) for href in _STYLESHEET.findall(text))
    return sum(_compressed(file.read_bytes()) for file in files if file)


def _compressed(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def _place(path: str, line: int, column: int, links: EditorLinks) -> dict[str, Any]:
    return {"path": path, "line": line, "column": column, "editor": links.url(path, line, column)}


def _readability(compiled: Compiled, links: EditorLinks) -> dict[str, Any] | None:
    measured = compiled.readability
    if measured is None:
        return None
    page = measured.page
    return {
        "grade": page.grade_adjusted,
        "raw_grade": page.grade,
        "mean_sentence": page.mean_sentence,
        "longest_sentence": page.longest_sentence,
        "words": compiled.words,  # as in the report: tables and lists of sources count, too
        "goals": {
            "grade": PAGE_GRADE,
            "grade_limit": PAGE_GRADE_LIMIT,
            "mean_sentence": MEAN_SENTENCE,
            "longest_sentence": LONGEST_SENTENCE,
        },
        "hardest": [
            {"grade": hard.grade, "text": hard.text, **_place(compiled.document.path, hard.line, hard.column, links)}
            for hard in measured.hardest
        ],
    }


def _sections(document: Document, plain: PlainText) -> list[dict[str, Any]]:
    kind = document.values.get("type", "")
    headings = {block.text for block in plain.blocks if block.kind == "heading" and block.level == 2}
    blocks = {container.name for container in plain.containers}
    wanted = [(f"::: {name}", name in blocks) for name in REQUIRED_BLOCKS.get(kind, ())]
    wanted += [(f"## {title}", title in headings) for title in REQUIRED.get(kind, ())]
    return [{"name": name, "present": present} for name, present in wanted]


def _problems(options: Options, source: SiteSource, compiled: Compiled, links: EditorLinks) -> list[dict[str, Any]]:
    document = compiled.document
    found: set[Problem] = {*compiled.problems}
    targets = link_targets(options.content, source)
    found.update(check_links(document, compiled.links, targets))
    found.update(check_pictures(options.content, [compiled], targets.files, Cache(None)))
    if options.editorial:
        found.update(problem for problem in check_across(source) if problem.path == document.path)
    return [
        {**problem.as_dict(), "editor": links.url(problem.path, problem.line, problem.column)}
        for problem in sorted(found, key=lambda problem: (problem.severity != "error", problem))
    ]


def _citations(source: SiteSource, document: Document, plain: PlainText, links: EditorLinks) -> list[dict[str, Any]]:
    found = []
    for mark in sorted((mark for block in plain.blocks for mark in block.citations), key=lambda mark: mark.start):
        sources = []
        for key in mark.keys:
            reference = source.references.get(key)
            sources.append({"key": key, "title": reference.title if reference else "", "year": reference.year if reference else ""})  # fmt: skip
        place = _place(document.path, *plain.position(mark.start), links)
        found.append({"certainty": mark.certainty, "sources": sources, **place})
    return found


def _links_out(options: Options, source: SiteSource, compiled: Compiled, links: EditorLinks) -> dict[str, Any]:
    inside: dict[str, dict[str, Any]] = {}
    outside: dict[str, dict[str, Any]] = {}
    document = compiled.document
    for link in compiled.links:
        target = _target(link.destination, document)
        if target in source.compiled and target != document.relative:
            inside.setdefault(target, _page(options, source, target))
        elif read_destination(link.destination).kind == "external":
            place = _place(document.path, link.line, link.column, links)
            outside.setdefault(link.destination, {"url": link.destination, **place})
    for path in document.values.get("related", ()):
        if f"articles/{path}" in source.compiled:
            inside.setdefault(f"articles/{path}", _page(options, source, f"articles/{path}"))
    return {"out": list(inside.values()), "outside": list(outside.values())}


def _links_in(options: Options, source: SiteSource, document: Document, links: EditorLinks) -> list[dict[str, Any]]:
    """Pages whose source leads here. A link holds the file's name, so only texts that hold it are read with care."""
    found = []
    name = f"{document.slug}.md".encode()
    for path, other in source.compiled.items():
        if path == document.relative:
            continue
        try:
            if name not in (options.content / path).read_bytes():
                continue
        except OSError:
            continue
        text, _ = read_text(options.content / path, other.document.path)
        place = next(
            ((link.line, link.column) for link in scan(text) if _target(link.destination, other.document) == document.relative),
            None,
        )  # fmt: skip
        if place is None:
            chosen = (f"articles/{one}" for one in other.document.values.get("related", ()))
            place = other.document.front.at("related") if document.relative in chosen else None
        if place:
            found.append({**_page(options, source, path), **_place(other.document.path, *place, links)})
    return found


def _target(destination: str, document: Document) -> str:
    """The path below content/ of the page that a link leads to, or nothing."""
    target = read_destination(destination)
    return content_path(target.path, posixpath.dirname(document.relative)) if target.kind == "filename" else ""


def _page(options: Options, source: SiteSource, relative: str) -> dict[str, Any]:
    document, identity = source.compiled[relative].document, options.identity
    return {
        "title": document.values.get("title", relative),
        "url": f"{identity.base}/{identity.address(document)}",
        "draft": document.draft,
    }


def _waiting(index: Mapping[str, Compiled], options: Options) -> list[dict[str, Any]]:
    """The pages that readers cannot have yet: drafts, then what has a date, first to come first. No list of the site names them."""
    documents = [one.document for one in index.values() if one.document.hidden(options.today)]
    documents.sort(key=lambda one: (not one.draft, one.values["published"], one.path))
    identity = options.identity
    return [
        {
            "title": one.values["title"],
            "url": f"{identity.base}/{identity.address(one)}",
            "published": "" if one.draft else one.values["published"].isoformat(),
        }
        for one in documents
    ]


def _dates(document: Document, today: datetime.date) -> dict[str, Any]:
    dates = {name: document.values.get(name) for name in ("published", "modified", "next_review")}
    review = dates["next_review"]
    return {
        **{name: date.isoformat() if date else "" for name, date in dates.items()},
        "days_to_review": (review - today).days if review else None,
    }
