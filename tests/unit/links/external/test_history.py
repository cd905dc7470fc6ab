"""Patience: what is remembered from run to run, and what becomes of it when the file or the clock is not as it should be."""

from __future__ import annotations

import datetime
import json
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.links.external.history import Memory, Streak, learn, read_history, write_history
from sitekit.links.external.settings import ExternalSettings
from sitekit.links.external.verdict import BROKEN, FINE, UNKNOWN, Verdict

from .conftest import Outside
from .server import answer, by_method, in_turn, silence

NOW = datetime.datetime(2026, 11, 22, 9, 40, tzinfo=datetime.UTC)
SETTINGS = ExternalSettings()


def nights(outside: Outside, url: str, count: int) -> list[str]:
    codes = []
    for _ in range(count):
        codes.append(outside.code(url))
        outside.clock.days(1)
    return codes


def test_a_page_is_broken_after_enough_failures_over_enough_days(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(404))
    assert nights(outside, url, 5) == ["external-failing"] * 3 + ["external-broken"] * 2
    message = outside.latest.findings[0].message
    assert message == "The server answers 404 Not Found. It has failed 5 times since 2026-11-22."


def test_many_failures_on_one_day_are_not_enough_and_neither_are_two_far_apart(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(404))
    assert {outside.code(url) for _ in range(6)} == {"external-failing"}
    later = outside.page("a.test/y", answer(404))
    outside.code(later)
    outside.clock.days(30)
    assert outside.code(later) == "external-failing"


def test_the_warning_says_since_when_and_what_it_takes(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(410))
    assert outside.message(url) == (
        "The server answers 410 Gone. Failing since 2026-11-22, 1 time so far; it counts as broken after 3 failures over 3 days."
    )


def test_one_fine_answer_ends_the_count(outside: Outside) -> None:
    bad, good = answer(404), answer(200)
    url = outside.page("a.test/x", by_method(in_turn(bad, bad, bad, good, bad), in_turn(bad, bad, bad, bad)))
    assert nights(outside, url, 4) == ["external-failing"] * 3 + [""]
    outside.clock.days(10)
    assert nights(outside, url, 4) == ["external-failing"] * 3 + ["external-broken"]


def test_an_answer_that_tells_nothing_neither_ends_nor_adds_to_the_count(outside: Outside) -> None:
    bad, shy = answer(404), answer(403)
    pages = in_turn(*(handler for night in (bad, shy, bad, shy, bad) for handler in (night, night)))
    url = outside.page("a.test/x", pages)
    expected = ["external-failing", "unknown-target", "external-failing", "unknown-target", "external-broken"]
    assert nights(outside, url, 5) == expected


def test_faults_of_the_server_and_silence_have_more_time_than_missing_pages(outside: Outside) -> None:
    faulty = outside.page("a.test/x", answer(500))
    shy = outside.page("b.test/x", answer(403))
    assert nights(outside, faulty, 16) == ["unknown-target"] * 14 + ["external-broken"] * 2
    assert set(nights(outside, shy, 16)) == {"unknown-target"}
    assert outside.code(outside.page("c.test/x", silence), attempts=1, request_seconds=0.05) == "unknown-target"


def test_a_fine_answer_holds_for_some_days_which_differ_from_address_to_address(outside: Outside) -> None:
    urls = [outside.page(f"a.test/{number}") for number in range(40)]
    outside.ask(*urls)
    due = sorted(memory.due - NOW for memory in read_history(outside.history).memories.values())
    assert len(due) == 40
    assert datetime.timedelta(days=4.9) <= due[0] < datetime.timedelta(days=6)
    assert datetime.timedelta(days=8) < due[-1] <= datetime.timedelta(days=9.1)
    asked = []
    for _ in range(10):
        outside.clock.days(1)
        outside.ask(*urls)
        asked.append(outside.latest.counts.asked)
    assert asked[:4] == [0, 0, 0, 0]
    assert sum(asked) == 40
    assert max(asked) < 25
    assert outside.latest.counts.fine == 40


def test_recheck_asks_all_the_same(outside: Outside) -> None:
    url = outside.page("a.test/x")
    outside.ask(url)
    outside.ask(url, recheck=True)
    assert outside.latest.counts.asked == 1


def test_a_new_anchor_on_a_known_page_is_looked_for(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(body="<p id=a>"))
    outside.ask(url)
    assert outside.code(f"{url}#b") == "external-failing"


