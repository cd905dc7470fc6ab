"""Which pages stand for the site: each kind of page once, by the heaviest of its kind."""

from __future__ import annotations

from pathlib import Path

import brotli
from selectolax.lexbor import LexborHTMLParser

DESIGNED = {
    "home": "/",
    "compare": "/treatments/compare-treatments/",
    "ketamine": "/ketamine/ketamine-what-to-know/",
    "find-care": "/find-care/newport-beach/",
    "help": "/get-help-now/",
    "glossary": "/glossary/",
    "references": "/references/",
    "resources": "/resources/",
    "scores": "/how-we-write-and-score/",
    "search": "/search/",
    "error": "/404.html",
}
"""Pages with a template or a design of their own, by address."""


def all_pages(folder: Path) -> dict[str, Path]:
    """Every HTML page of a built site by its root-relative address, drafts left out."""
    pages = {}
    for file in sorted(folder.rglob("*.html")):
        address = "/" + file.relative_to(folder).as_posix().removesuffix("index.html")
        if not address.startswith("/drafts/"):
            pages[address] = file
    return pages


def page_types(folder: Path) -> dict[str, str]:
    """A name and an address for each kind of page: the designed ones, and the heaviest topic, article and plain page.

    Raises FileNotFoundError when the folder holds no site.
    """
    pages = all_pages(folder)
    types = {name: address for name, address in DESIGNED.items() if address in pages}
    heaviest: dict[str, tuple[int, str]] = {}
    for address, file in pages.items():
        if address not in types.values():
            html = file.read_bytes()
            kind = page_kind(html)
            heaviest[kind] = max(heaviest.get(kind, (0, "")), (len(brotli.compress(html, quality=5)), address))
    if "article" not in heaviest:
        raise FileNotFoundError(f"{folder}: no articles here; build the site first, or name its folder.")
    return types | {kind: address for kind, (_, address) in sorted(heaviest.items())}


def page_kind(html: bytes) -> str:
    """``article``, ``topic`` or ``page``: what the class of the main part says."""
    main = LexborHTMLParser(html).css_first("main")
    classes = (main.attributes.get("class") or "").split() if main else []
    return next((name.removeprefix("main--") for name in classes if name.startswith("main--")), "page")
