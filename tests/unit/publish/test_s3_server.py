"""The S3 server that the publishing tests run against is installed, or asked for by name; it is never skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish import ceph


def test_a_machine_that_cannot_install_the_server_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"sudo apt-get install --no-install-recommends ceph-mon .* libfaketime"):
        ceph.ensure_installed()


def test_root_on_debian_gets_the_server_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only apt-get is not the real one: it notes what it was asked for."""
    asked = tmp_path / "asked"
    program = tmp_path / "apt-get"
    program.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    ceph.ensure_installed()
    lines = asked.read_text().splitlines()
    assert lines[0].startswith("update")
    assert lines[1].startswith("install") and lines[1].endswith(" ".join(ceph.PACKAGES))
