"""The front door: what is asked for, and what is told when it makes no sense."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tasks import is_build_alone
from tests.conftest import ROOT


@pytest.mark.parametrize("port", ["abc", "99999", "-1", "8000.5", "²"])
def test_a_port_that_is_none_is_told_in_one_line(port: str) -> None:
    command = [sys.executable, "-m", "invoke", "serve", "--port", port]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "65535" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "alone"),
    [
        ("build", True),
        ("build --publish", True),
        ("build -p -o elsewhere", True),
        ("build --output=elsewhere", True),
        ("build -o", False),
        ("build --help", False),
        ("build check", False),
        ("check", False),
        ("", False),
    ],
)
def test_only_a_build_alone_needs_no_invoke(arguments: str, alone: bool) -> None:
    assert is_build_alone(arguments.split()) == alone
