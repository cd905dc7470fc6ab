"""Pelican's writer, with plain views for templates, valid feeds, and bytes that depend on nothing but the sources."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from feedgenerator import Rss201rev2Feed
from pelican.plugins import signals
from pelican.utils import sanitised_join
from pelican.writers import Writer

from sitekit.cache import digest, pack
from sitekit.outputs import Written, is_current
from sitekit.pages import PageBuilder
from sitekit.processes import can_fork, process_count, share_out, split
from sitekit.render import Renderer
from sitekit.views import Page, Site

_WORTH_A_PROCESS = 150
"""With fewer pages to render, starting processes costs more than it saves."""
_PAGES_IN_A_PIECE = 20


@dataclass(frozen=True, slots=True)
class _Job:
    """What every page of one build is written with."""

    target: Path
    state: Mapping[str, Written]
    key: bytes
    site: Site
    builder: PageBuilder


class SiteWriter(Writer):
    """Writes below the staging folder that the build has set as ``OUTPUT_PATH``.

    Pages wait as outlines until all are known. Their text is filled in as they are written, in several processes when they are many.
    Those that stand in the target already, rendered from the same view by the same templates, are linked into the stage.
    """

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings)
        theme, cache = Path(settings["THEME"]), Path(settings["CACHE_PATH"])
        self.renderer = Renderer(theme, settings["JINJA_ENVIRONMENT"], cache / "templates")
        self.pages: dict[str, Page] = {}
        self.key = b""
        settings["SITE_WRITER"] = self

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write one file. Raises RuntimeError for a name that leads out of the folder."""
        path = Path(sanitised_join(self.output_path, name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def write_index(self, name: str) -> None:
        """Write a file that lists or describes the site as a whole, from the template of the same name."""
        text = self.renderer.index(name, self.settings["SITE_VIEW"], self.settings["SITE_PAGES"])
        self.write_bytes(name, text.encode())

    def write_file(self, name: str, template: Any, context: dict[str, Any], *_: Any, **values: Any) -> None:
        """Take a page to write from the view of the article, page or topic that Pelican hands over."""
        if name:
            self.pages[name] = next(values[kind] for kind in ("article", "page", "category") if kind in values).view

    def write_pages(self, target: Path, state: Mapping[str, Written]) -> dict[str, bytes]:
        """Write every page that was taken; ``state`` is what the last build left in ``target``. Returns fingerprints by name."""
        site, builder = self.settings["SITE_VIEW"], self.settings["SITE_BUILDER"]
        self.key = self.renderer.key(site)
        self._job = _Job(target, state, self.key, site, builder)
        names = list(self.pages)
        if len(names) < _WORTH_A_PROCESS or not can_fork():
            return {name: self.write_page(name) for name in names}
        # Made now, they are there for every process.
        _ = builder.by_url, builder.completion
        gc.freeze()
        try:
            pieces = split(names, len(names) // _PAGES_IN_A_PIECE)
            done = share_out(pieces, lambda some: [self.write_page(name) for name in some], list, list, process_count())
        finally:
            gc.unfreeze()
        return dict(zip(names, chain.from_iterable(done), strict=True))

    def write_page(self, name: str) -> bytes:
        """Write one page that was taken, unless it stands in the target as it should be. Returns its fingerprint."""
        job = self._job
        view = job.builder.complete(self.pages[name])
        fingerprint = digest(job.key, pack(view))
        if not is_current(job.target / name, job.state.get(name), fingerprint) or not self._link(job.target, name):
            self.write_bytes(name, self.renderer.page(view, job.site).encode())
        return fingerprint

    def _link(self, target: Path, name: str) -> bool:
        path = Path(self.output_path, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(target / name, path)
        except OSError:
            return False
        return True

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
