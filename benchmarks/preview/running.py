"""A live preview of a copy of the project, in a process of its own, for measurements and tests."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from benchmarks.build import corpus

ROOT = Path(__file__).resolve().parents[2]
_CODE = (
    "import sys; from pathlib import Path; from sitekit.preview.live import serve; sys.exit(serve(Path.cwd(), {port}))"
)


def make_project(folder: Path, articles: int | None = None) -> None:
    """A copy of this project in ``folder``: with its own content, or with generated articles and without language rules."""
    for name in ("theme", "sitekit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pelicanconf.py", "publishconf.py", "tasks.py"):
        shutil.copy(ROOT / name, folder / name)
    if articles is None:
        shutil.copytree(ROOT / "content", folder / "content")
        return
    corpus.write_ours(folder / "content", articles)
    with (folder / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write("\nEDITORIAL_RULES = False\n")


class Running:
    """The preview of the project in ``folder``, while the context is open. ``said`` is what it printed."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self.said = folder, []
        self._port = port

    def __enter__(self) -> Running:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CODE.format(port=self._port)],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        first = self.process.stdout.readline()
        self.address = next(word for word in first.split() if word.startswith("http://")).rstrip("/")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        self.process.stdout.close()

    def _read(self) -> None:
        self.said.extend(self.process.stdout)

    def get(self, path: str, host: str = "") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one request, redirects not followed."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Host": host} if host else {})
            response = connection.getresponse()
            return response.status, dict(response.headers), response.read()
        finally:
            connection.close()

    def children(self) -> list[int]:
        """The processes that the preview has started, and theirs (Linux)."""
        found, looked = [], [self.process.pid]
        while looked:
            pid = looked.pop()
            text = "".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
            looked += [int(child) for child in text.split()]
            found += [int(child) for child in text.split()]
        return found

    def memory(self) -> int:
        """Resident bytes of the server and everything it has started (Linux)."""
        total = 0
        for pid in (self.process.pid, *self.children()):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return total


class Events:
    """The event stream of one page, as a browser hears it. Use it as a context manager."""

    def __init__(self, running: Running, page: str, version: str = "") -> None:
        place = urlsplit(running.address)
        self._site = running.folder / ".cache/preview/site"
        self._socket = socket.create_connection((place.hostname, place.port), timeout=60)
        query = urlencode({"page": page, "version": version})
        self._socket.sendall(f"GET /__preview/events?{query} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        self._stream = self._socket.makefile("r", encoding="utf-8")

    def __enter__(self) -> Events:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._socket.close()

    def wait(self, *wanted: str, most: int = 200) -> tuple[str, object]:
        """The next event of one of these kinds, with its data; at most ``most`` lines are read and about a minute is waited."""
        kind = ""
        deadline = time.monotonic() + 60  # signs of life keep coming when nothing happens
        for _ in range(most):
            if time.monotonic() > deadline:
                break
            line = self._stream.readline()
            if not line:
                break
            name, _, value = line.strip().partition(": ")
            if name == "event":
                kind = value
            elif name == "data" and kind in wanted:
                return kind, json.loads(value)
        raise AssertionError(f"the preview never said {' or '.join(wanted)}")

    def until_built(self) -> None:
        """Wait for the first good build. Raises AssertionError with the mistakes of one that failed."""
        while not (self._site / "index.html").is_file():
            mistakes = self.until_ready().get("mistakes")
            assert not mistakes, mistakes

    def until_ready(self) -> dict[str, object]:
        """Everything heard until the build that runs, or the next one, has ended: the last data of each kind of event."""
        heard: dict[str, object] = {}
        while heard.get("status") != "ready":
            kind, data = self.wait("changed", "mistakes", "status")
            heard[kind] = data
        return heard
