"""The S3 server, started once; every test gets buckets of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitekit.publish.cli import main
from tests.publish.ceph import Ceph
from tests.publish.sites import Site

_numbers = itertools.count()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests measured: figures are worth more than a dot."""
    reports = [report for found in terminalreporter.stats.values() for report in found if hasattr(report, "when")]
    figures = [entry for report in reports if report.when == "call" for entry in report.user_properties]
    for name, value in figures:
        terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture(scope="session")
def ceph() -> Iterator[Ceph]:
    """A real S3 server. These tests were asked for by name (-m publish), so one that cannot be had is a failure."""
    server = Ceph()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def credentials(ceph: Ceph, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The server's credentials, in this process's environment and for those it starts."""
    for name, value in ceph.credentials.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SITEKIT_PUBLISH_ENDPOINT", ceph.url)
    return {**os.environ, **ceph.credentials, "SITEKIT_PUBLISH_ENDPOINT": ceph.url}


@pytest.fixture
def new_bucket(ceph: Ceph, credentials: dict[str, str]) -> Callable[[], str]:
    """Makes an empty bucket that anybody may read, and gives its name."""

    def make() -> str:
        name = f"site-{next(_numbers)}"
        ceph.make_bucket(name)
        return name

    return make


@pytest.fixture
def bucket(new_bucket: Callable[[], str]) -> str:
    """One bucket."""
    return new_bucket()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A small site, written to ``tmp_path/output``."""
    made = Site()
    made.write(tmp_path / "output")
    return made


@pytest.fixture
def run(tmp_path: Path, bucket: str, capsys: pytest.CaptureFixture[str]):
    """Runs one command against the bucket; gives exit code, standard output and standard error."""

    def call(*arguments: str, target: str = f"s3://{bucket}") -> tuple[int, str, str]:
        command, *rest = arguments
        builds = ["--folder", str(tmp_path / "output"), "--cache", str(tmp_path / "cache"), "--no-git"]
        more = builds if command in ("push", "plan") else []
        code = main([command, "--project", str(tmp_path), "--target", target, *more, *rest])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call
