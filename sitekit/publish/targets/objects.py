"""Object storage as target, through obstore: S3 and all that speak its language, Google Cloud Storage, Azure Blob Storage.

    <prefix>/<path>                               what readers get, through the CDN
    <prefix>/_publish/pointer.json                which release is live; changed by compare-and-swap only
    <prefix>/_publish/releases/<release>.json.gz  manifests
    <prefix>/_publish/packs/<release>.zip         bytes of what can change in place, named by SHA-256, for rollback
    <prefix>/_publish/objects/<sha256>            the same for single files too large for a pack

Objects are replaced one by one, each as a whole; the order in which ``push`` does that is what keeps the site whole.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import shutil
import tempfile
import threading
import time
import weakref
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError

from sitekit.publish.config import Config
from sitekit.publish.errors import PointerMoved, StorageError
from sitekit.publish.manifest import LARGE, RESERVED, File, Manifest
from sitekit.publish.pointer import Pointer
from sitekit.publish.targets import Body, Opener
from sitekit.publish.targets.failures import explain
from sitekit.publish.targets.stores import make_store

_POINTER = RESERVED + "pointer.json"
_Result = TypeVar("_Result")


class ObjectTarget:
    """See the module; the methods are those of :class:`sitekit.publish.targets.Target`."""

    stores_headers = True

    def __init__(self, config: Config) -> None:
        self.name = config.target
        self._store = make_store(config)
        self._bucket = urlsplit(config.target).netloc
        self._workers = config.parallel
        self._seconds = config.request_seconds
        self._bare_tags = False
        self._scratch = Path(tempfile.mkdtemp(prefix="publish-"))
        self._packs: dict[str, zipfile.ZipFile] = {}
        self._manifests: dict[str, Manifest] = {}
        self._lock = threading.Lock()
        weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)

    def read_pointer(self) -> tuple[Pointer, str | None]:
        """The pointer and a token: its entity tag and version."""
        try:
            result = self._try(obstore.get, _POINTER)
        except FileNotFoundError:
            return Pointer(), None
        try:
            return Pointer.from_bytes(bytes(result.bytes())), _token(result.meta)
        except ValueError as error:
            raise StorageError(f"{self.name}/{_POINTER}: {error}") from error

    def swap_pointer(self, pointer: Pointer, token: str | None) -> str:
        """Compare and swap with If-Match or If-None-Match."""
        body = pointer.to_bytes()
        attributes = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        tag, _, version = (token or "").partition(" ")
        # Servers differ in whether If-Match wants the quotes that they themselves send: what worked is asked with first.
        forms = (
            sorted({tag, tag.strip('"')}, key=lambda form: form.startswith('"') == self._bare_tags) if token else [""]
        )
        for form in forms:
            mode = {"e_tag": form} | ({"version": version} if version else {}) if token else "create"
            try:
                written = self._try(obstore.put, _POINTER, body, attributes=attributes, mode=mode)
                self._bare_tags = bool(token) and not form.startswith('"')
                return _token(written)
            except (AlreadyExistsError, PreconditionError):
                # Also what a retry gets whose first attempt succeeded unheard: then the pointer is ours.
                there, now = self.read_pointer()
                if there == pointer and now is not None:
                    return now
                if now != token:
                    raise PointerMoved from None
        raise PointerMoved

    def read_manifests(self, releases: Iterable[str]) -> dict[str, Manifest]:
        """Manifests by release, fetched in parallel; each once, as a release never changes."""

        def read(release: str) -> None:
            try:
                data = bytes(self._try(obstore.get, _manifest(release)).bytes())
                self._manifests[release] = Manifest.from_bytes(data)
            except FileNotFoundError:
                return
            except ValueError as error:
                raise StorageError(f"{self.name}/{_manifest(release)}: {error}") from error

        wanted = list(releases)
        self._each(read, [release for release in wanted if release not in self._manifests])
        return {release: self._manifests[release] for release in wanted if release in self._manifests}

    def write_manifest(self, manifest: Manifest) -> None:
        """Stores a manifest."""
        attributes = {"Content-Type": "application/gzip", "Cache-Control": "no-store"}
        self._try(obstore.put, _manifest(manifest.release), manifest.to_bytes(), attributes=attributes)
        self._manifests[manifest.release] = manifest

    def inventory(self) -> dict[str, int]:
        """Path and size of every object under the prefix, but for the publisher's own."""
        found = self._listed("")
        return {path: size for path, size in found.items() if not path.startswith(RESERVED)}

    def keep(self, manifest: Manifest, opener: Opener) -> int:
        """One zip archive with everything new that can change in place: one request instead of one for each page."""
        wanted = {file.sha256: file for file in manifest.files.values() if file.pack == manifest.release}
        if not wanted:
            return 0
        place = self._scratch / f"{manifest.release}.zip"
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for sha256, file in sorted(wanted.items()):
                body = opener(file)
                data = body if isinstance(body, bytes) else body.read_bytes()
                method = zipfile.ZIP_STORED if file.encoding else zipfile.ZIP_DEFLATED
                archive.writestr(zipfile.ZipInfo(sha256), data, method)
        self._try(obstore.put, _pack(manifest.release), place, attributes={"Content-Type": "application/zip"})
        size = place.stat().st_size
        place.unlink()
        return size

    def recall(self, file: File, release: str) -> Body:
        """The bytes from a pack, a kept object or, for an asset, its place."""
        try:
            if not file.pack or file.pack == "object":
                return self._download(file.path if not file.pack else _object(file.sha256), file.sha256)
            with self._lock:
                if file.pack not in self._packs:
                    self._packs[file.pack] = zipfile.ZipFile(self._download(_pack(file.pack), file.pack))
                data = self._packs[file.pack].read(file.sha256)
        except (FileNotFoundError, KeyError, zipfile.BadZipFile) as error:
            hint = "Roll back to another release, or publish a build of that commit."
            raise StorageError(f"the bytes of {file.path} in release {release} are gone", hint) from error
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise StorageError(f"the kept bytes of {file.path} in release {release} are damaged")
        return data

    def begin(self, manifest: Manifest, carried: dict[str, str]) -> None:
        """Nothing to prepare: carried files are where they were."""

    def put(self, file: File, body: Body, *, new: bool) -> None:
        """Stores one object with its headers and checks its hash first."""
        attributes = {"Content-Type": file.type, "Cache-Control": file.cache, "sha256": file.sha256}
        if file.encoding:
            attributes["Content-Encoding"] = file.encoding
        if file.size > LARGE and isinstance(body, Path):
            self._put_large(file, body, attributes)
            return
        data = body if isinstance(body, bytes) else body.read_bytes()
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise StorageError(f"{file.path} changed while it was published", "Build again, then publish.")
        if not new:
            self._try(obstore.put, file.path, data, attributes=attributes)
            return
        try:
            self._try(obstore.put, file.path, data, attributes=attributes, mode="create")
        except AlreadyExistsError:
            # Ours when a retry of a put was heard twice; a stranger's otherwise, and then not to be touched.
            if bytes(self._try(obstore.get, file.path).bytes()) != data:
                hint = "Move that file away, or give the page another address."
                raise StorageError(f"{file.path} exists in {self.name} and is not ours", hint) from None

    def commit(self, manifest: Manifest) -> None:
        """Nothing to switch: the pointer says it, and the pages are there."""

    def remove(self, paths: Iterable[str]) -> None:
        """Deletes objects that readers could get."""
        self._delete(paths)

    def forget(self, releases: Iterable[str], packs: Iterable[str], objects: Iterable[str]) -> None:
        """Deletes packs and kept objects, then the manifests that name them."""
        self._delete([_pack(name) for name in packs] + [_object(name) for name in objects])
        gone = list(releases)
        self._delete(_manifest(release) for release in gone)
        for release in gone:
            self._manifests.pop(release, None)

    def _put_large(self, file: File, body: Path, attributes: dict[str, str]) -> None:
        """In parts, so that memory stays bounded. What can change in place goes to its kept place, then is copied."""
        with body.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:
                raise StorageError(f"{file.path} changed while it was published", "Build again, then publish.")
        first = file.path if file.immutable else _object(file.sha256)
        self._try(obstore.put, first, body, attributes=attributes, use_multipart=True, max_concurrency=4)
        if first != file.path:
            self._try(obstore.copy, first, file.path)

    def _download(self, key: str, name: str) -> Path:
        place = self._scratch / name
        with place.open("wb") as stream:
            for chunk in self._try(obstore.get, key).stream(min_chunk_size=1 << 20):
                stream.write(chunk)
        return place

    def _listed(self, prefix: str) -> dict[str, int]:
        def collect(store: object) -> dict[str, int]:
            pages = obstore.list(store, prefix or None)
            return {item["path"]: item["size"] for page in pages for item in page}

        return self._try(collect)

    def _delete(self, keys: Iterable[str]) -> None:
        def delete(key: str) -> None:
            try:
                self._try(obstore.delete, key)
            except FileNotFoundError:
                return

        self._each(delete, keys)

    def _each(self, function: Callable[[str], _Result], items: Iterable[str]) -> list[_Result]:
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(function, items))

    def _try(self, operation: Callable[..., _Result], *arguments: object, **options: object) -> _Result:
        """One storage operation, repeated while it fails in a way that may pass, within the budget that lease.py counts on.

        obstore itself retries 5xx and throttling, but not a conditional write whose connection broke: it cannot know
        whether that was carried out. Our callers can (they compare what is there), so here everything is repeated.
        """
        deadline = time.monotonic() + self._seconds
        for attempt in itertools.count():
            try:
                return operation(self._store, *arguments, **options)
            except (AlreadyExistsError, PreconditionError):
                raise
            except (FileNotFoundError, NotFoundError) as error:
                if "NoSuchBucket" in str(error) or "ContainerNotFound" in str(error):
                    raise explain(error, self._bucket) from None
                raise FileNotFoundError(str(arguments[:1])) from None
            except (BaseError, OSError, ValueError) as error:
                failure = explain(error, self._bucket)
                pause = min(2.0, 0.1 * 2**attempt) * random.uniform(0.5, 1.0)
                if not failure.passing or time.monotonic() + pause > deadline:
                    raise failure from None
            time.sleep(pause)
        raise AssertionError("unreachable")


def _token(meta: dict[str, object]) -> str:
    """Entity tag and, where the storage has them (Google), version: both are needed for a compare-and-swap."""
    return f"{meta['e_tag']} {meta.get('version') or ''}".strip()


def _manifest(release: str) -> str:
    return f"{RESERVED}releases/{release}.json.gz"


def _pack(name: str) -> str:
    return f"{RESERVED}packs/{name}.zip"


def _object(sha256: str) -> str:
    return f"{RESERVED}objects/{sha256}"
