"""Returning to a kept release: the same move as a publication, with bytes that the target kept."""

from __future__ import annotations

import difflib
from dataclasses import replace

from sitekit.publish.collect import carried_files
from sitekit.publish.config import Config
from sitekit.publish.errors import PublishError
from sitekit.publish.lease import Lease
from sitekit.publish.plan import State, make_plan, read_state
from sitekit.publish.push import Progress, Pushed, move
from sitekit.publish.targets import Target


def resolve_release(name: str, state: State) -> str:
    """A release by its name, the start of it, or ``previous``. Raises ``PublishError`` naming those there are."""
    whole = list(dict.fromkeys(span.release for span in state.pointer.spans if span.whole))
    there = [release for release in whole if release in state.manifests]
    if name == "previous":
        earlier = [s.release for s in state.pointer.spans if s.whole and s.release in there]
        while earlier and earlier[-1] == state.pointer.live:
            earlier.pop()
        if not earlier:
            raise PublishError("there is no earlier release to return to", "Publish a corrected build instead.")
        return earlier[-1]
    found = [release for release in there if release == name] or [release for release in there if name in release]
    if len(found) == 1:
        return found[0]
    near = found or difflib.get_close_matches(name, there, 3, 0.0) or there
    problem = "names several releases" if found else "is not a kept release"
    raise PublishError(f"{name!r} {problem}", f"Kept: {', '.join(near)}." if near else "None is kept.")


def rollback(name: str, target: Target, config: Config, lease: Lease, progress: Progress | None = None) -> Pushed:
    """Makes a kept release live again, under a lease. Only what differs from the live one is moved."""
    state = read_state(target, lease.pointer)
    release = resolve_release(name, state)
    manifest = state.manifests[release]
    plan = make_plan(manifest, state, stores_headers=target.stores_headers)
    plan = replace(plan, carried=carried_files(manifest, state, config))
    if release == state.pointer.live and plan.nothing and not state.pointer.unfinished:
        return Pushed(plan, tuple(state.before))
    move(plan, target, config, lease, lambda file: target.recall(file, release), progress)
    return Pushed(plan, tuple(state.before))
