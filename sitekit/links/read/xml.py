"""Links of XML files: Atom, RSS and OPML feeds, sitemaps and their indexes, SVG, XHTML, OpenSearch, browserconfig.

Entities are never expanded from outside and nothing is fetched. What kind a file is, its root element says, not its name.
"""

from __future__ import annotations

import re

from lxml import etree

from .attributes import PLAIN, SPECIAL, link_where, special_links
from .css import style_sheet_links
from .extract import FEED, HTML, OTHER, SITEMAP, SVG, Extract
from .html import read_fragment

XHTML_NS = "http://www.w3.org/1999/xhtml"
SVG_NS = "http://www.w3.org/2000/svg"
MATHML_NS = "http://www.w3.org/1998/Math/MathML"
ATOM_NS = "http://www.w3.org/2005/Atom"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"

ELEMENT = "feed element"
ATTRIBUTE = "feed attribute"
GUID = "rss guid"
LOC = "sitemap loc"
STYLESHEET = "xml-stylesheet"
OPENSEARCH = "opensearch"

_RSS_NS = {"", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/rss2"}
_HREF_IN_PI = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ATOM_TEXT = {"title", "summary", "content", "subtitle", "rights"}
_RSS_HTML = {"description", "encoded", "summary"}
_RSS_URL_TEXT = {"link", "comments", "docs", "url", "commentRss", "comment"}
_URL_ATTRIBUTES = {
    "enclosure": "url",
    "source": "url",
    "content": "url",
    "thumbnail": "url",
    "player": "url",
    "image": "href",
    "link": "href",
    "transcript": "url",
    "chapters": "url",
    "outline": ("xmlUrl", "htmlUrl", "url"),
}


def read_xml(data: bytes) -> Extract:
    """Extract from any XML file. A file that is not well-formed is noted, and what could be read of it is still used."""
    extract = Extract(OTHER)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except (etree.XMLSyntaxError, ValueError) as error:
        root = None
        extract.notes.append(("malformed-xml", f"Not well-formed XML: {error}."))
    if root is None:
        if not extract.notes:
            extract.notes.append(("malformed-xml", "Not well-formed XML: the document is empty."))
        return extract
    if parser.error_log:
        first = parser.error_log[0]
        extract.notes.append(("malformed-xml", f"Not well-formed XML at line {first.line}: {first.message.strip()}."))
    _Reader(extract, root).read()
    return extract


class _Reader:
    def __init__(self, extract: Extract, root) -> None:
        self.extract = extract
        self.root = root
        self.name = etree.QName(root).localname
        self.namespace = etree.QName(root).namespace or ""
        self.has_bases = any(True for _ in root.iter("{*}*") if XML_BASE in _.attrib)
        self.ids: dict[str, None] = {}
        self.duplicates: dict[str, None] = {}
        self.html_base: str | None = None

    def read(self) -> None:
        extract = self.extract
        self._style_sheets()
        if self.namespace == SVG_NS or (self.name == "svg" and not self.namespace):
            extract.kind = SVG
            self._each(self._markup)
        elif self.namespace == XHTML_NS:
            extract.kind = HTML
            self._html_base()
            self._each(self._markup)
        elif self.name in ("urlset", "sitemapindex"):
            extract.kind = SITEMAP
            self._each(self._sitemap)
        elif self.name in ("feed", "entry", "rss", "RDF", "opml"):
            extract.kind = FEED
            self._each(self._feed)
        elif self.name == "OpenSearchDescription":
            self._each(self._opensearch)
        elif self.name == "browserconfig":
            self._each(lambda element, name, namespace, chain: self._attribute(element, "src", chain))
        extract.ids = list(self.ids)
        extract.duplicate_ids = list(self.duplicates)

    def _each(self, visit) -> None:
        for element in self.root.iter(etree.Element):
            qualified = etree.QName(element)
            visit(element, qualified.localname, qualified.namespace or "", self._chain(element))

    def _chain(self, element) -> tuple[str, ...]:
        chain: list[str] = []
        if self.has_bases and self.extract.kind != HTML:
            while element is not None:
                if XML_BASE in element.attrib:
                    chain.append(element.get(XML_BASE))
                element = element.getparent()
        if self.html_base is not None:
            chain.append(self.html_base)
        return tuple(reversed(chain))

    def _add(self, chain: tuple[str, ...], url: str | None, where: str) -> None:
        if url is not None and (url.strip() or where in ("link resource",)):
            self.extract.add(chain, [(url, where)])

    def _attribute(self, element, name: str, chain: tuple[str, ...], where: str = ATTRIBUTE) -> None:
        self._add(chain, element.get(name), where)

    def _style_sheets(self) -> None:
        sibling = self.root.getprevious()
        while sibling is not None:
            if sibling.tag is etree.PI and sibling.target == "xml-stylesheet":
                match = _HREF_IN_PI.search(sibling.text or "")
                if match and not (match[1] or match[2] or "").startswith("#"):
                    self._add((), match[1] if match[1] is not None else match[2], STYLESHEET)
            sibling = sibling.getprevious()

    def _html_base(self) -> None:
        for base in self.root.iter(f"{{{XHTML_NS}}}base"):
            if base.get("href") is not None:
                self.html_base = base.get("href")
                return

    def _markup(self, element, name: str, namespace: str, chain: tuple[str, ...]) -> None:
        """SVG, MathML and XHTML elements, wherever they stand."""
        foreign = namespace != XHTML_NS
        attributes = {("xlink:href" if key == XLINK_HREF else key): value for key, value in element.attrib.items()}
        for key in ("id", XML_ID):
            value = attributes.get(key)
            if value:
                if value in self.ids:
                    self.duplicates[value] = None
                self.ids[value] = None
        links = []
        for key, value in attributes.items():
            where = None if foreign else PLAIN.get(name, {}).get(key)
            if where == "link[href]":
                where = link_where(attributes)
                if where is None:
                    continue
            if where is not None:
                links.append((value, where))
            elif key in SPECIAL:
                parent = element.getparent()
                parent_name = etree.QName(parent).localname if parent is not None else ""
                found = special_links(name, key, value, attributes, parent_name, foreign)
                links += found
        if not foreign and name == "a" and attributes.get("name"):
            self.ids.setdefault(attributes["name"])
        if name == "style":
            links += [(link.url, link.where) for link in style_sheet_links("".join(element.itertext()))]
        self.extract.add(chain, links)

    def _sitemap(self, element, name: str, namespace: str, chain: tuple[str, ...]) -> None:
        if name == "loc" or name.endswith("_loc"):
            self._add(chain, element.text, LOC)
        elif name == "link" and namespace == XHTML_NS:
            self._attribute(element, "href", chain, LOC)

    def _feed(self, element, name: str, namespace: str, chain: tuple[str, ...]) -> None:
        if namespace in (XHTML_NS, SVG_NS, MATHML_NS):
            self._markup(element, name, namespace, chain)
        elif namespace == ATOM_NS or self.namespace == namespace == "http://purl.org/atom/ns#":
            self._atom(element, name, chain)
        else:
            self._rss(element, name, namespace, chain)

    def _atom(self, element, name: str, chain: tuple[str, ...]) -> None:
        if name == "link":
            self._attribute(element, "href", chain)
        elif name in ("icon", "logo", "uri"):
            self._add(chain, element.text, ELEMENT)
        elif name == "generator":
            self._attribute(element, "uri", chain)
        elif name in _ATOM_TEXT:
            self._attribute(element, "src", chain)
            if (element.get("type") or "").strip().lower() in ("html", "text/html"):
                read_fragment("".join(element.itertext()), self.extract, chain)

    def _rss(self, element, name: str, namespace: str, chain: tuple[str, ...]) -> None:
        if name == "guid":
            if (element.get("isPermaLink") or "true").strip().lower() == "true" and _is_http(element.text):
                self._add(chain, element.text, GUID)
            return
        if name in _RSS_HTML and len(element) == 0:
            read_fragment(element.text or "", self.extract, chain)
        elif name in _RSS_URL_TEXT and (namespace in _RSS_NS or name in ("commentRss", "comment")):
            self._add(chain, element.text, ELEMENT)
        names = _URL_ATTRIBUTES.get(name)
        for attribute in (names,) if isinstance(names, str) else names or ():
            self._attribute(element, attribute, chain)

    def _opensearch(self, element, name: str, namespace: str, chain: tuple[str, ...]) -> None:
        if name in ("Image", "SearchForm"):
            self._add(chain, element.text, OPENSEARCH)
        elif name == "Url":
            template = (element.get("template") or "").partition("?")
            if template[0] and "{" not in template[0]:
                self._add(chain, template[0], OPENSEARCH)


def _is_http(text: str | None) -> bool:
    return (text or "").strip().lower().startswith(("http://", "https://"))
