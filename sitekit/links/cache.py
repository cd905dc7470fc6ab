"""What the last run learned about each file, by the hash of its content. A cache may be lost, stale, damaged or shared; never wrong.

One SQLite file. Rows carry a checksum; a row that does not match, another version of this code or of a parser, other
settings: each simply makes the file be read again. Two runs at once do not wait for each other: the later one goes without.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sqlite3
import sys
import zlib
from array import array
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .judge import FileRecord, Missing
from .model import Finding
from .suggest import Suggestion

_PARSERS = ("selectolax", "tinycss2", "lxml", "webencodings")
_WAIT_FOR_OTHERS = 0.5  # seconds; a run without its cache is slower than that, but a run that waits may wait again
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, hash BLOB, record BLOB, checksum BLOB) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Entry:
    """``record`` with all its findings; ``had_missing`` says that some came from absent anchors."""

    record: FileRecord
    had_missing: bool


@dataclass(slots=True)
class Remembered:
    """A whole run: entries by path, the listing it saw, its absent anchors, and findings that only the whole site can give."""

    entries: dict[str, Entry]
    listing: tuple[str, ...]
    missing: Missing
    whole: list[Finding]


def code_version() -> bytes:
    """Changes with this package, its parsers and Python: any of them can change what is read out of a file."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _PARSERS:
        spec = find_spec(
            name
        )  # its file tells one installation from another; asking for version numbers loads a mail parser
        if spec is not None and spec.origin:
            digest.update(f"{name} {spec.origin} {os.stat(spec.origin).st_mtime_ns}".encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
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
            connection = sqlite3.connect(self._path, timeout=_WAIT_FOR_OTHERS, isolation_level=None)
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

    def _start_over(self) -> sqlite3.Connection | None:
        """Replace a file that is not a database any more."""
        try:
            self._path.unlink(missing_ok=True)
            connection = sqlite3.connect(self._path, timeout=_WAIT_FOR_OTHERS, isolation_level=None)
            connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error):
            return None
        return connection

    def load(self) -> Remembered | None:
        """The last run, or None where nothing of it can be used."""
        if self._connection is None:
            return None
        try:
            meta = dict(self._connection.execute("SELECT key, value FROM meta"))
            if meta.get("context") != self._context:
                return None
            rows = self._connection.execute("SELECT path, hash, record, checksum FROM files").fetchall()
            state = _checked(meta.get("state", b""))
        except (sqlite3.Error, TypeError):
            return None
        if state is None:
            return None
        listing, missing, whole = state
        entries = {}
        for path, content, packed, checksum in rows:
            intact = isinstance(path, bytes) and isinstance(packed, bytes) and isinstance(content, bytes)
            if intact and _checksum(path, content, packed) == checksum:
                entry = _unpack(os.fsdecode(path), content, packed)
                entries[entry.record.path] = entry
        return Remembered(
            entries,
            tuple(os.fsdecode(name) for name in zlib.decompress(listing).split(b"\0")),
            {(target, fragment): Suggestion(*meant) if meant else None for target, fragment, meant in missing},
            [Finding(*fields) for fields in whole],
        )

    def save(
        self,
        changed: Iterable[Entry],
        removed: Iterable[str],
        listing: Iterable[str],
        missing: Missing,
        whole: Iterable[Finding],
        keep: bool,
    ) -> None:
        """Store a run in one transaction. With ``keep``, rows that are neither changed nor removed stay as they are."""
        if self._connection is None:
            return
        packed_listing = zlib.compress(b"\0".join(os.fsencode(name) for name in listing), 1)
        packed_missing = [
            (target, fragment, (meant.path, meant.code, meant.why, meant.certain) if meant else None)
            for (target, fragment), meant in missing.items()
        ]
        state = marshal.dumps((packed_listing, packed_missing, [_fields(finding) for finding in whole]))
        with suppress(sqlite3.Error):
            self._connection.execute("BEGIN IMMEDIATE")
            if not keep:
                self._connection.execute("DELETE FROM files")
            self._connection.executemany("DELETE FROM files WHERE path = ?", [(os.fsencode(path),) for path in removed])
            self._connection.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                map(_pack, changed),
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                [("context", self._context), ("state", hashlib.sha256(state).digest() + state)],
            )
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()


def _checked(stored: bytes) -> tuple | None:
    checksum, state = stored[:32], stored[32:]
    if not state or hashlib.sha256(state).digest() != checksum:
        return None
    return marshal.loads(state)


def _checksum(path: bytes, content: bytes, packed: bytes) -> bytes:
    return hashlib.sha256(b"\0".join((path, content, packed))).digest()[:16]


class StoredRecord(FileRecord):
    """A record as it lies in the cache: unpacked when something is asked of it that most runs never ask."""

    __slots__ = ("_packed",)

    def __init__(self, path: str, content: bytes, packed: bytes) -> None:
        self.path = path
        self.content = content
        summary, self._packed = marshal.loads(packed)
        self.links, self.fragment_links, self.manifests, findings = summary
        self.findings = [Finding(*fields) for fields in findings]

    def __getattr__(self, name: str) -> object:
        """Called for fields that were not filled in yet: fills in all of them."""
        if name not in FileRecord.__slots__:
            raise AttributeError(name)
        kind, navigates, uses, anchors, ids, wanted, refresh, known, failures = marshal.loads(self._packed)
        self.kind = kind
        self.navigates_to = array("q", navigates)
        self.uses = array("q", uses)
        self.anchors = anchors.decode("utf-8", "surrogatepass")
        self.wanted_ids = array("q", ids)
        self.wanted_fragments = wanted.decode("utf-8", "surrogatepass")
        self.refreshes_to = refresh
        self.anchors_known = known
        self.has_failures = failures
        return getattr(self, name)


def _pack(entry: Entry) -> tuple[bytes, bytes, bytes, bytes]:
    record = entry.record
    rest = (
        record.kind,
        record.navigates_to.tobytes(),
        record.uses.tobytes(),
        record.anchors.encode("utf-8", "surrogatepass"),
        record.wanted_ids.tobytes(),
        record.wanted_fragments.encode("utf-8", "surrogatepass"),
        record.refreshes_to,
        record.anchors_known,
        record.has_failures,
    )
    findings = [_fields(finding) for finding in record.findings]
    summary = (record.links, record.fragment_links, record.manifests, findings)
    packed = bytes([entry.had_missing]) + marshal.dumps((summary, marshal.dumps(rest)))
    name = os.fsencode(record.path)
    return name, record.content, packed, _checksum(name, record.content, packed)


def _unpack(path: str, content: bytes, packed: bytes) -> Entry:
    return Entry(StoredRecord(path, content, packed[1:]), bool(packed[0]))


def _fields(finding: Finding) -> tuple:
    return tuple(getattr(finding, name) for name in Finding.__slots__)
