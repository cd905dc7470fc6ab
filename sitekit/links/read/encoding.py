"""From bytes to text by the rules of HTML, CSS and XML. A page in Latin-1 or UTF-16 links to other files than it seems to."""

from __future__ import annotations

import re

import webencodings

_HTML_PRESCAN_BYTES = 1024
_XML_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:\-]+)["']""")
_CSS_CHARSET = re.compile(rb'^@charset "([^"]{0,100})";')
_CHARSET_MENTIONED = re.compile(rb"""charset\s*=\s*["']?\s*([^\s"'/>;]+)""")
_CHARSET_IN_CONTENT = re.compile(r"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))""", re.IGNORECASE)
_META = re.compile(rb"<meta[\t\n\f\r /]", re.IGNORECASE)
_TAG = re.compile(rb"</?[A-Za-z]")
_ATTRIBUTE = re.compile(
    rb"""[\t\n\f\r /]*([^\t\n\f\r />=][^\t\n\f\r />=]*)[\t\n\f\r ]*(?:=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >]+)))?"""
)


def _with_bom(data: bytes) -> str | None:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    return None


def _by_label(data: bytes, label: str) -> str | None:
    encoding = webencodings.lookup(label)
    if encoding is None:
        return None
    name = encoding.name
    if name.startswith("utf-16"):
        name = "utf-8"  # a declaration in ASCII bytes cannot be telling the truth about UTF-16
    elif name == "x-user-defined":
        name = "windows-1252"
    return webencodings.lookup(name).codec_info.decode(data, "replace")[0]


def is_plain_utf8(data: bytes) -> bool:
    """Whether an HTML parser may take these bytes as they are. The usual case, decided without decoding twice."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<") or data[:3] == b"\xef\xbb\xbf":
        return False
    head = data[:_HTML_PRESCAN_BYTES]
    if any(label not in (b"utf-8", b"utf8") for label in _CHARSET_MENTIONED.findall(head.lower())):
        return False
    if head.startswith(b"<?xml"):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_html(data: bytes) -> str:
    """Text of an HTML file: byte order mark, then ``<meta>`` in the first 1024 bytes, then UTF-8, then windows-1252."""
    text = _with_bom(data)
    if text is not None:
        return text
    label = _declared_in_html(data[:_HTML_PRESCAN_BYTES])
    if label is not None:
        text = _by_label(data, label)
        if text is not None:
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "replace")


def _declared_in_html(head: bytes) -> str | None:
    """The prescan of the HTML standard: skips comments, reads the attributes of each ``<meta>``."""
    if head[:6] == b"<\x00?\x00x\x00":
        return "utf-16le"
    if head[:6] == b"\x00<\x00?\x00x":
        return "utf-16be"
    match = _XML_ENCODING.match(head)
    xml_label = match[1].decode("ascii") if match else None
    position = 0
    while (position := head.find(b"<", position)) != -1:
        if head.startswith(b"<!--", position):
            end = head.find(b"-->", position + 2)
            if end == -1:
                return xml_label
            position = end + 3
        elif _META.match(head, position):
            attributes, position = _prescan_attributes(head, position + 5)
            label = _meta_label(attributes)
            if label and webencodings.lookup(label):
                return label
        elif _TAG.match(head, position):
            name_end = re.compile(rb"[\t\n\f\r >]").search(head, position)
            if not name_end:
                return xml_label
            _, position = _prescan_attributes(head, name_end.start())
        elif head[position + 1 : position + 2] in (b"!", b"/", b"?"):
            end = head.find(b">", position)
            if end == -1:
                return xml_label
            position = end + 1
        else:
            position += 1
    return xml_label


def _prescan_attributes(head: bytes, position: int) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while match := _ATTRIBUTE.match(head, position):
        value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4] or b""
        attributes.setdefault(match[1].lower().decode("latin-1"), value.decode("latin-1"))
        position = match.end()
    return attributes, position


def _meta_label(attributes: dict[str, str]) -> str | None:
    if "charset" in attributes:
        return attributes["charset"].strip()
    if attributes.get("http-equiv", "").strip().lower() == "content-type":
        match = _CHARSET_IN_CONTENT.search(attributes.get("content", ""))
        if match:
            return (match[1] or match[2] or match[3] or "").strip()
    return None


def decode_css(data: bytes, fallback: str | None = None) -> str:
    """Text of a style sheet: byte order mark, then ``@charset`` as its very first bytes, then ``fallback``, then UTF-8."""
    text = _with_bom(data)
    if text is not None:
        return text
    match = _CSS_CHARSET.match(data)
    for label in (match[1].decode("ascii", "replace") if match else None, fallback):
        if label:
            text = _by_label(data, label)
            if text is not None:
                return text
    return data.decode("utf-8", "replace")


def decode_xml(data: bytes) -> str:
    """Text of an XML file, to find places in it; the XML parser itself reads the bytes."""
    text = _with_bom(data)
    if text is not None:
        return text
    match = _XML_ENCODING.match(data)
    text = _by_label(data, match[1].decode("ascii")) if match else None
    return data.decode("utf-8", "replace") if text is None else text


def decode_plain(data: bytes) -> str:
    """Text of JSON, robots.txt and the like: UTF-8 unless a byte order mark says otherwise."""
    text = _with_bom(data)
    return data.decode("utf-8", "replace") if text is None else text
