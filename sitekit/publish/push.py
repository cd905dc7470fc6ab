"""Moving a release to a target, so that readers always have a whole site.

The order is what does it. Assets go first, so no page names a file that is not there; then new pages, so no link leads
nowhere; then pages that change; then feeds and the sitemap, which list pages; then the home page; then the pointer.
Nothing is deleted here: what the new release lacks stays until ``collect`` finds that no cache can still need it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from sitekit.problems import Problem, ProblemsFound, errors
from sitekit.publish.collect import carried_files
from sitekit.publish.config import Config
from sitekit.publish.encode import VariantCache
from sitekit.publish.errors import PublishError
from sitekit.publish.guards import Allowed, guard
from sitekit.publish.lease import Lease, acquire
from sitekit.publish.manifest import Manifest, Source, new_release, with_packs
from sitekit.publish.plan import Plan, State, Upload, make_plan, read_state
from sitekit.publish.pointer import now_text
from sitekit.publish.rules import Redirect, load_rules
from sitekit.publish.scan import Folder
from sitekit.publish.targets import Body, Opener, Target

#: Progress: files done, files in all, bytes done.
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the caller knows and the folder does not: see :func:`sitekit.publish.guards.guard`."""

    checks: tuple[Problem, ...] = ()
    ledger: tuple[str, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    source: Source = field(default_factory=Source)
    allowed: Allowed = field(default_factory=Allowed)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did. ``before`` is what readers had: the live release and any interrupted ones."""

    plan: Plan
    before: tuple[Manifest, ...]
    warnings: tuple[Problem, ...] = ()
    kept_bytes: int = 0


def scan_folder(folder: Path, config: Config, cache: Path) -> Folder:
    """Reads a built folder. Raises ``ProblemsFound`` when it is missing or empty."""
    scanned = Folder(folder, load_rules(), VariantCache(cache), config.encodings_of)
    if not folder.is_dir() or not any(folder.iterdir()):
        hint = "Build the site first."
        raise ProblemsFound([Problem(str(folder), 0, 0, "nothing-built", "there is no built site here", hint)])
    return scanned.scan()


def plan_push(
    folder: Folder, target: Target, config: Config, inputs: Inputs, state: State
) -> tuple[Plan, list[Problem]]:
    """The plan for a scanned folder, and everything that speaks against it."""
    manifest = with_packs(new_release(folder.files.values(), inputs.source, inputs.redirects), state.packed)
    plan = make_plan(manifest, state, stores_headers=target.stores_headers)
    plan = replace(plan, carried=carried_files(manifest, state, config))
    problems = guard(
        plan,
        state,
        config,
        folder=folder.root.name,
        checks=(*inputs.checks, *folder.problems),
        ledger=inputs.ledger,
        redirects=inputs.redirects,
        allowed=inputs.allowed,
    )
    return plan, problems


def push(
    folder: Folder, target: Target, config: Config, inputs: Inputs, lease: Lease, progress: Progress | None = None
) -> Pushed:
    """Publishes a scanned folder under a lease. Raises ``ProblemsFound`` before anything was written, or ``PublishError``.

    When readers already get exactly this, nothing is sent and no release is made.
    """
    state = read_state(target, lease.pointer)
    plan, problems = plan_push(folder, target, config, inputs, state)
    if errors(problems):
        raise ProblemsFound(problems, "Nothing was published.")
    if plan.nothing and not state.pointer.unfinished:
        return Pushed(plan, tuple(state.before), tuple(problems))
    kept = move(plan, target, config, lease, folder.open, progress)
    return Pushed(plan, tuple(state.before), tuple(problems), kept)


def move(
    plan: Plan, target: Target, config: Config, lease: Lease, opener: Opener, progress: Progress | None = None
) -> int:
    """Carries a plan out and moves the pointer. Returns the bytes kept for rollback."""
    manifest = plan.manifest
    lease.check()
    target.write_manifest(manifest)
    # From here on a later run knows which pages may be of this release.
    lease.update(lambda pointer: pointer.started(manifest.release))
    target.begin(manifest, plan.carried)
    with ThreadPoolExecutor(1, thread_name_prefix="keep") as keeper:
        keeping = keeper.submit(target.keep, manifest, opener)
        _send(plan.uploads, target, config.parallel, lease, opener, progress)
        kept = keeping.result()
    lease.check()
    target.commit(manifest)
    lease.update(lambda pointer: pointer.switched(manifest.release, now_text()))
    return kept


def begin(target: Target, config: Config, action: str, wait_seconds: float) -> Lease:
    """Takes the lease of a target with the times that the settings give."""
    return acquire(target, action, config.lease_seconds, wait_seconds)


def stages(uploads: Iterable[Upload]) -> list[list[Upload]]:
    """Uploads in the order in which readers may see them, as groups of which each must be whole before the next."""
    groups: dict[int, list[Upload]] = {}
    for upload in uploads:
        groups.setdefault(_stage(upload), []).append(upload)
    return [groups[number] for number in sorted(groups)]


def _stage(upload: Upload) -> int:
    order = {"asset": 0, "file": 1, "page": 2, "feed": 4, "home": 5}
    changes_a_page = upload.file.kind == "page" and upload.replaces
    return order[upload.file.kind] + (1 if changes_a_page else 0)


def _send(
    uploads: tuple[Upload, ...], target: Target, parallel: int, lease: Lease, opener: Opener, progress: Progress | None
) -> None:
    """Sends every stage in parallel. The first failure stops everything that has not begun."""
    count = _Count(len(uploads), progress)

    def send(upload: Upload) -> None:
        lease.check()
        body: Body = opener(upload.file)
        target.put(upload.file, body, new=not upload.replaces)
        count.add(upload.file.size)

    with ThreadPoolExecutor(parallel, thread_name_prefix="put") as pool:
        try:
            for stage in stages(uploads):
                futures: list[Future[None]] = [pool.submit(send, upload) for upload in stage]
                wait(futures, return_when=FIRST_EXCEPTION)
                if any(future.done() and future.exception() for future in futures):
                    pool.shutdown(cancel_futures=True)  # what has begun ends, nothing else begins
                    ended = [future for future in futures if not future.cancelled()]
                    raise _first([error for future in ended if (error := future.exception())])
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise


def _first(failures: list[BaseException]) -> BaseException:
    """The failure to tell: a lost lease makes others fail, so what the storage said comes before it."""
    told = [error for error in failures if isinstance(error, PublishError)]
    return min(told or failures, key=lambda error: (type(error).__name__ == "LeaseLost", str(error)))


class _Count:
    """Counts what was sent, from many threads."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done = self.bytes = 0
        self._total = total
        self._progress = progress
        self._mutex = threading.Lock()

    def add(self, size: int) -> None:
        with self._mutex:
            self.done += 1
            self.bytes += size
            if self._progress:
                self._progress(self.done, self._total, self.bytes)
