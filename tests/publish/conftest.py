"""The S3 server, started once; every test gets buckets of its own."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.publish.ceph import PACKAGES, Ceph

_numbers = itertools.count()


@pytest.fixture(scope="session")
def ceph() -> Iterator[Ceph]:
    """A real S3 server. These tests were asked for by name (-m publish), so a missing server is a failure."""
    if not shutil.which("radosgw"):
        pytest.fail(f"no S3 server: apt-get install --no-install-recommends {PACKAGES}")
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
