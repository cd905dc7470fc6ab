"""Which attributes hold URLs, by the HTML standard, SVG 2, and the obsolete markup that browsers still obey.

Each link carries a ``where`` such as ``a[href]``; the sets below say what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .css import declaration_links
from .srcset import parse_refresh, parse_srcset

STYLE = "style attribute"
REFRESH = "meta[refresh]"
META = "meta[content]"
XLINK = "xlink:href"
PING = "a[ping]"
MANIFEST_LINK = "link manifest"
SVG_HREF = "svg[href]"
SVG_VALUE = "svg url()"


def _names(tag: str, *attributes: str) -> dict[str, str]:
    return {attribute: f"{tag}[{attribute}]" for attribute in attributes}


_BACKGROUND = ("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th")

# Attributes whose whole value is one URL.
PLAIN: dict[str, dict[str, str]] = {
    "a": _names("a", "href"),
    "area": _names("area", "href"),
    "link": _names("link", "href"),
    "img": _names("img", "src", "longdesc", "lowsrc", "dynsrc"),
    "video": _names("video", "src", "poster"),
    "audio": _names("audio", "src"),
    "track": _names("track", "src"),
    "iframe": _names("iframe", "src", "longdesc"),
    "frame": _names("frame", "src", "longdesc"),
    "embed": _names("embed", "src"),
    "object": _names("object", "data"),
    "script": _names("script", "src"),
    "form": _names("form", "action"),
    "button": _names("button", "formaction"),
    "input": _names("input", "formaction"),
    "blockquote": _names("blockquote", "cite"),
    "q": _names("q", "cite"),
    "ins": _names("ins", "cite"),
    "del": _names("del", "cite"),
    "html": _names("html", "manifest"),
    "bgsound": _names("bgsound", "src"),
    **{tag: _names(tag, "background") for tag in _BACKGROUND},
}

# Attributes that need more than their value. Names that no element uses otherwise keep the reader's inner loop short.
SPECIAL = frozenset(
    ("href", "src", "srcset", "imagesrcset", "ping", "style", "content", "value", XLINK, "fill", "stroke", "filter")
    + ("clip-path", "mask", "marker", "marker-start", "marker-mid", "marker-end", "cursor")
)

_MEDIA_TAGS = {"audio", "video"}
_META_URL = re.compile(
    r"og:(?:image|video|audio)(?::url|:secure_url)?|og:url|og:see_also"
    r"|twitter:(?:image(?::src)?|image0|url|player(?::stream)?)"
    r"|thumbnail|thumbnailurl|image|url|logo|contenturl|embedurl|sameas|mainentityofpage"
    r"|msapplication-(?:tileimage|config|starturl|(?:square|wide)[0-9]+x[0-9]+logo)"
    r"|citation_(?:pdf|abstract_html|fulltext_html)_url|al:web:url",
)
_ABSOLUTE_ONLY_META = re.compile(r"article:(?:author|publisher)|og:determiner|author")
_ORIGIN_ONLY_RELS = {"preconnect", "dns-prefetch"}

# What follows from the place a URL stands in.
NAVIGATION = frozenset(
    ("a[href]", "area[href]", "iframe[src]", "frame[src]", "form[action]", "button[formaction]", "input[formaction]")
    + ("object[data]", "embed[src]", REFRESH, "svg a[href]", "link[href]")
)
SUBRESOURCE = frozenset(
    ("img[src]", "img[srcset]", "source[src]", "source[srcset]", "video[src]", "video[poster]", "audio[src]")
    + ("track[src]", "iframe[src]", "frame[src]", "embed[src]", "object[data]", "script[src]", "input[src]")
    + ("link[imagesrcset]", "link resource", MANIFEST_LINK, STYLE, "css @import", "css url()", SVG_HREF, SVG_VALUE)
)
MUST_NOT_BE_EMPTY = frozenset(
    ("img[src]", "script[src]", "iframe[src]", "frame[src]", "embed[src]", "video[src]", "video[poster]", "audio[src]")
    + ("source[src]", "track[src]", "input[src]", "object[data]", "link[href]", "link resource", MANIFEST_LINK)
)
_RESOURCE_RELS = frozenset(
    ("stylesheet", "icon", "apple-touch-icon", "apple-touch-icon-precomposed", "apple-touch-startup-image")
    + ("mask-icon", "preload", "modulepreload", "prefetch", "shortcut")
)


def special_links(tag: str, name: str, value: str, attributes: Mapping[str, str | None], parent: str, foreign: bool):
    """Links of one attribute named in SPECIAL: pairs of URL and where. ``foreign`` says the element is SVG or MathML."""
    if name == "style":
        return [(link.url, STYLE) for link in declaration_links(value)]
    if foreign:
        return _foreign_links(tag, name, value, attributes)
    return list(_html_links(tag, name, value, attributes, parent))


def _foreign_links(tag: str, name: str, value: str, attributes: Mapping[str, str | None]) -> list[tuple[str, str]]:
    if name in ("href", XLINK):
        if name == XLINK and "href" in attributes:
            return []  # SVG 2: href wins and xlink:href is ignored
        return [(value, "svg a[href]" if tag == "a" else SVG_HREF)]
    if name in ("src", "srcset", "imagesrcset", "ping", "content", "value"):
        return []
    return [(link.url, SVG_VALUE) for link in declaration_links(value)]


def _html_links(
    tag: str, name: str, value: str, attributes: Mapping[str, str | None], parent: str
) -> Iterator[tuple[str, str]]:
    if name == "srcset":
        if tag == "img" or (tag == "source" and parent not in _MEDIA_TAGS):
            for url in parse_srcset(value):
                yield url, f"{tag}[srcset]"
    elif name == "src":
        if tag == "source" and parent != "picture":
            yield value, "source[src]"
        elif tag == "input" and (attributes.get("type") or "").strip().lower() == "image":
            yield value, "input[src]"
    elif name == "imagesrcset":
        if tag == "link":
            for url in parse_srcset(value):
                yield url, "link[imagesrcset]"
    elif name == "ping":
        if tag in ("a", "area"):
            for url in value.split():
                yield url, PING
    elif name == "content" and tag == "meta":
        yield from _meta_links(value, attributes)
    elif name == "value" and tag == "param":
        named = (attributes.get("name") or "").lower() in ("movie", "src")
        if named or (attributes.get("valuetype") or "").lower() == "ref":
            yield value, "param[value]"


def link_where(attributes: Mapping[str, str | None]) -> str | None:
    """Where a ``<link href>`` counts: as a fetched resource, as a plain link, or (None) only as a host to connect to."""
    rels = set((attributes.get("rel") or "").lower().split())
    if rels and rels <= _ORIGIN_ONLY_RELS:
        return None
    if "manifest" in rels:
        return MANIFEST_LINK
    return "link resource" if rels & _RESOURCE_RELS else "link[href]"


def _meta_links(content: str, attributes: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
        url = parse_refresh(content)
        if url is not None:
            yield url, REFRESH
        return
    if not content.strip():
        return
    for key in ("property", "name", "itemprop"):
        name = (attributes.get(key) or "").strip().lower()
        if not name or (key != "itemprop" and name in ("image", "url", "logo", "sameas")):
            continue
        if _META_URL.fullmatch(name) and not (name == "msapplication-config" and content.strip().lower() == "none"):
            yield content, META
            return
        if _ABSOLUTE_ONLY_META.fullmatch(name) and re.match(r"\s*https?:", content, re.IGNORECASE):
            yield content, META
            return
