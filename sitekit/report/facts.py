"""What the report knows of each article and of the sources as a whole. Pure functions on the sources as they were read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sitekit.compiler import Compiled
from sitekit.problems import Problem
from sitekit.site import SiteSource
from sitekit.source import plaintext
from sitekit.source.citations import CERTAINTIES, KINDS
from sitekit.source.destinations import content_path, read_destination

DUE_DAYS = 60
"""A review that falls due within so many days is announced."""

UNGRADED = "none"
LABELS = (*CERTAINTIES, *KINDS, UNGRADED)
"""Every certainty and kind, surest first; the last is a citation without a word."""


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """One article. ``review`` is ``overdue``, ``due`` or ``later``, ``days`` the days until then (negative when past).

    Grades are US school grades, names of treatments counted kindly in ``grade`` and in full in ``raw_grade``. ``claims`` counts
    its citations by label; ``linked_from`` the other pages with a link to it in their text or their list of related articles.
    """

    path: str
    relative: str
    title: str
    topic: str
    type: str
    draft: bool
    scheduled: bool
    reviewed: bool
    published: datetime.date | None
    modified: datetime.date | None
    next_review: datetime.date | None
    review: str
    days: int
    words: int
    grade: float
    raw_grade: float
    mean_sentence: float
    longest_sentence: int
    passive: float
    claims: dict[str, int]
    sources: int
    linked_from: tuple[str, ...]
    errors: int
    warnings: int

    @property
    def status(self) -> str:
        """``draft``, ``scheduled`` or ``published``."""
        return "draft" if self.draft else "scheduled" if self.scheduled else "published"

    @property
    def orphan(self) -> bool:
        """Whether no other page leads here but lists that are made by themselves."""
        return not self.linked_from


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The articles in the order of the navigation, and what concerns them all."""

    today: datetime.date
    articles: tuple[ArticleFacts, ...]
    topics: dict[str, str]
    problems: tuple[Problem, ...]
    unused_references: tuple[str, ...]
    references: int
    outside: dict[str, tuple[str, ...]]

    @property
    def by_topic(self) -> list[tuple[str, list[ArticleFacts]]]:
        """The title of each topic with its articles."""
        groups = [(title, [one for one in self.articles if one.topic == topic]) for topic, title in self.topics.items()]
        return [(title, group) for title, group in groups if group]

    @property
    def hosts(self) -> list[tuple[str, int]]:
        """How many different outside addresses each host has, most first."""
        counted = Counter(urlsplit(url).hostname or "" for url in self.outside)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def gather(site: SiteSource, today: datetime.date) -> SiteFacts:
    """Every fact, as of ``today``."""
    order = list(site.topics)
    inbound = _inbound(site)
    by_path: dict[str, list[Problem]] = {}
    for problem in set(site.problems):
        by_path.setdefault(problem.path, []).append(problem)
    compiled = [one for one in site.compiled.values() if one.document.kind == "article"]
    places = {slug: number for topic in site.topics.values() for number, slug in enumerate(topic.order)}
    compiled.sort(
        key=lambda one: (
            order.index(one.document.topic) if one.document.topic in order else len(order),
            places.get(one.document.slug, len(places)),
            str(one.document.values.get("title", one.document.slug)),
        )
    )
    cited = {key for one in site.compiled.values() if not one.document.draft for key in _cited(one)}
    return SiteFacts(
        today=today,
        articles=tuple(
            _article(one, today, tuple(sorted(inbound.get(one.document.relative, ()))), by_path) for one in compiled
        ),
        topics={topic.id: topic.title for topic in site.topics.values()},
        problems=tuple(sorted(set(site.problems))),
        unused_references=tuple(sorted(key for key in site.references if key not in cited)),
        references=len(site.references),
        outside=_outside(site),
    )


def _article(
    one: Compiled, today: datetime.date, linked_from: tuple[str, ...], problems: dict[str, list[Problem]]
) -> ArticleFacts:
    document, page = one.document, one.readability.page
    values = document.values
    due = values.get("next_review")
    days = (due - today).days if due else 0
    found = problems.get(document.path, [])
    published = values.get("published")
    return ArticleFacts(
        path=document.path,
        relative=document.relative,
        title=str(values.get("title", document.slug)),
        topic=document.topic,
        type=str(values.get("type", "")),
        draft=document.draft,
        scheduled=bool(published and published > today),
        reviewed="clinical_review" in values,
        published=published,
        modified=values.get("modified"),
        next_review=due,
        review="" if not due else "overdue" if days < 0 else "due" if days <= DUE_DAYS else "later",
        days=days,
        words=one.words,
        grade=page.grade_adjusted,
        raw_grade=page.grade,
        mean_sentence=page.mean_sentence,
        longest_sentence=page.longest_sentence,
        passive=page.passive,
        claims=_claims(one),
        sources=len(_cited(one)),
        linked_from=linked_from,
        errors=sum(problem.severity == "error" for problem in found),
        warnings=sum(problem.severity == "warning" for problem in found),
    )


def _claims(one: Compiled) -> dict[str, int]:
    counted = Counter(
        mark.certainty or UNGRADED for block in plaintext.read(one.document.text).blocks for mark in block.citations
    )
    return {label: counted[label] for label in LABELS if counted[label]}


def _cited(one: Compiled) -> set[str]:
    return {key for block in plaintext.read(one.document.text).blocks for mark in block.citations for key in mark.keys}


def _inbound(site: SiteSource) -> dict[str, set[str]]:
    """The paths of the documents that lead to each document."""
    inbound: dict[str, set[str]] = {}
    for relative, one in site.compiled.items():
        folder = relative.rpartition("/")[0]
        targets = {f"articles/{path}" for path in one.document.values.get("related", ())}
        for link in one.links:
            meant = read_destination(link.destination)
            if meant.kind == "filename":
                targets.add(content_path(meant.path, folder))
        for target in targets - {relative}:
            inbound.setdefault(target, set()).add(relative)
    return inbound


def _outside(site: SiteSource) -> dict[str, tuple[str, ...]]:
    """Every address outside the site, with the files that name it."""
    found: dict[str, set[str]] = {}

    def add(urls: Iterable[str], path: str) -> None:
        for url in urls:
            if url.startswith(("https://", "http://")):
                found.setdefault(url.partition("#")[0], set()).add(path)

    for one in site.compiled.values():
        add((link.destination for link in one.links), one.document.path)
    add((source.link for source in site.references.values()), "content/data/references.bib")
    add((resource.url for resource in site.resources.values()), "content/data/resources.yaml")
    return {url: tuple(sorted(paths)) for url, paths in sorted(found.items())}
