"""The project as the editing commands see it: its folders, its sources, and a copy on which to try changes."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sitekit.cache import Cache
from sitekit.editing.changes import Change, NotApplied
from sitekit.problems import Problem
from sitekit.render import macro_renderer
from sitekit.site import SiteSource, read_site
from sitekit.today import build_day

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Project:
    """A project folder and its settings. ``label`` is the name of the folder with the sources."""

    root: Path
    settings: ModuleType

    @classmethod
    def here(cls) -> Project:
        """The project that this code belongs to."""
        import pelicanconf

        return cls(ROOT, pelicanconf)

    @property
    def label(self) -> str:
        """The name of the folder that holds the sources."""
        return str(self.settings.PATH)

    @property
    def content(self) -> Path:
        """The folder that holds the sources."""
        return self.root / self.label

    @property
    def today(self) -> datetime.date:
        """The day it is where the publication is, or the one that the environment sets. Raises BadDay."""
        return build_day(self.settings.TIMEZONE)

    def read(self, content: Path | None = None) -> SiteSource:
        """All sources, read and checked; those of a copy when ``content`` names one. Raises BadDay."""
        settings, theme = self.settings, ROOT / self.settings.THEME
        today = self.today
        cache = Cache(Path(settings.CACHE_PATH) / "compiled.db")
        try:
            return read_site(
                content or self.content,
                self.label,
                settings.MARKDOWN,
                macro_renderer(theme, settings.JINJA_ENVIRONMENT, Path(settings.CACHE_PATH) / "templates"),
                theme=theme,
                plain=tuple(settings.PAGE_EXCEPTIONS),
                editorial=settings.EDITORIAL_RULES,
                cache=cache,
                today=today,
            )
        finally:
            cache.close()

    def rehearse(self, changes: Iterable[Change]) -> list[Problem]:
        """Every problem that the sources would have after ``changes``. Nothing of the project is touched."""
        cache = self.root / ".cache"
        cache.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=cache) as folder:
            copy = Path(folder) / self.label
            shutil.copytree(self.content, copy, symlinks=True, copy_function=_link_or_copy)
            for change in changes:
                if not change.path.startswith(f"{self.label}/"):
                    continue
                file = Path(folder) / change.path
                file.unlink(missing_ok=True)  # a hard link: writing into it would write into the original
                if change.after is not None:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(change.after)
            return self.read(copy).problems


def _link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        try:
            shutil.copy2(source, target, follow_symlinks=False)
        except OSError as error:  # copytree would go on, and then list every file
            raise NotApplied(f"{target}: {error.strerror}. Nothing was changed.") from error
    return target
