"""Connections that reach public addresses only.

A name is resolved once for each connection, every address of the answer is judged, and the connection goes to exactly those
addresses. A name that answers otherwise a moment later (DNS rebinding) gains nothing, as nobody asks again.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from ipaddress import ip_address

import httpcore
import httpx

from .addresses import not_public

Resolve = Callable[[str, int], Awaitable[list[str]]]

_MAX_ADDRESSES = 4  # tried in turn; a name may have dozens


class NotPublic(Exception):
    """The name or address leads into a network that must not be contacted; the message says which address and why."""


class UnknownName(Exception):
    """The name cannot be resolved. ``final`` says that the answer was no, and not that there was no answer."""

    def __init__(self, message: str, final: bool) -> None:
        super().__init__(message)
        self.final = final


class NoConnection(Exception):
    """No connection, or no secure one, came about. ``why`` is the error at the root; httpcore's pool would not pass it on."""

    def __init__(self, why: BaseException) -> None:
        super().__init__(str(why))
        self.why = why


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, from the system's resolver. Raises UnknownName."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        final = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None))
        raise UnknownName(f"the name {host} does not exist" if final else f"no answer about {host}", final) from None
    except UnicodeError:
        raise UnknownName(f"{host} is not a name that can be looked up", True) from None
    return list(dict.fromkeys(entry[4][0] for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to what was checked. ``inner`` makes the connection, to an address that needs no resolving."""

    def __init__(
        self, allow_private: bool, resolver: Resolve = resolve, inner: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolver
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a public address of ``host``. Raises NotPublic, UnknownName or NoConnection."""
        addresses = await self._addresses(host, port, timeout)
        first: Exception | None = None
        for address in _in_turn(addresses)[:_MAX_ADDRESSES]:
            try:
                return _Connection(await self._inner.connect_tcp(address, port, timeout, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                first = first or error
        if first is None:
            raise UnknownName(f"the name {host} has no address", True)
        raise NoConnection(first) from first

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        host = host.strip("[]")
        try:
            addresses = [str(ip_address(host))]
        except ValueError:
            try:
                async with asyncio.timeout(timeout):
                    addresses = await self._resolve(host, port)
            except TimeoutError:
                raise UnknownName(f"no answer about {host}", False) from None
        if not self._allow_private:
            for address in addresses:
                reason = not_public(address)
                if reason:
                    shown = address if address == host else f"{host} is {address}, which"
                    raise NotPublic(f"{shown} is {reason}")
        return addresses

    async def connect_unix_socket(self, path: str, *rest: object, **more: object) -> httpcore.AsyncNetworkStream:
        """Refused: no URL of the web names one."""
        raise NotPublic(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks for between its own retries (of which there are none)."""
        await asyncio.sleep(seconds)


def _in_turn(addresses: list[str]) -> list[str]:
    """Both families alternately, as one of them may have no way out of here."""
    rank = {
        address: index
        for version in (False, True)
        for index, address in enumerate(one for one in addresses if (":" in one) is version)
    }
    return sorted(addresses, key=rank.__getitem__)


class _Connection(httpcore.AsyncNetworkStream):
    """A stream that keeps the reason when it cannot be made secure."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise NoConnection(error) from error
        except asyncio.CancelledError:  # our own limit of time; nobody else closes what is half secure
            await self._inner.aclose()
            raise

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport over a guarded backend, HTTP/1.1 and HTTP/2, without proxies. Raises httpcore's errors as they are."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, ssl_context: ssl.SSLContext, connections: int) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=15.0,
            http2=True,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the response is read by whoever asked."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Stream(response))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()
