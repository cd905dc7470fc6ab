"""After the pointer moved: what changed for readers is verified, the CDN is told, and what was stale is verified again.

Until that is done the pointer says so (``unsettled``), and the next run does it first; a killed run leaves nothing undone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sitekit.problems import Problem, errors
from sitekit.publish.config import Config
from sitekit.publish.errors import PublishError
from sitekit.publish.invalidate import invalidate
from sitekit.publish.lease import Lease
from sitekit.publish.manifest import File, Manifest
from sitekit.publish.plan import State, read_state
from sitekit.publish.rules import load_rules
from sitekit.publish.targets import Target
from sitekit.publish.verify import Verdict, Verifier

#: How long (seconds) a CDN gets to act on an invalidation before a stale answer is a problem.
CDN_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found out. ``verdict`` is None when no public address is set."""

    changed: tuple[File, ...]
    verdict: Verdict | None
    told: dict[str, int]


def changed_for_readers(state: State) -> list[File]:
    """Files, without variants or assets, that differ between the live release and what readers may have got before."""
    live, before = state.live, state.pointer.unsettled
    if live is None or not before:
        return []
    end = state.pointer.last_seen(before) if before != "-" else ""
    seen = [state.manifests.get(before)]
    seen += [state.manifests.get(s.release) for s in state.pointer.spans if not s.whole and s.until >= end]
    known = [manifest for manifest in seen if manifest is not None] or [Manifest("", "")]
    return [
        file
        for path, file in sorted(live.files.items())
        if not file.immutable
        and not file.encoding
        and any(
            not file.same_bytes(other.files.get(path)) or not file.same_headers(other.files[path]) for other in known
        )
    ]


def settle(
    target: Target,
    config: Config,
    lease: Lease,
    *,
    edge: bool = True,
    patience: float = CDN_PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> Settled:
    """Verifies and invalidates everything not settled yet, under a lease.

    Raises ``PublishError`` when readers get something wrong (before the CDN is told, so that caches keep what is right)
    or when a CDN does not take the news; then the change stays unsettled.
    """
    state = read_state(target, lease.pointer, listed=False)
    changed = changed_for_readers(state)
    verdict = None
    verifier = None
    if config.public_url and state.live and (changed or state.pointer.unsettled):
        verifier = _verifier(state, config, edge)
        verdict = verifier.verify(changed, redirected=True)
        _refuse(verdict.problems, "readers get something wrong, so the CDN was not told")
    told = invalidate(changed, config, state.pointer.live)
    deadline = time.monotonic() + patience
    while verifier and verdict and verdict.stale and told:
        again = verifier.verify(verdict.stale)
        _refuse(again.problems, "readers get something wrong since the CDN was told")
        verdict = replace(again, right=verdict.right + again.right, problems=verdict.problems + again.problems)
        if verdict.stale and time.monotonic() > deadline:
            raise PublishError(
                f"{len(verdict.stale)} URLs still show the old page {patience:.0f} seconds after the CDN was told",
                f"First: {verifier.url(verdict.stale[0].url_path)}. Look at the CDN's rules, then run push again.",
            )
        if verdict.stale:
            sleep(3.0)
    if state.pointer.unsettled:
        lease.update(lambda pointer: replace(pointer, unsettled=""))
    return Settled(tuple(changed), verdict, told)


def verify_all(target: Target, config: Config, edge: bool = True) -> Verdict:
    """Asks the public address for every file of the live release. Raises ``PublishError`` when that cannot be done."""
    if not config.public_url:
        raise PublishError("no public address is set", "Set public-url, or SITEKIT_PUBLISH_PUBLIC_URL.")
    state = read_state(target, listed=False)
    if state.live is None:
        raise PublishError(f"nothing was published to {target.name} yet", "Use push.")
    files = [file for path, file in sorted(state.live.files.items()) if not file.encoding]
    return _verifier(state, config, edge).verify(files, redirected=True)


def _verifier(state: State, config: Config, edge: bool) -> Verifier:
    old = tuple(manifest for name, manifest in state.manifests.items() if name != state.pointer.live)
    return Verifier(config.public_url, state.live, load_rules(), old, edge)


def _refuse(problems: Iterable[Problem], message: str) -> None:
    if found := errors(problems):
        lines = "\n".join(f"  {problem.path}: {problem.message}" for problem in found[:20])
        more = f"\n  and {len(found) - 20} more" if len(found) > 20 else ""
        hint = "Mend it and run push again, or return to the release before with: rollback previous"
        raise PublishError(f"{message}:\n{lines}{more}", hint)
