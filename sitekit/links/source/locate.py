"""Gives findings the place in the sources where an editor or a developer can mend them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from ..codes import CODES, EXTERNAL_CODES
from ..model import Finding
from .markdown import MarkdownSource
from .record import BuildRecord, PageRecord
from .text_search import TextSearch

_TEMPLATE_SUFFIXES = {".html", ".xml", ".txt", ".webmanifest", ".json", ".svg", ".jinja", ".j2", ".css"}
_DATA_SUFFIXES = {".yaml", ".yml", ".bib", ".json", ".csv", ".toml", ".txt"}
_ABOUT_THE_WHOLE_PAGE = {"orphan", "unused-file", "malformed-xml", "malformed-json", "unreadable-file"}


def locate(findings: Iterable[Finding], content: Path, record: BuildRecord | None = None) -> list[Finding]:
    """Findings with ``source``, ``source_line`` and ``source_column`` filled in where they can be told.

    ``content`` is the folder of Markdown sources; paths in the record and in the result are relative to its parent. A finding that
    comes from a template, or from one place in the sources shown on many pages, is returned once, with the number of pages.
    """
    return _Locator(content, record or BuildRecord()).run(list(findings))


class _Locator:
    def __init__(self, content: Path, record: BuildRecord) -> None:
        self.root = content.resolve().parent
        self.content = content.resolve()
        self.record = record
        self._sources: dict[str, MarkdownSource | None] = {}
        self._stems: dict[str, list[str]] | None = None
        self._data = TextSearch(self.root, _files(self.content, _DATA_SUFFIXES))
        folders = {(self.root / page.template).parent for page in record.pages.values() if page.template}
        self._templates = TextSearch(
            self.root, (file for folder in folders for file in _files(folder, _TEMPLATE_SUFFIXES))
        )

    def run(self, findings: list[Finding]) -> list[Finding]:
        alike: dict[tuple[str, str, str], int] = defaultdict(int)
        located = []
        for finding in findings:
            key = (finding.page, finding.url, finding.code)
            located.append(self._locate(finding, alike[key]))
            alike[key] += 1
        return self._once(located)

    def _locate(self, finding: Finding, index: int) -> Finding:
        page = self._page(finding.page)
        if finding.code in _ABOUT_THE_WHOLE_PAGE or CODES[finding.code].name == "duplicate-id":
            return finding._replace(source=page.source or page.template)
        for source in [page.source] if page.source else self._anywhere(finding.url):
            markdown = self._source(source)
            links = markdown.find(finding.url) if markdown else []
            if links:
                link = links[min(index, len(links) - 1)]
                return finding._replace(source=source, source_line=link.line, source_column=link.column)
        place = self._data.find(finding.url) if len(finding.url) > 8 and "://" in finding.url else None
        place = place or self._templates.find(finding.url, page.template)
        if place is not None:
            return finding._replace(source=place[0], source_line=place[1], source_column=place[2])
        return finding._replace(source=page.source or page.template)

    def _page(self, path: str) -> PageRecord:
        page = self.record.pages.get(path)
        if page is not None:
            return page
        candidates = self._by_stem(path)
        return PageRecord(source=candidates[0]) if len(candidates) == 1 else PageRecord()

    def _by_stem(self, path: str) -> list[str]:
        """Without a record: the Markdown file named like the page or like its folder."""
        if self._stems is None:
            self._stems = defaultdict(list)
            for file in _files(self.content, {".md"}):
                self._stems[file.stem].append(file.relative_to(self.root).as_posix())
        folder, _, name = path.removesuffix(".html").rpartition("/")
        stem = folder.rpartition("/")[2] if name == "index" else name
        return self._stems.get(stem or "home", []) if path.endswith(".html") else []

    def _anywhere(self, url: str) -> list[str]:
        """For pages without a source of their own, such as feeds and lists: the one source that writes this URL."""
        found = [
            page.source
            for page in self.record.pages.values()
            if page.source and any(written == url for _, written in page.links)
        ]
        return found[:1] if len(set(found)) == 1 else []

    def _source(self, path: str) -> MarkdownSource | None:
        if path not in self._sources:
            rewrites = [pair for page in self.record.pages.values() if page.source == path for pair in page.links]
            try:
                self._sources[path] = MarkdownSource(self.root / path, rewrites)
            except OSError:
                self._sources[path] = None
        return self._sources[path]

    def _once(self, findings: list[Finding]) -> list[Finding]:
        """One finding for each place in the sources, told on the page that the source makes, with the number of pages."""
        groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.source_line:
                place = (finding.source, finding.source_line, finding.source_column, finding.url, finding.code)
            else:
                place = (finding,)
            groups[place].append(finding)
        result = []
        for group in groups.values():
            own = next((one for one in group if self._page(one.page).source == one.source), group[0])
            result.append(own._replace(pages=len({one.page for one in group})))
        return sorted(_without_echoes(result))


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Feeds and lists repeat links of articles. What is told about another site at its place in the sources is not told again."""
    placed = {(one.code, one.url) for one in findings if one.source_line}
    return [
        one
        for one in findings
        if one.source_line or one.code not in EXTERNAL_CODES or (one.code, one.url) not in placed
    ]


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix in suffixes and file.is_file())
