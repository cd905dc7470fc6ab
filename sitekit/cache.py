"""What was made before, by the hash of all it was made from.

An entry is found by its key alone, and the key holds everything that decides the value: bytes of the source, code, data,
settings, versions. So an entry is never out of date; it is merely no longer asked for. A damaged, foreign or half-written store
is ignored and made anew: a cache may cost time, never truth. Two builds may use one store at once (SQLite locks it).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_FORMAT = 3
_WAIT_SECONDS = 5.0
_KEPT_BUILDS = 20
"""Entries that none of the last so many builds asked for are dropped."""

_ALLOWED = ("sitekit.",)
_ALLOWED_NAMES = {
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("datetime", "date"),
    ("jinja2.runtime", "StrictUndefined"),
    ("markupsafe", "Markup"),
    ("pathlib", "PosixPath"),
    ("pathlib", "WindowsPath"),
}


class _Unpickler(pickle.Unpickler):
    """Restores the project's own plain records and nothing else, so a foreign entry cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_ALLOWED) or (module, name) in _ALLOWED_NAMES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in the cache")


def digest(*parts: bytes | str) -> bytes:
    """One key for several parts. No two different lists of parts give the same text to the hash."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.digest()


def pack(value: object) -> bytes:
    """A value as bytes that carry their own checksum."""
    data = pickle.dumps(value, protocol=5)
    return hashlib.blake2b(data, digest_size=8).digest() + data


def unpack(data: bytes) -> Any:
    """The value of packed bytes. Raises ValueError for bytes that are damaged or hold anything but our own records."""
    check, body = data[:8], data[8:]
    if hashlib.blake2b(body, digest_size=8).digest() != check:
        raise ValueError("the bytes are damaged")
    try:
        return _Unpickler(io.BytesIO(body)).load()
    except Exception as error:
        raise ValueError(f"the bytes hold no record of ours: {error}") from error


class Cache:
    """A store of packed values in one file. Every failure of the store counts as "not there"."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._store = self._open() if file else None
        self._build = 0
        if self._store:
            with contextlib.suppress(sqlite3.Error):
                self._build = (self._store.execute("SELECT max(used) FROM entries").fetchone()[0] or 0) + 1

    def get(self, keys: Iterable[bytes]) -> dict[bytes, Any]:
        """The values there are, by key."""
        found: dict[bytes, Any] = {}
        if self._store is None:
            return found
        wanted = list(dict.fromkeys(keys))
        for some in _batches(wanted, 500):
            with contextlib.suppress(sqlite3.Error):
                marks = ",".join("?" * len(some))
                rows = self._store.execute(f"SELECT key, value FROM entries WHERE key IN ({marks})", some).fetchall()
                for key, data in rows:
                    with contextlib.suppress(ValueError):
                        found[bytes(key)] = unpack(data)
        return found

    def put(self, values: Mapping[bytes, bytes], used: Iterable[bytes] = ()) -> None:
        """Store packed values, note which older ones were used, and drop what nobody has asked for in a long time."""
        if self._store is None:
            return
        with contextlib.suppress(sqlite3.Error), self._store:
            rows = [(key, data, self._build) for key, data in values.items()]
            self._store.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
            self._store.executemany("UPDATE entries SET used = ? WHERE key = ?", [(self._build, key) for key in used])
            if rows:
                self._store.execute("DELETE FROM entries WHERE used < ?", (self._build - _KEPT_BUILDS,))

    def close(self) -> None:
        """Let go of the file."""
        if self._store:
            self._store.close()
            self._store = None

    def _open(self) -> sqlite3.Connection | None:
        for attempt in range(2):
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                store = sqlite3.connect(self._file, timeout=_WAIT_SECONDS)
                store.execute("PRAGMA journal_mode = WAL")
                store.execute("PRAGMA synchronous = OFF")  # a lost entry is made again
                if store.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
                    store.execute("DROP TABLE IF EXISTS entries")
                    store.execute(f"PRAGMA user_version = {_FORMAT}")
                store.execute("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB, used INTEGER)")
                store.execute("SELECT key, value, used FROM entries LIMIT 1").fetchall()
                return store
            except (OSError, sqlite3.OperationalError):
                return None
            except sqlite3.DatabaseError:
                if attempt:
                    return None
                with contextlib.suppress(OSError):
                    for name in (self._file, *self._file.parent.glob(f"{self._file.name}-*")):
                        name.unlink(missing_ok=True)
        return None


def _batches(items: list[bytes], size: int) -> Iterator[list[bytes]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
