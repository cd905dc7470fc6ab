"""Pelican's writer, with plain views for templates, valid RSS, and bytes that depend on nothing but the sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from feedgenerator import Rss201rev2Feed
from pelican.plugins import signals
from pelican.utils import sanitised_join
from pelican.writers import Writer


class SiteWriter(Writer):
    """Writes below the staging folder that the build has set as ``OUTPUT_PATH``."""

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write one file that is not a page. Raises RuntimeError for a name that leads out of the folder."""
        path = Path(sanitised_join(self.output_path, name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def write_text(self, name: str, text: str) -> None:
        """Write one text file in UTF-8 that ends with a line break."""
        self.write_bytes(name, (text.strip() + "\n").encode())

    def _create_new_feed(self, feed_type: str, feed_title: str, context: dict[str, Any]) -> Any:
        feed = super()._create_new_feed(feed_type, feed_title, context)
        feed.feed["language"] = self.settings["LANGUAGE_TAG"]
        return feed

    def _add_item_to_the_feed(self, feed: Any, item: Any) -> None:
        super()._add_item_to_the_feed(feed, item)
        # RFC 4287, 4.1.2 asks for an author; the publication is the one that can be named honestly.
        feed.items[-1]["author_name"] = self.settings["SITENAME"]
        if isinstance(feed, Rss201rev2Feed):
            # The guid is a tag: URI; without this, RSS 2.0 takes it for the address of the article.
            feed.items[-1]["unique_id_is_permalink"] = False


def use_site_writer(_: Any) -> type[Writer]:
    """Tell Pelican about the writer."""
    return SiteWriter


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.get_writer.connect(use_site_writer)
