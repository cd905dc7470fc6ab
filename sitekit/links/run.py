"""Checks a whole site folder: list, read and judge each file, compare across files, report.

With a cache only what changed is read again, and only what those changes can have touched is compared again.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sitekit.processes import process_count

from .content import content_hashes, hashes_of, read_bytes
from .model import Finding, Report, with_severities
from .read.names import is_page, is_readable
from .record import FileRecord, Missing
from .site import Site, file_id, read_site
from .whole import missing_anchors, orphans, refresh_findings, rule_findings, unused_files

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .cache import Cache, Remembered
    from .read.extract import Redirect
    from .work import Worker

REDIRECTS_FILE = "_redirects"

# How many pages, links and fragments there are, and what was found.
Result = tuple[tuple[int, int, int], list[Finding]]


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
    with _without_collecting():
        site = read_site(Path(site_dir), base_url)
        run = _Run(site, _redirect_rules(site), jobs, executor)
        totals, findings = run.cold() if cache is None else run.with_cache(cache)
        return Report(
            *totals,
            files=len(site.files),
            findings=tuple(sorted(with_severities(findings, severities or {}))),
            seconds=time.perf_counter() - started,
        )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Records hold no cycles; looking for some again and again costs a tenth of the run."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _redirect_rules(site: Site) -> list[Redirect]:
    if REDIRECTS_FILE not in site.files:
        return []
    from .read.plain import read_redirects

    try:
        return read_redirects(read_bytes(f"{site.root}/{REDIRECTS_FILE}")).redirects
    except OSError:
        return []


class _Run:
    def __init__(self, site: Site, rules: list[Redirect], jobs: int | None, executor: Executor | None) -> None:
        self.site = site
        self.rules = rules
        self.jobs = jobs or process_count()
        self.executor = executor
        self.hashing = False
        self.records: dict[str, FileRecord] = {}
        self.whole: list[Finding] = []
        self.missing: Missing = {}

    @cached_property
    def worker(self) -> Worker:
        """Made when there is something to read: its parsers take longer to load than an unchanged site takes to check."""
        from .work import Worker

        return Worker(self.site, self.rules, self.hashing)

    def cold(self) -> Result:
        """Read everything."""
        self.records = {}
        self._judge([path for path in self.site.files if is_readable(path)])
        self._manifests()
        self.missing = missing_anchors(self.records.values(), self.records.values())
        self._again(path for path, record in self.records.items() if self._wants_missing(record))
        self._whole_site()
        return self._result()

    def _result(self) -> Result:
        records = self.records.values()
        totals = (
            sum(map(is_page, self.records)),
            sum(record.links for record in records),
            sum(record.fragment_links for record in records),
        )
        return totals, [*chain.from_iterable(record.findings for record in records), *self.whole]

    def with_cache(self, path: Path) -> Result:
        """Read what the cache does not know, and store what was learned."""
        from .cache import Cache, Damaged, context

        self.hashing = True
        cache = Cache(path, context(self.site.base, self.rules, self.site.aliases))
        try:
            try:
                remembered = cache.load()
                if remembered is not None:
                    return self._warm(cache, remembered)
            except Damaged:
                pass
            result = self.cold()
            cache.save(self.records, self.records, (), self._state(result))
            return result
        finally:
            cache.close()

    def _warm(self, cache: Cache, old: Remembered) -> Result:
        same_listing = old.listing == tuple(self.site.files)
        paths = old.paths if same_listing and old.complete else self._worth_hashing(old)
        hashes = content_hashes(str(self.site.root), paths, self.jobs)
        if same_listing and old.complete and hashes == old.hashes:
            return old.totals, old.findings()

        before = cache.records(old)
        suspects = set() if same_listing else self._touched_by_listing(old, before)
        kept = {
            path: before[path]
            for path, content in zip(paths, hashes_of(hashes), strict=True)
            if path in before and content == before[path].content and path not in suspects
        }
        self.records = {}
        self._judge([path for path in paths if path not in kept and is_readable(path)])
        self.records |= kept
        self._manifests()
        fresh = [path for path in self.records if path not in kept]
        gone = [path for path in before if path not in self.records]

        moved_anchors = {file_id(path) for path in gone}
        moved_anchors |= {
            self.records[path].id for path in fresh if _anchors_differ(before.get(path), self.records[path])
        }
        stale = [
            path for path, record in kept.items() if moved_anchors and not moved_anchors.isdisjoint(record.wanted_ids)
        ]
        self.missing = {key: meant for key, meant in old.missing.items() if key[0] not in moved_anchors}
        wanting = [self.records[path] for path in (*fresh, *stale)]
        self.missing |= missing_anchors(wanting, self.records.values())
        again = [path for path in fresh if self._wants_missing(self.records[path])]
        again += [path for path in stale if path in old.had_missing or self._wants_missing(self.records[path])]
        self._again(again)

        self.records = dict(sorted(self.records.items()))
        if same_listing and not gone and all(_same_edges(before.get(path), self.records[path]) for path in fresh):
            self.whole = old.whole
        else:
            self._whole_site()
        result = self._result()
        cache.save(self.records, {*fresh, *again}, gone, self._state(result))
        return result

    def _worth_hashing(self, old: Remembered) -> list[str]:
        """Every file that is read for its links, and what was read for them the last time."""
        also = {path for path in old.paths if path in self.site.files and not is_readable(path)}
        return [path for path in self.site.files if path in also or is_readable(path)]

    def _touched_by_listing(self, old: Remembered, before: dict[str, FileRecord]) -> set[str]:
        """Unchanged files whose judgement may differ because files came or went."""
        removed = {file_id(path) for path in old.listing if path not in self.site.files}
        return {
            path
            for path, record in before.items()
            if record.has_failures
            or (removed and not (removed.isdisjoint(record.navigates_to) and removed.isdisjoint(record.uses)))
        }

    def _judge(self, paths: list[str]) -> None:
        if paths:
            from .work import judge_all

            for record in judge_all(self.worker, paths, self.jobs, self.executor):
                self.records[record.path] = record

    def _manifests(self) -> None:
        """A web app manifest may have any name: what makes it one is that a page links to it as such."""
        linked = {path for record in self.records.values() for path in record.manifests}
        for path in [path for path in self.records if not is_readable(path) and path not in linked]:
            del self.records[path]
        paths = sorted(path for path in linked if path not in self.records)
        for record in self.worker.run(paths, manifests=frozenset(paths)) if paths else ():
            self.records[record.path] = record

    def _wants_missing(self, record: FileRecord) -> bool:
        return bool(self.missing) and not self.missing.keys().isdisjoint(record.wanted())

    def _again(self, paths: Iterable[str]) -> None:
        """Judge once more, now that the absent anchors are known."""
        paths = list(paths)
        for record in self.worker.run(paths, self.missing or None) if paths else ():
            self.records[record.path] = record

    def _whole_site(self) -> None:
        records = list(self.records.values())
        self.whole = orphans(records) + unused_files(self.site, records) + refresh_findings(records)
        self.whole += rule_findings(REDIRECTS_FILE, self.rules)

    def _state(self, result: Result) -> Remembered:
        """What a later run needs to know of this one."""
        from .cache import Remembered

        known = {path: record for path, record in self.records.items() if record.content}
        had_missing = {path for path, record in known.items() if record.findings and self._wants_missing(record)}
        totals, _ = result
        return Remembered(
            listing=tuple(self.site.files),
            paths=list(known),
            hashes=b"".join(record.content for record in known.values()),
            complete=len(known) == len(self.records),
            totals=totals,
            findings_of={path: record.findings for path, record in known.items() if record.findings},
            had_missing=had_missing,
            missing=self.missing,
            whole=self.whole,
        )


def _anchors_differ(old: FileRecord | None, record: FileRecord) -> bool:
    return old is None or (old.anchors, old.anchors_known) != (record.anchors, record.anchors_known)


def _same_edges(old: FileRecord | None, record: FileRecord) -> bool:
    return (
        old is not None
        and set(old.navigates_to) == set(record.navigates_to)
        and set(old.uses) == set(record.uses)
        and old.refreshes_to == record.refreshes_to
        and old.kind == record.kind
    )
