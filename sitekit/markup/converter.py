"""One Markdown instance for the whole site: a body in, everything a page needs from it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sitekit.markup.context import Context
from sitekit.markup.fast import FastMarkdown
from sitekit.records import record
from sitekit.source.charts import Chart
from sitekit.source.mask import strip_comments
from sitekit.source.references import Source
from sitekit.source.words import count_words, section_time
from sitekit.views import Heading, Reference, Resource

_ID = re.compile(r' id="([^"]+)"')
_SECTION = re.compile(r'<h2 id="([^"]+)"[^>]*>')


@record()
class Converted:
    """The HTML of one body, and what was taken out of it or found in it. ``words`` are those of the body."""

    body: str
    key_points: str
    short: str
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    ids: frozenset[str]
    words: int


class Converter:
    """Converts Markdown with the project's extensions. Making the instance is dear, so one serves every file."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        references: dict[str, Source],
        resources: dict[str, Resource],
        render: Callable[..., str],
        charts: dict[str, Chart] | None = None,
    ) -> None:
        self._md = FastMarkdown(**settings)
        self._context = Context(references, resources, render, charts or {})
        self._md.sitekit_context = self._context  # type: ignore[attr-defined]

    def convert(self, body: str) -> Converted:
        """Convert one body. Pelican's ``{filename}`` placeholders stay in the HTML for Pelican to resolve."""
        self._md.reset()
        self._context.reset()
        html = self._md.convert(strip_comments(body))
        names = {token["id"]: token["name"] for token in self._md.toc_tokens if token["level"] == 2}  # type: ignore[attr-defined]
        parts = _SECTION.split(html)
        counts = [count_words(part) for part in parts[::2]]
        return Converted(
            body=html,
            key_points=self._context.parts.get("key-points", ""),
            short=self._context.parts.get("short", ""),
            headings=tuple(
                Heading(id, names[id], section_time(words))
                for id, words in zip(parts[1::2], counts[1:], strict=True)
                if id in names
            ),
            references=self._references(),
            ids=frozenset(_ID.findall(html)),
            words=sum(counts),
        )

    def _references(self) -> tuple[Reference, ...]:
        found = []
        for number, (key, uses) in enumerate(self._context.cited.items(), 1):
            source = self._context.references[key]
            found.append(
                Reference(
                    number,
                    key,
                    source.first_author,
                    source.title,
                    source.journal,
                    source.year,
                    source.link,
                    source.link_label,
                    tuple(uses),
                )
            )
        return tuple(found)
