"""What a build did to the links of each page, for the link checker to find its way back (docs/links/record.md)."""

from __future__ import annotations

from sitekit.compiler import Compiled
from sitekit.completion import resolve_links
from sitekit.links.source.record import BuildRecord, PageRecord
from sitekit.pages import PageBuilder
from sitekit.source.destinations import pelican_destination, resource_href


def build_record(builder: PageBuilder) -> BuildRecord:
    """The record of every page that ``builder`` makes."""
    pages = {}
    known: dict[tuple[str, str], str] = {}
    for compiled in builder.compiled.values():
        template = f"theme/templates/{builder.identity.template(compiled.document)}.html"
        links = tuple(pair for pair in _pairs(builder, compiled, known) if pair[0] != pair[1])
        pages[builder.identity.file(compiled.document)] = PageRecord(compiled.document.path, template, links)
    for topic in builder.site.topics:
        pages[f"{topic.slug}/index.html"] = PageRecord(template="theme/templates/category.html")
    return BuildRecord(pages)


def _pairs(builder: PageBuilder, compiled: Compiled, known: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    """Each destination as written in the source with the URL written to the page, in the order of the source.

    ``known`` holds what was found before, by folder and destination: many pages link to the same few.
    """
    folder = compiled.document.relative.rpartition("/")[0]
    pairs = []
    for link in compiled.links:
        place = (folder, link.destination)
        if place not in known:
            known[place] = _written(builder, compiled, link.destination)
        pairs.append((link.destination, known[place]))
    return pairs


def _written(builder: PageBuilder, compiled: Compiled, destination: str) -> str:
    """What the page says where its source says ``destination``."""
    if destination.startswith("resource:"):
        return resource_href(destination, builder.source.resources)
    attribute = f'href="{pelican_destination(destination)}"'
    relative, pictures = compiled.document.relative, builder.source.pictures
    written = resolve_links(attribute, relative, builder.base, builder.address_of, pictures)
    return written.removeprefix('href="').removesuffix('"')
