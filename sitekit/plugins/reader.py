"""Pelican's reader for our Markdown: hands over what sitekit.site has read, converted and checked already."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from pelican.plugins import signals
from pelican.readers import BaseReader, Readers
from pelican.urlwrappers import Tag

from sitekit.source.documents import Document


class SourceReader(BaseReader):
    """Looks a file up among the sources of the running build."""

    file_extensions = ["md"]

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """The HTML and metadata of one source file."""
        source = self.settings["SITE_SOURCE"]
        relative = Path(source_path).resolve().relative_to(Path(self.settings["PATH"]).resolve()).as_posix()
        document = source.by_path[relative]
        converted = source.converted[relative]
        values = document.values
        metadata: dict[str, Any] = {
            "title": values["title"],
            "description": values["description"],
            "slug": document.slug,
            "date": _midnight(values["published"]),
            "modified": _midnight(values["modified"]),
            "status": self._status(document),
            "document": document,
            "converted": converted,
        }
        if document.kind == "article":
            metadata["tags"] = [Tag(tag, self.settings) for tag in values.get("tags", ())]
        metadata.update(self.settings["PAGE_EXCEPTIONS"].get(document.slug, {}) if document.kind == "page" else {})
        parts = (converted.key_points, converted.short, converted.body)
        return "\n".join(part for part in parts if part), metadata

    def _status(self, document: Document) -> str:
        """``skip`` makes Pelican forget a file, so that a draft can have neither a page nor files of its own."""
        if document.draft and not self.settings["WITH_DRAFTS"]:
            return "skip"
        return "draft" if document.draft else "published"


def _midnight(date: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time())


def use_source_reader(readers: Readers) -> None:
    """Replace Pelican's Markdown reader."""
    for extension in ("md", "markdown", "mkd", "mdown"):
        readers.reader_classes.pop(extension, None)
    readers.reader_classes["md"] = SourceReader


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.readers_init.connect(use_source_reader)
