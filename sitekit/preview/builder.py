"""A process that stands ready to build: everything is imported once, each task runs in a fork that is thrown away.

So a build starts in milliseconds, leaves no content objects behind, and cannot take the server down. Run as a module it reads
one JSON request per line and answers with one JSON line; :class:`Builder` is the other end.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sitekit.preview.faults import located

_LIMIT_SECONDS = 600
_MOST_OUTPUT = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task ended: its exit status (0 fine, 1 problems found), what it printed, and how long it took in seconds.

    ``today`` is the day that decided which pages wait for theirs; None when the task could not even begin.
    """

    status: int
    text: str
    seconds: float
    today: datetime.date | None = None


class Builder:
    """Works on the project in ``root``, from any thread; requests are taken in turn."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def build(
        self, settings: str, output: Path, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Outcome:
        """Bring ``output`` up to date, quickly if little has changed. ``arguments`` go to Pelican and rule out the quick way."""
        return self._ask(
            {
                "task": "build",
                "settings": settings,
                "output": str(output),
                "arguments": list(arguments),
                "environment": dict(environment or {}),
            }
        )

    def describe(self, settings: str, output: Path, page: str, editor: str) -> Outcome:
        """What editors want to know of one page of ``output``, as JSON text; see :func:`sitekit.preview.panel.describe`."""
        return self._ask(
            {
                "task": "describe",
                "settings": settings,
                "output": str(output),
                "page": page,
                "editor": editor,
                "environment": {},
            }
        )

    def restart(self) -> None:
        """Forget imported code: the next task sees the machinery as it is on disk then."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """End the process and whatever it has started, at once; what it was asked meanwhile fails. For good."""
        self._closed = True
        self._kill()
        with self._lock:
            self._end()

    def _ask(self, request: dict[str, object]) -> Outcome:
        with self._lock:
            for _ in range(2):  # a builder that died is started anew once
                with contextlib.suppress(BrokenPipeError, json.JSONDecodeError):
                    process = self._started()
                    if self._closed:  # asked after the start, so that close() finds what it must end
                        break
                    process.stdin.write(json.dumps(request) + "\n")
                    process.stdin.flush()
                    if answer := process.stdout.readline():
                        return _outcome(json.loads(answer))
                self._end()
        return Outcome(1, "The builder process ended unexpectedly.", 0.0)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=self._root,
                # A whole line for each problem, however narrow the terminal.
                env={**os.environ, "COLUMNS": "1000"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is for the server, which ends its builder and all its children itself
            )
        return self._process

    def _kill(self) -> None:
        if (process := self._process) is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def _end(self) -> None:
        if self._process is not None:
            self._kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(BrokenPipeError):  # a request that nobody will read
                    stream.close()
            self._process = None


def _outcome(answer: dict[str, Any]) -> Outcome:
    day = answer.pop("today", "")
    return Outcome(**answer, today=datetime.date.fromisoformat(day) if day else None)


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    wrong = _prepare()
    for line in sys.stdin:
        answer = {"status": 1, "text": wrong, "seconds": 0.0} if wrong else _answer(json.loads(line))
        print(json.dumps(answer), file=answers, flush=True)


def _prepare() -> str:
    """Import what every fork needs. Returns what is wrong with the code, or nothing."""
    try:
        import pelican  # noqa: F401

        import pelicanconf
        from sitekit import quick  # noqa: F401
        from sitekit.preview import panel  # noqa: F401
    except Exception as error:
        return located(error, Path.cwd())
    with contextlib.suppress(Exception):  # whatever is wrong with the sources, the build says it better
        _rehearse(pelicanconf)
    return ""


def _rehearse(settings: ModuleType) -> None:
    """Compile one text, so that dictionaries, patterns and extensions are ready in every fork."""
    from sitekit.compiler import Compiler, read_data
    from sitekit.render import macro_renderer
    from sitekit.source.documents import list_documents

    content = Path.cwd() / settings.PATH
    render = macro_renderer(Path.cwd() / settings.THEME, settings.JINJA_ENVIRONMENT)
    files, _ = list_documents(content, settings.PATH)
    Compiler(read_data(content, settings.PATH), settings.MARKDOWN, render, editorial=settings.EDITORIAL_RULES).compile(
        *files[0]
    )


def _answer(request: dict) -> dict[str, object]:
    started = time.perf_counter()
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if not child:
            _work(request, printed.fileno())
        status = _wait(child)
        printed.seek(0)
        text = printed.read(_MOST_OUTPUT).decode("utf-8", "replace")
    return {"status": status, "text": text, "seconds": time.perf_counter() - started, "today": _today()}


def _today() -> str:
    import pelicanconf
    from sitekit.today import build_day

    try:
        return build_day(pelicanconf.TIMEZONE).isoformat()
    except Exception:  # such as a time zone that does not exist; the build has said so
        return ""


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


def _work(request: dict, printed: int) -> None:
    """In the fork: do what was asked, and end the process."""
    status = 1
    try:
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        os.environ.update(request["environment"])
        cache = Path(os.environ.get("SITE_CACHE") or Path.cwd() / ".cache")
        status = {"build": _build, "describe": _describe}[request["task"]](request, cache)
    except SystemExit as stop:
        status = int(stop.code or 0)
    except BaseException as error:
        print(located(error, Path.cwd()), file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 0xFF)


def _build(request: dict, cache: Path) -> int:
    import pelican

    from sitekit.build import build_changes

    output = Path(request["output"])
    if not request["arguments"]:
        status = build_changes(Path.cwd(), request["settings"], output, cache)
        if status is not None:
            return status
    logging.getLogger().addHandler(_Faults())
    pelican.main(["-q", "-s", request["settings"], "-o", str(output), *request["arguments"]])
    return 0


def _describe(request: dict, cache: Path) -> int:
    from sitekit.preview.panel import describe

    output = Path(request["output"])
    print(json.dumps(describe(Path.cwd(), cache, output, request["page"], request["editor"])))
    return 0


class _Faults(logging.Handler):
    """Says where an exception came from that Pelican would only name."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            print(located(record.exc_info[1], Path.cwd()), file=sys.stderr)


if __name__ == "__main__":
    main()
