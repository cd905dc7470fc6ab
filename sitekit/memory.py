"""What a finished build leaves for the next one: a store from which a small change reads and writes a few rows, however large
the site is.

One SQLite file for each output folder. It holds every document without its text, as other pages see it, with the outline of its page;
the fingerprint of each page that was written; and what all pages share. The file of stamps (sitekit.stamps) names it by a token, so
that the two are never mixed up. What other code wrote, or what is damaged, counts as nothing.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sitekit.cache import digest, pack, unpack
from sitekit.completion import static_files
from sitekit.outputs import Written
from sitekit.stamps import output_stamps
from sitekit.views import Page, Site

if TYPE_CHECKING:
    import datetime

    from sitekit.compiler import Compiled, SiteData
    from sitekit.identity import Identity
    from sitekit.images.model import Picture
    from sitekit.source.documents import Document
    from sitekit.source.scores import Instrument, PageScores

_WAIT_SECONDS = 5.0
_TABLES = """
PRAGMA journal_mode = MEMORY;
PRAGMA synchronous = OFF;
CREATE TABLE shared (name TEXT PRIMARY KEY, value BLOB);
CREATE TABLE documents (path TEXT PRIMARY KEY, name TEXT, address TEXT, ids TEXT, files TEXT, compiled BLOB, outline BLOB);
CREATE INDEX names ON documents (name);
CREATE TABLE faces (path TEXT PRIMARY KEY, title TEXT, description TEXT, start TEXT, slug TEXT, topic TEXT) WITHOUT ROWID;
CREATE TABLE pages (name TEXT PRIMARY KEY, fingerprint BLOB, modified INTEGER, size INTEGER);
"""


@dataclass(frozen=True)
class Options:
    """The settings that decide what is built."""

    content: Path
    theme: Path
    cache: Path
    output: Path
    label: str
    markdown: Mapping[str, Any]
    jinja: Mapping[str, Any]
    plain: tuple[str, ...]
    editorial: bool
    drafts: bool
    search: bool
    identity: Identity
    timezone: str
    today: datetime.date


@dataclass(frozen=True)
class Frame:
    """What all pages of one build share besides the data. ``key`` is the renderer's, ``environment`` the compiler's; ``scheduled`` has
    the day of each document that waits for it."""

    site: Site
    key: bytes
    environment: bytes
    pictures: dict[str, Picture]
    instruments: dict[str, Instrument]
    scores: dict[str, PageScores]
    drafts: frozenset[str]
    scheduled: dict[str, datetime.date]


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a build: its file below the output, its address, itself and the outline of its page, if it has one."""

    name: str
    address: str
    compiled: Compiled
    outline: Page | None


