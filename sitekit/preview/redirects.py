"""The redirects that the CDN will make, read from content/data/redirects.yaml whenever that file changes."""

from __future__ import annotations

from pathlib import Path

from sitekit.outputs import Stamp, stamp
from sitekit.publish.rules import Redirect
from sitekit.source.yamlfile import read_records

_STATUSES = (301, 302, 307, 308)


class Redirects:
    """The redirects of one file, which need not exist. An entry that cannot be used is left out: the checks report it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: Stamp | None = None
        self._known: dict[str, Redirect] = {}

    def get(self, path: str) -> Redirect | None:
        """The redirect from a root-relative path."""
        found = stamp(self._file)
        if found != self._stamp:
            self._known = self._read() if found else {}
            self._stamp = found
        return self._known.get(path)

    def _read(self) -> dict[str, Redirect]:
        known = {}
        for record in read_records(self._file, self._file.name)[0]:
            source, target, status = record.get("from"), record.get("to"), record.get("status", 301)
            if isinstance(source, str) and _is_target(target) and status in _STATUSES:
                known[source] = Redirect(source, target, status)
        return known


def _is_target(target: object) -> bool:
    """Only places that the publisher would accept: root-relative, or on another site over TLS."""
    if not isinstance(target, str) or any(character in target for character in "\r\n \\"):
        return False
    return target.startswith("https://") or (target.startswith("/") and not target.startswith("//"))
