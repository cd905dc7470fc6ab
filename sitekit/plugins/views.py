"""Builds the plain views that templates receive, once, when Pelican has read everything."""

from __future__ import annotations

import dataclasses
from typing import Any

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.plugins import signals

from sitekit.plugins.assets import collect_assets
from sitekit.source.documents import Document
from sitekit.source.plaintext import read as read_plaintext
from sitekit.source.readability import measure_page
from sitekit.source.words import count_words, date_in_words, reading_minutes
from sitekit.structured_data import json_ld
from sitekit.views import Dates, Link, Page, Site, Topic

_FOOTER = ("about", "editorial-policy", "how-we-write-and-score", "corrections", "privacy", "accessibility")
_CRISIS = ("911", "988", "oc-links")


class Views:
    """Everything needed to build the views of one run."""

    def __init__(self, settings: dict[str, Any], articles: list[Content], pages: list[Content]) -> None:
        self.settings = settings
        self.source = settings["SITE_SOURCE"]
        self.url = settings["SITEURL"]
        self.base = "/" + self.url.split("://", 1)[1].partition("/")[2] if "/" in self.url.split("://", 1)[1] else ""
        self.articles = {content.document.relative: content for content in articles}
        self.pages = {content.slug: content for content in pages}
        self.site = self._site()

    def path(self, content: Content) -> str:
        """The root-relative URL of a page."""
        return f"{self.base}/{content.url}"

    def link(self, content: Content) -> Link:
        """A page as a link with its description."""
        return Link(content.title, self.path(content), content.description)

    def topic_articles(self, topic: str) -> list[Content]:
        """The published articles of a topic, in reading order."""
        order = self.source.topics[topic].order
        rank = {slug: number for number, slug in enumerate(order)}
        found = [
            content
            for content in self.articles.values()
            if content.document.topic == topic and not content.document.draft
        ]
        return sorted(found, key=lambda content: (rank.get(content.slug, len(order)), content.title))

    def _site(self) -> Site:
        settings = self.settings
        topics = []
        for topic in self.source.topics.values():
            articles = tuple(self.link(content) for content in self.topic_articles(topic.id))
            if articles:
                topics.append(Topic(topic.id, topic.title, topic.description, f"{self.base}/{topic.id}/", articles))
        starts = [
            Link(content.document.values["start"], self.path(content), content.title)
            for topic in topics
            for content in self.topic_articles(topic.slug)
            if content.document.values.get("start")
        ]
        feeds = (
            Link(f"{settings['SITENAME']} (Atom)", f"{self.base}/{settings['FEED_ALL_ATOM']}"),
            Link(f"{settings['SITENAME']} (RSS)", f"{self.base}/{settings['FEED_ALL_RSS']}"),
        )
        return Site(
            name=settings["SITENAME"],
            tagline=settings["SITESUBTITLE"],
            description=settings["SITE_DESCRIPTION"],
            language=settings["LANGUAGE_TAG"],
            url=self.url,
            base=self.base,
            topics=tuple(topics),
            crisis={identifier: self.source.resources[identifier] for identifier in _CRISIS},
            starts=tuple(starts),
            footer=tuple(self.link(self.pages[slug]) for slug in _FOOTER if slug in self.pages),
            assets={asset.name: f"{self.base}/{asset.path}" for asset in collect_assets(settings["THEME"])},
            feeds=feeds,
            contact=settings["CONTACT_EMAIL"],
        )

    def page(self, content: Content) -> Page:
        """The view of an article or a page."""
        document: Document = content.document
        converted = content.converted

        def html(part: str) -> str:
            return content._update_content(part, self.base)

        article = document.kind == "article"
        kind = "article" if article else {"home": "home", "404": "error"}.get(content.slug, "page")
        words = sum(count_words(part) for part in (converted.key_points, converted.short, converted.body))
        view = Page(
            kind=kind,
            title=content.title,
            description=content.description,
            url=self.path(content),
            canonical=f"{self.url}/{content.url}",
            body=html(converted.body),
            type=document.values.get("type", ""),
            template=content.template,
            topic=document.topic,
            helps=document.values.get("helps", ""),
            main_message=document.values.get("main_message", ""),
            key_points=html(converted.key_points),
            short=html(converted.short),
            breadcrumbs=self._breadcrumbs(content) if kind in ("article", "page") else (),
            contents=converted.headings,
            references=converted.references,
            dates=_dates(document),
            minutes=reading_minutes(words),
            words=words,
            grade=measure_page(read_plaintext(document.text)).page.grade_adjusted if article else None,
            related=self._related(content) if article else (),
            indexable=kind != "error" and not document.draft,
            draft=document.draft,
            social_image=self._social_image(),
        )
        if article and not document.draft:
            path = self.topic_articles(document.topic)
            place = path.index(content)
            view = dataclasses.replace(
                view,
                previous=self.link(path[place - 1]) if place else None,
                next=self.link(path[place + 1]) if place + 1 < len(path) else None,
            )
        return dataclasses.replace(view, json_ld=json_ld(view, self.site))

    def topic(self, topic: Topic) -> Page:
        """The view of a topic's own page."""
        view = Page(
            kind="topic",
            title=topic.title,
            description=topic.description,
            url=topic.url,
            canonical=f"{self.url}/{topic.slug}/",
            template="category",
            topic=topic.slug,
            breadcrumbs=(Link("Home", f"{self.base}/"), Link(topic.title, topic.url)),
            articles=topic.articles,
            social_image=self._social_image(),
        )
        return dataclasses.replace(view, json_ld=json_ld(view, self.site))

    def _social_image(self) -> str:
        return f"{self.url}{self.site.assets['social.png'].removeprefix(self.base)}"

    def _breadcrumbs(self, content: Content) -> tuple[Link, ...]:
        links = [Link("Home", f"{self.base}/")]
        links += [Link(topic.title, topic.url) for topic in self.site.topics if topic.slug == content.document.topic]
        return (*links, Link(content.title, self.path(content)))

    def _related(self, content: Content) -> tuple[Link, ...]:
        """Articles the editor chose, or else those that share most tags."""
        chosen = [f"articles/{path}" for path in content.document.values.get("related", ())]
        if not chosen:
            tags = set(content.document.values.get("tags", ()))
            shared = {
                path: len(tags & set(other.document.values.get("tags", ())))
                for path, other in self.articles.items()
                if other is not content and not other.document.draft
            }
            chosen = sorted((path for path, count in shared.items() if count), key=lambda path: (-shared[path], path))[
                :3
            ]
        return tuple(self.link(self.articles[path]) for path in chosen if path in self.articles)


def _dates(document: Document) -> Dates:
    words = []
    for name in ("published", "modified", "next_review"):
        date = document.values.get(name)
        words += [date.isoformat(), date_in_words(date)] if date else ["", ""]
    return Dates(*words)


def build_views(generators: list[Generator]) -> None:
    """Attach a view to every content object and topic, and give templates the one site view."""
    articles = next(generator for generator in generators if isinstance(generator, ArticlesGenerator))
    pages = next(generator for generator in generators if isinstance(generator, PagesGenerator))
    contents = [*articles.articles, *articles.drafts]
    others = [*pages.pages, *pages.draft_pages]
    views = Views(articles.settings, contents, others)
    for content in (*contents, *others):
        content.view = views.page(content)
    topics = {topic.slug: views.topic(topic) for topic in views.site.topics}
    for category, _ in articles.categories:
        category.view = topics[category.slug]
    listed = [content.view for content in (*others, *contents) if content.view.indexable]
    for generator in generators:
        generator.context["site"] = views.site
        generator.context["views"] = sorted([*listed, *topics.values()], key=lambda view: view.url)


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.all_generators_finalized.connect(build_views)
