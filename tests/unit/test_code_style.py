"""The Python code passes its linter and is formatted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=lambda command: command[0])
def test_ruff_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_of_tests_is_collected() -> None:
    """A folder that pytest leaves out by its name, as it does with ``build``, would be green without a single run."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "", "-n", "0"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    collected = {line.partition("::")[0] for line in listed.splitlines() if "::" in line}
    assert collected == {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
