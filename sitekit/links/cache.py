"""What the last run learned about each file, by the hash of its content. A cache may be lost, stale, damaged or shared; never wrong.

One SQLite file. ``state`` is all that a run over an unchanged site needs. Where something has changed, ``graph`` says where each
file leads (in parts, so that one changed page rewrites one of them), and ``files`` holds the anchors of each and those it wants,
looked up for the few that matter. Every value carries a checksum; where one does not match, or this code, a parser or a setting
is another one, everything is read again. Two runs at once do not wait for each other: the later one goes without.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sqlite3
import sys
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .content import hashes_of, read_bytes
from .model import Finding
from .record import FileRecord, Missing, fill_graph, graph_of

if TYPE_CHECKING:
    from .suggest import Suggestion

_PARSERS = ("selectolax", "tinycss2", "lxml", "webencodings")
_WAIT_FOR_OTHERS = 0.5  # seconds; a run without its cache is slower than that, but a run that waits may wait again
_GRAPH_PARTS = 64
_CHECKSUM_SIZE = 32
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS graph (part INTEGER PRIMARY KEY, value BLOB);
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID;
"""


class Damaged(Exception):
    """Something in the store is not as it was written."""


class Remembered(NamedTuple):
    """A whole run: the listing it saw, the files it read with their content hashes one after the other (``complete`` says whether
    these are all it meant to read), what it counted, its findings by file, the files with links to absent anchors, these anchors,
    and the findings that only the whole site can give."""

    listing: tuple[str, ...]
    paths: list[str]
    hashes: bytes
    complete: bool
    totals: tuple[int, int, int]
    findings_of: dict[str, list[Finding]]
    had_missing: set[str]
    missing: Missing
    whole: list[Finding]

    def findings(self) -> list[Finding]:
        """All findings of the run."""
        return [*(finding for found in self.findings_of.values() for finding in found), *self.whole]


def context(*settings: object) -> bytes:
    """All that decides what is read out of a file besides its content: the code, and ``settings`` by their ``repr``."""
    return hashlib.sha256(code_version() + repr(settings).encode("utf-8", "surrogatepass")).digest()


