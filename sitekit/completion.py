"""What a page has of the text of its own source, and of nothing else: outlines (sitekit.pages) become complete views here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sitekit.images import html as picture_html
from sitekit.images.model import Picture
from sitekit.source.destinations import content_path
from sitekit.source.words import date_in_words, reading_minutes
from sitekit.structured_data import json_ld
from sitekit.views import InstrumentScore, Page, Scores, Site

if TYPE_CHECKING:
    from sitekit.compiler import Compiled
    from sitekit.source.readability import Readability
    from sitekit.source.scores import Instrument, PageScores

_STATIC = re.compile(r'\{(?:static|attach)\}([^"#?]*)')
# Begins with fixed characters, which makes the search several times faster; the attribute before them is looked at afterwards.
_PLACEHOLDER = re.compile(r'="\{(filename|static|attach|category|index)\}([^"#?]*)')
_FILE = re.compile(r'\b(?:href|src)="\{(?:static|attach)\}([^"#?]*)')
_FILE_MARKS = ("{static}", "{attach}")


@dataclass(frozen=True)
class Completion:
    """Gives outlines their text. ``pictures`` are those that pages show, ``address_of`` has the address of every document that has a
    page, both by path below content/; ``scores`` goes by slug."""

    site: Site
    pictures: Mapping[str, Picture]
    instruments: Mapping[str, Instrument]
    scores: Mapping[str, PageScores]
    address_of: Mapping[str, str]

    def complete(self, outline: Page, compiled: Compiled) -> Page:
        """An outline with everything that follows from the text of its source."""
        key_points, body, short = (
            resolve_links(part, compiled.document.relative, self.site.base, self.address_of, self.pictures)
            for part in compiled.marked
        )
        measured = compiled.readability if compiled.document.kind == "article" else None
        view = replace(
            outline,
            key_points=key_points,
            body=body,
            short=short,
            contents=compiled.converted.headings,
            references=compiled.converted.references,
            minutes=reading_minutes(compiled.words),
            words=compiled.words,
            grade=measured.page.grade_adjusted if measured else None,
            scores=self._scores(compiled.document.slug, measured.page) if measured else None,
        )
        return replace(view, json_ld=json_ld(view, self.site))

    def _scores(self, slug: str, figures: Readability) -> Scores:
        """The measures of an article, with what we score it ourselves if somebody has."""
        given = self.scores.get(slug)
        results = tuple(
            InstrumentScore(instrument.name, instrument.result(given.points[name]))
            for name, instrument in self.instruments.items()
            if given
        )
        scored = date_in_words(given.scored) if given else ""
        return Scores(figures.grade_adjusted, figures.grade, figures.mean_sentence, scored, results)


def static_files(compiled: Compiled) -> frozenset[str]:
    """The paths below content/ of the files that a document shows or links to, whether or not they exist."""
    folder = compiled.document.relative.rpartition("/")[0]
    parts = (part for part in compiled.marked if any(mark in part for mark in _FILE_MARKS))
    return frozenset(content_path(path, folder) for part in parts for path in _FILE.findall(part))


def resolve_links(
    html: str, relative: str, base: str, address_of: Mapping[str, str], pictures: Mapping[str, Picture]
) -> str:
    """``html`` with its ``{filename}`` and other placeholders turned into root-relative URLs, and pictures in all their sizes.

    ``relative`` is where the source lies below content/. What leads nowhere stays as it is, for the link checker to find.
    """
    folder = relative.rpartition("/")[0]

    def shown(match: re.Match[str]) -> str:
        attributes = picture_html.read_attributes(match[1])
        source = _STATIC.match(attributes.get("src", ""))
        picture = source and pictures.get(content_path(source[1], folder))
        return picture_html.render(attributes, picture, base) if picture else match[0]

    def resolved(match: re.Match[str]) -> str:
        kind, path = match.groups()
        if not html.endswith(("href", "src"), 0, match.start()):
            return match[0]
        if kind == "filename":
            address = address_of.get(content_path(path, folder))
        elif kind == "category":
            address = f"{path.strip('/')}/"
        else:
            address = "" if kind == "index" else content_path(path, folder)
            if (picture := pictures.get(address)) and picture.variants:
                address = picture.of(picture.fallback)[-1].path  # never the source, which may tell where it was taken
        return match[0] if address is None else f'="{base}/{address}'

    if pictures and "<img" in html:
        html = picture_html.IMAGE.sub(shown, html)
    return _PLACEHOLDER.sub(resolved, html)
