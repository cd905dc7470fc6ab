"""What the name of a file says about it."""

from __future__ import annotations

HTML_SUFFIXES = frozenset(("html", "htm"))
XHTML_SUFFIXES = frozenset(("xhtml", "xht"))
XML_SUFFIXES = frozenset(("xml", "svg", "atom", "rss", "rdf", "opml"))
_PAGE_SUFFIXES = HTML_SUFFIXES | XHTML_SUFFIXES
_READABLE_SUFFIXES = _PAGE_SUFFIXES | XML_SUFFIXES | {"css", "webmanifest"}


def suffix(path: str) -> str:
    """The part of a file name after its last dot, in lower case."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_page(path: str) -> bool:
    """Whether a file is served as a page: HTML in either syntax."""
    return suffix(path) in _PAGE_SUFFIXES


def is_readable(path: str) -> bool:
    """Whether a file can hold links or anchors, so that its content matters and not only its existence."""
    if suffix(path) in _READABLE_SUFFIXES:
        return True
    name = path.rpartition("/")[2]
    return (
        path in ("robots.txt", "_redirects", "sitemap.txt")
        or name in ("manifest.json", "feed.json")
        or name.endswith((".xml.gz", ".svgz"))
    )
