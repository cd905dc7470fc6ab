"""All pages of a build, rendered into its stage: by other processes as soon as the pages are known, and by this one in the end.

A page that stands in the target already, rendered from the same view by the same templates, is linked from there.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from types import TracebackType

from sitekit.cache import digest, pack
from sitekit.outputs import Written, is_current
from sitekit.pages import PageBuilder
from sitekit.processes import Sharing, can_fork, process_count, split
from sitekit.render import Renderer

_WORTH_A_PROCESS = 150
"""With fewer pages to render, starting processes costs more than it saves."""
_PAGES_IN_A_PIECE = 20


class Rendering:
    """Pages on their way into ``stage``. Use it as a context manager, in which everything else that a build has to do is done.

    ``former`` is what the last build wrote to ``target``.
    """

    def __init__(
        self, builder: PageBuilder, renderer: Renderer, stage: Path, target: Path, former: Mapping[str, Written]
    ) -> None:
        self._builder, self._renderer = builder, renderer
        self._stage, self._target, self._former = stage, target, former
        self.key = renderer.key(builder.site)
        """What decides the HTML of every page besides its view."""
        self.names = list(builder.pages)
        """The files that are rendered, by their names below the output."""
        self._sharing: Sharing[list[str], list[bytes]] | None = None

    def __enter__(self) -> Rendering:
        if len(self.names) >= _WORTH_A_PROCESS and can_fork():
            # Made now, they are there for every process.
            _ = self._builder.by_url, self._builder.completion
            gc.freeze()
            pieces = split(self.names, len(self.names) // _PAGES_IN_A_PIECE)
            self._sharing = Sharing(pieces, self._write_some, list, list, process_count())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sharing:
            self._sharing.close()
            self._sharing = None
            gc.unfreeze()

    def finish(self) -> dict[str, bytes]:
        """Render what is left. Returns the fingerprint of each page by its name: a hash of all that its HTML follows from."""
        done = chain.from_iterable(self._sharing.results()) if self._sharing else self._write_some(self.names)
        return dict(zip(self.names, done, strict=True))

    def _write_some(self, names: list[str]) -> list[bytes]:
        return [self._write(name) for name in names]

    def _write(self, name: str) -> bytes:
        """Write one page, unless it stands in the target as it should be. Returns its fingerprint."""
        view = self._builder.complete(self._builder.pages[name])
        fingerprint = digest(self.key, pack(view))
        path = self._stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not is_current(self._target / name, self._former.get(name), fingerprint) or not _link(
            self._target / name, path
        ):
            path.write_bytes(self._renderer.page(view, self._builder.site).encode())
        return fingerprint


def _link(file: Path, copy: Path) -> bool:
    try:
        os.link(file, copy)
    except OSError:  # a file system without hard links
        return False
    return True
