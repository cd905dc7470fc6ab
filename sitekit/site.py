"""The whole source of the site, read, checked and converted: what a build starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from sitekit.markup.converter import Converted, Converter
from sitekit.problems import Problem
from sitekit.source import rules
from sitekit.source.checks import check_body
from sitekit.source.documents import Document, read_documents
from sitekit.source.links import Targets, check_links
from sitekit.source.references import Source, read_references
from sitekit.source.resources import read_resources
from sitekit.source.topics import TopicData, read_topics
from sitekit.views import Resource


@dataclass
class SiteSource:
    """Everything below content/. ``converted`` maps a document's path below content/ to its HTML."""

    topics: dict[str, TopicData]
    references: dict[str, Source]
    resources: dict[str, Resource]
    unverified: set[str]
    documents: list[Document]
    problems: list[Problem]
    converted: dict[str, Converted] = field(default_factory=dict)

    @cached_property
    def by_path(self) -> dict[str, Document]:
        """The documents by their path below content/."""
        return {document.relative: document for document in self.documents}


def macro_renderer(theme: Path, jinja: Mapping[str, Any]) -> Callable[..., str]:
    """A function that calls a macro of ``macros/blocks.html`` in a theme folder, by name, with plain values."""
    environment = Environment(loader=FileSystemLoader(theme / "templates"), **jinja)
    macros = environment.get_template("macros/blocks.html").module

    def render(name: str, **values: Any) -> str:
        return str(getattr(macros, name)(**values)).strip()

    return render


def read_site(content: Path, label: str, markdown: Mapping[str, Any], render: Callable[..., str]) -> SiteSource:
    """Read, convert and check everything below ``content``.

    ``label`` is how problems name that folder, ``markdown`` the settings of Python-Markdown and ``render`` calls a macro of
    the theme. Nothing is raised for bad content: every problem is in the result.
    """
    data = content / "data"
    topics, problems = read_topics(data / "topics.yaml", f"{label}/data/topics.yaml")
    references, found = read_references(data / "references.bib", f"{label}/data/references.bib")
    problems += found
    resources, unverified, found = read_resources(data / "resources.yaml", f"{label}/data/resources.yaml")
    problems += found
    documents, found = read_documents(content, label, frozenset(topics))
    problems += found
    site = SiteSource(topics, references, resources, unverified, documents, problems)
    converter = Converter(markdown, references, resources, render)
    for document in documents:
        site.converted[document.relative] = converter.convert(document.front.body)
        site.problems += check_body(document, references, resources, unverified)
        site.problems += rules.check_text(document.path, document.text, document.values)
    files = frozenset(
        path.relative_to(content).as_posix() for path in (content / "images").rglob("*") if path.is_file()
    )
    targets = Targets(
        ids={relative: converted.ids for relative, converted in site.converted.items()},
        drafts=frozenset(document.relative for document in documents if document.draft),
        files=files,
        topics=topics,
        resources=resources,
        unverified=unverified,
    )
    for document in documents:
        site.problems += check_links(document, targets)
    site.problems += rules.check_documents([(document.path, document.text, document.values) for document in documents])
    site.problems += _check_unique(documents) + _check_order(site, f"{label}/data/topics.yaml")
    return site


def _check_unique(documents: list[Document]) -> list[Problem]:
    """Two pages never share a title, a description or an address."""
    problems = []
    for name in ("title", "description"):
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
