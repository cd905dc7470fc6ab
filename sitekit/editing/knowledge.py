"""What a mend may count on: every page, heading, image, name and host that the sources know."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sitekit.editing.addresses import address_of
from sitekit.editing.project import Project
from sitekit.problems import Problem
from sitekit.site import SiteSource, link_targets
from sitekit.source import rules
from sitekit.source.checks import check_body
from sitekit.source.documents import Document
from sitekit.source.entries import Known
from sitekit.source.links import Targets, check_links
from sitekit.source.markdown_links import scan

_HTTPS = re.compile(r"https://([A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``addresses`` maps the address of each page to its path below content/; ``secure`` are hosts that we link to with https."""

    targets: Targets
    references: Collection[str]
    addresses: Mapping[str, str]
    own_host: str
    secure: Collection[str]

    @classmethod
    def of(cls, project: Project, site: SiteSource) -> Knowledge:
        """All of it, from the sources as they were read."""
        targets = link_targets(project.content, site)
        addresses = {address_of(document.relative): document.relative for document in site.documents}
        for slug, exception in project.settings.PAGE_EXCEPTIONS.items():
            if "url" in exception and addresses.pop(f"/{slug}/", None):
                addresses[f"/{exception['url']}"] = f"pages/{slug}.md"
        own = urlsplit(project.settings.SITEURL).hostname or ""
        urls = [*(source.link for source in site.references.values()), *(one.url for one in site.resources.values())]
        secure = _hosts([*urls, *(document.text for document in site.documents)]) | {own}
        return cls(targets, site.references.known, addresses, own, frozenset(secure))

    def problems(self, document: Document) -> list[Problem]:
        """What is wrong with one document as far as it can be seen without converting it anew."""
        return [
            *document.front.problems,
            *check_body(
                document, self.references, Known(self.targets.resources, self.targets.lost), self.targets.unverified
            ),
            *check_links(document, scan(document.text), self.targets),
            *rules.check_text(document.path, document.text, document.values),
        ]

    def page(self, name: str) -> str:
        """The path below content/ of the one page whose file has this name, with or without folder and ``.md``; else empty."""
        slug = name.rstrip("/").rpartition("/")[2].removesuffix(".md").removesuffix(".html")
        found = [path for path in self.targets.ids if path.endswith(f"/{slug}.md")]
        return found[0] if slug and len(found) == 1 else ""


def _hosts(texts: Iterable[str]) -> set[str]:
    return {match[1].lower() for text in texts for match in _HTTPS.finditer(text)}


def near(word: str, known: Iterable[str]) -> str:
    """The one known word that ``word`` must be: the same but for capitals, hyphens and spaces, or one slip of the finger away.

    Empty when there is none or more than one. Short words differ by a letter too easily, so below five letters only the first holds.
    """
    plain = _plain(word)
    same = [one for one in known if _plain(one) == plain]
    if len(same) == 1:
        return same[0]
    close = [one for one in known if len(one) >= 5 and _one_slip(plain, _plain(one))]
    return close[0] if len(close) == 1 and not same else ""


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word).casefold()


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, extra or wrong, or two neighbors are exchanged (Damerau 1964)."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and len(a) > 1 and a[2:] == b[2:])
