"""The redirects that the CDN will make, read from content/data/redirects.yaml whenever that file changes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from sitekit.links.ledger import read_redirects
from sitekit.links.ledger.render import final_targets
from sitekit.source.text import read_text
from sitekit.stamps import Stamp, stamp


class Redirects:
    """The redirects of one file, which need not exist. An entry that cannot be used is left out: the checks report it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: Stamp | None = None
        self._known: dict[str, str] = {}

    def get(self, path: str) -> str:
        """Where a root-relative path, percent-decoded, leads at last; empty when it is not redirected."""
        found = stamp(self._file)
        if found != self._stamp:
            self._known = self._read() if found else {}
            self._stamp = found
        return self._known.get(path, "")

    def _read(self) -> dict[str, str]:
        text, _ = read_text(self._file, self._file.name)
        moved = final_targets(read_redirects(text)[0])
        return {unquote(source): target for source, target in moved.items() if _is_safe(target)}


def _is_safe(target: str) -> bool:
    """Only places that the publisher would accept: root-relative, or on another site over TLS."""
    if any(character in target for character in "\r\n \\"):
        return False
    return target.startswith("https://") or (target.startswith("/") and not target.startswith("//"))
