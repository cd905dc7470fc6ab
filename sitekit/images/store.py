"""Pictures made once: encoded when they are new, remembered by their bytes, and put where a build needs them.

What a picture was made into is found by a hash of its bytes, of the code that encodes and of the version of Pillow; each file by
the hash of its own bytes. So no entry is ever out of date, and what is missing or damaged is made again.
"""

from __future__ import annotations

import functools
import hashlib
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sitekit.cache import Cache, digest, pack, unpack
from sitekit.images.drawings import read_drawing
from sitekit.images.kinds import RASTER, kind_of
from sitekit.images.model import Picture, Size, Variant
from sitekit.processes import Stream, can_fork, process_count
from sitekit.stamps import Stamp, stamp

_CODE = ("drawings.py", "examine.py", "kinds.py", "model.py", "raster.py")
_SHOWN_HASH = 12
_WORTH_PROCESSES = 40_000
"""Bytes of all new pictures; with fewer, starting processes takes as long as it saves."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is remembered of an encoded picture: its size, and of each file its kind, width, SHA-256 and number of bytes."""

    size: Size
    files: tuple[tuple[str, int, str, int], ...]

    def paths(self, source: str) -> list[str]:
        """Where the files lie below output/, if the picture lies at ``source``."""
        stem = posixpath.splitext(posixpath.basename(source))[0]
        return [f"assets/{stem}-{width}.{name[:_SHOWN_HASH]}.{kind}" for kind, width, name, _ in self.files]

    def picture(self, source: str) -> Picture:
        """The picture as pages show it, if it lies at ``source``."""
        files = zip(self.files, self.paths(source), strict=True)
        return Picture(self.size, tuple(Variant(kind, width, path, size) for (kind, width, _, size), path in files))


@functools.cache
def environment_key() -> bytes:
    """A hash of everything but its own bytes that decides what is found in a picture and what it is made into."""
    folder = Path(__file__).resolve().parent
    return digest(version("pillow"), *((folder / name).read_bytes() for name in _CODE))


class PictureStore:
    """The pictures below ``content``, encoded, and kept in ``file`` from one build to the next. Use it as a context manager."""

    def __init__(self, content: Path, file: Path) -> None:
        self._content, self._file = content, file
        self._opened: Cache | None = None
        self._files: dict[
            str, tuple[str, bytes]
        ] = {}  # path below output/: that of the picture, and the hash of the bytes
        self.encoded = 0

    def __enter__(self) -> PictureStore:
        return self

    def __exit__(self, *_: object) -> None:
        if self._opened:
            self._opened.close()

    @property
    def _cache(self) -> Cache:
        """Opened when it is first needed, because most builds have no picture."""
        self._opened = self._opened or Cache(self._file)
        return self._opened

    def pictures(self, paths: Iterable[str]) -> dict[str, Picture]:
        """The pictures at these paths below content/, which must be sound; ``encoded`` counts those that were new.

        A drawing that names no size is left out. Raises OSError, and ValueError for a picture that is not sound.
        """
        found: dict[str, Picture] = {}
        raster: dict[str, bytes] = {}
        for path in sorted(set(paths)):
            suffix = posixpath.splitext(path)[1]
            if suffix == ".svg":
                size = read_drawing((self._content / path).read_bytes(), path)
                found |= {path: Picture(size)} if isinstance(size, Size) else {}
            elif suffix in RASTER:
                raster[path] = digest(environment_key(), "made", (self._content / path).read_bytes())
        for path, made in self._made(raster).items():
            found[path] = made.picture(path)
            for name, (_, _, content_hash, _) in zip(made.paths(path), made.files, strict=True):
                self._files[name] = (path, bytes.fromhex(content_hash))
        return found

    def write(self, output: Path, target: Path, stamps: Mapping[str, Stamp]) -> None:
        """Put every file of the pictures below ``output``; those that stand in ``target`` as ``stamps`` has them are linked."""
        missing = [name for name in self._files if not _linked(output / name, target / name, stamps.get(name))]
        kept = self._cache.get(self._files[name][1] for name in missing) if missing else {}
        for name in missing:
            source, content_hash = self._files[name]
            if content_hash not in kept:
                _, files = _encode(self._content / source)
                kept |= files
                self._cache.put({key: pack(data) for key, data in files.items()})
            (output / name).write_bytes(kept[content_hash])

    def _made(self, sources: Mapping[str, bytes]) -> dict[str, Made]:
        """What each picture was made into, now or before; ``sources`` maps paths to keys."""
        if not sources:
            return {}
        known = self._cache.get(sources.values())
        missing = {key: path for path, key in sources.items() if key not in known}
        self._cache.put({}, used=[*known, *(bytes.fromhex(file[2]) for made in known.values() for file in made.files)])
        for key, (made, files) in self._encode_all(missing):
            self._cache.put({key: pack(made), **{name: pack(data) for name, data in files.items()}})
            known[key] = made
            self.encoded += 1
        return {path: known[key] for path, key in sources.items()}

    def _encode_all(self, missing: Mapping[bytes, str]) -> Iterator[tuple[bytes, tuple[Made, dict[bytes, bytes]]]]:
        """What each picture is made into by its key, as they come."""
        keys = list(missing)
        files = [self._content / missing[key] for key in keys]
        worth = len(files) > 1 and sum(file.stat().st_size for file in files) >= _WORTH_PROCESSES
        if worth and can_fork():
            with Stream(files, lambda file: pack(_encode(file)), process_count()) as stream:
                for number, data in stream:
                    yield keys[number], unpack(data)
        else:
            yield from zip(keys, map(_encode, files), strict=True)


def _encode(file: Path) -> tuple[Made, dict[bytes, bytes]]:
    """What a picture is made into, and the bytes of the files by their SHA-256."""
    from sitekit.images.raster import encode

    data = file.read_bytes()
    size, encoded = encode(data, kind_of(data))
    hashes = [hashlib.sha256(one.data) for one in encoded]
    files = tuple(
        (one.kind, one.width, name.hexdigest(), len(one.data)) for one, name in zip(encoded, hashes, strict=True)
    )
    return Made(size, files), {name.digest(): one.data for one, name in zip(encoded, hashes, strict=True)}


def _linked(copy: Path, file: Path, expected: Stamp | None) -> bool:
    """Link ``copy`` to ``file`` if that is as it was left. Returns whether it was."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if expected is None or stamp(file) != expected:
        return False
    try:
        os.link(file, copy)
    except OSError:
        return False
    return True
