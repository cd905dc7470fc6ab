"""Chooses the reader of a file by its name, and by its first bytes where the name does not say."""

from __future__ import annotations

from .css import style_sheet_links
from .encoding import decode_css, decode_plain
from .extract import CSS, DATA, OTHER, Extract
from .html import read_fragment, read_html
from .jsondata import NotJson, json_feed_links, manifest_links
from .names import HTML_SUFFIXES, XHTML_SUFFIXES, XML_SUFFIXES, suffix
from .names import is_readable as is_readable
from .plain import read_redirects, read_robots, read_text_sitemap

_MAX_UNZIPPED = 60_000_000  # the sitemap protocol allows 50 MB


def read_file(path: str, data: bytes, is_manifest: bool = False) -> Extract:
    """Extract of one file. ``path`` is relative to the site; never raises on bad content."""
    ending = suffix(path)
    name = path.rpartition("/")[2]
    if ending in HTML_SUFFIXES:
        return read_html(data)
    if ending == "css":
        extract = Extract(CSS)
        extract.add((), [(link.url, link.where) for link in style_sheet_links(decode_css(data))])
        return extract
    if ending in XHTML_SUFFIXES or ending in XML_SUFFIXES:
        return _read_xml(data)
    if name.endswith((".xml.gz", ".svgz")):
        return _read_zipped(data)
    if path == "robots.txt":
        return read_robots(data)
    if path == "_redirects":
        return read_redirects(data)
    if path == "sitemap.txt":
        return read_text_sitemap(data)
    if ending == "webmanifest" or is_manifest or name in ("manifest.json", "feed.json"):
        return _read_json(data, name)
    return Extract(OTHER)


def _read_zipped(data: bytes) -> Extract:
    import gzip
    import io
    import zlib

    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            text = file.read(_MAX_UNZIPPED + 1)
    except (OSError, EOFError, zlib.error) as error:
        return Extract(OTHER, notes=[("malformed-xml", f"Not a gzip file: {error}.")])
    if len(text) > _MAX_UNZIPPED:
        return Extract(OTHER, notes=[("malformed-xml", f"Unpacks to more than {_MAX_UNZIPPED:,} bytes.")])
    return _read_xml(text)


def _read_xml(data: bytes) -> Extract:
    from .xml import read_xml  # its parser takes longer to load than an unchanged site takes to check

    return read_xml(data)


def _read_json(data: bytes, name: str) -> Extract:
    extract = Extract(DATA)
    text = decode_plain(data)
    try:
        links, html = json_feed_links(text)
        if links:
            extract.add((), links)
            for piece in html:
                read_fragment(piece, extract, ())
        elif name != "feed.json":
            extract.add((), manifest_links(text))
    except NotJson as error:
        extract.notes.append(("malformed-json", f"Not a web app manifest: {error}."))
    return extract
