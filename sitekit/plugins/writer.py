"""Pelican's writer, with plain views for templates, valid feeds, and bytes that depend on nothing but the sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from feedgenerator import Rss201rev2Feed
from pelican.plugins import signals
from pelican.utils import sanitised_join
from pelican.writers import Writer


class SiteWriter(Writer):
    """Writes below the staging folder that the build has set as ``OUTPUT_PATH``.

    Pages are rendered by sitekit.rendering, all at once and from their views; here is noted which of them Pelican asks for.
    """

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings)
        self.asked: set[str] = set()
        """The names of the pages that Pelican would have written."""
        settings["SITE_WRITER"] = self

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write one file. Raises RuntimeError for a name that leads out of the folder."""
        path = Path(sanitised_join(self.output_path, name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def write_index(self, name: str) -> None:
        """Write a file that lists or describes the site as a whole, from the template of the same name."""
        builder = self.settings["SITE_BUILDER"]
        text = self.settings["SITE_RENDERER"].index(name, builder.site, builder.listed)
        self.write_bytes(name, text.encode())

    def write_file(self, name: str, template: Any, context: dict[str, Any], *_: Any, **values: Any) -> None:
        """Note a page that Pelican would write."""
        if name:
            self.asked.add(name)

    def _create_new_feed(self, feed_type: str, feed_title: str, context: dict[str, Any]) -> Any:
        feed = super()._create_new_feed(feed_type, feed_title, context)
        feed.feed["language"] = self.settings["LANGUAGE_TAG"]
        return feed

    def _add_item_to_the_feed(self, feed: Any, item: Any) -> None:
        super()._add_item_to_the_feed(feed, item)
        entry = feed.items[-1]
        # The whole text belongs where its dates, its sources and the crisis lines stand with it: on the page.
        entry["description"], entry["content"] = item.view.description, None
        # RFC 4287, 4.1.2 asks for an author; the publication is the one that can be named honestly.
        entry["author_name"] = self.settings["SITENAME"]
        if isinstance(feed, Rss201rev2Feed):
            # The guid is a tag: URI; without this, RSS 2.0 takes it for the address of the article.
            entry["unique_id_is_permalink"] = False


def use_site_writer(_: Any) -> type[Writer]:
    """Tell Pelican about the writer."""
    return SiteWriter


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.get_writer.connect(use_site_writer)
