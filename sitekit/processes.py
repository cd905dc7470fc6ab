"""Work shared out over forked processes: each takes the next piece from a common queue until none is left.

A fork starts in a millisecond and knows all that its parent knows; a pool of new interpreters would take longer to start than a
site of a thousand pages takes to check.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Generic, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_MAX_PROCESSES = 8
_MAX_PIECES = 2_000  # the numbers of all must fit into a pipe at once
_NUMBER = 4  # bytes
_PIPE_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031  # fcntl(2), Linux


def can_fork() -> bool:
    """Whether this process may be copied: on a system that does it well, and with no other thread that might hold a lock."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)


def process_count() -> int:
    """Processes worth starting: the cores this process may use, up to a limit."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    return min(cores, _MAX_PROCESSES)


def split(items: Sequence[Piece], pieces: int) -> list[Sequence[Piece]]:
    """``items`` in order in about so many pieces of the same size, and never more than ``share_out`` takes."""
    size = max(1, -(-len(items) // min(pieces, _MAX_PIECES)))
    return [items[start : start + size] for start in range(0, len(items), size)]


class Sharing(Generic[Piece, Result]):
    """``work`` on each of all pieces (see ``split``): others begin at once, this process when it asks for the results.

    Use it as a context manager, which leaves no process behind. ``pack`` and ``unpack`` turn a result into what ``marshal`` can send
    and back.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        work: Callable[[Piece], Result],
        pack: Callable[[Result], object],
        unpack: Callable[[object], Result],
        processes: int,
    ) -> None:
        self._pieces, self._work, self._unpack = pieces, work, unpack
        self._queue = _queue(len(pieces))
        self._children: list[tuple[int, int]] = []

        def deliver(done: Iterator[tuple[int, Result]], entrance: int) -> None:
            packed = [(number, pack(result)) for number, result in done]
            with os.fdopen(entrance, "wb") as file:
                file.write(marshal.dumps(packed))

        try:
            with suppress(OSError):  # a machine that allows no more processes still gets its answer
                while len(self._children) < min(processes, len(pieces)) - 1:
                    self._children.append(_start(self._queue, pieces, work, deliver))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Sharing[Piece, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def results(self) -> list[Result]:
        """All results, in the order of the pieces, once this process has worked along to the end.

        What a process that was killed has not delivered is worked on here, so a piece that raises, raises here.
        """
        found: dict[int, Result] = {}
        while (number := _next(self._queue)) is not None:
            found[number] = self._work(self._pieces[number])
        for _, channel in self._children:
            for number, packed in _received(channel):
                found[number] = self._unpack(packed)
        return [found[number] if number in found else self._work(piece) for number, piece in enumerate(self._pieces)]

    def close(self) -> None:
        """End what others still do."""
        if self._queue >= 0:
            os.close(self._queue)
            self._queue = -1
        for process, channel in self._children:
            _end(process, channel)
        self._children.clear()


def share_out(
    pieces: Sequence[Piece],
    work: Callable[[Piece], Result],
    pack: Callable[[Result], object],
    unpack: Callable[[object], Result],
    processes: int,
) -> list[Result]:
    """``work`` on each of all pieces, in their order, by so many processes; this one is one of them. See :class:`Sharing`."""
    with Sharing(pieces, work, pack, unpack, processes) as shared:
        return shared.results()


class Stream(Generic[Piece]):
    """``work`` on each of all pieces (see ``split``) by other processes, which begin at once.

    For results so large that they must not pile up: this process only takes them, by iterating over the stream, which gives the number
    and the result of each piece as they come. Use it as a context manager, which leaves no process behind.
    """

    def __init__(self, pieces: Sequence[Piece], work: Callable[[Piece], bytes], processes: int) -> None:
        self._pieces, self._work = pieces, work
        self._queue = _queue(len(pieces))
        self._children: dict[int, int] = {}
        try:
            with suppress(OSError):  # a machine that allows no more processes still gets its answer
                while len(self._children) < min(processes, len(pieces)):
                    process, channel = _start(self._queue, pieces, work, _send)
                    self._children[channel] = process
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Stream[Piece]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """What a process that was killed has not delivered is worked on here, so a piece that raises, raises here."""
        left = set(range(len(self._pieces)))
        received = {channel: bytearray() for channel in self._children}
        poll = select.poll()
        for channel in received:
            poll.register(channel, select.POLLIN)
        while received:
            for channel, _ in poll.poll():
                data = os.read(channel, _PIPE_BYTES)
                if not data:
                    poll.unregister(channel)
                    del received[channel]
                    continue
                received[channel] += data
                for number, result in _frames(received[channel]):
                    left.discard(number)
                    yield number, result
        for number in sorted(left):
            yield number, self._work(self._pieces[number])

    def close(self) -> None:
        """End what others still do."""
        if self._queue >= 0:
            os.close(self._queue)
            self._queue = -1
        for channel, process in self._children.items():
            _end(process, channel)
        self._children.clear()


def _queue(count: int) -> int:
    """A pipe that holds the numbers of all pieces and then ends."""
    queue, entrance = os.pipe()
    os.write(entrance, b"".join(number.to_bytes(_NUMBER, "little") for number in range(count)))
    os.close(entrance)
    return queue


def _next(queue: int) -> int | None:
    number = os.read(queue, _NUMBER)
    return int.from_bytes(number, "little") if number else None


def _start(
    queue: int,
    pieces: Sequence[Piece],
    work: Callable[[Piece], Result],
    deliver: Callable[[Iterator[tuple[int, Result]], int], None],
) -> tuple[int, int]:
    """Fork a process that works until the queue is empty and delivers into a pipe: its id, and where its results can be read."""
    channel, entrance = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(channel)
        os.close(entrance)
        raise
    if process:
        os.close(entrance)
        return process, channel
    try:
        os.close(channel)
        deliver(((number, work(pieces[number])) for number in iter(lambda: _next(queue), None)), entrance)
    finally:
        os._exit(0)  # nothing of the parent's, such as its buffers, may be flushed or closed from here


def _end(process: int, channel: int) -> None:
    os.close(channel)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)  # one that has delivered has nothing more to do
    os.waitpid(process, 0)


def _send(results: Iterator[tuple[int, bytes]], entrance: int) -> None:
    """Each result at once, after its number and its length; while nobody takes them, they wait here and work goes on."""
    with suppress(OSError):  # a smaller pipe does, too
        import fcntl

        fcntl.fcntl(entrance, _F_SETPIPE_SZ, _PIPE_BYTES)
    os.set_blocking(entrance, False)
    waiting = bytearray()
    for number, result in results:
        for part in (number.to_bytes(_NUMBER, "little"), len(result).to_bytes(_NUMBER, "little"), result):
            waiting += part
        with suppress(BlockingIOError):
            del waiting[: os.write(entrance, waiting)]
    os.set_blocking(entrance, True)
    with os.fdopen(entrance, "wb") as file:
        file.write(waiting)


def _frames(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """What has come whole, taken out of ``received``."""
    while len(received) >= 2 * _NUMBER:
        number, length = (int.from_bytes(received[at : at + _NUMBER], "little") for at in (0, _NUMBER))
        end = 2 * _NUMBER + length
        if len(received) < end:
            return
        yield number, bytes(received[2 * _NUMBER : end])
        del received[:end]


def _received(channel: int) -> list[tuple[int, object]]:
    """All that a process has sent; nothing where it was stopped before it had sent all."""
    with os.fdopen(channel, "rb", closefd=False) as file:
        data = file.read()
    try:
        return marshal.loads(data)
    except (EOFError, ValueError, TypeError):
        return []
