"""Checking a few texts with what the last build remembers of all others, so that it takes as long for 10,000 as for 30.

Used by ``invoke check FILE``. Whenever anything but texts has changed since that build, :func:`glance` declines, and all is read.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
import time
from collections import ChainMap
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from sitekit.cache import Cache
from sitekit.compiler import Compiled
from sitekit.memory import Memory
from sitekit.problems import Problem
from sitekit.quick import MOST_PAGES, compiler_of
from sitekit.site import SiteSource, check_across, check_pictures, check_unique, link_targets
from sitekit.source.due import check_reviews
from sitekit.source.links import Targets, check_links
from sitekit.source.scores import check_scored
from sitekit.stamps import Former, input_stamps, read_stamps, state_file
from sitekit.today import build_day

OUTPUTS = ("output", ".cache/preview/site")
"""The folders whose builds are remembered: that of ``invoke build`` and that of the preview."""


def glance(root: Path, cache: Path, files: Collection[Path]) -> tuple[list[Problem], int] | None:
    """The problems of some texts of the project in ``root``, and how many sources there are; None when all must be read.

    Raises BadDay.
    """
    for output, former in _builds(root, cache):
        memory = Memory.open(state_file(cache, output), former.token)
        if memory:
            with memory, contextlib.suppress(sqlite3.Error):
                if found := _glance(root, memory, former, files):
                    return found
    return None


def _builds(root: Path, cache: Path) -> list[tuple[Path, Former]]:
    """The folders that were built into and what was left of that, the latest first."""
    found = [(root / output, former) for output in OUTPUTS if (former := read_stamps(cache, root / output))]
    return sorted(found, key=lambda one: os.path.getmtime(state_file(cache, one[0])), reverse=True)


def _glance(root: Path, memory: Memory, former: Former, files: Collection[Path]) -> tuple[list[Problem], int] | None:
    content = memory.options.content
    wanted = {_relative(file, content.resolve()) for file in files}
    if len(files) > MOST_PAGES or not all(path in memory.index for path in wanted):
        return None
    inputs = input_stamps(root, content, memory.options.theme, time.time_ns())
    changed = [Path(name) for name, found in inputs.items() if found is None or found != former.inputs.get(name)]
    texts = {path for file in changed if (path := _relative(file, content)) in memory.index}
    today = build_day(memory.options.timezone)
    # A page that was out when that build was made may wait again on an earlier day.
    if (
        inputs.keys() == former.inputs.keys()
        and len(texts) == len(changed) <= MOST_PAGES
        and today >= memory.options.today
    ):
        return _problems(memory, wanted, wanted | texts, today), len(memory.index)
    return None


def _relative(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else ""


def _problems(memory: Memory, wanted: set[str], read: set[str], today: datetime.date) -> list[Problem]:
    """The problems of ``wanted``, with the documents ``read`` as they are now and all others as they were."""
    options = memory.options
    compiler = compiler_of(memory)
    compiled = {
        path: compiler.compile(options.content / path, f"{options.label}/{path}", path) for path in sorted(read)
    }
    documents = {path: one.document for path, one in compiled.items()}
    targets = _targets(memory, compiled, today)
    alike = {path: memory.index[path].document for path in memory.alike(documents.values()) - read}
    found = check_unique([one for _, one in sorted((alike | documents).items(), key=lambda item: item[0].split("/"))])
    if options.editorial:
        found += check_across(SiteSource(memory.data, {**dict(memory.index.items()), **compiled}, today))
        scored = [documents[path] for path in wanted]
        found += check_scored(options.content / "data" / "scores", f"{options.label}/data/scores", scored)
    for path in wanted:
        found += compiled[path].problems
        found += check_links(documents[path], compiled[path].links, targets)
    found += check_reviews((documents[path] for path in wanted), today, publishing=False)
    # The pictures of the last build were sound, and have not changed since.
    unknown = set(targets.files) - memory.frame.pictures.keys()
    found += check_pictures(options.content, (compiled[path] for path in wanted), unknown, Cache(None))
    paths = {documents[path].path for path in wanted}
    return [problem for problem in found if problem.path in paths]


def _targets(memory: Memory, compiled: Mapping[str, Compiled], today: datetime.date) -> Targets:
    """What links can point at: the last build's pages, with what has been read again as it is now."""
    now = link_targets(memory.options.content, SiteSource(memory.data, dict(compiled), today))
    waiting = {path: day for path, day in memory.frame.scheduled.items() if path not in compiled and day > today}
    return replace(
        now,
        ids=ChainMap(now.ids, memory.ids),
        drafts=now.drafts | (memory.frame.drafts - compiled.keys()),
        scheduled={**waiting, **now.scheduled},
    )
