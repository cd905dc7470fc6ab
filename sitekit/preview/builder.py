"""A process that stands ready to build: everything is imported once, each build runs in a fork that is thrown away.

So a build starts in milliseconds, leaves no content objects behind, and cannot take the server down. Run as a module it reads
one JSON request per line and answers with one JSON line; :class:`Builder` is the other end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LIMIT_SECONDS = 600
_MOST_OUTPUT = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended: its exit status (0 fine, 1 problems found), what it printed, and how long it took in seconds."""

    status: int
    text: str
    seconds: float


class Builder:
    """Builds the project in ``root``. Not for use by several threads at once without waiting: requests are taken in turn."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def build(
        self, settings: str, output: Path, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Outcome:
        """Bring ``output`` up to date, quickly if little has changed. ``arguments`` go to Pelican and rule out the quick way."""
        request = {
            "settings": settings,
            "output": str(output),
            "arguments": list(arguments),
            "environment": dict(environment or {}),
        }
        with self._lock:
            for _ in range(2):  # a builder that died is started anew once
                try:
                    process = self._started()
                    process.stdin.write(json.dumps(request) + "\n")
                    process.stdin.flush()
                    answer = process.stdout.readline()
                    if answer:
                        return Outcome(**json.loads(answer))
                except (BrokenPipeError, json.JSONDecodeError):
                    pass
                self.close()
        return Outcome(1, "The builder process ended unexpectedly.", 0.0)

    def restart(self) -> None:
        """Forget imported code: the next build sees the machinery as it is on disk then."""
        with self._lock:
            self.close()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                stream.close()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=self._root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is for the server, which closes its builder itself
            )
        return self._process


def main() -> None:
    """Answer requests until standard input ends."""
    import pelican  # noqa: F401 (imported once, for every fork)

    import pelicanconf  # noqa: F401
    from sitekit import quick  # noqa: F401
    from sitekit.source.readability import syllables

    syllables("ready")  # loads the dictionary, once for every fork
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), file=answers, flush=True)


def _answer(request: dict) -> dict[str, object]:
    started = time.perf_counter()
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if not child:
            _build(request, printed.fileno())
        status = _wait(child)
        printed.seek(0)
        text = printed.read(_MOST_OUTPUT).decode("utf-8", "replace")
    return {"status": status, "text": text, "seconds": time.perf_counter() - started}


def _wait(child: int) -> int:
    deadline = time.monotonic() + _LIMIT_SECONDS
    pause = 0.001
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, 9)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


def _build(request: dict, printed: int) -> None:
    """In the fork: build, and end the process."""
    import pelican

    from sitekit.quick import build_quickly

    status = 1
    try:
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        os.environ.update(request["environment"])
        root, output = Path.cwd(), Path(request["output"])
        cache = Path(os.environ.get("SITE_CACHE") or root / ".cache")
        quickly = None
        if not request["arguments"]:
            quickly = build_quickly(root, request["settings"], output, cache)
        if quickly is None:
            pelican.main(["-q", "-s", request["settings"], "-o", str(output), *request["arguments"]])
            quickly = 0
        status = quickly
    except SystemExit as stop:
        status = int(stop.code or 0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 0xFF)


if __name__ == "__main__":
    main()
