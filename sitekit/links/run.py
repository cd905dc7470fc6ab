"""Checks a whole site folder: list, read and judge each file, compare across files, report.

With a cache only what changed is read again, and only what those changes can have touched is compared again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .cache import Cache, Entry, Remembered, code_version
from .judge import FileRecord, Missing
from .model import Finding, Report, with_severities
from .read.extract import Redirect
from .read.file import is_page, is_readable
from .read.plain import read_redirects
from .site import Site, file_id, read_site
from .whole import missing_anchors, orphans, refresh_findings, rule_findings, unused_files
from .work import Worker, content_hash, judge_all, process_count, read_bytes

REDIRECTS_FILE = "_redirects"
_HASH_THREADS = 2


def check(
    site_dir: Path | str,
    base_url: str,
    *,
    severities: dict[str, str] | None = None,
    cache: Path | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
) -> Report:
    """Check every link of the site in ``site_dir``, deployed at ``base_url``.

    ``severities`` overrides those of finding codes; ``cache`` names a file to remember the run in; ``jobs`` limits the
    processes, and ``executor`` (any of concurrent.futures' kind) replaces them. Returns a Report; raises UsageError where the
    folder or the base URL cannot be used. Nothing outside the folder is read and nothing is fetched.
    """
    started = time.perf_counter()
    site = read_site(Path(site_dir), base_url)
    run = _Run(site, _redirect_rules(site), jobs, executor)
    if cache is None:
        run.cold()
    else:
        run.with_cache(cache)
    findings = [finding for record in run.records.values() for finding in record.findings] + run.whole
    return Report(
        pages=sum(is_page(path) for path in run.records),
        links=sum(record.links for record in run.records.values()),
        fragments=sum(record.fragment_links for record in run.records.values()),
        files=len(site.files),
        findings=tuple(sorted(with_severities(findings, severities or {}))),
        seconds=time.perf_counter() - started,
    )


def _redirect_rules(site: Site) -> list[Redirect]:
    if REDIRECTS_FILE not in site.files:
        return []
    try:
        return read_redirects(read_bytes(f"{site.root}/{REDIRECTS_FILE}")).redirects
    except OSError:
        return []


@dataclass(slots=True)
class _Run:
    site: Site
    rules: list[Redirect]
    jobs: int | None
    executor: Executor | None
    records: dict[str, FileRecord] = field(default_factory=dict)
    whole: list[Finding] = field(default_factory=list)
    missing: Missing = field(default_factory=dict)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker(self.site, self.rules)

    def cold(self) -> None:
        """Read everything."""
        self._judge([path for path in self.site.files if is_readable(path)])
        self._manifests()
        self.missing = missing_anchors(self.records.values(), self.records.values())
        self._again(path for path, record in self.records.items() if self._wants_missing(record))
        self._whole_site()

    def with_cache(self, path: Path) -> None:
        """Read what the cache does not know, and store what was learned."""
        self.worker.hashing = True
        context = hashlib.sha256(
            code_version() + repr((self.site.base, self.rules, self.site.aliases)).encode()
        ).digest()
        cache = Cache(path, context)
        try:
            remembered = cache.load()
            if remembered is None:
                self.cold()
                self._save(cache, self.records.values(), (), keep=False)
            else:
                self._warm(cache, remembered)
        finally:
            cache.close()

    def _warm(self, cache: Cache, old: Remembered) -> None:
        hashes = self._hashes(old)
        suspects = self._touched_by_listing(old)
        entries = {
            path: entry
            for path, entry in old.entries.items()
            if hashes.get(path) == entry.record.content and path not in suspects and path in self.site.files
        }
        changed = [path for path in hashes if path not in entries and is_readable(path)]
        self._judge(changed)
        self.records |= {path: entry.record for path, entry in entries.items()}
        self._manifests()
        fresh = [path for path in self.records if path not in entries]
        gone = [path for path in old.entries if path not in self.records]

        moved_anchors = {file_id(path) for path in gone}
        moved_anchors |= {file_id(path) for path in fresh if _anchors_differ(old.entries.get(path), self.records[path])}
        stale = [
            path for path in entries if moved_anchors and not moved_anchors.isdisjoint(entries[path].record.wanted_ids)
        ]
        wanting = [self.records[path] for path in (*fresh, *stale)]
        self.missing = {key: meant for key, meant in old.missing.items() if key[0] not in moved_anchors}
        self.missing |= missing_anchors(wanting, self.records.values())
        again = [path for path in fresh if self._wants_missing(self.records[path])]
        again += [path for path in stale if entries[path].had_missing or self._wants_missing(self.records[path])]
        self._again(again)

        self.records = dict(sorted(self.records.items()))
        same_edges = not gone and all(_same_edges(old.entries.get(path), self.records[path]) for path in fresh)
        if same_edges and old.listing == tuple(self.site.files):
            self.whole = old.whole
        else:
            self._whole_site()
        written = {*fresh, *again}
        if written or gone or old.listing != tuple(self.site.files):
            self._save(cache, (self.records[path] for path in sorted(written)), gone, keep=True)

    def _touched_by_listing(self, old: Remembered) -> set[str]:
        """Unchanged files whose judgement may differ because files came or went."""
        now, before = set(self.site.files), set(old.listing)
        if now == before:
            return set()
        removed = {file_id(path) for path in before - now}
        return {
            path
            for path, entry in old.entries.items()
            if entry.record.has_failures or (removed and not removed.isdisjoint(entry.record.uses))
        }

    def _hashes(self, old: Remembered) -> dict[str, bytes]:
        """Content hashes of every file that is read for its links, several at a time: reading and hashing both wait outside
        the interpreter."""
        paths = [path for path in self.site.files if is_readable(path)]
        paths += [path for path in old.entries if path in self.site.files and not is_readable(path)]
        size = max(1, -(-len(paths) // _HASH_THREADS))
        with ThreadPoolExecutor(_HASH_THREADS) as pool:
            parts = pool.map(self._hash_some, [paths[start : start + size] for start in range(0, len(paths), size)])
            return {path: value for part in parts for path, value in part}

    def _hash_some(self, paths: list[str]) -> list[tuple[str, bytes]]:
        root = str(self.site.root)
        found = []
        for path in paths:
            try:
                found.append((path, content_hash(read_bytes(f"{root}/{path}"))))
            except OSError:
                found.append((path, b""))
        return found

    def _judge(self, paths: list[str]) -> None:
        for record in judge_all(self.worker, paths, self.jobs or process_count(), self.executor):
            self.records[record.path] = record

    def _manifests(self) -> None:
        """A web app manifest may have any name: what makes it one is that a page links to it as such."""
        linked = {path for record in self.records.values() for path in record.manifests}
        for path in [path for path in self.records if not is_readable(path) and path not in linked]:
            del self.records[path]
        paths = sorted(path for path in linked if path not in self.records)
        for record in self.worker.run(paths, manifests=frozenset(paths)):
            self.records[record.path] = record

    def _wants_missing(self, record: FileRecord) -> bool:
        return bool(self.missing) and any(key in self.missing for key in record.wanted())

    def _again(self, paths: Iterable[str]) -> None:
        """Judge once more, now that the absent anchors are known."""
        for record in self.worker.run(paths, self.missing or None):
            self.records[record.path] = record

    def _whole_site(self) -> None:
        records = list(self.records.values())
        self.whole = orphans(records) + unused_files(self.site, records) + refresh_findings(records)
        self.whole += rule_findings(REDIRECTS_FILE, self.rules)

    def _save(self, cache: Cache, records: Iterable[FileRecord], gone: Iterable[str], keep: bool) -> None:
        entries = (Entry(record, self._wants_missing(record)) for record in records if record.content)
        cache.save(entries, gone, self.site.files, self.missing, self.whole, keep)


def _anchors_differ(old: Entry | None, record: FileRecord) -> bool:
    if old is None:
        return True
    return (old.record.anchors, old.record.anchors_known) != (record.anchors, record.anchors_known)


def _same_edges(old: Entry | None, record: FileRecord) -> bool:
    if old is None:
        return False
    before = old.record
    return (
        set(before.navigates_to) == set(record.navigates_to)
        and set(before.uses) == set(record.uses)
        and before.refreshes_to == record.refreshes_to
        and before.kind == record.kind
    )
