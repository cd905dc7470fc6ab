"""A server in front of the real one that fails when told to, and publishers as processes of their own that can be killed."""

from __future__ import annotations

import http.client
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

#: Decides what happens to a request, from its number, method and path. None forwards it.
Fault = Callable[[int, str, str], str | None]

_ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message></Message></Error>'
_OTHER_REGION = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization '
    "header is malformed; expecting another region</Message><Region>{}</Region></Error>"
)
_ANSWERS = {
    "500": (500, "InternalError"),
    "503": (503, "SlowDown"),
    "expired": (400, "ExpiredToken"),
}


class FaultyServer:
    """Forwards to ``upstream`` unless ``fault`` says otherwise. ``requests`` counts what arrived.

    Faults: ``500``, ``503``, ``expired`` (answers), ``reset`` (before the server saw the request), ``unheard`` (the
    request is carried out, and the connection reset instead of an answer), ``stall`` (no answer for ``stall_seconds``).
    With ``region``, requests signed for another one are refused in the words of AWS; Ceph would take them.
    """

    def __init__(
        self, upstream: str, fault: Fault = lambda *_: None, stall_seconds: float = 30.0, region: str = ""
    ) -> None:
        self.fault = fault
        self.requests = 0
        self.faults = 0
        self._upstream = urlsplit(upstream).netloc
        self._stall = stall_seconds
        self._region = region
        self._over = threading.Event()
        self._mutex = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # one packet for headers and body: two would wait for each other

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, TimeoutError):  # a killed publisher hangs up
                    self.close_connection = True

            def do_GET(self) -> None:
                owner._serve(self)

            do_PUT = do_POST = do_DELETE = do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                """Nothing: the tests say what went wrong."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_: object) -> None:
                """Nothing: a connection that breaks is what this server is for."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> FaultyServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        with self._mutex:
            self.requests += 1
            number = self.requests
        signed_for = handler.headers.get("authorization", "").partition("Credential=")[2].split("/")[2:3]
        if self._region and signed_for != [self._region]:
            self._answer(handler, 400, {"Content-Type": "application/xml"}, _OTHER_REGION.format(self._region).encode())
            return
        fault = self.fault(number, handler.command, handler.path)
        self.faults += fault is not None
        if fault in _ANSWERS:
            status, code = _ANSWERS[fault]
            self._answer(handler, status, {"Content-Type": "application/xml"}, _ERROR.format(code=code).encode())
            return
        if fault == "stall":
            self._over.wait(self._stall)
            handler.close_connection = True
            return
        if fault == "reset":
            self._reset(handler)
            return
        try:
            connection = http.client.HTTPConnection(self._upstream, timeout=30)
            connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
            for name, value in handler.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            data = answer.read()
            connection.close()
        except OSError:
            self._reset(handler)
            return
        if fault == "unheard":
            self._reset(handler)
            return
        dropped = ("transfer-encoding", "connection", "content-length", "keep-alive")
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in dropped}
        self._answer(handler, answer.status, headers, data, answer.getheader("content-length"))

    @staticmethod
    def _answer(
        handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes, length: str | None = None
    ) -> None:
        handler.send_response_only(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", length if handler.command == "HEAD" and length else str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    @staticmethod
    def _reset(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True


class Publisher:
    """One run of the publisher as a process of its own."""

    def __init__(self, environ: dict[str, str], endpoint: str, bucket: str, project: Path, *arguments: str) -> None:
        # A run in the background of a shell ignores Ctrl-C, and hands that on; the publisher must start as from a terminal.
        command = ["env", "--default-signal=INT", sys.executable, "-m", "sitekit.publish", *arguments]
        command += ["--target", f"s3://{bucket}"]
        command += ["--project", str(project)]
        if arguments[0] == "push":
            command += ["--cache", str(project / "cache"), "--no-git"]
        self.process = subprocess.Popen(
            command,
            env={**environ, "SITEKIT_PUBLISH_ENDPOINT": endpoint},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, seconds: float = 180.0) -> tuple[int, str]:
        """Waits for it to end; its exit code and all it said."""
        text, error = self.process.communicate(timeout=seconds)
        return self.process.returncode, text + error


class KillAt:
    """A fault: SIGKILL for the publisher when a request arrives, which the server carries out (``heard``) or never sees."""

    def __init__(self, request: int, *, heard: bool) -> None:
        self._request = request
        self._fault = "unheard" if heard else "reset"
        self._started = threading.Event()
        self._publisher: Publisher | None = None

    def victim(self, publisher: Publisher) -> Publisher:
        """Names the publisher to kill; returns it."""
        self._publisher = publisher
        self._started.set()
        return publisher

    def __call__(self, count: int, method: str, path: str) -> str | None:
        if count == self._request:
            self._started.wait(30)
            self._publisher.process.kill()
        return self._fault if count >= self._request else None


def wait_until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits for a condition, with a limit."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the awaited condition did not come")
        time.sleep(0.01)
