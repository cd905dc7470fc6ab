"""Markdown extension: links and images as editors write them, made ready for Pelican and for readers.

``resource:id`` becomes the number from the data file, a plain ``other.md`` or ``picture.svg`` becomes Pelican's
``{filename}`` or ``{static}``, and a link that leaves the site tells nobody where the reader came from. Images below the first
heading load when they are about to be seen; one above it is among the first things seen.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from sitekit.markup.context import context_of
from sitekit.source.destinations import pelican_destination, resource_href

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class _Links(Treeprocessor):
    def run(self, root: Element) -> None:
        resources = context_of(self.md).resources
        for link in root.iter("a"):
            href = link.get("href")
            if not href:
                continue
            if href.startswith("resource:"):
                href = resource_href(href, resources) or "#"
            link.set("href", pelican_destination(href))
            if href.startswith(("https://", "http://")):
                link.set("rel", "noreferrer")
        heading_seen = False
        for element in root.iter() if next(root.iter("img"), None) is not None else ():
            if element.tag == "img":
                element.set("src", pelican_destination(element.get("src", "")))
                element.set("decoding", "async")
                if heading_seen:
                    element.set("loading", "lazy")
            elif element.tag in _HEADINGS:
                heading_seen = True


class LinksExtension(Extension):
    """Registers after inline parsing (20), when links have become elements."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Markdown with the instance to extend."""
        md.treeprocessors.register(_Links(md), "sitekit-links", 15)


def makeExtension(**configs: object) -> LinksExtension:
    """Entry point of Python-Markdown."""
    return LinksExtension(**configs)
