"""Judges one file against the site: which of its links lead nowhere, what it links to, what must still be compared later."""

from __future__ import annotations

from array import array
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from .model import Finding
from .read.attributes import MANIFEST_LINK, MUST_NOT_BE_EMPTY, NAVIGATION, SUBRESOURCE, SVG_HREF, SVG_VALUE
from .read.css import LATE_IMPORT
from .read.css import URL as CSS_URL
from .read.extract import A_HREF, CSS, HTML, SVG, Extract, RawLink
from .read.jsondata import JSON_LD_ID
from .record import SEPARATOR, FileRecord, Missing
from .resolve import Outcome, Resolver, clean
from .text_lints import link_text_findings
from .whatwg_url import Url, parse

if TYPE_CHECKING:
    from .positions import Places
    from .suggest import Suggestion

# Fragments that are not the id of an element: SVG views, media fragments.
_NOT_AN_ID = ("svgView(", "xywh=", "t=", "track=", "pixel:", "percent:")
_CSS_WHERE = {CSS_URL, SVG_VALUE, "style attribute"}
_NO_PAGES: dict[str, int] = {}
_FRAGMENT_SAFE = "~!$&'()*+,;=:@/?-._"


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
        self.own_id = resolver.site.files[path]
        self.record = FileRecord(path, self.own_id, extract.kind)
        self._start()

    def _start(self) -> None:
        self.raw: list[tuple[str, str, str, str, str, str]] = []  # url, code, message, suggestion, detail, fix
        self.navigates: set[int] = set()
        self.uses: set[int] = set()
        self.wanted_ids: list[int] = []
        self.wanted_fragments: list[str] = []
        self.record.has_failures = False
        self.record.manifests = ()

    def run(self) -> FileRecord:
        record, extract = self.record, self.extract
        if self.missing or not self._nothing_wrong():
            self._start()
            for chain, links in extract.groups.items():
                self._links(chain, links)
        record.links = len(extract.hrefs) + sum(map(len, extract.others.values()))
        record.navigates_to = array("q", self.navigates)
        record.uses = array("q", self.uses - self.navigates)
        record.anchors = SEPARATOR.join(extract.ids)
        record.anchors_known = extract.kind == HTML or not extract.notes
        record.wanted_ids = array("q", self.wanted_ids)
        record.wanted_fragments = SEPARATOR.join(self.wanted_fragments)
        record.fragment_links = len(self.wanted_ids)
        if extract.refresh is not None:
            target = self.resolver.resolve(extract.refresh.partition("#")[0], self._base(extract.chain))
            record.refreshes_to = target.id if target.path and target.id != self.own_id else 0
        self._findings()
        return record

    @cached_property
    def _url(self) -> Url:
        return self.resolver.site.url_of(self.path)

    @cached_property
    def _own(self) -> Outcome:
        return Outcome(self.path, id=self.own_id, has_anchors=self.extract.kind in (HTML, SVG))

    @cached_property
    def _places(self) -> Places:
        from .positions import Places  # loads every reader, which a run without findings does without

        return Places(self.path, self.data)

    def _base(self, chain: tuple[str, ...]) -> Url:
        base = self._url
        for href in chain:
            parsed = parse(clean(href), base)
            if parsed is not None and parsed.scheme not in ("data", "javascript"):
                base = parsed
        return base

    def _nothing_wrong(self) -> bool:
        """Judge in the order that is quickest. Where that finds anything, the order of the document tells which link it is."""
        if self.extract.hrefs:
            self._links(self.extract.chain, self._hrefs())
        for chain, links in self.extract.others.items():
            self._links(chain, links)
        return not self.raw

    def _hrefs(self) -> list[RawLink]:
        """Take in the links to pages that need no second look, which are nearly all, and return the rest."""
        if self._is_404:
            return [(url, A_HREF) for url in self.extract.hrefs]
        at_home = not self.extract.chain
        pages = self.resolver.pages if at_home else _NO_PAGES
        hrefs = self.extract.hrefs
        targets = list(map(pages.get, hrefs))
        self.navigates.update(targets)
        if None not in self.navigates:
            return []
        self.navigates.remove(None)
        visit = self.navigates.add
        ids, fragments = self.wanted_ids, self.wanted_fragments
        rest: list[RawLink] = []
        for url in [url for url, target in zip(hrefs, targets, strict=True) if target is None]:
            part, mark, fragment = url.partition("#")
            target = pages.get(part)
            if target is None:
                if part or not mark or not at_home:
                    rest.append((url, A_HREF))
                    continue
                target = self.own_id
            if fragment:
                if not fragment.isprintable() or " " in fragment or ":~:" in fragment:
                    rest.append((url, A_HREF))
                    continue
                ids.append(target)
                fragments.append(fragment)
            visit(target)
        return rest

    def _links(self, chain: tuple[str, ...], links: list[RawLink]) -> None:
        if not links:
            return
        at_home = not chain or self.resolver.on_own_origin(self._base(chain))
        known = self.resolver.from_root if at_home else {}
        from_here: dict[str, Outcome] = {}
        for url, where in links:
            part, mark, fragment = url.partition("#")
            outcome = known.get(part)
            if outcome is None:
                outcome = from_here.get(part)
                if outcome is None:
                    outcome = from_here[part] = self._outcome(part, chain)
            navigation = where in NAVIGATION
            if outcome.id:
                (self.navigates if navigation else self.uses).add(outcome.id)
            if fragment or not part or outcome.code or outcome.note or not navigation:
                self._special(url, where, part, mark, fragment, outcome)
        if self._is_404:
            for url, _ in links:
                self._relative_in_404(url, chain)

    @property
    def _is_404(self) -> bool:
        return self.path.rpartition("/")[2] == "404.html"

    def _outcome(self, part: str, chain: tuple[str, ...]) -> Outcome:
        if not chain and part[:1] == "/":
            return self.resolver.resolve(part, self.resolver.site.base)  # the same from every page
        base = self._base(chain)
        if base is self._url and not clean(part):
            return self._own
        return self.resolver.resolve(part, base)

    def _special(self, url: str, where: str, part: str, mark: str, fragment: str, outcome: Outcome) -> None:
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
                outcome = self._own
        if outcome.code:
            self.record.has_failures = True
            self._add(url, outcome.code, outcome.message, meant=outcome.suggestion)
            return
        if outcome.note == "double-slash":
            self._add(url, "double-slash", "The path holds an empty segment; some servers answer 404.")
        elif outcome.note == "insecure" and self.resolver.site.base.scheme == "https":
            if where in SUBRESOURCE:
                self._add(url, "mixed-content", "A page served over https must not load this over http.")
            elif outcome.path:
                self._add(url, "insecure-own-link", "This is our own site; link to it over https or by path.")
        if outcome.path is None:
            return
        if where == MANIFEST_LINK:
            self.record.manifests = (*self.record.manifests, outcome.path)
        if fragment and outcome.has_anchors and where != JSON_LD_ID:
            self._fragment(url, fragment, outcome)

    def _fragment(self, url: str, fragment: str, outcome: Outcome) -> None:
        fragment = clean(fragment).partition(":~:")[0].replace(SEPARATOR, "\ufffd")  # JSON can hold it
        if not fragment or (fragment.startswith(_NOT_AN_ID) and not outcome.path.endswith((".html", ".htm"))):
            return
        self.wanted_ids.append(outcome.id)
        self.wanted_fragments.append(fragment)
        key = (outcome.id, fragment)
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
            from .suggest import spelled

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
        for url, code, message, index in link_text_findings(extract.texts, extract.hrefs, self._target):
            line, column = quick_place(self.data, url, index) or self._places.nth(clean(url), index)
            record.findings.append(Finding(self.path, line, column, clean(url), code, message, detail=clean(url)))
        if not (self.raw or extract.duplicate_ids or extract.notes):
            return
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

    def _target(self, url: str) -> tuple[object, str]:
        """What a link leads to, for comparing links: a file or the URL itself, and the fragment."""
        part, _, fragment = clean(url).partition("#")
        outcome = self._own if not part else self.resolver.resolve(part, self._base(self.extract.chain))
        return (outcome.id or part), fragment


def quick_place(data: bytes, url: str, index: int) -> tuple[int, int] | None:
    """The place of a link on a page whose markup is as plain as nearly all markup is; None where only reading it can tell.

    Advice about link texts can concern every page of a site, and reading each with care costs ten times the check itself.
    """
    if b"\r" in data or not url.isascii() or any(char in url for char in "&\"' \n"):
        return None
    needle = f'href="{url}"'.encode()
    offset = -1
    for _ in range(index + 1):
        offset = data.find(needle, offset + 1)
        if offset == -1:
            return None
    offset += 6
    line_start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[line_start:offset].decode("utf-8", "replace")) + 1
