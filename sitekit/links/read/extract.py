"""What one file holds: the links it makes and the places others may link to. Plain data, so it can be stored and sent."""

from __future__ import annotations

from dataclasses import dataclass, field

# A link as read: the authored URL (decoded, not yet trimmed) and where it stands, for example ``a[href]``.
RawLink = tuple[str, str]

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


@dataclass(slots=True)
class Redirect:
    """One rule of a ``_redirects`` file."""

    source: str
    target: str
    status: int
    forced: bool
    conditional: bool
    line: int


@dataclass(slots=True)
class Extract:
    """``groups`` holds links by their chain of base URLs (``<base>``, ``xml:base``), outermost first; mostly just ``()``."""

    kind: str = OTHER
    groups: dict[tuple[str, ...], list[RawLink]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    duplicate_ids: list[str] = field(default_factory=list)
    refresh: str | None = None
    link_texts: list[tuple[str, str]] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (finding code, message) about the file itself
    noindex: bool = False

    def add(self, chain: tuple[str, ...], links: list[RawLink]) -> None:
        """Add links that stand under a chain of base URLs."""
        if links:
            self.groups.setdefault(chain, []).extend(links)
