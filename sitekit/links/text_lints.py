"""Links whose text does not say where they lead (WCAG 2.4.4 and 2.4.9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .read.extract import LABELLED_ELSEWHERE

_VAGUE = frozenset(
    (
        *("click here", "here", "read more", "more", "learn more", "this", "link", "this link", "details"),
        *("more details", "more information", "more info", "info", "continue", "continue reading", "go", "see here"),
        *("this page", "website", "this website", "find out more", "click", "tap here", "see more"),
    )
)
_MARKS = ".…›»→>:!"
_AROUND = " " + _MARKS
_SUSPICIOUS = _VAGUE | {""}

TextFinding = tuple[str, str, str, int]


def link_text_findings(
    texts: Sequence[str], urls: Sequence[str], target: Callable[[str], tuple[object, str]]
) -> list[TextFinding]:
    """Findings for links in page order, by what they say and their URLs: URL, code, message, and which occurrence of the URL it
    is. ``target`` tells what a URL leads to."""
    if not texts:
        return []
    said = _said(texts)
    marked = any(map("\n".join(said).__contains__, _MARKS))
    if _SUSPICIOUS.isdisjoint([words.strip(_AROUND) for words in said] if marked else said):
        distinct = len(set(said))
        if distinct == len(said) or distinct == len(set(zip(said, urls, strict=True))):
            return []  # as on nearly every page: each text says something, and the same text leads to the same place
    return _findings(said, texts, urls, target)


def _said(texts: Sequence[str]) -> list[str]:
    """The words of each text as a reader hears them: without capitals, with single spaces."""
    joined = "\n".join(texts)
    spaced = "  " in joined or " \n" in joined or "\n " in joined or joined[:1] == " " or joined[-1:] == " "
    if spaced or not "".join(texts).isprintable():  # what is printable has no other white space than the space
        return [" ".join(text.split()).lower() for text in texts]
    return joined.lower().split("\n")


def _findings(
    said: list[str], texts: Sequence[str], urls: Sequence[str], target: Callable[[str], tuple[object, str]]
) -> list[TextFinding]:
    found: list[TextFinding] = []
    first: dict[str, str] = {}
    reported: set[str] = set()
    for index, (words, url) in enumerate(zip(said, urls, strict=True)):
        if not words:
            message = "A link without text cannot be announced or understood."
            found.append((url, "empty-link-text", message, _occurrence(urls, index)))
            continue
        if words.strip(_AROUND) in _VAGUE:
            message = f"“{words}” does not say where the link leads."
            found.append((url, "vague-link-text", message, _occurrence(urls, index)))
            continue
        other = first.setdefault(words, url)
        if other == url or words in reported or words == LABELLED_ELSEWHERE:
            continue
        if target(other) != target(url):
            reported.add(words)
            message = f"“{' '.join(texts[index].split())}” leads here and, elsewhere on this page, to {other}."
            found.append((url, "ambiguous-link-text", message, _occurrence(urls, index)))
    return found


def _occurrence(urls: Sequence[str], index: int) -> int:
    url = urls[index]
    return sum(other == url for other in urls[:index])
