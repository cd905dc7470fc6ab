"""Many processes give the findings that one gives."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from sitekit.links import check, work
from tests.unit.test_processes import forks, run_alone

from .test_cache import BASE, site


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
