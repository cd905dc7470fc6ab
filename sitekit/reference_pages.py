"""What the pages made from data show: the glossary, the sources that the site cites, and the directory of resources.

Pure functions from what has been read to plain views; the Markdown files of the same names hold the introductions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sitekit.source.glossary import Term
from sitekit.source.references import Source
from sitekit.views import CitedSource, GlossaryEntry, GlossaryLetter, Link, Resource, ResourceGroup, ResourceKind

_KINDS = {
    "crisis": ("Help in a crisis", "in-a-crisis"),
    "helpline": ("Someone to talk to", "to-talk"),
    "finder": ("Finding care and paying for it", "finding-care"),
    "license": ("Checking a license", "licenses"),
}
_SCOPES = {
    "Orange County": "In Orange County",
    "California": "In California",
    "national": "Anywhere in the United States",
}
"""Nearest first, since what is near can send somebody or be visited."""


def glossary_letters(terms: Mapping[str, Term]) -> tuple[GlossaryLetter, ...]:
    """The glossary by first letter; terms that begin with a digit stand first, together."""
    letters: dict[str, list[GlossaryEntry]] = {}
    for term in sorted(terms.values(), key=lambda term: (not term.term[0].isdigit(), term.term.casefold())):
        see_also = tuple(Link(name, f"#{terms[name].id}") for name in term.see_also if name in terms)
        first = "0 to 9" if term.term[0].isdigit() else term.term[0].upper()
        letters.setdefault(first, []).append(GlossaryEntry(term.id, term.term, term.aliases, term.definition, see_also))
    return tuple(
        GlossaryLetter(name, f"letter-{name.lower().replace(' ', '-')}", tuple(entries))
        for name, entries in letters.items()
    )


def cited_sources(
    references: Mapping[str, Source], citing: Iterable[tuple[Link, Iterable[str]]]
) -> tuple[CitedSource, ...]:
    """Every source that a page cites, by its first author, with those pages. ``citing`` pairs a page with the keys it cites."""
    pages: dict[str, list[Link]] = {}
    for page, keys in citing:
        for key in keys:
            pages.setdefault(key, []).append(page)
    cited = sorted(
        (references[key] for key in pages),
        key=lambda source: ((source.authors or source.title).casefold(), source.year),
    )
    return tuple(
        CitedSource(
            source.key, source.authors, source.title, source.container, source.year, source.link, source.link_label,
            tuple(sorted(pages[source.key], key=lambda page: page.title)),
        )
        for source in cited
    )  # fmt: skip


def resource_kinds(resources: Iterable[Resource]) -> tuple[ResourceKind, ...]:
    """The verified resources by kind, and within a kind by where they can be used."""
    found = list(resources)
    kinds = []
    for kind, (title, identifier) in _KINDS.items():
        groups = []
        for scope, words in _SCOPES.items():
            members = tuple(one for one in found if (one.kind, one.scope) == (kind, scope))
            if members:
                groups.append(ResourceGroup(words, f"{identifier}-{scope.lower().replace(' ', '-')}", members))
        if groups:
            kinds.append(ResourceKind(title, identifier, tuple(groups)))
    return tuple(kinds)
