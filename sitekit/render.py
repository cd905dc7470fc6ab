"""From a view to the bytes of a page: one Jinja environment for every way to build."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader

from sitekit.cache import digest, pack
from sitekit.views import Page, Site


@dataclass(frozen=True, slots=True)
class _Holder:
    view: Page


class Renderer:
    """Renders views with the templates of a theme. ``settings`` are Jinja's; ``bytecode`` is a folder for compiled templates."""

    def __init__(self, theme: Path, settings: Mapping[str, Any], bytecode: Path | None = None) -> None:
        cache = None
        if bytecode:
            bytecode.mkdir(parents=True, exist_ok=True)
            cache = FileSystemBytecodeCache(str(bytecode))
        self._templates, self._settings = theme / "templates", settings
        loader = FileSystemLoader(self._templates)
        self.environment = Environment(loader=loader, bytecode_cache=cache, auto_reload=False, **settings)

    def key(self, site: Site) -> bytes:
        """A hash of everything but a page's own view that decides its HTML: templates, Jinja and its settings, the site."""
        parts: list[bytes | str] = [jinja2.__version__, repr(self._settings), pack(site), Path(__file__).read_bytes()]
        for file in sorted(path for path in self._templates.rglob("*") if path.is_file()):
            parts += [file.relative_to(self._templates).as_posix(), file.read_bytes()]
        return digest(*parts)

    def page(self, view: Page, site: Site) -> str:
        """The HTML of one page."""
        holder = _Holder(view)
        template = self.environment.get_template(f"{view.template}.html")
        return template.render(site=site, view=view, article=holder, page=holder, category=holder)

    def index(self, name: str, site: Site, pages: Iterable[Page]) -> str:
        """The text of a file that lists or describes the site as a whole, such as sitemap.xml."""
        return self.environment.get_template(name).render(site=site, pages=list(pages)).strip() + "\n"


def macro_renderer(theme: Path, jinja: Mapping[str, Any], bytecode: Path | None = None) -> Callable[..., str]:
    """A function that calls a macro of the files in ``macros/`` of a theme folder, by name, with plain values.

    The files are read when the first macro is called, because most checks call none. ``bytecode`` is a folder for compiled
    templates, used if it is there. Templates that are wrong raise Jinja's exceptions.
    """

    @functools.cache
    def macros() -> dict[str, Any]:
        store = None
        if bytecode and os.access(bytecode, os.W_OK):
            store = FileSystemBytecodeCache(str(bytecode))
        environment = Environment(loader=FileSystemLoader(theme / "templates"), bytecode_cache=store, **jinja)
        files = environment.list_templates(filter_func=lambda name: name.startswith("macros/"))
        return {name: macro for file in files for name, macro in vars(environment.get_template(file).module).items()}

    def render(name: str, **values: Any) -> str:
        return str(macros()[name](**values)).strip()

    return render
