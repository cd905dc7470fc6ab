"""Bytes over the wire: what a page needs to paint, and what it loads in all, each file compressed with Brotli.

A browser paints when it has the styles that the head names; a stylesheet in the body holds up only what stands below its link
(HTML Standard, 4.2.4, "body-ok"), so it counts to the whole page.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import brotli
from selectolax.lexbor import LexborHTMLParser

from sitekit.audit.model import Measure, at_most
from sitekit.audit.pages import all_pages, page_kind
from sitekit.publish.rules import load_rules

KB = 1024
PAINT_LIMIT = 14 * KB
"""What fits into the first flight of TCP segments: ten of 1,460 bytes (RFC 6928)."""
WHOLE_LIMIT, WHOLE_LIMIT_WITH_FIGURES = 60 * KB, 100 * KB
REQUEST_LIMIT = 5
SEARCH_LIMIT = 20 * KB
_SCRIPT_TYPES = {"", "module", "text/javascript", "application/javascript"}


def weigh(folder: Path, types: dict[str, str]) -> list[Measure]:
    """Weights of every article and of one page of each other kind."""
    pages = all_pages(folder)
    named = set(types.values())
    measures = []
    for address, file in pages.items():
        html = file.read_bytes()
        article = page_kind(html) == "article"
        if not article and address not in named:
            continue
        tree = LexborHTMLParser(html)
        page = compressed(file)
        sheets = _targets(tree, 'link[rel~="stylesheet"]', "href")
        first = _targets(tree, 'head link[rel~="stylesheet"]:not([media="print"])', "href")
        blocking = sum(compressed(folder / path) for path in first)
        scripts, inline = _scripts(tree)
        code = sum(compressed(folder / path) for path in scripts) + inline
        pictures = _targets(tree, "img[src], source[src], image[href]", "src")
        icon = _targets(tree, 'link[rel~="icon"][type="image/svg+xml"]', "href")
        later = [path for path in sheets if path not in first]
        others = sum(compressed(folder / path) for path in (*later, *pictures, *icon))
        figures = bool(pictures) or tree.css_first("figure") is not None
        measures += [
            at_most("Bytes to paint", address, page + blocking, "B", PAINT_LIMIT if article else None),
            at_most(
                "Bytes of the whole page with figures" if figures else "Bytes of the whole page",
                address,
                page + blocking + code + others,
                "B",
                WHOLE_LIMIT_WITH_FIGURES if figures else WHOLE_LIMIT,
            ),
        ]
        if address == types.get("search"):
            name = "Bytes of search before the first key press"
            measures.append(at_most(name, address, page + blocking + code + others, "B", SEARCH_LIMIT))
        else:
            measures.append(at_most("Bytes of JavaScript", address, code, "B", 0))
    return measures


@lru_cache(maxsize=4096)
def compressed(file: Path) -> int:
    """The size of a file as it is sent: with Brotli at its best when rules.toml says that it gains, else as it is."""
    data = file.read_bytes()
    media = load_rules().media_type(file.name)
    return len(brotli.compress(data, quality=11)) if media and media.compress else len(data)


def _targets(tree: LexborHTMLParser, selector: str, attribute: str) -> list[str]:
    """The local files that elements load, as paths below the site, each once."""
    found = (node.attributes.get(attribute) or node.attributes.get("href") or "" for node in tree.css(selector))
    return list(dict.fromkeys(url.lstrip("/").partition("?")[0] for url in found if url.startswith("/")))


def _scripts(tree: LexborHTMLParser) -> tuple[list[str], int]:
    """The files of the scripts that run, and the bytes of those that stand in the page."""
    files, inline = [], 0
    for node in tree.css("script"):
        if (node.attributes.get("type") or "").lower() in _SCRIPT_TYPES:
            source = node.attributes.get("src")
            if source:
                files.append(source.lstrip("/"))
            else:
                inline += len(node.text())
    return files, inline