class Memory:
    """An open memory. Use it as a context manager. Reading raises sqlite3.Error where it is damaged."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store
        self.index: Mapping[str, Compiled] = _Column(store, "compiled", _unpacked)
        """Every document without its text, by its path below content/."""
        self.ids: Mapping[str, frozenset[str]] = _Column(store, "ids", _names)
        """The ids in each document."""
        self.files: Mapping[str, frozenset[str]] = _Column(store, "files", _names)
        """The paths below content/ of the files that each document shows or links to."""
        self.address_of: Mapping[str, str] = _Column(store, "address", str)
        """The address of each document."""

    @classmethod
    def open(cls, file: Path, token: str) -> Memory | None:
        """The memory in ``file``, if it is one, left by this code and named ``token``."""
        if not file.is_file():
            return None
        try:
            store = sqlite3.connect(file, timeout=_WAIT_SECONDS)
        except sqlite3.Error:
            return None
        memory = cls(store)
        with contextlib.suppress(sqlite3.Error):
            if memory._value("code") == _code() and memory._value("token") == token and memory.options:
                return memory
        store.close()
        return None

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    @cached_property
    def options(self) -> Options:
        """The settings of the build."""
        return self._value("options")

    @cached_property
    def data(self) -> SiteData:
        """The data files as the build read them."""
        return self._value("data")

    @cached_property
    def frame(self) -> Frame:
        """What all pages share."""
        return self._value("frame")

    @property
    def written(self) -> dict[str, Written]:
        """Every page that was written, by its name below the output."""
        return {name: Written(*row) for name, *row in self._rows("SELECT name, fingerprint, modified, size FROM pages")}

    def row(self, path: str) -> Row:
        """One document. Raises KeyError for a path that was none."""
        found = self._rows("SELECT name, address, compiled, outline FROM documents WHERE path = ?", path)
        for name, address, compiled, outline in found:
            return Row(name, address, _unpacked(compiled), outline and _unpacked(outline))
        raise KeyError(path)

    def path_of(self, name: str) -> str | None:
        """The path of the document whose page is the file ``name`` of the output."""
        return next((path for (path,) in self._rows("SELECT path FROM documents WHERE name = ?", name)), None)

    def alike(self, documents: Iterable[Document]) -> set[str]:
        """The paths of all documents that one of these could be mistaken for: by title, description, start or file name, or because it
        is in a topic of that name."""
        found = set()
        for document in documents:
            _, *face = _face(document.relative, document)
            query = "SELECT path FROM faces WHERE title = ? OR description = ? OR start = nullif(?, '') OR slug = ? OR topic = ?"
            found |= {path for (path,) in self._rows(query, *face[:4], document.slug)}
        return found

    def update(self, compiled: Mapping[str, Compiled], pages: Mapping[str, Written]) -> str:
        """Remember documents of which only the text is new, and their pages. Returns the new token."""
        token = os.urandom(8).hex()
        with self._store as store:
            rows = [(pack(without_text(one)), path) for path, one in compiled.items()]
            store.executemany("UPDATE documents SET compiled = ? WHERE path = ?", rows)
            store.executemany("REPLACE INTO pages VALUES (?, ?, ?, ?)", [(name, *one) for name, one in pages.items()])
            store.execute("REPLACE INTO shared VALUES ('token', ?)", (pack(token),))
        return token

    def _value(self, name: str) -> Any:
        for (data,) in self._rows("SELECT value FROM shared WHERE name = ?", name):
            return _unpacked(data)
        raise sqlite3.DatabaseError(f"the memory has no {name}")

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        return self._store.execute(query, values).fetchall()


class _Column(Mapping[str, Any]):
    """One column of the documents by their paths, read when it is asked for."""

    def __init__(self, store: sqlite3.Connection, name: str, read: Any) -> None:
        self._store, self._name, self._read = store, name, read

    def __getitem__(self, path: str) -> Any:
        for (value,) in self._store.execute(f"SELECT {self._name} FROM documents WHERE path = ?", (path,)):
            return self._read(value)
        raise KeyError(path)

    def __contains__(self, path: object) -> bool:
        with contextlib.suppress(UnicodeEncodeError):  # no document has a name like that
            return self._store.execute("SELECT 1 FROM documents WHERE path = ?", (path,)).fetchone() is not None
        return False

    def __iter__(self) -> Iterator[str]:
        return iter([path for (path,) in self._store.execute("SELECT path FROM documents ORDER BY rowid")])

    def __len__(self) -> int:
        return self._store.execute("SELECT count(*) FROM documents").fetchone()[0]

    def items(self) -> Any:
        """All of them, in the order of the build, in one sweep."""
        rows = self._store.execute(f"SELECT path, {self._name} FROM documents ORDER BY rowid")
        return {path: self._read(value) for path, value in rows}.items()


class NewMemory:
    """A memory in the making: the documents first, while pages are still rendered, and the pages in the end. Use it as a context manager.

    It takes its place in one step when it is finished; before that it is nothing. A place that cannot be written costs the next build
    time and nothing else.
    """

    def __init__(
        self, file: Path, options: Options, data: SiteData, frame: Frame, rows: Iterable[tuple[str, Row]]
    ) -> None:
        self._file, self.token = file, os.urandom(8).hex()
        self._part: str | None = None
        with contextlib.suppress(OSError, sqlite3.Error):
            import tempfile  # here, because a small build makes no new memory

            file.parent.mkdir(parents=True, exist_ok=True)
            handle, self._part = tempfile.mkstemp(dir=file.parent, prefix=file.name)
            os.close(handle)
            shared = {"code": _code(), "token": self.token, "options": options, "data": data, "frame": frame}
            with contextlib.closing(sqlite3.connect(self._part)) as store, store:
                store.executescript(_TABLES)
                store.executemany(
                    "INSERT INTO shared VALUES (?, ?)", ((name, pack(one)) for name, one in shared.items())
                )
                rows = list(rows)
                store.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", map(_packed, rows))
                faces = (_face(path, row.compiled.document) for path, row in rows)
                store.executemany("INSERT INTO faces VALUES (?, ?, ?, ?, ?, ?)", faces)

    def __enter__(self) -> NewMemory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._part:
            Path(self._part).unlink(missing_ok=True)

    def finish(self, pages: Mapping[str, Written]) -> None:
        """Add the pages that were written, and take the place of an older memory."""
        with contextlib.suppress(OSError, sqlite3.Error):
            if self._part:
                with contextlib.closing(sqlite3.connect(self._part)) as store, store:
                    rows = ((name, *one) for name, one in pages.items())
                    store.executemany("INSERT INTO pages VALUES (?, ?, ?, ?)", rows)
                # What a build that was killed had not finished belongs to the former file.
                self._file.with_name(f"{self._file.name}-journal").unlink(missing_ok=True)
                os.replace(self._part, self._file)


def without_text(compiled: Compiled) -> Compiled:
    """What other pages need to know of a document: everything but its text."""
    document = compiled.document
    return replace(
        compiled,
        document=replace(document, text="", front=replace(document.front, body="", problems=[])),
        converted=replace(compiled.converted, body="", key_points="", short="", headings=(), words=0),
        marked=("", "", ""),
        links=(),
        readability=None,
        words=0,
        problems=(),
    )


def _face(path: str, document: Document) -> tuple[str, ...]:
    """What tells a document from others, in one case; see :func:`sitekit.site.check_unique`."""
    words = (str(document.values.get(name, "")).casefold() for name in ("title", "description", "start"))
    return (path, *words, document.slug, document.topic)


def _packed(entry: tuple[str, Row]) -> tuple[object, ...]:
    path, row = entry
    ids, files = sorted(row.compiled.converted.ids), sorted(static_files(row.compiled))
    outline = row.outline and pack(row.outline)
    return path, row.name, row.address, json.dumps(ids), json.dumps(files), pack(without_text(row.compiled)), outline


def _unpacked(data: bytes) -> Any:
    try:
        return unpack(data)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error


def _names(text: str) -> frozenset[str]:
    try:
        return frozenset(json.loads(text))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(str(error)) from error


@functools.cache
def _code() -> bytes:
    """What marks a memory as left by the code that runs: what other code left may lack what this one asks of it."""
    return digest(repr(sorted(output_stamps(Path(__file__).resolve().parent).items())))