def test_what_is_no_longer_linked_is_forgotten_after_a_while(outside: Outside) -> None:
    first, second = outside.page("a.test/1"), outside.page("a.test/2")
    outside.ask(first)
    outside.clock.days(59)
    outside.ask(second)
    assert set(read_history(outside.history).memories) == {first, second}
    outside.clock.days(2)
    outside.ask(second, recheck=True)
    assert set(read_history(outside.history).memories) == {second}


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"version": 1}',
        b'{"version": 99, "addresses": {}}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "list", "null", "bytes", "no addresses", "newer", "deep"],
)
def test_a_damaged_history_costs_patience_and_is_kept_beside(outside: Outside, damage: bytes) -> None:
    url = outside.page("a.test/x", answer(404))
    outside.history.write_bytes(damage)
    assert outside.code(url) == "external-failing"
    assert "cannot be used" in outside.latest.notes[0]
    assert outside.history.with_name("history.json.damaged").read_bytes() == damage
    assert set(read_history(outside.history).memories) == {url}


def test_damaged_entries_are_dropped_one_by_one(outside: Outside) -> None:
    url, other = outside.page("a.test/x", answer(404)), outside.page("a.test/y", answer(404))
    outside.ask(url, other)
    whole = json.loads(outside.history.read_text())
    good = whole["addresses"][url]
    bad = [None, 3, [], "x", {}, good | {"outcome": "odd"}, good | {"checked": "yesterday"}, good | {"checked": 5}]
    bad += [good | {"broken": {"since": good["checked"], "count": count}} for count in (0, -1, True, "3", None, 1e9)]
    bad += [
        good | {"broken": []},
        good | {"message": 5},
        good | {"checked": "2026-11-22T09:40:00"},
        good | {"certain": 1},
    ]
    whole["addresses"] = {url: good} | {f"http://a.test/{number}": entry for number, entry in enumerate(bad)}
    outside.history.write_text(json.dumps(whole))
    history = read_history(outside.history)
    assert set(history.memories) == {url}
    assert f"{len(bad)} damaged entries" in history.damage


def test_a_history_that_cannot_be_written_is_said_and_does_not_hide_the_findings(outside: Outside) -> None:
    url = outside.page("a.test/x", answer(404))
    outside.history.mkdir()
    assert outside.code(url) == "external-failing"
    assert "could not be written" in outside.latest.notes[-1]


def test_a_clock_that_went_back_trusts_nothing_from_the_future(outside: Outside) -> None:
    url = outside.page("a.test/x")
    outside.ask(url)
    outside.clock.days(-2)
    outside.ask(url)
    assert outside.latest.counts.asked == 1


def write_one(path: Path, number: int) -> None:
    memory = Memory(BROKEN, NOW, None, "Gone.", Streak(NOW, 1))
    write_history(path, {f"http://a.test/{number}": memory}, NOW)


def test_runs_at_the_same_time_forget_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(write_one, [path] * 24, range(24)))
    assert len(read_history(path).memories) == 24
    assert read_history(path).damage == ""


def test_of_two_memories_the_newer_wins_and_the_longer_streak_stays(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    early, late = NOW - datetime.timedelta(days=5), NOW
    write_history(path, {"u": Memory(BROKEN, late, None, "new", Streak(late, 1))}, NOW)
    write_history(path, {"u": Memory(BROKEN, early, None, "old", Streak(early, 3))}, NOW)
    memory = read_history(path).memories["u"]
    assert (memory.message, memory.broken) == ("new", Streak(early, 1))


def test_what_is_written_is_what_was_learned(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    full = Memory(UNKNOWN, NOW, NOW, "é \ud800", Streak(NOW, 2), Streak(NOW, 4), "http://b.test/", True)
    write_history(path, {"u": full, "v": Memory(FINE, NOW, NOW)}, NOW)
    assert read_history(path).memories == {"u": full, "v": Memory(FINE, NOW, NOW)}
    before = path.read_bytes()
    write_history(path, {}, NOW)
    assert path.read_bytes() == before


VERDICTS = st.sampled_from(
    [Verdict(FINE), Verdict(BROKEN, "m"), Verdict(UNKNOWN, "m"), Verdict(UNKNOWN, "m", faulty=True)]
)


@given(st.lists(st.tuples(VERDICTS, st.floats(0, 10)), min_size=1, max_size=30), st.integers(0, 2**32))
def test_nothing_is_called_broken_without_the_failures_and_the_days_it_takes(steps: list, seed: int) -> None:
    memory, now, chance = None, NOW, random.Random(seed)
    failures: list[datetime.datetime] = []
    for verdict, days in steps:
        now += datetime.timedelta(days=days)
        memory = learn(memory, verdict, now, SETTINGS, chance)
        if verdict.outcome == FINE:
            failures = []
            assert 4.9 <= (memory.due - now).total_seconds() / 86_400 <= 9.1
        elif verdict.outcome == BROKEN:
            failures.append(now)
        if verdict.outcome == BROKEN:
            enough = len(failures) >= 3 and (now.date() - failures[0].date()).days >= 3
            assert memory.is_broken(now, SETTINGS) == enough
        elif verdict.outcome == FINE or not verdict.faulty:
            assert not memory.is_broken(now, SETTINGS)
        assert memory.fresh(now) == (verdict.outcome == FINE)
        assert not replace(memory, checked=now + datetime.timedelta(1)).fresh(now)
