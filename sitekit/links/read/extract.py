"""What one file holds: the links it makes and the places others may link to. Plain data, so it can be stored and sent."""

from __future__ import annotations

from typing import NamedTuple

# A link as read: the authored URL (decoded, not yet trimmed) and where it stands, for example ``a[href]``.
RawLink = tuple[str, str]

# Where nearly all links of a page stand.
A_HREF = "a[href]"

# The text of a link that aria-labelledby names by other elements.
LABELLED_ELSEWHERE = "\x00labelled elsewhere"

HTML, SVG, CSS, FEED, SITEMAP, DATA, ROBOTS, REDIRECTS, OTHER = (
    "html",
    "svg",
    "css",
    "feed",
    "sitemap",
    "data",
    "robots",
    "redirects",
    "other",
)


class Redirect(NamedTuple):
    """One rule of a ``_redirects`` file."""

    source: str
    target: str
    status: int
    forced: bool
    conditional: bool
    line: int


class Extract:
    """``hrefs`` holds the URLs of a document's ``<a href>`` and ``texts`` what each of them says; both stand under ``chain``, the
    base URLs (``<base>``, ``xml:base``) from the outermost, mostly just ``()``. ``others`` holds all other links by their chain;
    ``before`` says of those of the document itself how many ``hrefs`` come before each. ``notes`` are pairs of a finding code and a message about the file itself."""

    __slots__ = (
        *("kind", "chain", "hrefs", "texts", "others", "before", "ids", "duplicate_ids", "refresh", "redirects"),
        *("notes", "noindex"),
    )

    def __init__(self, kind: str = OTHER, notes: list[tuple[str, str]] | None = None) -> None:
        self.kind = kind
        self.chain: tuple[str, ...] = ()
        self.hrefs: list[str] = []
        self.texts: list[str] = []
        self.others: dict[tuple[str, ...], list[RawLink]] = {}
        self.before: list[int] = []
        self.ids: list[str] = []
        self.duplicate_ids: list[str] = []
        self.refresh: str | None = None
        self.redirects: list[Redirect] = []
        self.notes = notes or []
        self.noindex = False

    def add(self, chain: tuple[str, ...], links: list[RawLink]) -> None:
        """Add links that stand under a chain of base URLs."""
        if links:
            self.others.setdefault(chain, []).extend(links)

    @property
    def groups(self) -> dict[tuple[str, ...], list[RawLink]]:
        """All links in the order of the document, by their chain of base URLs."""
        if not self.hrefs:
            return self.others
        hrefs = [(href, A_HREF) for href in self.hrefs]
        others = self.others.get(self.chain, [])
        own: list[RawLink] = []
        done = 0
        for link, before in zip(others, self.before, strict=False):  # more can come from documents inside this one
            own += hrefs[done:before]
            own.append(link)
            done = before
        own += hrefs[done:] + others[len(self.before) :]
        return {self.chain: own, **{chain: links for chain, links in self.others.items() if chain != self.chain}}
