"""Checking a few texts with what the last build remembers of all others, so that it takes as long for 10,000 as for 30.

Used by ``invoke check FILE``. Whenever anything but texts has changed since that build, :func:`glance` declines, and all is read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from sitekit.cache import Cache
from sitekit.compiler import Compiler
from sitekit.outputs import read_state
from sitekit.problems import Problem
from sitekit.quick import MOST_PAGES, Memory
from sitekit.site import SiteSource, check_across, check_pictures, check_unique, link_targets, macro_renderer
from sitekit.source.due import check_reviews
from sitekit.source.links import check_links
from sitekit.source.scores import check_scored
from sitekit.stamps import input_stamps, state_file
from sitekit.today import build_day

OUTPUTS = ("output", ".cache/preview/site")
"""The folders whose builds are remembered: that of ``invoke build`` and that of the preview."""


def glance(root: Path, cache: Path, files: Collection[Path]) -> tuple[list[Problem], int] | None:
    """The problems of some texts of the project in ``root``, and how many sources there are; None when all must be read.

    Raises BadDay.
    """
    for state in _memories(root, cache):
        content = state.options.content
        wanted = {path for file in files if (path := _relative(file, content.resolve())) in state.index}
        if len(wanted) < len(files) or len(files) > MOST_PAGES:
            return None
        inputs = input_stamps(root, state.options.content, state.options.theme, time.time_ns())
        changed = [Path(name) for name, found in inputs.items() if found is None or found != state.inputs.get(name)]
        texts = {path for file in changed if (path := _relative(file, content)) in state.index}
        if inputs.keys() == state.inputs.keys() and len(texts) == len(changed) <= MOST_PAGES:
            return _problems(state, wanted, wanted | texts), len(state.index)
    return None


def _relative(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else ""


def _memories(root: Path, cache: Path) -> Iterator[Memory]:
    """What builds left, the latest first."""
    places = [state_file(cache, root / output) for output in OUTPUTS]
    for place in sorted(filter(Path.is_file, places), key=os.path.getmtime, reverse=True):
        state = read_state(place)
        if isinstance(state, Memory):
            yield state


def _problems(state: Memory, wanted: set[str], read: set[str]) -> list[Problem]:
    """The problems of ``wanted``, with the documents ``read`` as they are now and all others as they were."""
    options = state.options
    explain = "pages/glossary.md" in state.index
    render = macro_renderer(options.theme, options.jinja, options.cache / "templates")
    compiler = Compiler(state.data, options.markdown, render, options.plain, explain, options.editorial)
    compiled = {
        path: compiler.compile(options.content / path, f"{options.label}/{path}", path) for path in sorted(read)
    }
    site = SiteSource(state.data, {**state.index, **compiled}, build_day(options.timezone))
    targets = link_targets(options.content, site)
    found = check_unique(site.documents)
    if options.editorial:
        found += check_across(site)
        documents = [compiled[path].document for path in wanted]
        found += check_scored(options.content / "data" / "scores", f"{options.label}/data/scores", documents)
    for path in wanted:
        found += compiled[path].problems
        found += check_links(compiled[path].document, compiled[path].links, targets)
    found += check_reviews((compiled[path].document for path in wanted), site.today, publishing=False)
    # The pictures of the last build were sound, and have not changed since.
    unknown = set(targets.files) - state.pictures.keys()
    found += check_pictures(options.content, (compiled[path] for path in wanted), unknown, Cache(None))
    paths = {compiled[path].document.path for path in wanted}
    return [problem for problem in found if problem.path in paths]
