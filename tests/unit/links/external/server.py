"""A real HTTP server, over TCP and TLS, that misbehaves in every way this suite needs, and an Internet made of it.

``Internet`` has names and public addresses; every connection to one of them ends at a listener on this machine. Nothing outside is
ever contacted: an address that is not part of it cannot be reached.
"""

from __future__ import annotations

import asyncio
import datetime
import random
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import httpcore
import trustme

from sitekit.links.external.network import UnknownName
from sitekit.links.external.run import Surroundings

LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """One request as the server read it."""

    method: str
    host: str
    path: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"{self.host}{self.path}"


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int = 200, body: bytes | str = b"", *, html: bool = True, **headers: str) -> Handler:
    """A well-formed answer; header names are written with underscores."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"content_type": "text/html; charset=utf-8"} if html else {}
    fields |= {"content_length": str(len(data))} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items() if value)

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode())
        if request.method != "HEAD":
            writer.write(data)
        await writer.drain()

    return handle


def redirect(to: str, status: int = 302, **headers: str) -> Handler:
    return answer(status, location=to, **headers)


def raw(data: bytes, *, reset: bool = False, pause: float = 0.0) -> Handler:
    """Exactly these bytes, then the connection is closed, or reset."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(pause)
        if reset:
            writer.transport.abort()
        writer.close()

    return handle


def by_method(head: Handler, get: Handler) -> Handler:
    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        await (head if request.method == "HEAD" else get)(request, writer)

    return handle


def in_turn(*handlers: Handler) -> Handler:
    """One after the other; the last for ever."""
    waiting = list(handlers)

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(request, writer)

    return handle


def endless(head: bytes, piece: bytes, pause: float) -> Handler:
    """A body that goes on for as long as anybody listens."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handle


async def silence(_: Request, writer: asyncio.StreamWriter) -> None:
    """Accept the request and say nothing."""
    while not writer.is_closing():
        await asyncio.sleep(0.02)


class Server:
    """Listens on ports of this machine, in a thread of its own. ``pages`` maps host and path to what happens there."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.log: list[Request] = []
        self.most_at_once = 0
        self._at_once = 0
        self._loop = asyncio.new_event_loop()
        self._listeners: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def listen(self, tls: ssl.SSLContext | None = None) -> int:
        """A new port; over TLS where a context is given."""

        async def start() -> asyncio.Server:
            return await asyncio.start_server(self._connected, LOCAL, 0, ssl=tls)

        listener = asyncio.run_coroutine_threadsafe(start(), self._loop).result(5)
        self._listeners.append(listener)
        return listener.sockets[0].getsockname()[1]

    def close(self) -> None:
        async def stop() -> None:
            for listener in self._listeners:
                listener.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def asked(self, url: str) -> list[str]:
        """Methods of the requests for one host and path, in order."""
        return [request.method for request in self.log if request.url == url]

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            tls = writer.get_extra_info("ssl_object")
            if tls is not None and tls.selected_alpn_protocol() == "h2":
                await self._serve_http2(reader, writer)
                return
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                method, path, _ = lines[0].split(" ", 2)
                fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                await self._handle(Request(method, fields["host"], path, fields), writer)
        except (OSError, EOFError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            writer.close()

    async def _handle(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.log.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self.pages.get(request.url, answer(404, "Not here."))(request, writer)
        finally:
            self._at_once -= 1

    async def _serve_http2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """HTTP/2, where every page is fine but two: what matters is that it is spoken."""
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65_536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    fields = dict(event.headers)
                    path, host = fields[":path"], fields[":authority"]
                    self.log.append(Request(f"h2 {fields[':method']}", host, path, fields))
                    if path == "/reset":
                        connection.reset_stream(event.stream_id, error_code=2)
                        continue
                    if path == "/away":
                        connection.close_connection(error_code=1)
                        continue
                    connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/html")])
                    body = b"" if fields[":method"] == "HEAD" else b"<p id=here>Here</p>"
                    connection.send_data(event.stream_id, body, end_stream=True)
            writer.write(connection.data_to_send())
            await writer.drain()


class Clock:
    """Time that passes when somebody waits, and not otherwise."""

    def __init__(self) -> None:
        self.start = datetime.datetime(2026, 11, 22, 9, 40, tzinfo=datetime.UTC)
        self.passed = 0.0
        self.waits: list[float] = []

    def now(self) -> datetime.datetime:
        return self.start + datetime.timedelta(seconds=self.passed)

    def seconds(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)

    def days(self, days: float) -> None:
        self.passed += days * 86_400


@dataclass
class Internet(httpcore.AsyncNetworkBackend):
    """Names, addresses and ports. ``names`` gives the answers of the resolver in turn, the last for ever."""

    server: Server
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    ports: dict[tuple[str, int], int] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    inner: httpcore.AsyncNetworkBackend = field(default_factory=httpcore.AnyIOBackend)

    def host(self, name: str, *addresses: str, http: int | None = None, https: int | None = None) -> None:
        """A host with these addresses, whose ports 80 and 443 end at ports of this machine."""
        self.names[name] = [list(addresses)]
        for address in addresses:
            self.ports |= {(address, 80): http} if http else {}
            self.ports |= {(address, 443): https} if https else {}

    async def resolve(self, name: str, port: int) -> list[str]:
        self.looked_up.append(name)
        answers = self.names.get(name)
        if answers is None:
            raise UnknownName(f"the name {name} does not exist", True)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.reached.append(host)
        local = self.ports.get((host, port))
        if local is None:
            raise httpcore.ConnectError("no such place") from ConnectionRefusedError()
        return await self.inner.connect_tcp(LOCAL, local, timeout)

    def surroundings(self, clock: Clock, authority: trustme.CA) -> Surroundings:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody yet, which makes it quick
        authority.configure_trust(trusting)
        return Surroundings(
            now=clock.now,
            chance=random.Random(1),
            sleep=clock.sleep,
            clock=clock.seconds,
            resolver=self.resolve,
            backend=self,
            ssl_context=trusting,
        )
