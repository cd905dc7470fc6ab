"""Every link of a built site that leads to another site, and the addresses to ask for: each once, whatever the number of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ..read.attributes import PING
from ..read.file import is_readable, read_file
from ..read.jsondata import JSON_LD_ID
from ..resolve import Resolver, clean
from ..site import Site, read_site
from ..whatwg_url import Url, parse, strip
from ..work import read_bytes

# Not fetched by following them, or not meant to be fetched at all.
_NOT_FOLLOWED = {"form[action]", "button[formaction]", "input[formaction]", PING, JSON_LD_ID}
# What a browser leaves as it is in a path and in a query (the URL Standard's percent-encode sets, turned around).
_PATH_SAFE = "!$%&'()*+,-./:;=@[\\]_|~"
_QUERY_SAFE = "!$%&()*+,-./:;=?@[\\]^_`{|}~"
_AUTHORITY = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]*:)?[/\\]{2,}([^/\\?#]*)")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One link as authored: number ``index`` (from 0) of those with this ``url`` on ``page``. ``fragment`` is what to look for;
    ``credentials`` says that a user name or a password is written into it."""

    page: str
    url: str
    index: int
    fragment: str = ""
    credentials: bool = False


@dataclass(slots=True)
class Target:
    """An address to ask for once, and the links that lead to it."""

    address: str
    links: list[Link] = field(default_factory=list)

    @property
    def fragments(self) -> list[str]:
        """All anchors that links want on this page, sorted."""
        return sorted({link.fragment for link in self.links if link.fragment})


def collect(site_dir: Path, base_url: str, own_machine: bool = False) -> list[Target]:
    """Targets of all links that leave the site, by address. Raises UsageError where the folder or the URL cannot be used.

    ``own_machine`` includes links to this very machine, which the check of the site itself reports as errors.
    """
    site = read_site(site_dir, base_url)
    resolver = Resolver(site)
    targets: dict[str, Target] = {}
    for path in site.files:
        if is_readable(path):
            _collect_file(site, resolver, path, targets, {"", "local-host"} if own_machine else {""})
    return [targets[address] for address in sorted(targets)]


def _collect_file(site: Site, resolver: Resolver, path: str, targets: dict[str, Target], acceptable: set[str]) -> None:
    try:
        data = read_bytes(f"{site.root}/{path}")
    except OSError:
        return  # the check of the site itself reports it
    seen: Counter[str] = Counter()
    for chain, links in read_file(path, data).groups.items():
        base = site.url_of(path)
        for href in chain:
            base = parse(clean(href), base) or base
        for raw, where in links:
            url = clean(raw)
            if where in _NOT_FOLLOWED:
                continue
            parsed = parse(url, base)
            if parsed is None or parsed.scheme not in ("http", "https") or resolver.is_own(parsed):
                continue
            if resolver.resolve(url.partition("#")[0], base).code not in acceptable:
                continue  # already reported, for example as a placeholder
            address = serialise(parsed)
            target = targets.setdefault(address, Target(address))
            target.links.append(Link(path, url, seen[url], wanted_fragment(parsed.fragment), has_credentials(url)))
            seen[url] += 1


def serialise(url: Url) -> str:
    """The address as a browser would send it, in ASCII and without the fragment."""
    port = "" if url.port is None else f":{url.port}"
    path = quote("/".join(url.segments), safe=_PATH_SAFE, errors="replace")
    query = "" if url.query is None else "?" + quote(url.query, safe=_QUERY_SAFE, errors="replace")
    return f"{url.scheme}://{url.host}{port}/{path}{query}"


def has_credentials(url: str) -> bool:
    """Whether a URL as written holds a user name or a password before its host."""
    match = _AUTHORITY.match(strip(url))
    return bool(match) and "@" in match[1]


def wanted_fragment(fragment: str | None) -> str:
    """The anchor a fragment asks for; empty where there is none that can be looked for.

    Text directives are for the browser, ``#top`` and ``#`` are always there, and what begins with ``/`` or ``!`` is for scripts.
    """
    wanted = (fragment or "").partition(":~:")[0]
    return "" if wanted.lower() == "top" or wanted.startswith(("/", "!", "%2F", "%2f", "%21")) else wanted


def hosts(addresses: Iterable[str]) -> set[str]:
    """The hosts of addresses as ``serialise`` writes them."""
    return {address.split("/", 3)[2] for address in addresses}
