"""Ids and names of headings, as the library's ``toc`` gives them, without the list of contents that it would build."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from markdown.extensions.toc import (
    TocTreeprocessor,
    escape_cdata,
    nest_toc_tokens,
    remove_fnrefs,
    render_inner_html,
    run_postprocessors,
    slugify,
    strip_tags,
    unescape,
    unique,
)
from markdown.treeprocessors import Treeprocessor

_PLAIN_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*\Z")
_HEADINGS = frozenset(f"{letter}{level}" for letter in "hH" for level in range(1, 7))


class FastToc(Treeprocessor):
    """Gives headings their ids and lists them in ``toc_tokens``. A heading of plain words is its own name."""

    def __init__(self, former: TocTreeprocessor) -> None:
        super().__init__(former.md)
        self._former = former

    def run(self, doc: Element) -> None:
        """As in the library, without a list of contents."""
        # "attrib" would make a dictionary for every element that has none.
        used = {id for id in (element.get("id") for element in doc.iter()) if id is not None}
        counters: dict[str, int] = {}
        tokens = []
        for element in doc.iter():
            if element.tag in _HEADINGS:
                token = self._token(element, used, counters)
                if self._former.toc_top <= token["level"] <= self._former.toc_bottom:
                    tokens.append(token)
        self.md.toc_tokens = nest_toc_tokens(tokens)

    def _token(self, heading: Element, used: set[str], counters: dict[str, int]) -> dict[str, object]:
        former = self._former
        former.set_level(heading)
        text = heading.text or ""
        if len(heading) or "<" in text or "&" in text or ">" in text or "\x02" in text:
            inner = render_inner_html(remove_fnrefs(heading), self.md)
            name = strip_tags(inner)
        else:
            inner, name = text.strip(), " ".join(text.split())
        if "id" not in heading.attrib:
            heading.attrib["id"] = unique(self._slug(name), used, counters)
        label = ""
        if "data-toc-label" in heading.attrib:
            label = run_postprocessors(unescape(heading.attrib.pop("data-toc-label")), self.md)
            name = escape_cdata(strip_tags(label))
        id = heading.attrib["id"]
        return {
            "level": int(heading.tag[-1]),
            "id": unescape(id) if "\x02" in id else id,
            "name": name,
            "html": inner,
            "data-toc-label": label,
        }

    def _slug(self, name: str) -> str:
        former = self._former
        if former.slugify is slugify and former.sep == "-" and _PLAIN_NAME.match(name):
            return name.lower().replace(" ", "-")
        return former.slugify(html.unescape(name), former.sep)
