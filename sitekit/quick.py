"""Building what has changed since the last build, decided from file stamps, before Pelican is even imported.

Two cases are worth it, because they are nearly all that happens while somebody writes: nothing has changed, or only the text of
some pages has. A page's view and its HTML come from the same code as in a full build (sitekit.compiler, sitekit.pages,
sitekit.render), over an index of all other pages that the full build left behind. In every other case, and whenever anything
looks unlike what the last build left, :func:`build_quickly` declines and the full build runs.
"""

from __future__ import annotations

import contextlib
import datetime
import gc
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sitekit.cache import Cache, digest, pack
from sitekit.compiler import Compiled, Compiler, SiteData, compile_files, environment_key
from sitekit.images.model import Picture
from sitekit.outputs import Written, read_state, write_state
from sitekit.pages import Identity, PageBuilder
from sitekit.problems import Problem, errors, format_text, summary
from sitekit.render import Renderer
from sitekit.site import SiteSource, check_across, link_targets, macro_renderer, static_files
from sitekit.source.links import check_links
from sitekit.stamps import Circumstances, Stamp, input_stamps, keep_stamps, output_stamps, stamp, state_file

MOST_PAGES = 20
"""With more pages changed than this, a full build is as fast."""


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
class Memory:
    """What a full build leaves for the next one. ``index`` holds every document without its text, ``files`` what it shows."""

    circumstances: Circumstances
    inputs: dict[str, Stamp | None]
    outputs: dict[str, Stamp]
    options: Options
    data: SiteData
    index: dict[str, Compiled]
    files: dict[str, frozenset[str]]
    pictures: dict[str, Picture]
    pages: dict[str, Written]
    names: dict[str, str]


def without_text(compiled: Compiled) -> Compiled:
    """What other pages need to know of a document: everything but its text."""
    document = compiled.document
    front = replace(document.front, body="", problems=[])
    return replace(
        compiled,
        document=replace(document, text="", front=front),
        converted=replace(compiled.converted, body="", key_points="", short="", headings=()),
        marked=("", "", ""),
        links=(),
        readability=None,
        words=0,
        problems=(),
    )


def _face(compiled: Compiled) -> Compiled:
    """What must stay the same for no other page to change."""
    references = tuple(replace(one, number=0, cited_from=()) for one in compiled.converted.references)
    index = without_text(compiled)
    front = replace(index.document.front, positions={}, body_line=0)
    return replace(
        index,
        document=replace(index.document, front=front),
        converted=replace(index.converted, references=references),
        abstract=None,
    )


def remember(root: Path, settings: str, options: Options, source: SiteSource, memory: dict[str, Any]) -> None:
    """Keep what :func:`build_quickly` needs. ``memory`` holds the inputs, page fingerprints and names of the full build."""
    circumstances = Circumstances.now(settings, options.content, options.theme, options.output, options.timezone)
    state = Memory(
        circumstances=circumstances,
        outputs=output_stamps(options.output),
        options=options,
        data=source.data,
        index={path: without_text(one) for path, one in source.compiled.items()},
        files={path: files for path, one in source.compiled.items() if (files := static_files(one))},
        pictures=source.pictures,
        **memory,
    )
    _keep(state_file(options.cache, options.output), state)


def _keep(file: Path, state: Memory) -> None:
    write_state(file, state)
    keep_stamps(state.options.cache, state.circumstances, state.inputs, state.outputs)


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Leave garbage alone for a moment: where nearly all that is read stays needed, looking for what is not takes a good part of the
    time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@without_collecting()
def build_quickly(root: Path, settings: str, output: Path, cache: Path) -> int | None:
    """Bring ``output`` up to date if little has changed. Returns an exit status, or None when a full build must run."""
    started = time.perf_counter()
    file = state_file(cache, output)
    state = read_state(file)
    if not isinstance(state, Memory) or not state.circumstances.hold(settings, output):
        return None
    options = state.options
    inputs = input_stamps(root, options.content, options.theme, time.time_ns())
    if inputs.keys() != state.inputs.keys() or output_stamps(options.output) != state.outputs:
        return None
    changed = [path for path, found in inputs.items() if found is None or found != state.inputs[path]]
    if not changed:
        _say(f"Nothing has changed: {options.output.name}/ is up to date ({time.perf_counter() - started:.2f} s)")
        return 0
    inside = {str(options.content / relative): relative for relative in state.index}
    if options.search or len(changed) > MOST_PAGES or not all(path in inside for path in changed):
        return None
    return _rebuild(file, state, inputs, [inside[path] for path in changed], started)


def _rebuild(
    file: Path, state: Memory, inputs: dict[str, Stamp | None], paths: list[str], started: float
) -> int | None:
    options = state.options
    render = macro_renderer(options.theme, options.jinja, options.cache / "templates")
    explain = "pages/glossary.md" in state.index
    compiler = Compiler(state.data, options.markdown, render, options.plain, explain, options.editorial)
    settings = (options.label, options.markdown, sorted(options.plain), explain, options.editorial)
    environment = environment_key(options.content, options.theme, *settings)
    cache = Cache(options.cache / "compiled.db")
    files = [(options.content / path, f"{options.label}/{path}", path) for path in paths]
    compiled = compile_files(compiler, files, cache, environment)
    cache.close()
    for path, one in compiled.items():
        if _face(one) != _face(state.index[path]) or static_files(one) != state.files.get(path, frozenset()):
            return None
    source = SiteSource(state.data, {**state.index, **compiled}, options.today, pictures=state.pictures)
    problems = _problems(options, source, compiled)
    if errors(problems):
        wrong = errors(problems)
        print(format_text(wrong), f"{summary(wrong)}. The former output is untouched.", sep="\n", file=sys.stderr)
        return 1
    builder = PageBuilder(source, options.identity, options.drafts)
    renderer = Renderer(options.theme, options.jinja, options.cache / "templates")
    key = renderer.key(builder.site)
    pages, outputs, written = dict(state.pages), dict(state.outputs), 0
    for path, one in compiled.items():
        if path not in builder.compiled:  # a draft or a page that waits, where those have no page
            continue
        name = state.names[path]
        view = builder.page(one)
        target = options.output / name
        if _replace(target, renderer.page(view, builder.site).encode()):
            written += 1
        found = stamp(target)
        pages[name], outputs[name] = Written(digest(key, pack(view)), *found), found
    index = {**state.index, **{path: without_text(one) for path, one in compiled.items()}}
    _keep(file, replace(state, inputs=inputs, outputs=outputs, pages=pages, index=index))
    _say(f"Wrote     {options.output.name}/: {written} changed ({time.perf_counter() - started:.2f} s)")
    return 0


def _problems(options: Options, source: SiteSource, compiled: dict[str, Compiled]) -> list[Problem]:
    targets = link_targets(options.content, source)
    problems = [problem for one in compiled.values() for problem in one.problems]
    for one in compiled.values():
        problems += check_links(one.document, one.links, targets)
    if options.editorial:
        problems += check_across(source)
    return problems


def _replace(target: Path, data: bytes) -> bool:
    """Put ``data`` in the place of a file in one step, unless the file holds it already."""
    if target.read_bytes() == data:
        return False
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(data)
    os.chmod(part, 0o644)
    os.replace(part, target)
    return True


def _say(text: str) -> None:
    print(text, flush=True)
