"""Building what little has changed since the last build, decided from file stamps, before Pelican is even imported.

It is worth it where only the text of some pages has changed, because that is nearly all that happens while somebody writes. A page is
compiled, completed and rendered by the same code as in a full build (sitekit.compiler, sitekit.completion, sitekit.render); its
outline and all that it needs of other pages stand in the memory of the last build (sitekit.memory). In every other case
:func:`build_quickly` declines, and the full build runs.
"""

from __future__ import annotations

import contextlib
import gc
import html
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sitekit.cache import Cache, digest, pack
from sitekit.compiler import Compiled, Compiler, compile_files
from sitekit.completion import Completion, static_files
from sitekit.memory import Memory, Options, without_text
from sitekit.outputs import Written, replace_file
from sitekit.problems import Problem, errors, format_text, summary
from sitekit.render import Renderer, macro_renderer
from sitekit.source.links import Targets, check_links, image_files
from sitekit.stamps import Former, Look, keep_stamps, output_stamps, stamp, state_file

MOST_PAGES = 20
"""With more pages changed than this, a full build is as fast."""

_ADDRESS = re.compile(r"""(?:\b(?:https?|mailto|tel|sms):|//)[^\s"'<>]*""", re.I)
_PLAIN = re.compile(r"https?://((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?:[/?#].*)?|(?:mailto|tel|sms):.+")
_NOT_PLAIN = re.compile(r"[{|\\]|%7[bc]|[/.]xn--|[/.]localhost\b", re.I)
_CITE = re.compile(r"<[^>]*\bcite\s*=", re.I)


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
def build_quickly(seen: Look, output: Path, cache: Path, started: float) -> int | None:
    """Build the pages whose text has changed. ``started`` is the moment that the time counts from, of ``time.perf_counter``.

    Returns an exit status, or None when all must be built.
    """
    if len(seen.changed) > MOST_PAGES:
        return None
    memory = Memory.open(state_file(cache, output), seen.former.token)
    if memory is None:
        return None
    # A memory that is damaged further in; a place that cannot be written, of which the full build says what to do.
    with memory, contextlib.suppress(sqlite3.Error, OSError):
        paths = [os.path.relpath(path, memory.options.content) for path in seen.changed]
        if all(path in memory.index for path in paths):
            return _rebuild(memory, seen, paths, cache, started)
    return None


def _rebuild(memory: Memory, seen: Look, paths: list[str], cache: Path, started: float) -> int | None:
    options, frame = memory.options, memory.frame
    compiled = _compile(memory, paths)
    rows = {path: memory.row(path) for path in paths}
    for path, one in compiled.items():
        if _face(one) != _face(rows[path].compiled) or static_files(one) != memory.files[path]:
            return None
    if wrong := errors(_problems(memory, compiled)):
        print(format_text(wrong), f"{summary(wrong)}. The former output is untouched.", sep="\n", file=sys.stderr)
        return 1
    own_host = options.identity.url.partition("://")[2].partition("/")[0].casefold()
    if not all(_is_plain(one, own_host) for one in compiled.values()):
        return None
    completion = Completion(frame.site, frame.pictures, frame.instruments, frame.scores, memory.address_of)
    renderer = Renderer(options.theme, options.jinja, options.cache / "templates")
    rendered, fingerprints = {}, {}
    for path, one in compiled.items():
        row = rows[path]
        if row.outline is None:  # a draft or a page that waits, where those have no page
            continue
        view = completion.complete(row.outline, one)
        rendered[row.name] = renderer.page(view, frame.site).encode()
        fingerprints[row.name] = digest(frame.key, pack(view))
    changed = _write(options, rendered)
    if changed is None:
        return None
    outputs = seen.former.outputs | {name: stamp(options.output / name) for name in rendered}
    if changed and options.search:
        outputs = output_stamps(options.output)
    pages = {name: Written(fingerprint, *outputs[name]) for name, fingerprint in fingerprints.items()}
    token = memory.update(compiled, pages)
    keep_stamps(cache, Former(seen.former.circumstances, seen.inputs, outputs, token))
    seconds = time.perf_counter() - started
    print(f"Wrote     {options.output.name}/: {changed} changed ({seconds:.2f} s)", flush=True)
    return 0


def _write(options: Options, pages: dict[str, bytes]) -> int | None:
    """Write pages, and the search index if the site has one and a page is new.

    Returns how many files changed; None where there can be no index, which the full build says.
    """
    changed = {name: data for name, data in pages.items() if (options.output / name).read_bytes() != data}
    if not (changed and options.search):
        for name, data in changed.items():
            replace_file(options.output / name, data)
        return len(changed)
    from sitekit.search.index import FOLDER, SearchIndexError, build_index
    from sitekit.staging import Staging

    with Staging(options.output) as staging:
        staging.take_over(lambda name: name not in changed and not name.startswith(f"{FOLDER}/"))
        for name, data in changed.items():
            staged = staging.folder / name
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(data)
        with contextlib.suppress(SearchIndexError):
            build_index(staging.folder)
            return staging.promote()[0]
    return None


def compiler_of(memory: Memory) -> Compiler:
    """A compiler with the data and settings of the last build."""
    options = memory.options
    render = macro_renderer(options.theme, options.jinja, options.cache / "templates")
    explain = "pages/glossary.md" in memory.index
    return Compiler(memory.data, options.markdown, render, options.plain, explain, options.editorial)


def _compile(memory: Memory, paths: list[str]) -> dict[str, Compiled]:
    options = memory.options
    files = [(options.content / path, f"{options.label}/{path}", path) for path in paths]
    with contextlib.closing(Cache(options.cache / "compiled.db")) as cache:
        return compile_files(compiler_of(memory), files, cache, memory.frame.environment)


def _problems(memory: Memory, compiled: dict[str, Compiled]) -> list[Problem]:
    options, frame, data = memory.options, memory.frame, memory.data
    images = image_files(options.content)
    targets = Targets(memory.ids, frame.drafts, images, data.topics, data.resources, data.unverified, frame.scheduled)
    problems = [problem for one in compiled.values() for problem in one.problems]
    for one in compiled.values():
        problems += check_links(one.document, one.links, targets)
    if options.editorial:
        from sitekit.site import SiteSource, check_across

        problems += check_across(SiteSource(data, {**dict(memory.index.items()), **compiled}, options.today))
    return problems


def _is_plain(compiled: Compiled, own_host: str) -> bool:
    """Whether every address out of the site is so plain that the link checker, which runs in full builds alone, can find nothing wrong
    with it: it can be parsed, leads to a public host that is not our own, and holds no placeholder."""
    text = html.unescape("\n".join(compiled.marked))
    return not _CITE.search(text) and all(
        (plain := _PLAIN.fullmatch(address)) and plain[1] != own_host and not _NOT_PLAIN.search(address)
        for address in _ADDRESS.findall(text)
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
