"""Bodies read with a ceiling: a page is judged by its first megabytes, whatever it unpacks to and however long it drips."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Protocol

import brotli
import httpcore
from h2.exceptions import H2Error

from .verdict import shown

ACCEPTED = "gzip, deflate, br"
_STEP = 1 << 16


class BadEncoding(Exception):
    """The body is not compressed the way its header says."""


@dataclass(frozen=True, slots=True)
class Body:
    """``data`` decompressed; ``complete`` is False where the ceiling or an error cut it short, and ``why`` says which."""

    data: bytes = b""
    complete: bool = True
    why: str = ""


class Decoder(Protocol):
    """Takes compressed bytes and gives at most ``room`` decompressed ones. What is left over comes with the next call."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Decompress. Raises BadEncoding."""
        ...


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:
        return data[:room]


class _Zlib:
    """gzip or deflate; what calls itself deflate is, in the wild, with or without the zlib header."""

    def __init__(self, gzip: bool) -> None:
        self._gzip = gzip
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS) if gzip else None

    def feed(self, data: bytes, room: int) -> bytes:
        if not data or room <= 0:
            return b""
        if self._inflate is None:
            with_header = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS)
        out = b""
        try:
            while data and len(out) < room:
                out += self._inflate.decompress(data, room - len(out))
                if not self._inflate.eof:
                    break
                data = self._inflate.unused_data if self._gzip else b""  # gzip may have several members
                if data:
                    self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        except zlib.error as error:
            raise BadEncoding(str(error)) from None
        return out


class _Brotli:
    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        out = b""
        try:
            while len(out) < room:
                part = self._brotli.process(data, output_buffer_limit=min(room - len(out), _STEP))
                data = b""
                out += part
                if not part and (self._brotli.can_accept_more_data() or self._brotli.is_finished()):
                    break
        except brotli.error as error:
            raise BadEncoding(str(error) or "not brotli") from None
        return out[:room]  # the library may give a little more than it was asked for


def decoder(content_encoding: str) -> Decoder | None:
    """A decoder for the ``Content-Encoding`` header; None for codings that were not asked for, and for stacks of them."""
    names = [name for part in content_encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if not names:
        return _Plain()
    if len(names) > 1:
        return None
    if names[0] in ("gzip", "x-gzip"):
        return _Zlib(gzip=True)
    if names[0] == "deflate":
        return _Zlib(gzip=False)
    return _Brotli() if names[0] == "br" else None


async def read_body(parts: AsyncIterable[bytes], content_encoding: str, limit: int, seconds: float) -> Body:
    """Decompress ``parts`` up to ``limit`` bytes for at most ``seconds``. What arrived before a failure is kept; nothing is raised."""
    decode = decoder(content_encoding)
    if decode is None:
        return Body(complete=False, why=f"it is packed as “{shown(content_encoding, 40)}”, which was not asked for")
    out = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in parts:
                for start in range(0, len(part), _STEP):
                    out += decode.feed(part[start : start + _STEP], limit - len(out))
                    if len(out) >= limit:
                        return Body(bytes(out), False, f"it is larger than {limit:,} bytes")
    except TimeoutError:
        return Body(bytes(out), False, "it did not come to an end in time")
    except BadEncoding as error:
        return Body(bytes(out), False, f"it is not the {shown(content_encoding, 40)} it says it is ({error})")
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, H2Error, OSError):
        return Body(bytes(out), False, "the server broke it off")
    return Body(bytes(out))
