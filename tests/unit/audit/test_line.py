"""The slow line carries every byte, late and no faster than it says."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from sitekit.audit.line import slow_line

DELAY, RATE = 0.05, 400_000


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that sends back what it gets, on any number of connections."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=[connection], daemon=True).start()

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def sent_and_received(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_every_byte_arrives_after_a_round_trip(echo: int) -> None:
    data = bytes(range(256)) * 20
    with slow_line(echo, DELAY, RATE) as port:
        started = time.monotonic()
        assert sent_and_received(port, data) == data
        assert time.monotonic() - started >= 2 * DELAY + len(data) / RATE


def test_connections_share_the_rate(echo: int) -> None:
    data = b"x" * 40_000
    results: list[bytes] = []
    with slow_line(echo, DELAY, RATE) as port:
        started = time.monotonic()
        threads = [threading.Thread(target=lambda: results.append(sent_and_received(port, data))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started >= 2 * len(data) / RATE
    assert results == [data, data]


def test_a_line_without_a_server_ends_the_connection_and_takes_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port_of_nobody = closed.getsockname()[1]
    with slow_line(port_of_nobody, DELAY, RATE) as port:
        assert sent_and_received(port, b"") == b""
        assert sent_and_received(port, b"") == b""
