"""Judging many files: here, or in shards over the processes of any ``concurrent.futures`` executor.

A shard carries all it needs, so an executor may run it anywhere that sees the site folder (a process pool, Dask's
``client.get_executor()``). Each process unpacks the listing once and keeps its resolver from shard to shard.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
from collections.abc import Iterable, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from hashlib import blake2b

from .judge import FileRecord, Missing, judge
from .model import Finding
from .read.extract import Redirect
from .read.file import read_file
from .resolve import Resolver
from .site import Site

PARALLEL_FROM = 400
"""Files below which starting processes costs more than it saves."""

_SHARDS_PER_PROCESS = 4
_MAX_PROCESSES = 8
_FIRST_READ = 1 << 17  # more than nearly every page
_MORE = 1 << 22


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
            return FileRecord(
                path, "other", findings=[Finding(path, 0, 0, "", "unreadable-file", message, detail=path)]
            )
        record = judge(path, data, read_file(path, data, is_manifest), self.resolver, missing)
        if self.hashing:
            record.content = content_hash(data)
        return record


def content_hash(data: bytes) -> bytes:
    """The hash by which a file counts as unchanged."""
    return hashlib.sha256(data).digest()


def read_bytes(path: str) -> bytes:
    """The whole file, by as few system calls as there can be: a site has many small files."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(descriptor, _FIRST_READ)
        if len(data) < _FIRST_READ:
            return data
        chunks = [data]
        while chunk := os.read(descriptor, _MORE):
            chunks.append(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def judge_all(
    worker: Worker, paths: Sequence[str], jobs: int | None = None, executor: Executor | None = None
) -> list[FileRecord]:
    """Records of ``paths`` in order. With an ``executor`` the shards go there; without one, to as many processes as pay off."""
    if executor is not None:
        return _sharded(worker, paths, executor, jobs or process_count())
    jobs = jobs or process_count()
    if jobs < 2 or len(paths) < PARALLEL_FROM:
        return worker.run(paths)
    try:
        with ProcessPoolExecutor(jobs, initializer=gc.disable) as pool:
            return _sharded(worker, paths, pool, jobs)
    except (BrokenExecutor, PermissionError):
        return worker.run(paths)  # a machine that forbids or kills processes still gets its answer


def process_count() -> int:
    """Processes worth starting: the cores this process may use, up to a limit."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    return min(cores, _MAX_PROCESSES)


def _sharded(worker: Worker, paths: Sequence[str], executor: Executor, jobs: int) -> list[FileRecord]:
    packed = pickle.dumps((worker.site, worker.resolver.redirects, worker.hashing), protocol=5)
    key = blake2b(packed, digest_size=16).digest()
    size = max(1, -(-len(paths) // (jobs * _SHARDS_PER_PROCESS)))
    shards = [list(paths[start : start + size]) for start in range(0, len(paths), size)]
    futures = [executor.submit(run_shard, key, packed, shard) for shard in shards]
    return [record for future in futures for record in future.result()]


_workers: dict[bytes, Worker] = {}


def run_shard(key: bytes, packed: bytes, paths: list[str]) -> list[FileRecord]:
    """What a process of an executor runs. The worker of the latest site stays for the next shard."""
    worker = _workers.get(key)
    if worker is None:
        _workers.clear()
        worker = _workers[key] = Worker(*pickle.loads(packed))
    return worker.run(paths)
