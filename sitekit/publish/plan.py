"""What has to move: the difference between what readers may get now and what they shall get."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sitekit.publish.manifest import File, Manifest
from sitekit.publish.pointer import Pointer
from sitekit.publish.targets import Target

#: Why a file is sent, in the order in which reports list them.
REASONS = ("new", "changed", "headers", "missing")


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a target: the pointer, every manifest it has, and everything that lies there."""

    pointer: Pointer
    manifests: dict[str, Manifest]
    inventory: dict[str, int]

    @property
    def live(self) -> Manifest | None:
        """The release that readers get."""
        return self.manifests.get(self.pointer.live)

    @property
    def before(self) -> list[Manifest]:
        """Every release of which readers may get pages now: the live one, and any that was interrupted."""
        names = (self.pointer.live, *self.pointer.unfinished)
        return [self.manifests[name] for name in names if name in self.manifests]

    @property
    def packed(self) -> dict[str, str]:
        """SHA-256 -> pack, for all bytes that finished releases keep."""
        whole = {span.release for span in self.pointer.spans if span.whole}
        return {
            file.sha256: file.pack
            for name in sorted(whole & set(self.manifests))
            for file in self.manifests[name].files.values()
            if file.pack not in ("", "object")
        }


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to send, why, and whether readers have something at its path already."""

    file: File
    reason: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publication would do. ``withdrawn`` pages and files go later, when ``collect`` finds their time is over."""

    manifest: Manifest
    uploads: tuple[Upload, ...] = ()
    unchanged: int = 0
    withdrawn: tuple[File, ...] = ()
    foreign: tuple[str, ...] = ()
    carried: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Bytes to send."""
        return sum(upload.file.size for upload in self.uploads)

    @property
    def nothing(self) -> bool:
        """True when readers get exactly this already."""
        return not self.uploads and not self.withdrawn

    @property
    def touched(self) -> tuple[File, ...]:
        """Files, without variants, for which a cache may hold an old answer or an old 404; sorted by path."""
        paths = {upload.file.base or upload.file.path for upload in self.uploads if not upload.file.immutable}
        return tuple(self.manifest.files[path] for path in sorted(paths))


def read_state(target: Target, pointer: Pointer | None = None, *, listed: bool = True) -> State:
    """Everything the target says about itself; without ``listed``, what lies there is left out."""
    pointer = target.read_pointer()[0] if pointer is None else pointer
    names = dict.fromkeys((*(span.release for span in pointer.spans), pointer.live, *pointer.unfinished))
    return State(pointer, target.read_manifests(name for name in names if name), target.inventory() if listed else {})


def make_plan(manifest: Manifest, state: State, *, stores_headers: bool = True) -> Plan:
    """Compares a release with the state of a target. Pure.

    A path that an interrupted run may have written is sent again unless every release involved agrees on it.
    """
    uploads, unchanged, foreign = [], 0, []
    known = {}
    for other in state.manifests.values():
        for path, file in other.files.items():
            known.setdefault(path, []).append(file)
    for path, file in sorted(manifest.files.items()):
        there = state.inventory.get(path)
        if there is not None and path not in known:
            foreign.append(path)
        reason = _reason(file, path, state, known, there, stores_headers)
        if reason:
            uploads.append(Upload(file, reason, replaces=there is not None))
        else:
            unchanged += 1
    live = state.live
    gone = [file for path, file in (live.files if live else {}).items() if path not in manifest.files]
    withdrawn = sorted((file for file in gone if not file.immutable and not file.encoding), key=lambda file: file.path)
    return Plan(manifest, tuple(uploads), unchanged, tuple(withdrawn), tuple(foreign))


def _reason(
    file: File, path: str, state: State, known: dict[str, list[File]], there: int | None, stores_headers: bool
) -> str:
    """Why a file must be sent; empty when it need not be."""
    before = [other.files[path] for other in state.before if path in other.files]
    # An asset is its name: wherever it was recorded, it has this content. Anything else is known only where every
    # release that readers may be getting agrees.
    candidates = known.get(path, []) if file.immutable else before
    if not candidates or (not file.immutable and len(before) < len(state.before)):
        return "new"
    if any(not file.same_bytes(other) for other in candidates):
        return "changed"
    if there is None or there != file.size:
        return "missing"
    if stores_headers and any(not file.same_headers(other) for other in before or candidates[-1:]):
        return "headers"
    return ""


def changed_immutable(plan: Plan, manifests: Iterable[Manifest]) -> list[str]:
    """Paths of assets whose content differs from what the same path held before: the hash in the name lies."""
    seen: dict[str, str] = {}
    for manifest in manifests:
        seen |= {path: file.sha256 for path, file in manifest.files.items() if file.immutable}
    files = plan.manifest.files.values()
    return [file.path for file in files if file.immutable and seen.get(file.path, file.sha256) != file.sha256]
