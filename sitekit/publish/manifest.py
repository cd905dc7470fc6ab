"""What a release is: every stored file with its hash, size, type, cache rule and encoding.

A manifest is stored beside the site (``_publish/releases/<release>.json.gz``) before the first page changes, so that any
later run knows what an interrupted one may have written.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime

from sitekit.publish.rules import Redirect

SCHEMA = 1

#: Everything the publisher keeps for itself lives below this folder of the target; no reader is ever sent there.
RESERVED = "_publish/"

#: Larger files (bytes) are kept for rollback as single objects, not inside a pack: none is unpacked to reach a page.
LARGE = 8 << 20


@dataclass(frozen=True, slots=True)
class File:
    """One stored file.

    ``path`` is relative to the site's root and is the key under which readers get it. ``kind`` is the class of rules.toml
    (asset, page, home, feed, file). ``encoding`` is empty, ``br`` or ``gzip``; an encoded file is a variant of ``base``.
    ``pack`` says where the bytes are kept for a rollback: empty for assets, which stay in place.
    """

    path: str
    sha256: str
    size: int
    type: str
    cache: str
    kind: str
    encoding: str = ""
    base: str = ""
    pack: str = ""

    @property
    def immutable(self) -> bool:
        """True when the name holds a hash of the content, so that one path never has two contents."""
        return self.kind == "asset"

    def same_bytes(self, other: File | None) -> bool:
        """True when ``other`` has the same content."""
        return other is not None and self.sha256 == other.sha256

    def same_headers(self, other: File) -> bool:
        """True when readers get the same response headers with both."""
        return (self.type, self.cache, self.encoding) == (other.type, other.cache, other.encoding)

    @property
    def url_path(self) -> str:
        """The root-relative path by which readers ask for it: ``mind/sleep/index.html`` is ``/mind/sleep/``."""
        name = self.base or self.path
        return "/" + (name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a build came from: the commit, its time (seconds since 1970, UTC) and what was not committed."""

    commit: str = ""
    time: int = 0
    uncommitted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release: its name, when it was made (ISO 8601, UTC), where from, its files by path, and what moved elsewhere."""

    release: str
    created: str
    files: dict[str, File] = field(default_factory=dict)
    source: Source = Source()
    redirects: tuple[Redirect, ...] = ()

    @property
    def pages(self) -> list[File]:
        """The pages readers see, without their encoded variants, sorted by path."""
        return sorted(
            (file for file in self.files.values() if file.kind in ("page", "home") and not file.encoding),
            key=lambda file: file.path,
        )

    def at(self, url_path: str) -> File | None:
        """The file, not a variant, that readers get at a root-relative URL path."""
        name = url_path.lstrip("/") + ("index.html" if url_path.endswith("/") else "")
        return self.files.get(name)

    def to_bytes(self) -> bytes:
        """The manifest as gzip-compressed JSON; equal manifests give equal bytes."""
        names = [item.name for item in fields(File)]
        files = [
            {name: value for name in names if (value := getattr(file, name)) != ""}
            for file in sorted(self.files.values(), key=lambda file: file.path)
        ]
        source = {"commit": self.source.commit, "time": self.source.time, "uncommitted": list(self.source.uncommitted)}
        document = {
            "schema": SCHEMA,
            "release": self.release,
            "created": self.created,
            "source": source,
            "redirects": [asdict(redirect) for redirect in self.redirects],
            "files": files,
        }
        return gzip.compress(json.dumps(document, ensure_ascii=False, indent=0).encode(), 6, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Reads what :meth:`to_bytes` wrote. Raises ``ValueError`` when it is damaged or from a newer version."""
        try:
            document = json.loads(gzip.decompress(data))
            if document["schema"] != SCHEMA:
                raise ValueError(f"manifest schema {document['schema']} is not {SCHEMA}")
            source = document["source"]
            return cls(
                release=document["release"],
                created=document["created"],
                files={item["path"]: File(**item) for item in document["files"]},
                source=Source(source["commit"], source["time"], tuple(source["uncommitted"])),
                redirects=tuple(Redirect(**item) for item in document["redirects"]),
            )
        except (OSError, EOFError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"the manifest cannot be read ({error})") from error


def content_digest(files: Iterable[File]) -> str:
    """SHA-256 (hex) over what readers would get: paths, bytes and headers. Equal digests mean nothing to publish."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path):
        digest.update(repr((file.path, file.sha256, file.type, file.cache, file.encoding)).encode())
    return digest.hexdigest()


def new_release(
    files: Iterable[File], source: Source, redirects: Iterable[Redirect] = (), now: datetime | None = None
) -> Manifest:
    """A manifest with a fresh name, ``20261122T170000Z-<12 hex digits of the content digest>``: sortable and telling."""
    found = {file.path: file for file in files}
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    name = f"{moment:%Y%m%dT%H%M%SZ}-{content_digest(found.values())[:12]}"
    return Manifest(name, moment.isoformat(timespec="seconds"), found, source, tuple(redirects))


def with_packs(manifest: Manifest, packed: dict[str, str], large: int = LARGE) -> Manifest:
    """Notes for every file that can change in place where its bytes are kept.

    ``packed`` maps SHA-256 to the pack of a finished release that already holds those bytes. Files above ``large`` bytes
    are kept as objects of their own (pack ``object``) instead of inside a pack.
    """
    files = {}
    for path, file in manifest.files.items():
        if file.immutable:
            files[path] = replace(file, pack="")
        elif file.size > large:
            files[path] = replace(file, pack="object")
        else:
            files[path] = replace(file, pack=packed.get(file.sha256, manifest.release))
    return replace(manifest, files=files)
