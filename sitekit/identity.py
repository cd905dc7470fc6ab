"""What the settings say of the site: its name, its address, and where each document is found below that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sitekit.source.documents import Document


@dataclass(frozen=True)
class Identity:
    """What the settings say of the site. ``exceptions`` gives some pages an address and a template of their own, by slug."""

    name: str
    tagline: str
    description: str
    language: str
    url: str
    contact: str
    feeds: tuple[tuple[str, str], ...]
    exceptions: Mapping[str, Mapping[str, str]]
    assets: Mapping[str, str]

    @property
    def base(self) -> str:
        """The path that the site is deployed under: empty, or ``/prefix``."""
        return "/" + path if (path := self.url.split("://", 1)[-1].partition("/")[2].strip("/")) else ""

    def address(self, document: Document) -> str:
        """Where a document is found below the site's address: ``mind/insomnia-and-pain/``."""
        if document.draft:
            return f"drafts/{document.slug}/"
        if document.kind == "article":
            return f"{document.topic}/{document.slug}/"
        return self.exceptions.get(document.slug, {}).get("url", f"{document.slug}/")

    def file(self, document: Document) -> str:
        """The file below output/ that answers for a document."""
        address = self.address(document)
        exception = (
            ""
            if document.draft or document.kind == "article"
            else self.exceptions.get(document.slug, {}).get("save_as", "")
        )
        return exception or f"{address}index.html"

    def template(self, document: Document) -> str:
        """The name of the template of a document."""
        if document.kind == "article":
            return "article"
        return self.exceptions.get(document.slug, {}).get("template", "page")
