"""URLs by the URL Standard (https://url.spec.whatwg.org/), as far as a link checker needs them.

A browser does not read URLs the way RFC 3986 or ``urllib`` do: a backslash is a slash, tabs vanish, ``https:page`` may be
relative, ``%2e`` is a dot. A checker that reads them otherwise reports links that work and misses links that do not.

Path segments stay as they were authored; ``decoded_path`` gives what a static server looks up.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes

SPECIAL_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "file": None}

_C0_OR_SPACE = "".join(chr(code) for code in range(0x21))
_TAB_OR_NEWLINE = {0x09: None, 0x0A: None, 0x0D: None}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_FORBIDDEN_HOST = set("\x00\t\n\r #/:<>?@[\\]^|")
_FORBIDDEN_DOMAIN = _FORBIDDEN_HOST | {chr(code) for code in range(0x20)} | {"%", "\x7f"}
_MAPPED_IN_DOMAIN = dict.fromkeys((0xAD, 0x34F, 0x200B, 0x200C, 0x200D, 0x2060, *range(0xFE00, 0xFE10), 0xFEFF))
_MAPPED_IN_DOMAIN |= dict.fromkeys((0x3002, 0xFF0E, 0xFF61), ".")
_SINGLE_DOT = {".", "%2e"}
_DOUBLE_DOT = {"..", ".%2e", "%2e.", "%2e%2e"}
_FRAGMENT_ENCODED = re.compile("[^!#-;=?-_a-~]")  # all but printable ASCII, and of that ' "<>`'


class Url(NamedTuple):
    """A parsed URL. ``opaque`` holds the path of URLs such as ``mailto:``; ``segments`` is empty for those."""

    scheme: str
    host: str | None = None
    port: int | None = None
    segments: tuple[str, ...] = ()
    opaque: str | None = None
    query: str | None = None
    fragment: str | None = None

    @property
    def special(self) -> bool:
        """Whether the scheme is one of those that the standard treats like http."""
        return self.scheme in SPECIAL_PORTS

    def decoded_path(self) -> tuple[str, ...]:
        """The segments percent-decoded once. Bytes that are not UTF-8 become surrogates, as in file names."""
        return tuple(decode_segment(segment) for segment in self.segments)


def decode_segment(segment: str) -> str:
    """One path segment, percent-decoded to the form ``os`` uses for file names."""
    if "%" not in segment:
        return segment
    return unquote_to_bytes(segment.encode("utf-8", "replace")).decode("utf-8", "surrogateescape")


def encode_fragment(fragment: str) -> str:
    """The fragment after the parser's percent-encoding, which is what the first match against ids uses."""
    return _FRAGMENT_ENCODED.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), fragment
    )


def decode_fragment(fragment: str) -> str:
    """The fragment percent-decoded, which is what the second match against ids uses."""
    return unquote(fragment, errors="replace") if "%" in fragment else fragment


def strip(text: str) -> str:
    """What the parser does first: trim C0 controls and spaces, drop tabs and newlines."""
    return text.strip(_C0_OR_SPACE).translate(_TAB_OR_NEWLINE)


def parse(text: str, base: Url | None = None) -> Url | None:
    """Parse ``text`` against ``base``; None stands for the standard's failure."""
    text = strip(text)
    rest, hash_mark, fragment = text.partition("#")
    fragment = fragment if hash_mark else None

    match = _SCHEME.match(rest)
    if match:
        scheme, rest = match[0][:-1].lower(), rest[match.end() :]
        if scheme == "file":
            return _file_url(rest, fragment)
        if scheme not in SPECIAL_PORTS:
            return _not_special(scheme, rest, fragment)
        if not (base and base.scheme == scheme and not rest.startswith("//")):
            return _with_authority(scheme, rest.lstrip("/\\"), fragment)
    elif base is None:
        return None
    return _relative(rest, fragment, base)


def _relative(rest: str, fragment: str | None, base: Url) -> Url | None:
    if base.opaque is not None:
        return base._replace(fragment=fragment) if rest == "" and fragment is not None else None
    slashes = "/\\" if base.special else "/"
    if rest[:1] and rest[0] in slashes:
        if rest[1:2] and rest[1] in slashes and base.scheme != "file":
            return _with_authority(base.scheme, rest.lstrip(slashes) if base.special else rest[2:], fragment)
        path, query = _split_query(rest[1:])
        return base._replace(segments=_normalise((), path, base.special), query=query, fragment=fragment)
    path, query = _split_query(rest)
    if path == "":
        return base._replace(query=base.query if query is None else query, fragment=fragment)
    return base._replace(segments=_normalise(base.segments[:-1], path, base.special), query=query, fragment=fragment)


