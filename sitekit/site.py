"""The whole source of the site, read, checked and converted: what a build starts from."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from sitekit.cache import Cache
from sitekit.compiler import Compilation, Compiled, Compiler, SiteData, environment_key, read_data
from sitekit.completion import static_files
from sitekit.images.faults import find_faults
from sitekit.images.kinds import IMAGES
from sitekit.images.model import Picture
from sitekit.markup.converter import Converted
from sitekit.problems import Problem
from sitekit.source.destinations import content_path, read_destination
from sitekit.source.documents import Document, list_documents
from sitekit.source.due import check_resources, check_reviews
from sitekit.source.entries import Entries
from sitekit.source.glossary import Term
from sitekit.source.links import Targets, check_links, image_files
from sitekit.source.references import Source
from sitekit.source.scores import Instrument, PageScores, read_scores
from sitekit.source.topics import TopicData
from sitekit.stamps import output_stamps
from sitekit.views import Resource

_PICTURE = re.compile(rf"\.(?:{'|'.join(suffix[1:] for suffix in sorted(IMAGES))})(?:[?#]|\Z)", re.I)


@dataclass
class SiteSource:
    """Everything below content/. ``compiled`` holds each document by its path below content/.

    ``today`` is the day that decides which pages wait; on the last of all days, none does. ``pictures`` are those that pages
    show, by their path below content/, once a build has made them; ``environment`` is the key of all that decided what was compiled.
    """

    data: SiteData
    compiled: dict[str, Compiled]
    today: datetime.date = datetime.date.max
    problems: list[Problem] = field(default_factory=list)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    scores: dict[str, PageScores] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    environment: bytes = b""

    def forget_texts(self) -> None:
        """Let go of what editors wrote, once all checks are done: on a large site it is a good part of what a build holds."""
        for path, one in self.compiled.items():
            self.compiled[path] = replace(one, document=replace(one.document, text=""))

    @property
    def documents(self) -> list[Document]:
        """The documents, in the order of their paths."""
        return [one.document for one in self.compiled.values()]

    @property
    def topics(self) -> Entries[TopicData]:
        """The topics by id, in the order of the navigation."""
        return self.data.topics

    @property
    def references(self) -> Entries[Source]:
        """The bibliography by key."""
        return self.data.references

    @property
    def resources(self) -> Entries[Resource]:
        """The verified resources by id."""
        return self.data.resources

    @property
    def glossary(self) -> Entries[Term]:
        """The glossary by id."""
        return self.data.glossary

    @cached_property
    def converted(self) -> dict[str, Converted]:
        """The HTML of each document by its path below content/."""
        return {relative: one.converted for relative, one in self.compiled.items()}

    @cached_property
    def by_path(self) -> dict[str, Document]:
        """The documents by their path below content/."""
        return {relative: one.document for relative, one in self.compiled.items()}


def read_site(
    content: Path,
    label: str,
    markdown: Mapping[str, Any],
    render: Callable[..., str],
    *,
    theme: Path | None = None,
    plain: Collection[str] = (),
    editorial: bool = True,
    cache: Cache | None = None,
    today: datetime.date = datetime.date.max,
    publishing: bool = False,
) -> SiteSource:
    """Read, convert and check everything below ``content``.

    ``label`` is how problems name that folder, ``markdown`` the settings of Python-Markdown and ``render`` calls a macro of
    the theme. ``plain`` are slugs of pages on which terms are not explained; ``editorial`` switches the language rules;
    ``cache`` holds what earlier runs compiled with the macros of ``theme``; ``today`` decides which pages wait for their day
    and, unless it is the last of all days, what is overdue; with ``publishing``, that may be an error.
    Nothing is raised for bad content: every problem is in the result.
    """
    with Reading(content, label, markdown, render, theme, plain, editorial, cache) as reading:
        return reading.finish(today, publishing)


class Reading:
    """The sources of a site on their way, with the arguments of :func:`read_site`: what can be done by other processes begins at once,
    while this one does something else. Use it as a context manager."""

    def __init__(
        self,
        content: Path,
        label: str,
        markdown: Mapping[str, Any],
        render: Callable[..., str],
        theme: Path | None = None,
        plain: Collection[str] = (),
        editorial: bool = True,
        cache: Cache | None = None,
    ) -> None:
        self._content, self._label, self._editorial = content, label, editorial
        stamps = output_stamps(content / "data")
        self._data = read_data(content, label)
        files, self._problems = list_documents(content, label)
        explain = (content / "pages" / "glossary.md").is_file()
        compiler = Compiler(self._data, markdown, render, plain, explain, editorial)
        if cache is None or theme is None:
            self._cache, self._environment = Cache(None), b""
        else:
            settings = (label, markdown, sorted(plain), explain, editorial)
            self._cache, self._environment = cache, environment_key(content, theme, *settings)
            if output_stamps(content / "data") != stamps:
                self._cache = Cache(None)  # saved meanwhile: the key may be of other data than those that were read
        self._compilation = Compilation(compiler, files, self._cache, self._environment)

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._compilation.__exit__(kind, error, trace)

    def finish(self, today: datetime.date = datetime.date.max, publishing: bool = False) -> SiteSource:
        """The sources, checked."""
        content, label, data = self._content, self._label, self._data
        site = SiteSource(data, self._compilation.finish(), today, environment=self._environment)
        site.problems = [*data.problems, *self._problems]
        targets = link_targets(content, site)
        for one in site.compiled.values():
            site.problems += one.problems
            site.problems += check_links(one.document, one.links, targets)
        site.problems += check_pictures(content, site.compiled.values(), targets.files, self._cache)
        if self._editorial:
            site.problems += check_across(site)
            site.instruments, site.scores, found = read_scores(
                content / "data" / "scores", f"{label}/data/scores", site.documents
            )
            site.problems += found
            site.problems += _check_unused(site, f"{label}/data/references.bib")
            site.problems += _check_unused_files(site, targets.files, label)
        if today < datetime.date.max:
            site.problems += check_resources(f"{label}/data/resources.yaml", data.checks, today, publishing)
            site.problems += check_reviews(site.documents, today, publishing)
        site.problems += check_unique(site.documents) + _check_order(site, f"{label}/data/topics.yaml")
        return site


def shown_files(site: SiteSource, drafts: bool) -> frozenset[str]:
    """The paths below content/ of all files that pages show or link to; ``drafts`` says whether what is hidden has pages."""
    shown = (one for one in site.compiled.values() if drafts or not one.document.hidden(site.today))
    return frozenset(path for one in shown for path in static_files(one))


def check_pictures(content: Path, compiled: Iterable[Compiled], files: Collection[str], cache: Cache) -> list[Problem]:
    """A problem wherever a document shows, or links to, a picture that exists among ``files`` and cannot be published."""
    uses: dict[str, list[tuple[str, int, int]]] = {}
    for one in compiled if files else ():
        for link in one.links:
            if not _PICTURE.search(link.destination):
                continue
            target = read_destination(link.destination)
            if target.kind in ("static", "attach"):
                path = content_path(target.path, posixpath.dirname(one.document.relative))
                uses.setdefault(path, []).append((one.document.path, link.line, link.column))
    faults = find_faults(content, uses.keys() & set(files), cache)
    return [
        Problem(*place, fault.code, fault.message, fault.hint) for path, fault in faults.items() for place in uses[path]
    ]


def link_targets(content: Path, site: SiteSource) -> Targets:
    """What the links of a site can point at."""
    return Targets(
        ids={relative: one.converted.ids for relative, one in site.compiled.items()},
        drafts=frozenset(relative for relative, one in site.compiled.items() if one.document.draft),
        files=image_files(content),
        topics=site.topics.known,
        resources=site.resources,
        lost=site.resources.lost,
        unverified=site.data.unverified,
        scheduled={
            relative: one.document.values["published"]
            for relative, one in site.compiled.items()
            if one.document.scheduled(site.today)
        },
    )


def check_across(site: SiteSource) -> list[Problem]:
    """What the language rules that see all pages find."""
    from sitekit.source import rules  # a good part of all imports, where a build may need none of it

    by_name = {one.document.path: one.document for one in site.compiled.values()}

    def read(path: str) -> rules.Page:
        return rules.Page(path, by_name[path].text, by_name[path].values)

    return rules.check_abstracts([one.abstract for one in site.compiled.values() if one.abstract], read)


def check_unique(documents: list[Document]) -> list[Problem]:
    """Two pages never share a title, a description or an address."""
    problems = []
    for name in ("title", "description", "start"):
        seen: dict[str, Document] = {}
        for document in documents:
            value = str(document.values.get(name, "")).casefold()
            if value and value in seen:
                message = f"{seen[value].path} has the same {name}."
                hint = "Give each page words of its own, so that readers can tell them apart."
                problems.append(Problem(document.path, *document.front.at(name), f"duplicate-{name}", message, hint))
            seen.setdefault(value, document)
    topics = {document.topic for document in documents}
    for document in documents:
        if document.kind == "page" and document.slug in topics:
            message = f"/{document.slug}/ is the address of a topic."
            problems.append(Problem(document.path, 0, 0, "duplicate-slug", message, "Rename the file."))
    articles: dict[str, Document] = {}
    for document in documents:
        if document.kind == "article" and document.slug in articles:
            message = f"{articles[document.slug].path} has the same file name."
            hint = "Rename one: an article is known by its name, whatever its topic."
            problems.append(Problem(document.path, 0, 0, "duplicate-slug", message, hint))
        articles.setdefault(document.slug, document)
    return problems


def _check_unused(site: SiteSource, path: str) -> list[Problem]:
    """The bibliography holds what pages cite and nothing else. Nobody knows what a chart cites that cannot be read."""
    if site.data.charts.lost:
        return []
    cited = {source.key for one in site.compiled.values() for source in one.converted.references}
    hint = "Cite it, or delete the entry."
    return [
        Problem(path, source.line, 1, "unused-reference", f"No page cites {key}.", hint, "warning")
        for key, source in site.references.items()
        if key not in cited
    ]


def _check_unused_files(site: SiteSource, files: Collection[str], label: str) -> list[Problem]:
    """Files that no page shows go nowhere: an editor who put one there may have meant something else."""
    used = {path for one in site.compiled.values() for path in static_files(one)}
    hint = "Show it, link to it, or delete it."
    message = "No page shows this file, so it is not published."
    return [
        Problem(f"{label}/{path}", 0, 0, "unused-file", message, hint, "warning") for path in sorted(set(files) - used)
    ]


def _check_order(site: SiteSource, path: str) -> list[Problem]:
    """The reading order names articles that exist."""
    problems = []
    for topic in site.topics.values():
        slugs = {document.slug for document in site.documents if document.topic == topic.id}
        for slug in topic.order:
            if slug not in slugs:
                message = f"The order of {topic.id} names {slug}, which does not exist."
                problems.append(Problem(path, topic.line, 1, "unknown-related", message, "Correct or delete the name."))
    return problems
