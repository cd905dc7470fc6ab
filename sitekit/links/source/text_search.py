"""Where a URL stands in templates and data files: found by its own words, since a template builds URLs from parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_BEFORE = "\"'/=({ \t\n}>,:["
_AFTER = "\"'/#?)} \t\r\n<>{,]&;"
_SHORTEST = 3
_MAX_FILE = 2_000_000


class TextSearch:
    """Text files by their path relative to the project; read once, when first needed."""

    def __init__(self, root: Path, files: Iterable[Path]) -> None:
        self._root = root
        self._files = sorted(set(files))
        self._texts: dict[str, str] | None = None

    def find(self, url: str, first: str = "") -> tuple[str, int, int] | None:
        """Path, line and column of the longest part of ``url`` that some file holds; ``first`` is looked into before all others."""
        texts = self._read()
        paths = [first, *(path for path in texts if path != first)] if first in texts else list(texts)
        for needle in _needles(url):
            for path in paths:
                offset = _search(texts[path], needle)
                if offset != -1:
                    line = texts[path].count("\n", 0, offset) + 1
                    return path, line, offset - texts[path].rfind("\n", 0, offset)
        return None

    def line(self, path: str, number: int) -> str:
        """One line of a file, for an excerpt; empty where there is none."""
        lines = self._read().get(path, "").splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _read(self) -> dict[str, str]:
        if self._texts is None:
            self._texts = {}
            for file in self._files:
                try:
                    if file.stat().st_size <= _MAX_FILE:
                        name = file.relative_to(self._root).as_posix()
                        self._texts[name] = file.read_text(encoding="utf-8", errors="replace")
                except (OSError, ValueError):
                    continue
        return self._texts


def _needles(url: str) -> Iterable[str]:
    """The URL, then its ends: a template holds the end of a URL as it is, and the beginning as a variable."""
    yield url
    path = re.sub(r"^[a-z][a-z0-9+.-]*:/*[^/]*", "", url, flags=re.IGNORECASE)
    parts = path.split("/")
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        if len(tail.strip("/#")) >= _SHORTEST:
            yield from (needle for needle in (f"/{tail}", tail, tail.rstrip("/")) if needle != url)


def _search(text: str, needle: str) -> int:
    if not needle:
        return -1
    offset = text.find(needle)
    while offset != -1:
        before = text[offset - 1 : offset] or " "
        after = text[offset + len(needle) : offset + len(needle) + 1] or " "
        if (before in _BEFORE or needle[0] in "/#") and (after in _AFTER or needle[-1] == "/"):
            return offset
        offset = text.find(needle, offset + 1)
    return -1
