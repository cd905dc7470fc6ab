"""Holding a target: one run at a time, seen to be alive, and replaceable when it is not.

The lease lies in the pointer and is taken, renewed and given up by compare-and-swap. Time is measured so that clocks need
not agree: a run takes over only when the holder is a dead process of the same machine, or when the pointer has not
changed for as long as this run itself watched it.

A holder starts nothing more ``seconds / 3`` after its last renewal. What it started is tried for ``request-seconds``, at
most a third of the lease, and its last request takes less than that again; so nothing arrives after a takeover.
"""

from __future__ import annotations

import getpass
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sitekit.publish.errors import Busy, LeaseLost, PointerMoved, PublishError
from sitekit.publish.pointer import Holder, Pointer, now_text, process_mark, this_machine
from sitekit.publish.targets import Target

#: A lease is renewed this many times while it lasts, so that one lost renewal does no harm.
_RENEWALS = 9


class Lease:
    """The right to write to a target. Use as a context manager; leaving it gives the lease up."""

    def __init__(self, target: Target, pointer: Pointer, token: str) -> None:
        self.pointer = pointer
        self._target = target
        self._token = token
        self._mutex = threading.Lock()
        self._seconds = pointer.holder.seconds
        self._renewed = time.monotonic()
        self._lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_renewing, name="lease", daemon=True)

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._over.set()
        self._thread.join()
        try:
            if not self._lost:
                self._swap(lambda pointer: replace(pointer, holder=None))
        except PublishError:
            if kind is None:
                raise  # otherwise the first error is the one to tell; the lease runs out by itself

    def check(self) -> None:
        """Raises ``LeaseLost`` when this run may no longer start a request."""
        if self._lost:
            raise LeaseLost("another run took the target over", "Look at it with `releases`, then run again.")
        if time.monotonic() - self._renewed > self._seconds / 3:
            hint = "Run again: it finishes what is left."
            raise LeaseLost(f"the storage gave no sign of life for {self._seconds / 3:.0f} seconds", hint)

    def update(self, change: Callable[[Pointer], Pointer]) -> Pointer:
        """Changes the pointer by compare-and-swap and returns it."""
        self.check()
        self._swap(change)
        return self.pointer

    def _swap(self, change: Callable[[Pointer], Pointer]) -> None:
        with self._mutex:
            wanted = replace(change(self.pointer), serial=self.pointer.serial + 1)
            started = time.monotonic()
            try:
                self._token = self._target.swap_pointer(wanted, self._token)
            except PointerMoved:
                self._lost = True
                raise LeaseLost("another run took the target over", "Run again once it has ended.") from None
            self.pointer = wanted
            self._renewed = started

    def _keep_renewing(self) -> None:
        while not self._over.wait(self._seconds / _RENEWALS):
            try:
                self._swap(lambda pointer: replace(pointer, holder=replace(pointer.holder, renewed=now_text())))
            except LeaseLost:
                return
            except PublishError:
                continue  # the storage may come back; `check` stops the run if it does not


def who_am_i() -> str:
    """This run in words: who, where, and, in GitHub's CI, which run."""
    if run := os.environ.get("GITHUB_RUN_ID"):
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{os.environ.get('GITHUB_REPOSITORY', '')}/actions/runs/{run}"
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{os.uname().nodename}, process {os.getpid()}"


def acquire(target: Target, action: str, seconds: float, wait: float = 0.0) -> Lease:
    """Takes the lease. ``wait`` is how long (seconds) to wait for a run that is alive; then ``Busy`` says who it is."""
    deadline = time.monotonic() + wait
    watched, since = None, 0.0
    while True:
        pointer, token = target.read_pointer()
        holder = pointer.holder
        now = time.monotonic()
        if token != watched:
            watched, since = token, now
        if holder is None or holder.is_gone() or now - since > _patience(holder):
            stamp = now_text()
            mine = Holder(
                who_am_i(), this_machine(), process_mark(), uuid.uuid4().hex, action, stamp, stamp, float(seconds)
            )
            taken = replace(pointer, holder=mine, serial=pointer.serial + 1)
            try:
                return Lease(target, taken, target.swap_pointer(taken, token))
            except PointerMoved:
                continue
        if now >= deadline and not holder.overdue(datetime.now(UTC)):
            raise Busy(_busy(target, holder), _what_to_do(holder))
        time.sleep(min(1.0, holder.seconds / _RENEWALS))


def _patience(holder: Holder) -> float:
    """Seconds an unchanged pointer must be watched before its holder counts as dead.

    A holder that is overdue by the wall clock gets three more chances to renew, in case one of the clocks is wrong.
    """
    return holder.seconds * 3 / _RENEWALS if holder.overdue(datetime.now(UTC)) else holder.seconds


def _busy(target: Target, holder: Holder) -> str:
    return f"{target.name} is in use: {holder.who} has been at work ({holder.action}) since {holder.since[:19]}Z"


def _what_to_do(holder: Holder) -> str:
    end = datetime.fromtimestamp(datetime.fromisoformat(holder.renewed).timestamp() + holder.seconds, UTC)
    return (
        f"Its last sign of life was at {holder.renewed[:19]}Z. Let it end and run again, or use --wait SECONDS. "
        f"If it has died, run again after {end:%H:%M:%S}Z: the target is free then."
    )
