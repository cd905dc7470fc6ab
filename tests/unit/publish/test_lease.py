"""One run at a time; a dead one is replaced, a slow one is not."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sitekit.publish.errors import Busy, LeaseLost, StorageError
from sitekit.publish.lease import acquire
from sitekit.publish.pointer import Holder, Pointer, now_text, process_mark, this_machine
from sitekit.publish.targets.local import LocalTarget


@pytest.fixture
def target(tmp_path: Path) -> LocalTarget:
    """An empty directory."""
    return LocalTarget(tmp_path / "published")


def occupy(target: LocalTarget, **changes: object) -> None:
    """Somebody of another machine takes the target."""
    holder = Holder("Ada, elsewhere", "another machine", "1 1", "n", "push", now_text(), now_text(), 60.0)
    target.swap_pointer(Pointer(holder=replace(holder, **changes)), target.read_pointer()[1])


def test_the_lease_is_taken_and_given_up(target: LocalTarget) -> None:
    with acquire(target, "push", 60) as lease:
        assert target.read_pointer()[0].holder.action == "push"
        lease.check()
    assert target.read_pointer()[0].holder is None


def test_a_second_run_is_told_who_is_at_work_and_what_to_do(target: LocalTarget) -> None:
    with acquire(target, "push abc", 60), pytest.raises(Busy) as caught:
        acquire(target, "push def", 60)
    assert str(target.root) in str(caught.value)
    assert process_mark().split()[0] in str(caught.value)
    assert "push abc" in str(caught.value)
    assert "--wait" in caught.value.hint


def test_a_second_run_may_wait_for_the_first(target: LocalTarget) -> None:
    first = acquire(target, "push", 9)
    first.__enter__()
    timer = threading.Timer(0.4, first.__exit__, (None, None, None))
    timer.start()
    with acquire(target, "push", 9, wait=20):
        assert not timer.is_alive() or timer.join(5) is None
    assert target.read_pointer()[0].holder is None


def test_a_dead_process_of_this_machine_is_replaced_at_once(target: LocalTarget) -> None:
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    occupy(target, machine=this_machine(), process=f"{child.stdout.strip()} 1")
    with acquire(target, "push", 60):
        pass


def test_a_process_number_that_was_used_again_is_not_mistaken_for_the_run(target: LocalTarget) -> None:
    number, started = process_mark().split()
    occupy(target, machine=this_machine(), process=f"{number} {int(started) - 1}")
    with acquire(target, "push", 60):
        pass


def test_a_run_elsewhere_that_shows_no_sign_of_life_is_replaced_after_its_time(target: LocalTarget) -> None:
    occupy(target, seconds=0.6)
    started = time.monotonic()
    with acquire(target, "push", 60, wait=20):
        assert 0.5 < time.monotonic() - started < 10


def test_a_run_that_is_long_overdue_is_replaced_without_being_asked_to_wait(target: LocalTarget) -> None:
    old = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    occupy(target, seconds=1.5, since=old, renewed=old)
    with acquire(target, "push", 60):
        pass


def test_a_run_whose_clock_is_hours_behind_keeps_its_lease_while_it_renews_it(target: LocalTarget) -> None:
    old = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    occupy(target, seconds=2.7, since=old, renewed=old)
    over = threading.Event()

    def renew() -> None:
        while not over.wait(0.3):
            pointer, token = target.read_pointer()
            target.swap_pointer(replace(pointer, serial=pointer.serial + 1), token)

    renewing = threading.Thread(target=renew)
    renewing.start()
    outcome: list[object] = []
    taking = threading.Thread(target=lambda: outcome.append(acquire(target, "push", 60)))
    taking.daemon = True
    taking.start()
    taking.join(2.0)
    assert outcome == []
    over.set()
    renewing.join()
    taking.join(10)
    assert len(outcome) == 1


def test_a_run_that_lost_its_lease_is_stopped_at_the_next_change(target: LocalTarget) -> None:
    with acquire(target, "push", 60) as lease:
        pointer, token = target.read_pointer()
        target.swap_pointer(replace(pointer, serial=99), token)
        with pytest.raises(LeaseLost):
            lease.update(lambda pointer: replace(pointer, live="mine"))
        with pytest.raises(LeaseLost):
            lease.check()
    assert target.read_pointer()[0].serial == 99


def test_the_lease_is_renewed_while_work_goes_on(target: LocalTarget) -> None:
    with acquire(target, "push", 0.9) as lease:
        first = target.read_pointer()[0].holder.renewed
        time.sleep(1.2)
        lease.check()
        assert target.read_pointer()[0].holder.renewed > first


def test_a_run_that_cannot_renew_stops_before_another_may_take_over(target: LocalTarget) -> None:
    class Away(LocalTarget):
        away = False

        def swap_pointer(self, *arguments: object) -> str:
            if self.away:
                raise StorageError("the storage cannot be reached")
            return super().swap_pointer(*arguments)

    away = Away(target.root)
    with acquire(away, "push", 1.2) as lease:
        away.away = True
        time.sleep(0.6)
        with pytest.raises(LeaseLost, match="no sign of life"):
            lease.check()
        away.away = False
