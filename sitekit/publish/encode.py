"""Compressed variants of a file: brotli 11 and gzip 9, stored beside it as ``name.br`` and ``name.gz``.

Both are pure functions of the content (gzip with a time stamp of 0), and slow enough to be kept in a folder by the hash of
what went in. A file of a compressible type always gets its variants, even where they save little: the CDN's function
goes by the name alone, and must never ask for a variant that is not there.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli

from sitekit.publish.files import write_atomically

SUFFIXES = {"br": ".br", "gzip": ".gz"}


def encode(data: bytes, encoding: str) -> bytes:
    """``data`` in the given content coding (RFC 9110, 8.4.1): ``br`` or ``gzip``."""
    if encoding == "br":
        return brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)
    return gzip.compress(data, 9, mtime=0)


def decode(data: bytes, encoding: str) -> bytes:
    """The content behind a content coding; an empty coding means as is. Raises ``ValueError`` for anything else."""
    try:
        if encoding == "br":
            return brotli.decompress(data)
        if encoding == "gzip":
            return gzip.decompress(data)
    except (brotli.error, OSError, EOFError) as error:
        raise ValueError(f"the body is not valid {encoding}") from error
    if encoding in ("", "identity"):
        return data
    raise ValueError(f"unknown content coding {encoding!r}")


class VariantCache:
    """Variants by the SHA-256 of the original. A damaged or missing entry is made again, so it may be deleted any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, sha256: str, encoding: str, data: bytes) -> bytes:
        """The variant of ``data``, whose hash is ``sha256``."""
        place = self.folder / sha256[:2] / (sha256 + SUFFIXES[encoding])
        try:
            encoded = place.read_bytes()
            if decode(encoded, encoding) != data:
                raise ValueError("damaged")
        except (OSError, ValueError):
            encoded = encode(data, encoding)
            write_atomically(place, encoded)
        return encoded
