"""Whatever fails, and whenever: readers saw whole pages, and the next run completes. Nothing is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sitekit.publish.config import load_config
from sitekit.publish.targets import open_target
from tests.publish.ceph import Ceph
from tests.publish.faults import Fault, FaultyServer, KillAt, Publisher, wait_until
from tests.publish.readers import Readers
from tests.publish.sites import Site

pytestmark = [pytest.mark.publish, pytest.mark.slow, pytest.mark.xdist_group("ceph")]

PAGES = 60
KILLS = 50


class Stage:
    """A published site with readers on it, and two versions to move between."""

    def __init__(self, ceph: Ceph, bucket: str, environ: dict[str, str], project: Path) -> None:
        self.ceph, self.bucket, self.project = ceph, bucket, project
        self.environ = {
            **environ,
            "SITEKIT_PUBLISH_REQUEST_SECONDS": "6",
            "SITEKIT_PUBLISH_LEASE_SECONDS": "18",
            "SITEKIT_PUBLISH_PARALLEL": "8",
        }
        self.sites = [Site(PAGES), Site(PAGES).restyle()]
        self.folders = [site.write(project / f"v{n}") for n, site in enumerate(self.sites)]
        self.paths = [path for path in self.sites[0].files() if path.endswith(".html")]
        code, said = self.publisher(0).end()
        assert code == 0, said

    def publisher(self, version: int, endpoint: str = "", *more: str) -> Publisher:
        """A run that publishes one of the versions."""
        arguments = ("push", "--folder", str(self.folders[version]), *more)
        return Publisher(self.environ, endpoint or self.ceph.url, self.bucket, self.project, *arguments)

    def readers(self) -> Readers:
        """Readers of the site as it is now."""
        return Readers(f"{self.ceph.url}/{self.bucket}", self.paths, delay=1.0, count=1, pause=0.01)

    def assert_live(self, version: int) -> None:
        """Readers get exactly this version, whole."""
        with httpx.Client() as client:
            for path, data in self.sites[version].files().items():
                answer = client.get(f"{self.ceph.url}/{self.bucket}/{path}")
                assert (answer.status_code, answer.content) == (200, data), path


@pytest.fixture
def stage(ceph: Ceph, bucket: str, credentials: dict[str, str], tmp_path: Path) -> Stage:
    """A site to break."""
    return Stage(ceph, bucket, credentials, tmp_path)


def requests_of_a_run(stage: Stage) -> int:
    """How many requests a publication of everything makes."""
    with FaultyServer(stage.ceph.url) as server:
        assert stage.publisher(1, server.url).end()[0] == 0
        assert stage.publisher(0).end()[0] == 0
        return server.requests


def test_a_publisher_killed_at_fifty_points_leaves_whole_pages_and_is_finished_by_the_next(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    total = requests_of_a_run(stage)
    assert total > PAGES
    killed = 0
    with stage.readers() as readers:
        for number in range(KILLS):
            at = 1 + number * (total - 1) // (KILLS - 1)
            version = 1 - number % 2
            kill = KillAt(at, heard=bool(number % 4 // 2))
            with FaultyServer(stage.ceph.url, kill) as server:
                code, _ = kill.victim(stage.publisher(version, server.url)).end()
            killed += code == -signal.SIGKILL
            code, said = stage.publisher(version).end()
            assert code == 0, f"after a kill at request {at} of {total}: {said}"
            stage.assert_live(version)
    assert killed >= KILLS - 2  # requests vary by a few, so the last points may lie beyond the end
    assert readers.views.broken == []
    record_property("kills", f"{killed} over {total} requests, {readers.views.pages} page views, 0 broken")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("every seventh request is answered 500", lambda n, method, path: "500" if n % 7 == 0 else None),
        ("every fifth request is answered 503 SlowDown", lambda n, method, path: "503" if n % 5 == 0 else None),
        ("every sixth connection is reset", lambda n, method, path: "reset" if n % 6 == 0 else None),
        ("every ninth request is done but not answered", lambda n, method, path: "unheard" if n % 9 == 0 else None),
        ("two requests stall", lambda n, method, path: "stall" if n in (20, 50) else None),
        ("twenty requests in a row fail", lambda n, method, path: "503" if 30 <= n < 50 else None),
    ],
)
def test_faults_that_pass_are_survived_without_another_run(stage: Stage, name: str, fault: Fault) -> None:
    with stage.readers() as readers, FaultyServer(stage.ceph.url, fault) as server:
        code, said = stage.publisher(1, server.url).end()
        assert server.faults >= 2, name
    assert code == 0, said
    stage.assert_live(1)
    assert readers.views.broken == []


def test_a_server_that_is_killed_and_restarted_in_the_middle_is_waited_for(stage: Stage) -> None:
    total = requests_of_a_run(stage)
    restarted = threading.Event()

    def restart() -> None:
        stage.ceph.kill_gateway()
        time.sleep(1.0)
        stage.ceph.start_gateway()
        restarted.set()

    thread = threading.Thread(target=restart)

    def fault(count: int, method: str, path: str) -> str | None:
        if count == total // 2:
            thread.start()
        return None

    stage.environ["SITEKIT_PUBLISH_REQUEST_SECONDS"] = "20"
    stage.environ["SITEKIT_PUBLISH_LEASE_SECONDS"] = "60"
    with stage.readers() as readers:
        with FaultyServer(stage.ceph.url, fault) as server:
            code, said = stage.publisher(1, server.url).end()
        assert restarted.wait(60)
        thread.join()
        if code != 0:  # the outage was longer than the retries: the next run finishes
            code, said = stage.publisher(1).end()
    assert code == 0, said
    stage.assert_live(1)
    assert readers.views.broken == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_credentials_that_expire_stop_the_run_with_the_reason_and_the_next_completes(
    stage: Stage, share: float
) -> None:
    expires = int(requests_of_a_run(stage) * share)
    with stage.readers() as readers:
        with FaultyServer(stage.ceph.url, lambda n, method, path: "expired" if n >= expires else None) as server:
            code, said = stage.publisher(1, server.url).end()
        assert code == 1
        assert "the credentials expired" in said
        code, said = stage.publisher(1).end()
    assert code == 0, said
    stage.assert_live(1)
    assert readers.views.broken == []


def test_a_storage_that_stays_away_ends_the_run_with_a_message(stage: Stage) -> None:
    with FaultyServer(stage.ceph.url, lambda n, method, path: "503" if n > 40 else None) as server:
        started = time.monotonic()
        code, said = stage.publisher(1, server.url).end()
    assert code == 1
    assert "Run again" in said or "run again" in said
    assert time.monotonic() - started < 60
    assert stage.publisher(1).end()[0] == 0
    stage.assert_live(1)


def test_an_interrupted_publication_can_be_followed_by_another_version(stage: Stage) -> None:
    """Pages of three releases are mixed in the bucket; what comes next must not trust any of them."""
    third = Site(PAGES).restyle().restyle()
    stage.sites.append(third)
    stage.folders.append(third.write(stage.project / "v2"))
    with stage.readers() as readers:
        for version in (1, 2):
            kill = KillAt(55, heard=False)
            with FaultyServer(stage.ceph.url, kill) as server:
                assert kill.victim(stage.publisher(version, server.url)).end()[0] == -signal.SIGKILL
        assert stage.publisher(0).end()[0] == 0
    stage.assert_live(0)
    assert readers.views.broken == []


def test_ctrl_c_ends_a_run_at_once_and_gives_the_target_back(stage: Stage) -> None:
    running: list[Publisher] = []

    def interrupt(count: int, method: str, path: str) -> str | None:
        if count == 55:
            running[0].process.send_signal(signal.SIGINT)
        return None

    with stage.readers() as readers:
        with FaultyServer(stage.ceph.url, interrupt) as server:
            running.append(stage.publisher(1, server.url))
            code, said = running[0].end(30)
        assert (code, said.splitlines()[-1]) == (130, "Interrupted. Readers see whole pages; run again to finish.")
        assert (
            open_target(load_config(stage.project, stage.environ, target=f"s3://{stage.bucket}"))
            .read_pointer()[0]
            .holder
            is None
        )
        assert stage.publisher(1).end()[0] == 0
    stage.assert_live(1)
    assert readers.views.broken == []


def test_a_run_that_slept_through_its_lease_writes_nothing_more(stage: Stage) -> None:
    """Stopped in the middle, its lease taken over, then continued: the newer version stays as it is."""
    running: list[Publisher] = []
    stopped = threading.Event()

    def stop(count: int, method: str, path: str) -> str | None:
        if count == 60:
            os.kill(running[0].process.pid, signal.SIGSTOP)
            stopped.set()
        return None

    third = Site(PAGES).restyle().restyle()
    stage.sites.append(third)
    stage.folders.append(third.write(stage.project / "v2"))
    with FaultyServer(stage.ceph.url, stop) as server:
        running.append(stage.publisher(1, server.url))
        wait_until(stopped.is_set)
        code, said = stage.publisher(2, "", "--wait", "60").end()
        assert code == 0, said
        os.kill(running[0].process.pid, signal.SIGCONT)
        code, said = running[0].end()
    assert code == 1, said
    stage.assert_live(2)


def test_of_two_publishers_started_together_one_wins_and_the_other_says_why(stage: Stage) -> None:
    third = Site(PAGES).restyle().restyle()
    stage.sites.append(third)
    stage.folders.append(third.write(stage.project / "v2"))
    for _ in range(5):
        # the first requests are held back until both have read the pointer, so they do run together
        met = threading.Barrier(2)

        def hold(count: int, method: str, path: str, met: threading.Barrier = met) -> str | None:
            if count <= 2 and "pointer.json" in path:
                met.wait(20)
            return None

        with FaultyServer(stage.ceph.url, hold) as server:
            both = [stage.publisher(version, server.url) for version in (1, 2)]
            ends = [publisher.end() for publisher in both]
        codes = [code for code, _ in ends]
        assert sorted(codes) == [0, 1], ends
        loser = ends[codes.index(1)][1]
        assert f"s3://{stage.bucket} is in use" in loser
        assert f"process {both[codes.index(0)].process.pid}" in loser
        assert "--wait" in loser
        stage.assert_live(1 + codes.index(0))
        assert stage.publisher(0).end()[0] == 0


def test_a_publisher_told_to_wait_follows_the_one_before_it(stage: Stage) -> None:
    third = Site(PAGES).edit(1)
    stage.sites.append(third)
    stage.folders.append(third.write(stage.project / "v2"))
    began = threading.Event()

    def slow(count: int, method: str, path: str) -> str | None:
        if count > 10:
            began.set()
            time.sleep(0.02)
        return None

    with FaultyServer(stage.ceph.url, slow) as server:
        first = stage.publisher(1, server.url)
        wait_until(began.is_set)
        second = stage.publisher(2, "", "--wait", "120")
        assert first.end()[0] == 0
        code, said = second.end()
    assert code == 0, said
    stage.assert_live(2)
