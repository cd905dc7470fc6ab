"""What may be deleted: only files that a manifest of ours records, and only when no cache can still lead to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sitekit.publish.config import Config
from sitekit.publish.lease import Lease
from sitekit.publish.manifest import Manifest
from sitekit.publish.plan import State, read_state
from sitekit.publish.pointer import Pointer
from sitekit.publish.targets import Target


@dataclass(frozen=True, slots=True)
class Garbage:
    """What ``collect`` removes: paths that readers could get, releases, packs and kept objects."""

    paths: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()


def kept_releases(pointer: Pointer, config: Config, now: datetime | None = None) -> list[str]:
    """Releases to keep: the live one, those seen within the grace period, and the newest whole ones; oldest first."""
    edge = _text((now or datetime.now(UTC)) - timedelta(seconds=config.grace))
    whole = list(dict.fromkeys(span.release for span in reversed(pointer.spans) if span.whole))[: config.keep_releases]
    recent = [span.release for span in pointer.spans if not span.until or span.until > edge]
    wanted = {pointer.live, *whole, *recent, *pointer.unfinished}
    return list(dict.fromkeys(span.release for span in pointer.spans if span.release in wanted))


def find_garbage(state: State, config: Config, now: datetime | None = None) -> Garbage:
    """What nobody can need any more. Pure.

    An asset goes when no kept release names it. A withdrawn page goes after ``page-grace-seconds``: its bytes are kept
    for a rollback. Files that no manifest records are a stranger's, and are not even considered.
    """
    now = now or datetime.now(UTC)
    kept = set(kept_releases(state.pointer, config, now))
    dropped = [name for name in state.manifests if name not in kept and name not in state.pointer.unfinished]
    current = {path for manifest in state.before for path in manifest.files}
    wanted = _still_seen(state.manifests.values(), state, kept, config, now)
    recorded = {path for manifest in state.manifests.values() for path in manifest.files}
    paths = [path for path in sorted(recorded & set(state.inventory)) if path not in current | wanted]
    return Garbage(tuple(paths), tuple(sorted(dropped)), *_unused_bytes(state, set(dropped)))


def collect(target: Target, config: Config, lease: Lease, now: datetime | None = None) -> Garbage:
    """Removes garbage under a lease, first what readers can get and last the manifests that say what is ours."""
    state = read_state(target, lease.pointer)
    garbage = find_garbage(state, config, now)
    lease.check()
    target.remove(garbage.paths)
    lease.check()
    target.forget(garbage.releases, garbage.packs, garbage.objects)
    gone = set(garbage.releases)
    if gone:
        lease.update(lambda pointer: replace(pointer, spans=tuple(s for s in pointer.spans if s.release not in gone)))
    return garbage


def carried_files(manifest: Manifest, state: State, config: Config) -> dict[str, str]:
    """Paths outside ``manifest`` that readers may still be led to, each with a release that has it."""
    now = datetime.now(UTC)
    kept = set(kept_releases(state.pointer, config, now))
    wanted = _still_seen(state.manifests.values(), state, kept, config, now)
    wanted |= {path for other in state.before for path in other.files}
    found = {}
    for name, other in state.manifests.items():
        found |= {path: name for path in other.files if path in wanted and path not in manifest.files}
    return found


def _still_seen(manifests: Iterable[Manifest], state: State, kept: set[str], config: Config, now: datetime) -> set[str]:
    """Paths that a page of a kept release may name, or that were withdrawn too short a time ago."""
    edge = _text(now - timedelta(seconds=config.page_grace))
    wanted = set()
    for manifest in manifests:
        last = state.pointer.last_seen(manifest.release)
        for path, file in manifest.files.items():
            if (file.immutable and manifest.release in kept) or last > edge:
                wanted.add(path)
    return wanted


def _unused_bytes(state: State, dropped: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Packs and kept objects that only dropped releases use."""
    packs: dict[bool, set[str]] = {True: set(), False: set()}
    objects: dict[bool, set[str]] = {True: set(), False: set()}
    for name, manifest in state.manifests.items():
        for file in manifest.files.values():
            if file.pack == "object":
                objects[name in dropped].add(file.sha256)
            elif file.pack:
                packs[name in dropped].add(file.pack)
    return tuple(sorted(packs[True] - packs[False])), tuple(sorted(objects[True] - objects[False]))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
