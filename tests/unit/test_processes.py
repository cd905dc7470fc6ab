"""Work that is shared out over processes comes back whole, whatever becomes of them."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from tests.conftest import ROOT

forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")


def run_alone(script: str, *arguments: object) -> str:
    """Run a script in an interpreter without threads, which is one that may fork."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


@forks
def test_shared_work_comes_back_in_order_from_several_processes() -> None:
    script = """
        import os, time
        from sitekit.processes import share_out, split
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
        from sitekit.processes import share_out
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
        from sitekit.processes import share_out
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


@forks
def test_a_stream_brings_large_results_as_they_come() -> None:
    script = """
        import os
        from sitekit.processes import Stream
        def work(piece):
            return b"%d:" % os.getpid() + b"x" * piece
        found = dict(Stream(range(0, 3_000_000, 100_000), work, 2))
        sizes = [len(found[number].partition(b":")[2]) for number in sorted(found)]
        print(sizes == list(range(0, 3_000_000, 100_000)), b"%d" % os.getpid() in {one.partition(b":")[0] for one in found.values()})
    """
    assert run_alone(script) == "True False\n"


@forks
def test_a_stream_that_nobody_takes_from_works_on() -> None:
    script = """
        import os, time
        from sitekit.processes import Stream
        def work(piece):
            return b"x" * 3_000_000 + repr(time.monotonic()).encode()
        with Stream(range(4), work, 2) as stream:
            time.sleep(0.5)
            looked = time.monotonic()
            print(all(float(result.lstrip(b"x")) < looked for _, result in stream))
    """
    assert run_alone(script) == "True\n"


@forks
def test_what_the_killed_end_of_a_stream_has_not_brought_is_done_here() -> None:
    script = """
        import os, signal
        from sitekit.processes import Stream
        parent = os.getpid()
        def work(piece):
            if os.getpid() != parent and piece > 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return b"%d" % piece
        print(sorted(Stream(range(20), work, 2)) == [(piece, b"%d" % piece) for piece in range(20)])
    """
    assert run_alone(script) == "True\n"


@forks
def test_an_error_in_a_stream_is_raised_here_and_leaves_no_process_behind() -> None:
    script = """
        import os
        from sitekit.processes import Stream
        def work(piece):
            if piece == 7:
                raise ValueError(f"piece {piece}")
            return b""
        try:
            with Stream(range(20), work, 2) as stream:
                list(stream)
        except ValueError as error:
            print(error)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("no child is left")
    """
    assert run_alone(script) == "piece 7\nno child is left\n"


@forks
def test_pelicans_spinner_does_not_keep_a_build_from_forking() -> None:
    script = """
        from pelican import console
        from sitekit.plugins.publication import _stop_spinner
        from sitekit.processes import can_fork
        with console.status("Generating..."):
            before = can_fork()
            _stop_spinner()
            print(before, can_fork())
    """
    assert "False True" in run_alone(script)
