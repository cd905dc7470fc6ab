"""Many processes give the findings that one gives."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from sitekit.links import check, work

from .test_cache import BASE, site

ROOT = Path(__file__).parents[3]
forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")


def test_processes_threads_and_one_process_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = site(tmp_path / "site", 60)
    alone = check(root, BASE, jobs=1)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert check(root, BASE, executor=pool) == alone
        assert check(root, BASE, executor=pool, cache=tmp_path / "c") == alone
    with ThreadPoolExecutor(3) as pool:
        assert check(root, BASE, executor=pool) == alone
    monkeypatch.setattr(work, "PARALLEL_FROM", 10)
    assert check(root, BASE, jobs=2) == alone


def run_alone(script: str, *arguments: object) -> str:
    """Run a script in an interpreter without threads, which is one that may fork."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


@forks
def test_forked_processes_give_the_report_of_one(tmp_path: Path) -> None:
    root = site(tmp_path / "site", 60)
    script = """
        import sys
        from pathlib import Path
        from sitekit.links import check, content, work
        root, cache = map(Path, sys.argv[1:])
        alone = check(root, "https://example.org/", jobs=1)
        work.PARALLEL_FROM = content.PARALLEL_FROM = 10
        assert content.can_fork()
        for jobs in (2, 3, 200):
            assert check(root, "https://example.org/", jobs=jobs) == alone
            assert check(root, "https://example.org/", jobs=jobs, cache=cache) == alone
        print("same")
    """
    assert run_alone(script, root, tmp_path / "cache") == "same\n"


@forks
def test_shared_work_comes_back_in_order_from_several_processes() -> None:
    script = """
        import os, time
        from sitekit.links.processes import share_out, split
        pieces = split(range(100), 30)
        def work(piece):
            time.sleep(0.005)
            return os.getpid(), list(piece)
        results = share_out(pieces, work, list, tuple, 3)
        print([number for _, numbers in results for number in numbers] == list(range(100)), len({pid for pid, _ in results}))
    """
    assert run_alone(script) == "True 3\n"


@forks
def test_what_a_killed_process_had_is_done_again() -> None:
    script = """
        import os, signal, time
        from sitekit.links.processes import share_out
        parent = os.getpid()
        def work(piece):
            time.sleep(0.01)
            if os.getpid() != parent and piece > 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return piece * 2
        print(share_out(range(20), work, int, int, 3) == [2 * piece for piece in range(20)])
    """
    assert run_alone(script) == "True\n"


@forks
def test_an_error_in_another_process_is_raised_here_and_leaves_none_behind() -> None:
    script = """
        import os, time
        from sitekit.links.processes import share_out
        parent = os.getpid()
        def work(piece):
            time.sleep(0.01)
            if piece == 7:
                raise ValueError(f"piece {piece}")
            return piece
        try:
            share_out(range(20), work, int, int, 3)
        except ValueError as error:
            print(error)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("no child is left")
    """
    assert run_alone(script) == "piece 7\nno child is left\n"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dask_cluster_gives_the_same_findings(tmp_path: Path) -> None:
    import distributed  # takes a second, which only this test should pay

    root = site(tmp_path / "site", 60)
    with (
        distributed.LocalCluster(2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert check(root, BASE, executor=client.get_executor()) == check(root, BASE, jobs=1)
