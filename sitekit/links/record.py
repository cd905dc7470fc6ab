"""What one file contributes to the whole site, in a form that is small to keep, to send and to store."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .model import Finding

if TYPE_CHECKING:
    from .suggest import Suggestion

SEPARATOR = "\0"

# Anchors that some link wants and no page has, by file id and fragment, with what was probably meant.
Missing = dict[tuple[int, str], "Suggestion | None"]


class FileRecord:
    """``navigates_to`` holds the files a reader can go to from here, ``uses`` the others that this one needs.

    ``anchors`` and ``wanted_fragments`` are NUL-separated; ``content`` is the hash of the bytes judged, where one was asked for.
    """

    __slots__ = (
        *("path", "id", "kind", "links", "fragment_links", "navigates_to", "uses", "wanted_ids", "refreshes_to"),
        *("manifests", "anchors_known", "has_failures", "content", "anchors", "wanted_fragments", "findings"),
    )

    path: str
    id: int
    kind: str
    links: int
    fragment_links: int
    navigates_to: array
    uses: array
    wanted_ids: array
    refreshes_to: int
    manifests: tuple[str, ...]
    anchors_known: bool
    has_failures: bool
    content: bytes
    anchors: str
    wanted_fragments: str
    findings: list[Finding]

    def __init__(self, path: str, identity: int, kind: str, findings: list[Finding] | None = None) -> None:
        self.path = path
        self.id = identity
        self.kind = kind
        self.links = self.fragment_links = self.refreshes_to = 0
        self.navigates_to = self.uses = self.wanted_ids = array("q")
        self.manifests = ()
        self.anchors_known = True
        self.has_failures = False
        self.content = b""
        self.anchors = self.wanted_fragments = ""
        self.findings = [] if findings is None else findings

    def wanted(self) -> list[tuple[int, str]]:
        """Pairs of file id and fragment that this file's links need to exist."""
        return (
            list(zip(self.wanted_ids, self.wanted_fragments.split(SEPARATOR), strict=True)) if self.wanted_ids else []
        )


def packed_records(records: Iterable[FileRecord]) -> list[tuple]:
    """Records as plain data for ``marshal``, to be sent from one process to another."""
    return [
        (
            *graph_of(record),
            record.content,
            record.anchors,
            record.wanted_fragments,
            [tuple(finding) for finding in record.findings],
        )
        for record in records
    ]


def unpacked_records(packed: Iterable[tuple]) -> list[FileRecord]:
    """The records that ``packed_records`` packed."""
    records = []
    for *graph, content, anchors, wanted_fragments, findings in packed:
        record = FileRecord.__new__(FileRecord)
        fill_graph(record, graph)
        record.content = content
        record.anchors = anchors
        record.wanted_fragments = wanted_fragments
        record.findings = [Finding(*fields) for fields in findings]
        records.append(record)
    return records


def graph_of(record: FileRecord) -> tuple:
    """What a record says about where it leads, as plain data."""
    return (
        record.path,
        record.id,
        record.kind,
        record.links,
        record.fragment_links,
        record.navigates_to.tobytes(),
        record.uses.tobytes(),
        record.wanted_ids.tobytes(),
        record.refreshes_to,
        record.manifests,
        record.anchors_known,
        record.has_failures,
    )


def fill_graph(record: FileRecord, graph: Sequence) -> None:
    """Put what ``graph_of`` gave into a record."""
    (
        record.path,
        record.id,
        record.kind,
        record.links,
        record.fragment_links,
        navigates_to,
        uses,
        wanted_ids,
        record.refreshes_to,
        record.manifests,
        record.anchors_known,
        record.has_failures,
    ) = graph
    record.navigates_to = array("q", navigates_to)
    record.uses = array("q", uses)
    record.wanted_ids = array("q", wanted_ids)
