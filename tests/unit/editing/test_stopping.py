"""Ctrl-C says in one line that it was heard, and what became of the files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit import check
from sitekit.editing.project import Project
from tests.conftest import ROOT

INIT = "from sitekit.editing.stopping import say_when_stopped\nsay_when_stopped('All is whole.')\n"


def run(tmp_path: Path, code: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool" / "__init__.py").write_text(INIT)
    (tmp_path / "tool" / "work.py").write_text(code)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("signals", [1, 2])
def test_a_command_that_is_stopped_says_so_without_a_traceback(tmp_path: Path, signals: int) -> None:
    heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    stop = "signal.raise_signal(signal.SIGINT)\n"
    code = heard + ("try:\n    " + stop + "finally:\n    " + stop if signals == 2 else stop)
    done = run(tmp_path, code, ["-m", "tool.work"])
    assert done.returncode != 0
    assert done.stderr == "\nAll is whole.\n"


def test_a_mistake_in_the_code_still_shows_where_it_is(tmp_path: Path) -> None:
    done = run(tmp_path, "1 / 0\n", ["-m", "tool.work"])
    assert "ZeroDivisionError" in done.stderr
    assert "All is whole." not in done.stderr


def test_nothing_changes_for_what_only_imports_the_package(tmp_path: Path) -> None:
    done = run(tmp_path, "", ["-c", "import sys, tool.work; print(sys.excepthook is sys.__excepthook__)"])
    assert done.stdout == "True\n"


def test_a_check_that_is_stopped_is_neither_fine_nor_a_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Project, "read", stopped)
    assert check.main([]) == 130
    assert "Stopped." in capsys.readouterr().err
