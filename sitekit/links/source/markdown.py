"""Which destination in a Markdown file became a given URL on the page made from it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from sitekit.source.markdown_links import MarkdownLink, scan

from ..resolve import clean

_PLACEHOLDER = re.compile(r"(?:[{|]\w+[}|])?(.*)", re.DOTALL)


class MarkdownSource:
    """The links of one Markdown file, ready to be asked for by the URL they became."""

    def __init__(self, path: Path, rewrites: Iterable[tuple[str, str]] = ()) -> None:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        self.links = scan(text, front_matter=True)
        self._by_url: dict[str, list[MarkdownLink]] = defaultdict(list)
        written: dict[str, set[str]] = defaultdict(set)
        for authored, url in rewrites:
            written[clean(authored)].add(clean(url))
        self._by_name: dict[tuple[str, str], list[MarkdownLink]] = defaultdict(list)
        for link in self.links:
            destination = clean(link.destination)
            for url in {destination, unquote(destination), *written.get(destination, ())}:
                self._by_url[url].append(link)
            self._by_name[_name(destination)].append(link)

    def find(self, url: str) -> list[MarkdownLink]:
        """Links that became ``url``, in the order of the file: by the record, as written, or by the name they share."""
        found = self._by_url.get(url) or self._by_url.get(unquote(url))
        if not found and re.match(r"(?:[a-z][a-z0-9+.-]*:|//|#|$)", url, re.IGNORECASE) is None:
            found = self._by_name.get(_name(url))
        body = [link for link in found or () if link.kind != "front-matter"]
        return body or list(found or ())


def _name(url: str) -> tuple[str, str]:
    """What survives most rewriting: the last part of the path without its extension, and the fragment."""
    path, _, fragment = unquote(_PLACEHOLDER.fullmatch(url)[1]).partition("#")
    path = path.partition("?")[0]
    if posixpath.basename(path) in ("index.html", "index.md"):
        path = posixpath.dirname(path)
    return posixpath.splitext(posixpath.basename(path.rstrip("/")))[0], fragment
