"""The ledger: a text file with one address on each line, ``/mind/sleep/`` for a page and ``/mind/sleep/#naps`` for a heading in it.

Sorted, so that a diff shows exactly what a release adds. Lines are only ever added; comments start with ``# `` and are kept on top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from sitekit.problems import Problem

from ..read.encoding import decode_html
from ..site import INDEX, read_site

_HEADINGS = "h1[id], h2[id], h3[id], h4[id], h5[id], h6[id]"
_HEADER = "# Every address ever published, one a line; added when publishing, never taken away.\n"
_NOT_ADDRESSES = {"404.html"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Addresses with the line each stands on."""

    lines: dict[str, int]

    @classmethod
    def parse(cls, text: str, path: str = "") -> tuple[Ledger, list[Problem]]:
        """Read a ledger. Lines that are no address are problems, each with its place; the rest still counts."""
        lines: dict[str, int] = {}
        problems = []
        for number, line in enumerate(text.splitlines(), 1):
            address = line.strip()
            if not address or address.startswith("# ") or address == "#":
                continue
            if not address.startswith("/") or any(char.isspace() for char in address) or address.endswith("#"):
                message = f"{address!r} is not an address from the root of the site."
                hint = "Write /page/ or /page/#heading, percent-encoded."
                problems.append(Problem(path, number, 1, "ledger-line", message, hint))
            elif address in lines:
                message = f"{address} stands on line {lines[address]} already."
                problems.append(Problem(path, number, 1, "ledger-duplicate", message, "Delete this line."))
            else:
                lines[address] = number
        return cls(lines), problems

    def with_new(self, addresses: Iterable[str]) -> Ledger:
        """A ledger that also promises ``addresses``."""
        together = sorted({*self.lines, *addresses}, key=_order)
        return Ledger({address: number for number, address in enumerate(together, _HEADER.count("\n") + 1)})

    def new(self, addresses: Iterable[str]) -> list[str]:
        """Those of ``addresses`` that are not promised yet, sorted."""
        return sorted(set(addresses) - set(self.lines), key=_order)

    def as_text(self) -> str:
        """The file: equal ledgers give equal bytes."""
        return _HEADER + "".join(f"{address}\n" for address in sorted(self.lines, key=_order))


def _order(address: str) -> tuple[str, str]:
    page, _, fragment = address.partition("#")
    return page, fragment


def published(site_dir: Path) -> set[str]:
    """Addresses of a built site: its pages and the ids of their headings. Redirect pages and the 404 page promise nothing."""
    site = read_site(site_dir, "https://site.invalid/")
    addresses: set[str] = set()
    for path in site.files:
        if not path.endswith((".html", ".htm")) or path.rpartition("/")[2] in _NOT_ADDRESSES:
            continue
        tree = LexborHTMLParser(decode_html((site_dir / path).read_bytes()))
        if tree.css_first("meta[http-equiv=refresh i]") is not None:
            continue
        page = "/" + quote(path[: -len(INDEX)] if path.rpartition("/")[2] == INDEX else path, safe="/~!$&'()*+,;=:@")
        addresses.add(page)
        for heading in tree.css(_HEADINGS):
            identifier = heading.attributes.get("id")
            if identifier:
                addresses.add(f"{page}#{quote(identifier, safe=_SAFE_IN_FRAGMENT)}")
    return addresses


_SAFE_IN_FRAGMENT = "~!$&'()*+,;=:@/?"
