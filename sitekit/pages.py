"""From compiled sources to the plain views that templates receive.

Pure: what a page shows is a function of the sources and of the site's identity. Nothing here knows Pelican, so a full build, a
build of one page and a test all make the same view.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections import defaultdict
from functools import cached_property
from itertools import islice
from typing import Any

from sitekit.compiler import Compiled
from sitekit.completion import Completion
from sitekit.identity import Identity
from sitekit.reference_pages import cited_sources, glossary_letters, resource_kinds
from sitekit.site import SiteSource
from sitekit.source.documents import Document
from sitekit.source.words import date_in_words
from sitekit.structured_data import json_ld
from sitekit.views import Dates, Link, Page, Site, Topic

_FOOTER = (
    "glossary",
    "references",
    "resources",
    "about",
    "editorial-policy",
    "how-we-write-and-score",
    "corrections",
    "privacy",
    "accessibility",
)
_CRISIS = ("911", "988", "oc-links")
_RELATED = 3


class PageBuilder:
    """Builds every view of one site. ``drafts`` says whether drafts, and pages that wait for their day, have pages.

    Lists never show them: what leads to a page appears together with it.
    """

    def __init__(self, source: SiteSource, identity: Identity, drafts: bool) -> None:
        self.source, self.identity = source, identity
        self.base = identity.base
        self.published = {path: one for path, one in source.compiled.items() if not one.document.hidden(source.today)}
        self.compiled = source.compiled if drafts else self.published
        self.site = self._site()

    def path(self, document: Document) -> str:
        """The root-relative URL of a document."""
        return f"{self.base}/{self.identity.address(document)}"

    def link(self, document: Document) -> Link:
        """A document as a link with its description."""
        return Link(document.values["title"], self.path(document), document.values["description"])

    @cached_property
    def topic_articles(self) -> dict[str, list[Document]]:
        """The published articles of each topic, in reading order."""
        found: dict[str, list[Document]] = {topic: [] for topic in self.source.topics}
        for one in self.published.values():
            if one.document.kind == "article":
                found[one.document.topic].append(one.document)
        for topic, documents in found.items():
            order = self.source.topics[topic].order
            rank = {slug: number for number, slug in enumerate(order)}
            documents.sort(key=lambda document: (rank.get(document.slug, len(order)), document.values["title"]))
        return found

    @cached_property
    def _places(self) -> dict[str, int]:
        return {
            document.relative: place
            for documents in self.topic_articles.values()
            for place, document in enumerate(documents)
        }

    def _site(self) -> Site:
        identity = self.identity
        topics = tuple(
            Topic(topic.id, topic.title, topic.description, f"{self.base}/{topic.id}/")
            for topic in self.source.topics.values()
            if self.topic_articles[topic.id]
        )
        starts = tuple(
            Link(document.values["start"], self.path(document), document.values["title"])
            for topic in topics
            for document in self.topic_articles[topic.slug]
            if document.values.get("start")
        )
        footer = (self.published.get(f"pages/{slug}.md") for slug in _FOOTER)
        return Site(
            name=identity.name,
            tagline=identity.tagline,
            description=identity.description,
            language=identity.language,
            url=identity.url,
            base=self.base,
            topics=topics,
            crisis={name: self.source.resources[name] for name in _CRISIS if name in self.source.resources},
            starts=starts,
            footer=tuple(self.link(one.document) for one in footer if one),
            assets={name: f"{self.base}/{path}" for name, path in identity.assets.items()},
            feeds=tuple(Link(f"{identity.name} ({kind})", f"{self.base}/{path}") for kind, path in identity.feeds),
            contact=identity.contact,
        )

    def page(self, compiled: Compiled) -> Page:
        """The view of an article or a page."""
        return self.completion.complete(self.outline(compiled), compiled)

    def outline(self, compiled: Compiled) -> Page:
        """The view of an article or a page without its text: all that lists and feeds need."""
        document = compiled.document
        values = document.values
        article = document.kind == "article"
        template = self.identity.template(document)
        kind = "article" if article else template if template in ("home", "error") else "page"
        return Page(
            kind=kind,
            title=values["title"],
            description=values["description"],
            url=self.path(document),
            canonical=f"{self.identity.url}/{self.identity.address(document)}",
            type=values.get("type", ""),
            template=template,
            topic=document.topic,
            helps=values.get("helps", ""),
            main_message=values.get("main_message", ""),
            breadcrumbs=self._breadcrumbs(document) if kind in ("article", "page") else (),
            dates=_dates(document),
            related=self._related(document) if article else (),
            data=self._data(template),
            indexable=kind != "error" and document.relative in self.published,
            draft=document.draft,
            social_image=self._social_image(),
            **self._beside(document),
        )

    @cached_property
    def outlines(self) -> dict[str, Page]:
        """The outline of every document that has a page, by its path below content/."""
        return {path: self.outline(compiled) for path, compiled in self.compiled.items()}

    @cached_property
    def topic_pages(self) -> dict[str, Page]:
        """The view of each topic's own page, by the topic's id."""
        return {topic.slug: self.topic(topic) for topic in self.site.topics}

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every page of the site as an outline, by the name of its file below the output."""
        documents = {self.identity.file(self.compiled[path].document): view for path, view in self.outlines.items()}
        return documents | {f"{topic}/index.html": view for topic, view in self.topic_pages.items()}

    @cached_property
    def listed(self) -> list[Page]:
        """The outlines of all pages that search engines may list, by their URLs."""
        return sorted((view for view in self.pages.values() if view.indexable), key=lambda view: view.url)

    def complete(self, view: Page) -> Page:
        """An outline with its text; a view that follows from no source, such as that of a topic, as it is."""
        compiled = self.by_url.get(view.url)
        return self.completion.complete(view, compiled) if compiled else view

    @cached_property
    def completion(self) -> Completion:
        """What gives outlines their text."""
        source = self.source
        return Completion(self.site, source.pictures, source.instruments, source.scores, self.address_of)

    def topic(self, topic: Topic) -> Page:
        """The view of a topic's own page."""
        view = Page(
            kind="topic",
            title=topic.title,
            description=topic.description,
            url=topic.url,
            canonical=f"{self.identity.url}/{topic.slug}/",
            template="category",
            topic=topic.slug,
            breadcrumbs=(Link("Home", f"{self.base}/"), Link(topic.title, topic.url)),
            articles=tuple(map(self.link, self.topic_articles[topic.slug])),
            social_image=self._social_image(),
        )
        return dataclasses.replace(view, json_ld=json_ld(view, self.site))

    @cached_property
    def by_url(self) -> dict[str, Compiled]:
        """Every document that has a page, by the root-relative URL of that."""
        return {self.path(one.document): one for one in self.compiled.values()}

    @cached_property
    def address_of(self) -> dict[str, str]:
        """The address of every document that has a page, by its path below content/."""
        return {path: self.identity.address(one.document) for path, one in self.compiled.items()}

    def _data(self, template: str) -> tuple[Any, ...]:
        """What a page made from data lists; nothing for every other template."""
        if template == "glossary":
            return glossary_letters(self.source.glossary)
        if template == "references":
            citing = [
                (self.link(one.document), [source.key for source in one.converted.references])
                for one in self.published.values()
            ]
            return cited_sources(self.source.references, citing)
        if template == "resources":
            return resource_kinds(self.source.resources.values())
        return ()

    def _social_image(self) -> str:
        return f"{self.identity.url}/{self.identity.assets['social.png']}"

    def _breadcrumbs(self, document: Document) -> tuple[Link, ...]:
        links = [Link("Home", f"{self.base}/")]
        links += [Link(topic.title, topic.url) for topic in self.site.topics if topic.slug == document.topic]
        return (*links, Link(document.values["title"], self.path(document)))

    def _beside(self, document: Document) -> dict[str, Any]:
        """The place of an article in the reading order of its topic, and its neighbors there."""
        place = self._places.get(document.relative)
        if place is None:
            return {}
        path = self.topic_articles[document.topic]
        beside: dict[str, Any] = {"place": place + 1, "places": len(path)}
        if place:
            beside["previous"] = self.link(path[place - 1])
        if place + 1 < len(path):
            beside["next"] = self.link(path[place + 1])
        return beside

    @cached_property
    def _by_tags(self) -> dict[frozenset[str], list[str]]:
        groups: dict[frozenset[str], list[str]] = defaultdict(list)
        for path, one in self.published.items():
            if one.document.kind == "article":
                groups[frozenset(one.document.values.get("tags", ()))].append(path)
        return groups

    @cached_property
    def _nearest(self) -> dict[frozenset[str], list[str]]:
        return {}

    def _related(self, document: Document) -> tuple[Link, ...]:
        """Articles the editor chose, or else those that share most tags, by path where they share as many."""
        chosen = [f"articles/{path}" for path in document.values.get("related", ())]
        if not chosen:
            tags = frozenset(document.values.get("tags", ()))
            if tags not in self._nearest:
                self._nearest[tags] = self._sharing_most(tags)
            chosen = [path for path in self._nearest[tags] if path != document.relative][:_RELATED]
        return tuple(self.link(self.published[path].document) for path in chosen if path in self.published)

    def _sharing_most(self, tags: frozenset[str]) -> list[str]:
        """One more than are shown, since an article is its own nearest. Articles with the same tags are looked at once."""
        groups: dict[int, list[list[str]]] = defaultdict(list)
        for others, paths in self._by_tags.items():
            groups[len(tags & others)].append(paths)
        ranked = (path for shared in sorted(groups, reverse=True) if shared for path in heapq.merge(*groups[shared]))
        return list(islice(ranked, _RELATED + 1))


def _dates(document: Document) -> Dates:
    words = []
    for name in ("published", "modified", "evidence_searched", "next_review"):
        date = document.values.get(name)
        words += [date.isoformat(), date_in_words(date)] if date else ["", ""]
    return Dates(*words)
