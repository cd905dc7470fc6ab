"""Judging many files: here, or in shards over the processes of any ``concurrent.futures`` executor.

A shard carries all it needs, so an executor may run it anywhere that sees the site folder (a process pool, Dask's
``client.get_executor()``). Each process unpacks the listing once and keeps its resolver from shard to shard.
"""

from __future__ import annotations

import gc
import marshal
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from sitekit.processes import can_fork, process_count, share_out, split

from .content import content_hash, read_bytes
from .judge import judge
from .model import Finding
from .read.extract import OTHER, Redirect
from .read.file import read_file
from .record import FileRecord, Missing, packed_records, unpacked_records
from .resolve import Resolver
from .site import Site

if TYPE_CHECKING:
    from concurrent.futures import Executor

PARALLEL_FROM = 400
"""Files below which starting processes costs more than it saves."""

_PIECES_PER_PROCESS = 24  # so many that none waits long for the last
_SHARDS_PER_PROCESS = 4  # fewer, as each carries the listing along


class Worker:
    """Judges files of one site in this process."""

    def __init__(self, site: Site, redirects: list[Redirect], hashing: bool = False) -> None:
        self.site = site
        self.hashing = hashing
        self.resolver = Resolver(site, redirects)

    def run(
        self, paths: Iterable[str], missing: Missing | None = None, manifests: frozenset[str] = frozenset()
    ) -> list[FileRecord]:
        """A record for each path, in order."""
        return [self._one(path, missing, path in manifests) for path in paths]

    def _one(self, path: str, missing: Missing | None, is_manifest: bool) -> FileRecord:
        try:
            data = read_bytes(f"{self.site.root}/{path}")
        except OSError as error:
            message = f"Cannot be read: {error.strerror}."
            finding = Finding(path, 0, 0, "", "unreadable-file", message, detail=path)
            return FileRecord(path, self.site.files[path], OTHER, [finding])
        record = judge(path, data, read_file(path, data, is_manifest), self.resolver, missing)
        if self.hashing:
            record.content = content_hash(data)
        return record


def judge_all(
    worker: Worker, paths: Sequence[str], jobs: int | None = None, executor: Executor | None = None
) -> list[FileRecord]:
    """Records of ``paths`` in order. With an ``executor`` the shards go there; without one, to as many processes as pay off."""
    jobs = jobs or process_count()
    if executor is None and (jobs < 2 or len(paths) < PARALLEL_FROM):
        return worker.run(paths)
    if executor is not None:
        return _sharded(worker, paths, executor, jobs)
    if can_fork():
        pieces = split(paths, jobs * _PIECES_PER_PROCESS)
        parts = share_out(pieces, worker.run, packed_records, unpacked_records, jobs)
        return [record for part in parts for record in part]
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    try:
        with ProcessPoolExecutor(jobs, initializer=gc.disable) as pool:
            return _sharded(worker, paths, pool, jobs)
    except (BrokenExecutor, PermissionError):
        return worker.run(paths)  # a machine that forbids or kills processes still gets its answer


def _sharded(worker: Worker, paths: Sequence[str], executor: Executor, jobs: int) -> list[FileRecord]:
    import pickle

    packed = pickle.dumps((worker.site, worker.resolver.redirects, worker.hashing), protocol=5)
    key = blake2b(packed, digest_size=16).digest()
    shards = split(paths, jobs * _SHARDS_PER_PROCESS)
    futures = [executor.submit(run_shard, key, packed, shard) for shard in shards]
    return [record for future in futures for record in unpacked_records(marshal.loads(future.result()))]


_workers: dict[bytes, Worker] = {}


def run_shard(key: bytes, packed: bytes, paths: Sequence[str]) -> bytes:
    """What a process of an executor runs: records, packed. The worker of the latest site stays for the next shard."""
    worker = _workers.get(key)
    if worker is None:
        import pickle

        _workers.clear()
        worker = _workers[key] = Worker(*pickle.loads(packed))
    return marshal.dumps(packed_records(worker.run(paths)))
