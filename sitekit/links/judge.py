"""Judges one file against the site: which of its links lead nowhere, what it links to, what must still be compared later."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from .model import Finding
from .positions import Places, quick_place
from .read.attributes import MANIFEST_LINK, MUST_NOT_BE_EMPTY, NAVIGATION, SUBRESOURCE, SVG_HREF, SVG_VALUE
from .read.css import LATE_IMPORT
from .read.css import URL as CSS_URL
from .read.extract import CSS, HTML, SVG, Extract
from .read.jsondata import JSON_LD_ID
from .resolve import Outcome, Resolver, clean
from .site import file_id
from .suggest import Suggestion, spelled
from .text_lints import link_text_findings
from .whatwg_url import Url, parse

# Fragments that are not the id of an element: SVG views, media fragments.
_NOT_AN_ID = ("svgView(", "xywh=", "t=", "track=", "pixel:", "percent:")
_CSS_WHERE = {CSS_URL, SVG_VALUE, "style attribute"}
SEPARATOR = "\0"
_FRAGMENT_SAFE = "~!$&'()*+,;=:@/?-._"

# Anchors that some link wants and no page has, by file id and fragment, with what was probably meant.
Missing = dict[tuple[int, str], Suggestion | None]


@dataclass(slots=True)
class FileRecord:
    """What one file contributes to the whole. Compact: a site has many.

    ``anchors`` and ``wanted_fragments`` are NUL-separated; ``content`` is the hash of the bytes judged, where one was asked for.
    """

    path: str
    kind: str
    links: int = 0
    fragment_links: int = 0
    navigates_to: array = field(default_factory=lambda: array("q"))
    uses: array = field(default_factory=lambda: array("q"))
    anchors: str = ""
    wanted_ids: array = field(default_factory=lambda: array("q"))
    wanted_fragments: str = ""
    findings: list[Finding] = field(default_factory=list)
    refreshes_to: int = 0
    manifests: tuple[str, ...] = ()
    anchors_known: bool = True
    has_failures: bool = False
    content: bytes = b""

    def wanted(self) -> list[tuple[int, str]]:
        """Pairs of file id and fragment that this file's links need to exist."""
        return (
            list(zip(self.wanted_ids, self.wanted_fragments.split(SEPARATOR), strict=True)) if self.wanted_ids else []
        )


def judge(path: str, data: bytes, extract: Extract, resolver: Resolver, missing: Missing | None = None) -> FileRecord:
    """Judge one file. With ``missing`` (pairs of file id and fragment known to be absent) the links to those are findings too."""
    return _Judge(path, data, extract, resolver, missing or {}).run()


