"""Whatever happens in the middle of a build: a clear message, the former output whole, and the next build right."""

from __future__ import annotations

import ctypes
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pelicanconf
from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # each case builds the site several times

RENAMED = 'SITENAME="Elsewhere"'
"""A setting that every page shows, so that a build with it changes every page."""

VANISHING = """\
---
title: A page that goes away
description: It is there when the build begins, and not when it ends.
type: reference
published: 2026-11-22
modified: 2026-11-22
next_review: 2027-11-22
---

## Rest

Rest.
"""

DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER = 1, 2, 3
PR_CAPBSET_DROP = 24
PATIENCE = 120.0


def command(content: Path, output: Path, *settings: str) -> list[str]:
    changed = [f'CACHE_PATH="{output.parent / "cache"}"', *settings]
    file = str(ROOT / "pelicanconf.py")
    return [sys.executable, "-m", "pelican", str(content), "-o", str(output), "-s", file, "-e", *changed]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "CONTACT_EMAIL")}
    return {**kept, "COLUMNS": "400", **more}


def build(
    content: Path, output: Path, *settings: str, before: Callable[[], None] | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the real build; ``before`` runs in its process first."""
    return subprocess.run(
        command(content, output, *settings), cwd=ROOT, env=environment(**more), capture_output=True, text=True,
        timeout=PATIENCE, preexec_fn=before,
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pages(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """The build failed, said why in words, and did not fall over."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two finished builds of the same sources: ``former`` and, under another name, ``later``."""
    home = tmp_path_factory.mktemp("built")
    for name, arguments in (("former", ()), ("later", (RENAMED,))):
        done = build(ROOT / "content", home / name, *arguments)
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def output(built: Path, tmp_path: Path) -> Path:
    """The former output, ready to be disturbed."""
    target = tmp_path / "home" / "output"
    target.parent.mkdir()
    shutil.copytree(built / "former", target)
    return target


def recovers(content: Path, output: Path, built: Path) -> None:
    """The next build makes exactly what an undisturbed one makes, and leaves nothing beside it."""
    done = build(content, output, RENAMED)
    assert done.returncode == 0, done.stderr
    assert files(output) == files(built / "later")
    assert [path.name for path in output.parent.glob(".untangled-stage-*")] == []


@pytest.mark.parametrize("kilobytes", [0, 4, 16])
def test_a_disk_that_is_full_for_larger_files(kilobytes: int, content: Path, output: Path, built: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024,) * 2)

    done = build(content, output, RENAMED, before=small_files)
    told(done, "File too large", "The former output is untouched.")
    assert files(output) == files(built / "former")
    recovers(content, output, built)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A file system of 24 MB, or None where this user may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True)
    try:
        yield None if mounted.returncode else place
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_with_no_room_left(content: Path, tiny_disk: Path | None, built: Path, output: Path) -> None:
    """Where mounting is not allowed, the limit on file sizes stands in for the full disk."""
    target = tiny_disk / "output" if tiny_disk else output
    if tiny_disk:
        shutil.copytree(built / "former", target)
        with (tiny_disk / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"x" * 65_536)
            except OSError:
                filler.truncate(max(filler.tell() - 131_072, 0))

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_048,) * 2)

    done = build(content, target, RENAMED, before=None if tiny_disk else small_files)
    told(done, "No space left on device" if tiny_disk else "File too large", "The former output is untouched.")
    assert files(target) == files(built / "former")
    if tiny_disk:
        (tiny_disk / "filler").unlink()
    recovers(content, output, built)


def drop_powers() -> None:
    """Make file modes count for the super-user too, so that the test means the same for everybody."""
    libc = ctypes.CDLL(None, use_errno=True)
    for power in (DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER):
        libc.prctl(PR_CAPBSET_DROP, power, 0, 0, 0)


@pytest.mark.parametrize(
    "where", ["the folder beside which it builds", "the output itself", "one folder in the output"]
)
def test_a_place_that_may_not_be_written(where: str, content: Path, output: Path, built: Path) -> None:
    places = {
        "the folder beside which it builds": output.parent,
        "the output itself": output,
        "one folder in the output": output / "mind" / "insomnia-and-pain",
    }
    place = places[where]
    (output.parent / "cache").mkdir(exist_ok=True)
    mode = place.stat().st_mode
    place.chmod(0o555)
    try:
        done = build(content, output, RENAMED, before=drop_powers)
    finally:
        place.chmod(mode)
    told(done, "Permission denied", "The former output is untouched.")
    assert files(output) == files(built / "former")
    recovers(content, output, built)