def _file_url(rest: str, fragment: str | None) -> Url:
    path, query = _split_query(rest)
    return Url("file", "", None, _normalise((), path.lstrip("/\\"), True), None, query, fragment)


def _not_special(scheme: str, rest: str, fragment: str | None) -> Url | None:
    if rest.startswith("//"):
        return _with_authority(scheme, rest[2:], fragment)
    path, query = _split_query(rest)
    if path.startswith("/"):
        return Url(scheme, None, None, _normalise((), path[1:], False), None, query, fragment)
    return Url(scheme, None, None, (), path, query, fragment)


def _with_authority(scheme: str, rest: str, fragment: str | None) -> Url | None:
    special = scheme in SPECIAL_PORTS
    end = re.search(r"[/?\\]" if special else r"[/?]", rest)
    authority, rest = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    _, at_sign, host_port = authority.rpartition("@")
    port: int | None = None
    host, colon, port_text = host_port.rpartition(":")
    if colon and "]" not in port_text:
        if port_text:
            if not (port_text.isascii() and port_text.isdigit()) or len(port_text.lstrip("0")) > 5:
                return None
            port = int(port_text)
            if port > 65535:
                return None
            if port == SPECIAL_PORTS.get(scheme):
                port = None
    else:
        host = host_port
    if host == "" and (special or at_sign or colon):
        return None
    parsed_host = parse_host(host, special)
    if parsed_host is None:
        return None
    path, query = _split_query(rest)
    segments = _normalise((), path[1:], special) if path else (("",) if special else ())
    return Url(scheme, parsed_host, port, segments, None, query, fragment)


def _split_query(rest: str) -> tuple[str, str | None]:
    path, question, query = rest.partition("?")
    return path, query if question else None


def _normalise(base: tuple[str, ...], path: str, special: bool) -> tuple[str, ...]:
    """Append ``path`` to ``base`` and take out the dot segments; ``..`` never climbs above the root."""
    if special and "\\" in path:
        path = path.replace("\\", "/")
    parts = path.split("/")
    if "." not in path and "%2" not in path:
        return (*base, *parts)
    segments = list(base)
    last = len(parts) - 1
    for index, part in enumerate(parts):
        lowered = part.lower() if len(part) <= 6 else part
        if lowered in _DOUBLE_DOT:
            if segments:
                segments.pop()
            if index == last:
                segments.append("")
        elif lowered in _SINGLE_DOT:
            if index == last:
                segments.append("")
        else:
            segments.append(part)
    return tuple(segments)


def parse_host(host: str, special: bool = True) -> str | None:
    """The serialised host, or None where the standard says failure."""
    if host.startswith("["):
        if not host.endswith("]"):
            return None
        from ipaddress import AddressValueError, IPv6Address

        try:
            return f"[{IPv6Address(host[1:-1]).compressed}]" if "%" not in host else None
        except (AddressValueError, ValueError):
            return None
    if not special:
        return None if any(char in _FORBIDDEN_HOST for char in host) else host
    domain = to_ascii(unquote(host, errors="replace"))
    if domain is None or any(char in _FORBIDDEN_DOMAIN for char in domain):
        return None
    if _ends_in_number(domain):
        return _ipv4(domain)
    return domain


def to_ascii(domain: str) -> str | None:
    """A domain in lower-case ASCII. Maps like UTS 46 without judging registrability, so no live host is called invalid."""
    if domain.isascii():
        return domain.lower() or None
    mapped = domain.translate(_MAPPED_IN_DOMAIN)
    mapped = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", mapped).lower())
    labels = [
        label if label.isascii() else "xn--" + label.encode("punycode", "replace").decode("ascii")
        for label in mapped.split(".")
    ]
    return ".".join(labels) or None


def _ends_in_number(domain: str) -> bool:
    labels = domain.split(".")
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    last = labels[-1]
    return bool(last) and (last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None)


def _ipv4(domain: str) -> str | None:
    labels = domain.split(".")
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    if len(labels) > 4:
        return None
    numbers: list[int] = []
    for label in labels:
        try:
            if label[:2] == "0x":
                numbers.append(int(label[2:] or "0", 16))
            elif len(label) > 1 and label[0] == "0":
                numbers.append(int(label, 8))
            else:
                numbers.append(int(label, 10))
        except ValueError:
            return None
        if len(label) > 40:
            return None
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1] + sum(number * 256 ** (3 - index) for index, number in enumerate(numbers[:-1]))
    return ".".join(str(part) for part in value.to_bytes(4, "big"))