def code_version() -> bytes:
    """Changes with this package, its parsers and Python: any of them can change what is read out of a file."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _PARSERS:
        spec = find_spec(
            name
        )  # its file tells one installation from another; asking for version numbers loads a mail parser
        if spec is not None and spec.origin:
            digest.update(f"{name} {spec.origin} {os.stat(spec.origin).st_mtime_ns}".encode())
    for folder, folders, names in os.walk(os.path.dirname(__file__)):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                digest.update(name.encode() + read_bytes(os.path.join(folder, name)))
    return digest.digest()


class Cache:
    """Opened on a path. Every failure of the store itself is answered by doing without it."""

    def __init__(self, path: Path, context: bytes) -> None:
        self._path = path
        self._context = context
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = self._connect()
        except (OSError, sqlite3.Error):
            return None
        try:
            connection.execute("PRAGMA synchronous=OFF")
            connection.executescript(_SCHEMA)
            connection.execute("SELECT 1 FROM files LIMIT 1").fetchall()
        except sqlite3.OperationalError:
            connection.close()
            return None
        except sqlite3.DatabaseError:
            connection.close()
            return self._start_over()
        return connection

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT_FOR_OTHERS, isolation_level=None)

    def _start_over(self) -> sqlite3.Connection | None:
        """Replace a file that is not a database any more."""
        try:
            self._path.unlink(missing_ok=True)
            connection = self._connect()
            connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error):
            return None
        return connection

    def load(self) -> Remembered | None:
        """The last run, or None where nothing of it can be used. Until this cache is closed no other run can change it."""
        if self._connection is None:
            return None
        try:
            self._connection.execute("BEGIN")
            meta = dict(self._connection.execute("SELECT key, value FROM meta"))
            if meta.get("context") == self._context:
                return _remembered(_intact(b"state", meta.get("state")))
        except (sqlite3.Error, Damaged):
            pass
        with suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
        return None

    def records(self, run: Remembered) -> dict[str, FileRecord]:
        """The records of all files of a run that ``load`` returned. Raises Damaged, now or when a record is asked for more."""
        contents = dict(zip(run.paths, hashes_of(run.hashes), strict=True))
        records: dict[str, FileRecord] = {}
        for part, value in self._select("SELECT part, value FROM graph"):
            for graph in marshal.loads(_intact(b"%d" % part, value)):
                record = StoredRecord(self, graph)
                record.content = contents.get(record.path, b"")
                record.findings = run.findings_of.get(record.path, [])
                records[record.path] = record
        if records.keys() != contents.keys():
            raise Damaged
        return {path: records[path] for path in run.paths}

    def texts(self, record: FileRecord) -> tuple[str, str]:
        """Anchors and wanted fragments of a file. Raises Damaged."""
        name = os.fsencode(record.path)
        rows = self._select("SELECT path, value FROM files WHERE path = ?", name)
        if len(rows) != 1:
            raise Damaged
        return marshal.loads(_intact(_named(record), rows[0][1]))

    def _select(self, query: str, *values: bytes) -> list[tuple]:
        try:
            return self._connection.execute(query, values).fetchall() if self._connection else []
        except sqlite3.Error as error:
            raise Damaged from error

    def save(
        self, records: Mapping[str, FileRecord], changed: Collection[str], gone: Iterable[str], run: Remembered
    ) -> None:
        """Store a run in one transaction. Of the records of all files, those of ``changed`` are new; ``gone`` were there before.

        After ``load`` has returned a run, what it did not change stays; otherwise everything is written.
        """
        if self._connection is None:
            return
        keep = self._connection.in_transaction
        touched = {_part(path) for path in (*changed, *gone)} if keep else set(range(_GRAPH_PARTS))
        graph: dict[int, list[tuple]] = {part: [] for part in touched}
        for path, record in records.items():
            if record.content and (part := _part(path)) in touched:
                graph[part].append(graph_of(record))
        with suppress(sqlite3.Error):
            execute, many = self._connection.execute, self._connection.executemany
            if not keep:
                execute("BEGIN IMMEDIATE")
                execute("DELETE FROM files")
            many("DELETE FROM files WHERE path = ?", [(os.fsencode(path),) for path in gone])
            stored = (records[path] for path in changed if path in records and records[path].content)
            many("INSERT OR REPLACE INTO files VALUES (?, ?)", map(_row, stored))
            parts = ((part, _sealed(b"%d" % part, marshal.dumps(entries))) for part, entries in graph.items())
            many("INSERT OR REPLACE INTO graph VALUES (?, ?)", parts)
            meta = [("context", self._context), ("state", _sealed(b"state", _packed(run)))]
            many("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)
            execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()


class StoredRecord(FileRecord):
    """A record as it lies in the cache: its texts are looked up when they are asked for, which is rare."""

    __slots__ = ("_cache",)

    def __init__(self, cache: Cache, graph: tuple) -> None:
        self._cache = cache
        fill_graph(self, graph)

    def __getattr__(self, name: str) -> object:
        """Called for fields that were not filled in yet."""
        if name not in ("anchors", "wanted_fragments"):
            raise AttributeError(name)
        self.anchors, self.wanted_fragments = self._cache.texts(self)
        return getattr(self, name)


def _part(path: str) -> int:
    return zlib.crc32(os.fsencode(path)) % _GRAPH_PARTS


def _named(record: FileRecord) -> bytes:
    """What a row is about: a file with a certain content."""
    return b"\0".join((os.fsencode(record.path), record.content))


def _row(record: FileRecord) -> tuple[bytes, bytes]:
    texts = marshal.dumps((record.anchors, record.wanted_fragments))
    return os.fsencode(record.path), _sealed(_named(record), texts)


def _sealed(name: bytes, value: bytes) -> bytes:
    return hashlib.sha256(name + b"\0" + value).digest() + value


def _intact(name: bytes, stored: object) -> bytes:
    """The value that was sealed under a name. Raises Damaged where it was not this value or not this name."""
    if not isinstance(stored, bytes):
        raise Damaged
    value = stored[_CHECKSUM_SIZE:]
    if hashlib.sha256(name + b"\0" + value).digest() != stored[:_CHECKSUM_SIZE]:
        raise Damaged
    return value


def _packed(run: Remembered) -> bytes:
    return marshal.dumps(
        (
            "\0".join(run.listing),
            "\0".join(run.paths),
            run.hashes,
            run.complete,
            run.totals,
            {path: [tuple(finding) for finding in found] for path, found in run.findings_of.items()},
            run.had_missing,
            [(target, fragment, tuple(meant) if meant else None) for (target, fragment), meant in run.missing.items()],
            [tuple(finding) for finding in run.whole],
        )
    )


def _remembered(packed: bytes) -> Remembered:
    listing, paths, hashes, complete, totals, findings_of, had_missing, missing, whole = marshal.loads(packed)
    return Remembered(
        tuple(_names(listing)),
        _names(paths),
        hashes,
        complete,
        totals,
        {path: [Finding(*fields) for fields in found] for path, found in findings_of.items()},
        had_missing,
        {(target, fragment): _suggestion(meant) for target, fragment, meant in missing},
        [Finding(*fields) for fields in whole],
    )


def _names(joined: str) -> list[str]:
    return joined.split("\0") if joined else []


def _suggestion(fields: tuple | None) -> Suggestion | None:
    if fields is None:
        return None
    from .suggest import Suggestion

    return Suggestion(*fields)
