"""A slow line: a relay of TCP connections on this machine that delays every byte and lets no more through than a phone gets.

The throttling in Chromium's developer tools holds up a page's own requests, but not those for a page that is fetched or rendered
before it is opened. A line outside the browser treats all alike.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_PIECE = 1460
"""Bytes of one TCP segment on Ethernet: the line is shared by pieces of this size."""


class Line:
    """A way to ``port`` of this machine with ``delay`` seconds each way and ``rate`` bytes a second down, for all connections together."""

    def __init__(self, port: int, delay: float, rate: float) -> None:
        self._target, self._delay, self._rate = port, delay, rate
        self._free, self._turn = 0.0, threading.Lock()
        self._open: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]

    def run(self) -> None:
        """Take connections until ``close``."""
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            self._open += [near, far]
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._carry(near, far, self._up)
            self._carry(far, near, self._down)

    def close(self) -> None:
        """End the line and all its connections."""
        for one in (self._server, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _up(self, size: int) -> float:
        """When a piece that a reader sends now arrives."""
        return time.monotonic() + self._delay

    def _down(self, size: int) -> float:
        """When a piece that a server sends now arrives: after all that was sent before it, on any connection."""
        with self._turn:
            self._free = max(time.monotonic(), self._free) + size / self._rate
            return self._free + self._delay

    def _carry(self, source: socket.socket, sink: socket.socket, arrival: Callable[[int], float]) -> None:
        pieces: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

        def take() -> None:
            data = b"-"
            while data:
                try:
                    data = source.recv(_PIECE)
                except OSError:
                    data = b""
                pieces.put((arrival(len(data)), data))

        def give() -> None:
            with suppress(OSError):
                while True:
                    due, data = pieces.get()
                    time.sleep(max(0.0, due - time.monotonic()))
                    if not data:
                        sink.shutdown(socket.SHUT_WR)
                        return
                    sink.sendall(data)

        for work in (take, give):
            threading.Thread(target=work, daemon=True).start()


@contextmanager
def slow_line(port: int, delay: float, rate: float) -> Iterator[int]:
    """A slow way to a port of this machine while the context is open. Yields the port of its near end."""
    line = Line(port, delay, rate)
    thread = threading.Thread(target=line.run)
    thread.start()
    try:
        yield line.port
    finally:
        line.close()
        thread.join()
