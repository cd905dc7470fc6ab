"""Hands the plain views of sitekit.pages to Pelican's content objects, once, when Pelican has read everything."""

from __future__ import annotations

from typing import Any

from pelican.generators import ArticlesGenerator, Generator, PagesGenerator, StaticGenerator
from pelican.plugins import signals

from sitekit.identity import Identity
from sitekit.pages import PageBuilder
from sitekit.plugins.assets import collect_assets


def identity_of(settings: dict[str, Any]) -> Identity:
    """The site's identity as the settings give it."""
    return Identity(
        name=settings["SITENAME"],
        tagline=settings["SITESUBTITLE"],
        description=settings["SITE_DESCRIPTION"],
        language=settings["LANGUAGE_TAG"],
        url=settings["SITEURL"],
        contact=settings["CONTACT_EMAIL"],
        feeds=(("Atom", settings["FEED_ALL_ATOM"]), ("RSS", settings["FEED_ALL_RSS"])),
        exceptions=settings["PAGE_EXCEPTIONS"],
        assets={asset.name: asset.path for asset in collect_assets(settings["THEME"])},
    )


def build_views(generators: list[Generator]) -> None:
    """Attach a view to every content object and topic; feeds are written from them."""
    articles = next(generator for generator in generators if isinstance(generator, ArticlesGenerator))
    pages = next(generator for generator in generators if isinstance(generator, PagesGenerator))
    settings = articles.settings
    builder: PageBuilder = settings["SITE_BUILDER"]
    waiting = (*articles.hidden_articles, *pages.hidden_pages)
    for content in (*articles.articles, *articles.drafts, *pages.pages, *pages.draft_pages, *waiting):
        content.view = builder.outlines[content.document.relative]
    for category, _ in articles.categories:
        category.view = builder.topic_pages[category.slug]
    # For the dates of lists that this site does not have, Pelican would look for each article in the list of every tag and topic.
    articles.dates = []
    static = next(generator for generator in generators if isinstance(generator, StaticGenerator))
    # Pelican copies whole folders; what only a hidden page shows is as hidden as the page, and of a photo, what was made from it
    # goes out, never the file itself with all that cameras write into it.
    pictures = builder.source.pictures
    copied = {path for path in settings["SITE_FILES"] if path not in pictures or not pictures[path].variants}
    static.staticfiles[:] = [file for file in static.staticfiles if file.relative_source_path in copied]


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.all_generators_finalized.connect(build_views)
