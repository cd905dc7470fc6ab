"""Pelican's reader for our Markdown: hands over what sitekit.site has read, converted and checked already."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, ClassVar

from pelican.plugins import signals
from pelican.readers import BaseReader, Readers
from pelican.urlwrappers import Tag

from sitekit.source.documents import Document


class SourceReader(BaseReader):
    """Looks a file up among the sources of the running build."""

    file_extensions: ClassVar = ["md"]

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """The HTML and metadata of one source file."""
        relative = Path(source_path).relative_to(self.settings["PATH"]).as_posix()
        document = self.settings["SITE_SOURCE"].compiled[relative].document
        identity = self.settings["SITE_IDENTITY"]
        values = document.values
        metadata: dict[str, Any] = {
            "title": values["title"],
            "summary": values["description"],
            "slug": document.slug,
            "date": _midnight(values["published"]),
            "modified": _midnight(values["modified"]),
            "status": self._status(document),
            # Said once here, an address is not computed anew at each use.
            "url": identity.address(document),
            "save_as": identity.file(document),
            "template": identity.template(document),
            "document": document,
        }
        if document.kind == "article":
            metadata["tags"] = [self._tag(name) for name in values.get("tags", ())]
        return "", metadata

    def _tag(self, name: str) -> Tag:
        tags = self.settings.setdefault("SITE_TAGS", {})
        if name not in tags:
            tags[name] = Tag(name, self.settings)
        return tags[name]

    def _status(self, document: Document) -> str:
        """``skip`` makes Pelican forget a file; ``hidden`` gives a page its address and keeps it out of every list."""
        if not document.hidden(self.settings["SITE_SOURCE"].today):
            return "published"
        if not self.settings["WITH_DRAFTS"]:
            return "skip"
        return "draft" if document.draft else "hidden"


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
