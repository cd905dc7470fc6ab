"""Links and anchors of an HTML document, read by a real HTML5 parser in one pass over its elements.

The parser runs with scripting off, so ``<noscript>`` is content; ``<template>`` is not, unless it makes a shadow tree.
"""

from __future__ import annotations

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from .attributes import PLAIN, REFRESH, SPECIAL, link_where, special_links
from .css import style_sheet_links
from .encoding import decode_html, is_plain_utf8
from .extract import HTML, LABELLED_ELSEWHERE, Extract, RawLink
from .jsondata import NotJson, import_map_links, json_ld_links, speculation_links
from .nesting import is_deep

_MAX_SRCDOC_DEPTH = 5
_WITHOUT_EVENTS = int(LexborDocumentOptions.WO_EVENTS)
_FOREIGN_ROOTS = {"svg", "math"}
_HTML_INSIDE_FOREIGN = {"foreignObject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml"}

# Most elements have attributes that say nothing about links; one look at these sets tells.
_TELLING = SPECIAL.union(*PLAIN.values(), ("srcdoc",))
_TELLING_BESIDE_HREF = (_TELLING - {"href"}) | {"name"}
_NO_NAMES: dict[str, str] = {}

# The parser has a number for each tag, which is quicker to ask for than its name.
_A, *_WITH_CONTENT = (
    LexborHTMLParser(f"<{tag}></{tag}>").css_first(tag).tag_id for tag in ("a", "style", "script", "template")
)


def read_html(data: bytes | str) -> Extract:
    """Extract from the bytes of a file (decoded by the rules of HTML) or from text that is already decoded."""
    if isinstance(data, bytes) and not is_plain_utf8(data):
        data = decode_html(data)
    extract = Extract(HTML)
    _Reader(extract, (), 0).read(data)
    return extract


def read_fragment(html: str, extract: Extract, chain: tuple[str, ...]) -> None:
    """Add the links of a piece of HTML inside another format, such as the content of a feed entry."""
    if "<" in html:
        _Reader(Extract(HTML), chain, _MAX_SRCDOC_DEPTH).read_into(html, extract)