def test_a_cache_that_may_not_be_written_costs_time_alone(content: Path, output: Path, built: Path) -> None:
    cache = output.parent / "cache"
    assert build(content, output).returncode == 0
    places = [cache, *cache.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        done = build(content, output, RENAMED, before=drop_powers)
    finally:
        for place in places:
            place.chmod(0o755 if place.is_dir() else 0o644)
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"Elsewhere" in (output / "index.html").read_bytes()
    recovers(content, output, built)


@pytest.mark.parametrize(
    "moment",
    ["initialized", "article_generator_init", "article_generator_preread", "all_generators_finalized", "finalized"],
)
def test_a_source_that_vanishes(moment: str, content: Path, output: Path, built: Path) -> None:
    """Its page is either still built from what was read, or the build stops and says which file it is."""
    file = content / "articles" / "mind" / "worry-for-a-test.md"
    file.write_text(VANISHING, encoding="utf-8")
    before = files(output)
    plugins = '", "'.join([*pelicanconf.PLUGINS, "tests.build.vanishing_plugin"])
    settings = (RENAMED, "EDITORIAL_RULES=false", f'PLUGINS=["{plugins}"]')
    done = build(content, output, *settings, VANISH=f"{moment}:{file}")
    assert "Traceback" not in done.stderr, done.stderr
    assert not file.exists()
    if done.returncode:
        assert "worry-for-a-test" in done.stderr
        assert files(output) == before
    else:
        assert pages(output) - {"mind/worry-for-a-test/index.html"} == {
            name for name in before if name.endswith(".html")
        }
    recovers(content, output, built)


def interrupted(
    content: Path, output: Path, wait: Callable[[subprocess.Popen[str]], None]
) -> subprocess.CompletedProcess[str]:
    """Start a build, press Ctrl-C when ``wait`` returns, and wait for the end."""
    process = subprocess.Popen(
        command(content, output, RENAMED), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        wait(process)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)  # a terminal signals the whole group, helpers included
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def stopped_cleanly(done: subprocess.CompletedProcess[str], content: Path, output: Path, built: Path) -> None:
    assert "Traceback" not in done.stderr, done.stderr
    now = files(output)
    if done.returncode == 0:
        assert now == files(built / "later")
    else:
        assert done.returncode in (1, 130, -signal.SIGINT), done
        assert now in (files(built / "former"), files(built / "later")), "the output is half old and half new"
    recovers(content, output, built)


def after(seconds: float, output: Path) -> Callable[[subprocess.Popen[str]], None]:
    """Wait so long after the build has begun to read, which is when it makes its cache; before, only Python itself runs."""

    def wait(process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and not (output.parent / "cache").exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(seconds)

    return wait


def moments(count: int) -> list[float]:
    """Moments spread over a whole build at random, the same in each run."""
    rng = random.Random(20261122)
    return [round(2.0 * (number + rng.random()) / count, 3) for number in range(count)]


@pytest.mark.parametrize("seconds", moments(4))
def test_an_interrupt_at_some_moment(seconds: float, content: Path, output: Path, built: Path) -> None:
    stopped_cleanly(interrupted(content, output, after(seconds, output)), content, output, built)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", moments(60))
def test_an_interrupt_at_many_moments(seconds: float, content: Path, output: Path, built: Path) -> None:
    stopped_cleanly(interrupted(content, output, after(seconds, output)), content, output, built)


@pytest.mark.parametrize("turn", [1, 20])
def test_an_interrupt_while_the_output_changes(turn: int, content: Path, output: Path, built: Path) -> None:
    """The moment is seen from outside: files of the output begin to be others."""
    watched = list(output.rglob("*.html"))

    def others() -> int:
        return sum(path.stat().st_ino != number for path, number in numbers.items())

    numbers = {path: path.stat().st_ino for path in watched}

    def wait(process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and others() < turn and time.monotonic() < deadline:
            time.sleep(0.0002)

    stopped_cleanly(interrupted(content, output, wait), content, output, built)


def test_a_kill_that_cannot_be_caught_is_made_good_by_the_next_build(content: Path, output: Path, built: Path) -> None:
    def kill(process: subprocess.Popen[str]) -> None:
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGKILL)

    done = interrupted(content, output, kill)
    assert done.returncode == -signal.SIGKILL
    recovers(content, output, built)