class _Judge:
    def __init__(self, path: str, data: bytes, extract: Extract, resolver: Resolver, missing: Missing) -> None:
        self.path = path
        self.data = data
        self.extract = extract
        self.resolver = resolver
        self.missing = missing
        self.record = FileRecord(path, extract.kind)
        self.url = resolver.site.url_of(path)
        self.own_id = file_id(path)
        self.own = Outcome(path, id=self.own_id, has_anchors=extract.kind in (HTML, SVG))
        self.raw: list[tuple[str, str, str, str, str, str]] = []  # url, code, message, suggestion, detail, fix
        self.is_404 = path.rpartition("/")[2] == "404.html"
        self.secure = resolver.site.base.scheme == "https"

    def run(self) -> FileRecord:
        record, extract = self.record, self.extract
        navigates: dict[int, None] = {}
        uses: dict[int, None] = {}
        wanted: dict[tuple[int, str], None] = {}
        for chain, links in extract.groups.items():
            self._links(chain, links, navigates, uses, wanted)
        record.navigates_to = array("q", navigates)
        record.uses = array("q", uses)
        record.anchors = SEPARATOR.join(extract.ids)
        record.anchors_known = extract.kind == HTML or not extract.notes
        record.wanted_ids = array("q", [target for target, _ in wanted])
        record.wanted_fragments = SEPARATOR.join(fragment for _, fragment in wanted)
        if extract.refresh is not None:
            target = self.resolver.resolve(extract.refresh.partition("#")[0], self._base(self._first_chain()))
            record.refreshes_to = target.id if target.path and target.id != self.own_id else 0
        if self.raw or extract.duplicate_ids or extract.notes or extract.link_texts:
            self._findings()
        return record

    def _first_chain(self) -> tuple[str, ...]:
        return next(iter(self.extract.groups), ())

    def _base(self, chain: tuple[str, ...]) -> Url:
        base = self.url
        for href in chain:
            parsed = parse(clean(href), base)
            if parsed is not None and parsed.scheme not in ("data", "javascript"):
                base = parsed
        return base

    def _links(self, chain, links, navigates: dict, uses: dict, wanted: dict) -> None:
        resolver, record = self.resolver, self.record
        base = self._base(chain)
        site_base = resolver.site.base
        on_site = (base.scheme, base.host, base.port) == (site_base.scheme, site_base.host, site_base.port)
        known = resolver.from_root if on_site else {}
        from_here: dict[str, Outcome] = {}
        here = self.own if base is self.url else None
        record.links += len(links)
        first_pass = not self.missing
        fragments = 0
        for url, where in links:
            part, mark, fragment = url.partition("#")
            outcome = known.get(part)
            if outcome is None:
                outcome = from_here.get(part)
                if outcome is None:
                    outcome = from_here[part] = self._slow(part, base, here)
            target = outcome.id
            navigation = where in NAVIGATION
            if target:
                uses[target] = None
                if navigation:
                    navigates[target] = None
                    if fragment and first_pass and outcome.has_anchors and not outcome.note and _is_simple(fragment):
                        wanted[target, fragment] = None
                        fragments += 1
                        continue
            if fragment or not part or outcome.code or outcome.note or not navigation:
                self._special(url, where, part, mark, fragment, outcome, wanted, uses)
        record.fragment_links += fragments
        if self.is_404:
            for url, _ in links:
                self._relative_in_404(url, chain)

    def _slow(self, part: str, base: Url, here: Outcome | None) -> Outcome:
        if here is not None and not clean(part):
            return here
        return self.resolver.resolve(part, base)

    def _special(
        self, url: str, where: str, part: str, mark: str, fragment: str, outcome: Outcome, wanted, uses
    ) -> None:
        """Everything beyond a plain link to a page that exists."""
        if where == LATE_IMPORT:
            self._add(url, "ignored-import", "Browsers ignore an @import that follows other rules.")
            return
        if not part or part.isspace():
            if not mark:
                self._empty(where)
                return
            if where in _CSS_WHERE or where == SVG_HREF:
                if self.extract.kind == CSS or fragment.startswith("default#"):
                    return  # a style sheet's local URL means the document that uses the sheet
                outcome = self.own
        if outcome.code:
            self.record.has_failures = True
            self._add(url, outcome.code, outcome.message, meant=outcome.suggestion)
            return
        if outcome.note == "double-slash":
            self._add(url, "double-slash", "The path holds an empty segment; some servers answer 404.")
        elif outcome.note == "insecure" and self.secure:
            if where in SUBRESOURCE:
                self._add(url, "mixed-content", "A page served over https must not load this over http.")
            elif outcome.path:
                self._add(url, "insecure-own-link", "This is our own site; link to it over https or by path.")
        if outcome.path is None:
            return
        if where == MANIFEST_LINK:
            self.record.manifests = (*self.record.manifests, outcome.path)
        if fragment and outcome.has_anchors and where != JSON_LD_ID:
            self._fragment(url, fragment, outcome, wanted)

    def _fragment(self, url: str, fragment: str, outcome: Outcome, wanted: dict) -> None:
        fragment = clean(fragment).partition(":~:")[0]
        if not fragment or (fragment.startswith(_NOT_AN_ID) and not outcome.path.endswith((".html", ".htm"))):
            return
        self.record.fragment_links += 1
        key = (outcome.id, fragment)
        wanted[key] = None
        if key in self.missing:
            place = "This page" if outcome.id == self.own_id else outcome.path
            meant = self.missing[key]
            message = f"{place} has no element with the id “{fragment}”."
            self._add(url, "missing-fragment", message, detail=outcome.path, meant=meant)

    def _empty(self, where: str) -> None:
        if where in MUST_NOT_BE_EMPTY:
            self.record.has_failures = True
            self._add("", "empty-url", f"The address in {where} is empty.")

    def _relative_in_404(self, url: str, chain: tuple[str, ...]) -> None:
        address = clean(url)
        if (
            not address
            or address[0] in "#/\\?"
            or parse(address) is not None
            or any(parse(href) or href[:1] == "/" for href in chain)
        ):
            return
        self._add(
            url, "relative-in-404", "A 404 page is served at any depth; link from the root instead.", detail=address
        )

    def _add(self, url: str, code: str, message: str, detail: str = "", meant: Suggestion | None = None) -> None:
        url = clean(url)
        suggestion = ""
        if meant is not None:
            part, mark, fragment = url.partition("#")
            if code == "missing-fragment":
                suggestion = f"{part}#{quote(meant.path, safe=_FRAGMENT_SAFE)}"
            else:
                prefix = "".join("/" + segment for segment in self.resolver.site.base.segments[:-1])
                query = "?" + part.partition("?")[2] if "?" in part else ""
                suggestion = spelled(meant.path, part, self.path, prefix) + query + mark + fragment
        fix = suggestion if meant is not None and meant.certain else ""
        self.raw.append((url, code, message, suggestion, detail or url, fix))

    def _findings(self) -> None:
        extract, record = self.extract, self.record
        for url, code, message, index in link_text_findings(extract.link_texts, self._target):
            line, column = quick_place(self.data, url, index) or self._places.nth(clean(url), index)
            record.findings.append(Finding(self.path, line, column, clean(url), code, message, detail=clean(url)))
        seen: Counter[str] = Counter()
        for url, code, message, suggestion, detail, fix in self.raw:
            line, column = self._places.nth(url, seen[code + url])
            seen[code + url] += 1
            record.findings.append(
                Finding(self.path, line, column, url, code, message, suggestion=suggestion, detail=detail, fix=fix)
            )
        for value in extract.duplicate_ids:
            line, column = self._places.id_place(value, 1)
            message = f"The id “{value}” appears more than once; links reach the first."
            record.findings.append(Finding(self.path, line, column, "#" + value, "duplicate-id", message, detail=value))
        for code, message in extract.notes:
            record.findings.append(Finding(self.path, 0, 0, "", code, message, detail=self.path))

    @cached_property
    def _places(self) -> Places:
        return Places(self.path, self.data)

    def _target(self, url: str) -> tuple[object, str]:
        """What a link leads to, for comparing links: a file or the URL itself, and the fragment."""
        part, _, fragment = clean(url).partition("#")
        outcome = self.own if not part else self.resolver.resolve(part, self._base(self._first_chain()))
        return (outcome.id or part), fragment


def _is_simple(fragment: str) -> bool:
    """Whether a fragment needs no trimming and holds no directive, which is nearly always."""
    return ":~:" not in fragment and fragment.isprintable() and " " not in fragment
