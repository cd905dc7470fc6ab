"""Reading the sources begins before Pelican is imported, which takes a good part of the time in which a thousand of them are read."""

from __future__ import annotations

import contextlib
import datetime
import runpy
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sitekit.cache import Cache
from sitekit.render import macro_renderer
from sitekit.site import Reading, SiteSource
from sitekit.stamps import input_stamps


@dataclass(frozen=True)
class Sources:
    """Where the sources of a site are, and the settings that decide what they compile to."""

    root: Path
    content: Path
    theme: Path
    cache: Path
    label: str
    markdown: Mapping[str, Any]
    jinja: Mapping[str, Any]
    plain: tuple[str, ...]
    editorial: bool


class Begun:
    """Sources that are being read. ``inputs`` are the stamps of all files from before. Use it as a context manager."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.inputs = input_stamps(sources.root, sources.content, sources.theme, time.time_ns())
        render = macro_renderer(sources.theme, sources.jinja)
        self._cache = Cache(sources.cache / "compiled.db")
        try:
            self._reading = Reading(
                sources.content,
                sources.label,
                sources.markdown,
                render,
                sources.theme,
                sources.plain,
                sources.editorial,
                self._cache,
            )
        except BaseException:
            self._cache.close()
            raise

    def __enter__(self) -> Begun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.__exit__(kind, error, trace)
        self._cache.close()

    def finish(self, today: datetime.date, publishing: bool) -> SiteSource:
        """The sources, checked; see :func:`sitekit.site.read_site`."""
        return self._reading.finish(today, publishing)


_begun: list[Begun] = []


@contextlib.contextmanager
def reading(root: Path, settings: str) -> Iterator[None]:
    """While the block runs, sources are read as the settings file says; :func:`take` has them then.

    What is wrong with the settings is for Pelican to say.
    """
    with contextlib.suppress(Exception):
        values = runpy.run_path(str(root / settings))
        places = (root / values["PATH"], root / values["THEME"], Path(values["CACHE_PATH"]))
        compiling = (values["MARKDOWN"], values["JINJA_ENVIRONMENT"], tuple(values["PAGE_EXCEPTIONS"]))
        _begun.append(Begun(Sources(root, *places, Path(values["PATH"]).name, *compiling, values["EDITORIAL_RULES"])))
    try:
        yield
    finally:
        _stop()


def take(sources: Sources) -> Begun:
    """The reading of exactly these sources: the one that has begun, if it is that, or a new one."""
    if _begun and _begun[0].sources == sources:
        return _begun.pop()
    _stop()
    return Begun(sources)


def _stop() -> None:
    while _begun:
        _begun.pop().__exit__(None, None, None)
