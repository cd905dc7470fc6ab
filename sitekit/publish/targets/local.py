"""A directory as target: whole releases side by side, and one atomic switch.

    <root>/current -> releases/<release>      what a web server serves; replaced by one rename
    <root>/releases/<release>/                a whole site; files that did not change are hard links
    <root>/_publish/                          pointer, lock and manifests

A release directory also carries the assets of earlier releases within the grace period, because pages that a browser
loaded before the switch still ask for them. Directories need hard links, so ``root`` must be one file system.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sitekit.publish.errors import PointerMoved, StorageError
from sitekit.publish.files import write_atomically
from sitekit.publish.manifest import RESERVED, File, Manifest
from sitekit.publish.pointer import Pointer
from sitekit.publish.targets import Body, Opener

_PARTIAL = ".partial"


class LocalTarget:
    """See the module; the methods are those of :class:`sitekit.publish.targets.Target`."""

    stores_headers = False

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.name = str(root)
        self._state = self.root / RESERVED
        self._staged: Path | None = None

    @property
    def current(self) -> Path:
        """The directory that readers get."""
        return self.root / "current"

    def read_pointer(self) -> tuple[Pointer, str | None]:
        """The pointer and a token: the hash of the file."""
        with _translated(self.name):
            try:
                data = (self._state / "pointer.json").read_bytes()
            except FileNotFoundError:
                self._refuse_strangers()
                return Pointer(), None
        try:
            return Pointer.from_bytes(data), hashlib.sha256(data).hexdigest()
        except ValueError as error:
            raise StorageError(f"{self._state / 'pointer.json'}: {error}") from error

    def swap_pointer(self, pointer: Pointer, token: str | None) -> str:
        """Compare and swap under a lock of the file system."""
        with _translated(self.name):
            self._state.mkdir(parents=True, exist_ok=True)
            with (self._state / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.read_pointer()[1] != token:
                    raise PointerMoved
                data = pointer.to_bytes()
                write_atomically(self._state / "pointer.json", data, durable=True)
        return hashlib.sha256(data).hexdigest()

    def read_manifests(self, releases: Iterable[str]) -> dict[str, Manifest]:
        """Manifests by release."""
        found = {}
        with _translated(self.name):
            for release in releases:
                place = self._manifest(release)
                if place.exists():
                    try:
                        found[release] = Manifest.from_bytes(place.read_bytes())
                    except ValueError as error:
                        raise StorageError(f"{place}: {error}") from error
        return found

    def write_manifest(self, manifest: Manifest) -> None:
        """Stores a manifest, atomically."""
        with _translated(self.name):
            write_atomically(self._manifest(manifest.release), manifest.to_bytes(), durable=True)

    def inventory(self) -> dict[str, int]:
        """Path and size of everything below ``current``."""
        with _translated(self.name):
            live = self.current.resolve()
            return {
                os.path.relpath(os.path.join(folder, name), live): os.stat(os.path.join(folder, name)).st_size
                for folder, _, names in os.walk(live)
                for name in names
            }

    def keep(self, manifest: Manifest, opener: Opener) -> int:
        """Nothing to do: every release directory is whole."""
        return 0

    def recall(self, file: File, release: str) -> Body:
        """The file in the directory of its release."""
        place = self._release(release) / file.path
        if not place.is_file():
            raise StorageError(f"{place} is gone", "Roll back to another release, or publish a build of that commit.")
        return place

    def begin(self, manifest: Manifest, carried: dict[str, str]) -> None:
        """Makes the new directory from hard links; what is put later replaces links, never the files they share."""
        with _translated(self.name):
            releases = self.root / "releases"
            releases.mkdir(parents=True, exist_ok=True)
            for leftover in releases.glob(f"*{_PARTIAL}"):
                shutil.rmtree(leftover)
            self._staged = releases / (manifest.release + _PARTIAL)
            self._staged.mkdir()
            live = self.current.resolve()
            old = self.read_manifests([live.name]).get(live.name)
            for path, file in manifest.files.items():
                known = file.immutable or (old is not None and file.same_bytes(old.files.get(path)))
                if known and (live / path).is_file() and (live / path).stat().st_size == file.size:
                    self._link(live / path, path)
            for path, release in carried.items():
                source = next((p for p in (live / path, self._release(release) / path) if p.is_file()), None)
                if source is not None:
                    self._link(source, path)

    def put(self, file: File, body: Body, *, new: bool) -> None:
        """Writes one file into the new directory and checks its hash."""
        with _translated(self.name):
            place = self._staged / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent)
            digest = hashlib.sha256()
            with os.fdopen(handle, "wb") as stream:
                for chunk in _chunks(body):
                    digest.update(chunk)
                    stream.write(chunk)
            os.chmod(name, 0o644)
            os.replace(name, place)
        if digest.hexdigest() != file.sha256:
            raise StorageError(f"{file.path} changed while it was published", "Build again, then publish.")

    def commit(self, manifest: Manifest) -> None:
        """Replaces the link ``current``, after everything was flushed to disk."""
        with _translated(self.name):
            place = self._release(manifest.release)
            missing = [path for path in manifest.files if not (self._staged / path).is_file()]
            if missing:
                raise StorageError(f"{len(missing)} files are missing from the new release, {missing[0]} first")
            os.sync()
            if place.exists():  # an earlier attempt got this far, or a rollback returns to it: replace it as a whole
                self._replace_directory(place)
            else:
                self._staged.rename(place)
            link = self.root / f"current{_PARTIAL}"
            link.unlink(missing_ok=True)
            link.symlink_to(f"releases/{manifest.release}")
            os.replace(link, self.current)

    def remove(self, paths: Iterable[str]) -> None:
        """Deletes files below ``current``, and folders that this leaves empty."""
        with _translated(self.name):
            live = self.current.resolve()
            for path in paths:
                (live / path).unlink(missing_ok=True)
                folder = (live / path).parent
                while folder != live and folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
                    folder = folder.parent

    def forget(self, releases: Iterable[str], packs: Iterable[str], objects: Iterable[str]) -> None:
        """Deletes release directories and manifests; there are no packs or kept objects here."""
        with _translated(self.name):
            for release in releases:
                if self._release(release).is_dir():
                    shutil.rmtree(self._release(release))
                self._manifest(release).unlink(missing_ok=True)

    def _replace_directory(self, place: Path) -> None:
        """Puts the staged directory where an older one of the same name is, without a moment in which readers have none.

        The old one is what readers may be getting through ``current``, so files are moved in one by one (each an atomic
        rename of the same content or a carried asset), and the rest is already there.
        """
        for folder, _, names in os.walk(self._staged):
            for name in names:
                relative = (Path(folder) / name).relative_to(self._staged)
                (place / relative).parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(folder) / name, place / relative)
        shutil.rmtree(self._staged)

    def _link(self, source: Path, path: str) -> None:
        place = self._staged / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.link(source, place)

    def _release(self, release: str) -> Path:
        return self.root / "releases" / release

    def _manifest(self, release: str) -> Path:
        return self._state / "releases" / f"{release}.json.gz"

    def _refuse_strangers(self) -> None:
        """A directory that is not empty and was never published to may be anything: a home directory, a checkout."""
        if self.root.is_dir() and (names := sorted(set(os.listdir(self.root)) - {RESERVED.rstrip("/")})):
            hint = "Name an empty or new directory as target."
            raise StorageError(f"{self.root} holds other files ({names[0]}), and was never published to", hint)


def _chunks(body: Body) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    with body.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Turns what the operating system says into a ``StorageError``."""
    try:
        yield
    except OSError as error:
        where = error.filename or name
        raise StorageError(f"{where}: {error.strerror}", "Mend that, then run again; readers see no half.") from error
