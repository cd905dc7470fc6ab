"""The bytes of the files of a site, and the hash that tells whether they have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from sitekit.processes import can_fork, share_out, split

HASH_SIZE = 32
UNREADABLE = bytes(HASH_SIZE)
_FIRST_READ = 1 << 16  # more than nearly every page, and less than what the allocator would map anew each time
_MORE = 1 << 22
PARALLEL_FROM = 400
"""Files below which starting processes costs more than it saves."""

_PIECES_PER_PROCESS = 16


def read_bytes(path: str) -> bytes:
    """The whole file, by as few system calls as there can be: a site has many small files."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(descriptor, _FIRST_READ)
        if len(data) < _FIRST_READ:
            return data
        chunks = [data]
        while chunk := os.read(descriptor, _MORE):
            chunks.append(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def content_hash(data: bytes) -> bytes:
    """The hash by which a file counts as unchanged, HASH_SIZE bytes."""
    return hashlib.sha256(data).digest()


def hashes_of(joined: bytes) -> list[bytes]:
    """Single hashes out of what ``content_hashes`` returned."""
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]


def content_hashes(root: str, paths: Sequence[str], jobs: int) -> bytes:
    """The hashes of many files, one after the other; UNREADABLE for a file that cannot be read."""

    def some(part: Sequence[str]) -> bytes:
        hashes = []
        for path in part:
            try:
                hashes.append(content_hash(read_bytes(f"{root}/{path}")))
            except OSError:
                hashes.append(UNREADABLE)
        return b"".join(hashes)

    if jobs < 2 or len(paths) < PARALLEL_FROM or not can_fork():
        return some(paths)
    return b"".join(share_out(split(paths, jobs * _PIECES_PER_PROCESS), some, bytes, bytes, jobs))
