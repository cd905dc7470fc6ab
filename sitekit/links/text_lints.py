"""Links whose text does not say where they lead (WCAG 2.4.4 and 2.4.9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from .read.extract import LABELLED_ELSEWHERE

_VAGUE = frozenset(
    (
        *("click here", "here", "read more", "more", "learn more", "this", "link", "this link", "details"),
        *("more details", "more information", "more info", "info", "continue", "continue reading", "go", "see here"),
        *("this page", "website", "this website", "find out more", "click", "tap here", "see more"),
    )
)

TextFinding = tuple[str, str, str, int]


def link_text_findings(
    links: Sequence[tuple[str, str]], target: Callable[[str], tuple[object, str]]
) -> list[TextFinding]:
    """Findings for pairs of (text, URL) in page order: URL, code, message, and which occurrence of the URL it is."""
    found: list[TextFinding] = []
    first: dict[str, str] = {}
    reported: set[str] = set()
    for index, (text, url) in enumerate(links):
        words, code = _classify(text)
        if code:
            message = f"“{words}” does not say where the link leads."
            if code == "empty-link-text":
                message = "A link without text cannot be announced or understood."
            found.append((url, code, message, _occurrence(links, index)))
            continue
        other = first.setdefault(words, url)
        if other is url or other == url or words in reported or words == LABELLED_ELSEWHERE:
            continue
        if target(other) != target(url):
            reported.add(words)
            message = f"“{' '.join(text.split())}” leads here and, elsewhere on this page, to {other}."
            found.append((url, "ambiguous-link-text", message, _occurrence(links, index)))
    return found


@lru_cache(maxsize=50_000)
def _classify(text: str) -> tuple[str, str]:
    """The words as a reader hears them, and the code of what is wrong with them. The same texts recur on every page."""
    words = " ".join(text.split()).lower()
    if not words:
        return words, "empty-link-text"
    return words, "vague-link-text" if words.strip(" .…›»→>:!") in _VAGUE else ""


def _occurrence(links: Sequence[tuple[str, str]], index: int) -> int:
    url = links[index][1]
    return sum(other == url for _, other in links[:index])
