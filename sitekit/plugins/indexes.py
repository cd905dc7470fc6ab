"""Files for machines: sitemap.xml, robots.txt and the web manifest, each a template over the same page views."""

from __future__ import annotations

from typing import Any

from pelican.generators import Generator
from pelican.plugins import signals

_FILES = ("robots.txt", "sitemap.xml", "site.webmanifest")


class IndexesGenerator(Generator):
    """Writes the files that list or describe the site as a whole."""

    def generate_output(self, writer: Any) -> None:
        """Write each file from the template of the same name."""
        for name in _FILES:
            writer.write_index(name)


def add_generator(_: Any) -> type[Generator]:
    """Tell Pelican about the generator."""
    return IndexesGenerator


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.get_generators.connect(add_generator)
