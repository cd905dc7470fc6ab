"""Places to publish to. Both kinds keep the promise of :class:`Target`; the rest of the package knows nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from sitekit.publish.config import Config
from sitekit.publish.manifest import File, Manifest
from sitekit.publish.pointer import Pointer

#: Bytes in memory, or a file on disk.
Body = bytes | Path
#: Gives the bytes of a file of the release that is being published.
Opener = Callable[[File], Body]


class Target(Protocol):
    """What a place to publish to can do. Every method raises ``StorageError`` when the storage fails or refuses."""

    name: str
    #: False when headers live in the web server's configuration, not with the file.
    stores_headers: bool

    def read_pointer(self) -> tuple[Pointer, str | None]:
        """The pointer and a token for :meth:`swap_pointer`; an empty pointer and None when there is none yet."""

    def swap_pointer(self, pointer: Pointer, token: str | None) -> str:
        """Writes the pointer only if it is unchanged since ``token``; returns the new token. Else ``PointerMoved``."""

    def read_manifests(self, releases: Iterable[str]) -> dict[str, Manifest]:
        """The manifests of releases by name; one that is not there is left out."""

    def write_manifest(self, manifest: Manifest) -> None:
        """Stores a manifest."""

    def inventory(self) -> dict[str, int]:
        """Path and size of everything that readers can get, by whoever put it there."""

    def keep(self, manifest: Manifest, opener: Opener) -> int:
        """Stores the bytes a later rollback needs; returns how many bytes that took."""

    def recall(self, file: File, release: str) -> Body:
        """The bytes of a file of a finished release."""

    def begin(self, manifest: Manifest, carried: dict[str, str]) -> None:
        """Prepares for :meth:`put`. ``carried`` maps paths that must stay readable to a release that holds them."""

    def put(self, file: File, body: Body, *, new: bool) -> None:
        """Stores one file. With ``new`` it must not replace anything: a stranger's file there is a ``StorageError``."""

    def commit(self, manifest: Manifest) -> None:
        """Everything was put: readers get the release from here on, where the target can switch as a whole."""

    def remove(self, paths: Iterable[str]) -> None:
        """Takes files away from readers. One that is not there is no error."""

    def forget(self, releases: Iterable[str], packs: Iterable[str], objects: Iterable[str]) -> None:
        """Deletes what was kept for releases: manifests by release, packs by name, kept objects by SHA-256."""


def open_target(config: Config) -> Target:
    """The target that the settings name: a URL (``s3://``, ``gs://``, ``az://``) or a local directory."""
    if "://" in config.target:
        from sitekit.publish.targets.objects import ObjectTarget

        return ObjectTarget(config)
    from sitekit.publish.targets.local import LocalTarget

    return LocalTarget(Path(config.target))