class _Reader:
    """Walks one document; a ``srcdoc`` gets a reader of its own."""

    def __init__(self, extract: Extract, chain: tuple[str, ...], depth: int) -> None:
        self.extract = extract
        self.chain = chain
        self.depth = depth
        self.links: list[RawLink] = []
        self.ids: dict[str, None] = {}
        self.duplicates: dict[str, None] = {}
        self.base: str | None = None
        self.srcdocs: list[str] = []

    def read_into(self, html: str, extract: Extract) -> None:
        self.read(html)
        for chain, links in self.extract.groups.items():
            extract.add(chain, links)

    def read(self, data: bytes | str) -> None:
        if is_deep(data):
            self._read_tokens(data if isinstance(data, str) else data.decode("utf-8", "replace"))
        else:
            self._walk(LexborHTMLParser(data, options=_WITHOUT_EVENTS).root)
        self._finish()

    def _finish(self) -> None:
        chain = self.chain if self.base is None else (*self.chain, self.base)
        extract = self.extract
        extract.chain = chain
        extract.add(chain, self.links)
        if self.depth == 0 or not extract.ids:
            extract.ids = list(self.ids)
            extract.duplicate_ids = list(self.duplicates)
        for srcdoc in self.srcdocs:
            if self.depth < _MAX_SRCDOC_DEPTH:
                inner = Extract(HTML)
                _Reader(inner, chain, self.depth + 1).read(srcdoc)
                own = {"#" + anchor for anchor in inner.ids}
                for inner_chain, links in inner.groups.items():
                    extract.add(inner_chain, [link for link in links if link[0] not in own and link[1] != REFRESH])

    def _walk(self, root) -> None:
        if root is None:
            return
        ids = self.ids
        hrefs, texts = self.extract.hrefs, self.extract.texts
        for node in root.traverse():
            attributes = node.attributes
            tag = node.tag_id
            if attributes:
                value = attributes.get("id")
                if value:
                    if value in ids:
                        self.duplicates[value] = None
                    else:
                        ids[value] = None
                if tag == _A:
                    if "href" in attributes and (len(attributes) == 1 or _TELLING_BESIDE_HREF.isdisjoint(attributes)):
                        hrefs.append(attributes["href"] or "")
                        texts.append(_accessible_text(node, attributes))
                    elif not _TELLING_BESIDE_HREF.isdisjoint(attributes):
                        self._attributes(node, "a", attributes)
                elif not _TELLING.isdisjoint(attributes):
                    self._attributes(node, node.tag, attributes)
            if tag in _WITH_CONTENT:
                self._content(node, node.tag, attributes)

    def _attributes(self, node, tag: str, attributes: dict) -> None:
        """Links of an element and what else its attributes say about links, its id aside."""
        plain_of_tag = PLAIN.get(tag, _NO_NAMES)
        for name, value in attributes.items():
            where = plain_of_tag.get(name)
            if where is not None:
                if tag == "link":
                    self._link(value or "", attributes)
                elif tag == "a":
                    self._mark()
                    self.extract.hrefs.append(value or "")
                    self.extract.texts.append(_accessible_text(node, attributes))
                elif tag != "form" or (attributes.get("method") or "").lower() != "dialog":
                    self.links.append((value or "", where))
            elif name in SPECIAL and value is not None:
                self._special(node, tag, name, value, attributes)
        if tag == "a" and attributes.get("name"):
            self._named(attributes["name"], attributes.get("id"))
        elif tag == "iframe" and attributes.get("srcdoc"):
            self.srcdocs.append(attributes["srcdoc"])
        elif tag == "base" and self.base is None and "href" in attributes and not _foreign(node):
            self.base = attributes["href"] or ""
        self._mark()

    def _mark(self) -> None:
        """Note for links read since the last time after how many ``a href`` they stand."""
        before = self.extract.before
        before += [len(self.extract.hrefs)] * (len(self.links) - len(before))

    def _content(self, node, tag: str, attributes: dict) -> None:
        if tag == "style":
            text = node.text(deep=True)
            if text:
                self.links.extend((link.url, link.where) for link in style_sheet_links(text))
        elif tag == "script":
            self._script(node, attributes)
        else:
            self._template(node, attributes)
        self._mark()

    def _named(self, name: str, own_id: str | None) -> None:
        if name != own_id:
            self.ids.setdefault(name)

    def _link(self, value: str, attributes: dict) -> None:
        where = link_where(attributes)
        if where is not None:
            self.links.append((value, where))

    def _special(self, node, tag: str, name: str, value: str, attributes: dict) -> None:
        if (name == "style" and "(" not in value) or (name == "value" and tag != "param"):
            return
        foreign = name != "style" and name not in ("content", "srcset", "ping") and _foreign(node)
        parent = ""
        if tag == "source" and node.parent is not None:
            parent = node.parent.tag
        found = special_links(tag, name, value, attributes, parent, foreign)
        self.links.extend(found)
        if self.depth == 0 and name == "content":
            for url, where in found:
                if where == REFRESH and self.extract.refresh is None:
                    self.extract.refresh = url
            if (attributes.get("name") or "").lower() == "robots" and "noindex" in value.lower():
                self.extract.noindex = True

    def _script(self, node, attributes: dict) -> None:
        kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
        reader = _SCRIPT_READERS.get(kind)
        if reader is None:
            return
        try:
            self.links.extend(reader(node.text(deep=True)))
        except NotJson as error:
            if kind == "application/ld+json":
                self.extract.notes.append(("malformed-json-ld", f"This JSON-LD block is not JSON: {error}."))

    def _template(self, node, attributes: dict) -> None:
        """A declarative shadow root is shown to readers; its ids cannot be linked to from outside."""
        if (attributes.get("shadowrootmode") or "").lower() not in ("open", "closed"):
            return
        ids, self.ids = self.ids, {}
        for fragment in node.template_fragments():
            self._walk(fragment)
        self.ids = ids

    def _read_tokens(self, text: str) -> None:
        """For documents nested so deep that building the tree would take minutes: the same table, without the tree."""
        from .tokens import tokenize

        for token in tokenize(text):
            attributes = token.attributes
            for name, value in attributes.items():
                where = PLAIN.get(token.tag, {}).get(name)
                if name == "id" and value:
                    if value in self.ids:
                        self.duplicates[value] = None
                    self.ids[value] = None
                elif where == "link[href]":
                    self._link(value, attributes)
                elif where is not None:
                    self.links.append((value, where))
                elif name in SPECIAL:
                    self.links.extend(special_links(token.tag, name, value, attributes, "", token.foreign))
            if token.tag == "a" and attributes.get("name"):
                self._named(attributes["name"], attributes.get("id"))
            elif token.tag == "base" and self.base is None and "href" in attributes:
                self.base = attributes["href"]
            elif token.tag == "style":
                self.links.extend((link.url, link.where) for link in style_sheet_links(token.text))


_SCRIPT_READERS = {
    "application/ld+json": json_ld_links,
    "importmap": import_map_links,
    "speculationrules": speculation_links,
}


def _foreign(node) -> bool:
    """Whether an element is SVG or MathML and not HTML: decided by the nearest ancestor that switches between them."""
    tag = node.tag
    if tag in _FOREIGN_ROOTS:
        return True
    node = node.parent
    while node is not None:
        tag = node.tag
        if tag in _FOREIGN_ROOTS:
            return True
        if tag in _HTML_INSIDE_FOREIGN:
            return False
        node = node.parent
    return False


def _accessible_text(node, attributes: dict) -> str:
    """Roughly what a screen reader announces for a link. White space is left as it is."""
    if len(attributes) > 1 and attributes.get("aria-label"):
        return attributes["aria-label"]
    text = node.text_lexbor()
    if text and not text.isspace():
        return text
    if attributes.get("aria-labelledby"):
        return LABELLED_ELSEWHERE
    for image in node.css("img[alt], svg [aria-label], svg[aria-label], area[alt], svg title"):
        label = image.attributes.get("alt") or image.attributes.get("aria-label") or image.text(deep=True)
        if label and label.strip():
            return label
    return attributes.get("title") or ""
