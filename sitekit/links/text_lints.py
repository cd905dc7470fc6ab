"""Links whose text does not say where they lead (WCAG 2.4.4 and 2.4.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_VAGUE = frozenset(
    """click here|here|read more|more|learn more|this|link|this link|details|more details|more information|more info
    |info|continue|continue reading|go|see here|this page|website|this website|find out more|click|tap here|see more""".replace(
        "\n", ""
    )
    .replace("    ", "")
    .split("|")
)
_LABELLED_ELSEWHERE = "\x00labelled elsewhere"

TextFinding = tuple[str, str, str, int]


def link_text_findings(
    links: Iterable[tuple[str, str]], target: Callable[[str], tuple[object, str]]
) -> list[TextFinding]:
    """Findings for pairs of (text, URL) in page order: URL, code, message, and which occurrence of the URL it is."""
    found: list[TextFinding] = []
    occurrence: dict[str, int] = {}
    first: dict[str, str] = {}
    reported: set[str] = set()
    for text, url in links:
        index = occurrence.get(url, 0)
        occurrence[url] = index + 1
        if text == _LABELLED_ELSEWHERE:
            continue
        if not text:
            found.append((url, "empty-link-text", "A link without text cannot be announced or understood.", index))
            continue
        words = text.lower()
        if len(words) <= 20 and words.strip(" .…›»→>:!") in _VAGUE:
            found.append((url, "vague-link-text", f"“{text}” does not say where the link leads.", index))
            continue
        other = first.setdefault(words, url)
        if other != url and words not in reported and target(other) != target(url):
            reported.add(words)
            message = f"“{text}” leads here and, elsewhere on this page, to {other}."
            found.append((url, "ambiguous-link-text", message, index))
    return found
