"""Lines of the files that findings point at, for printers that show them."""

from __future__ import annotations

from pathlib import Path

from ..model import Finding

_MAX_FILE = 5_000_000
_MAX_LINE = 160


class Excerpts:
    """``site_dir`` holds the pages, ``root`` the sources. Files are read once, when asked for."""

    def __init__(self, site_dir: Path, root: Path | None = None) -> None:
        self.site_dir = site_dir
        self.root = root
        self._lines: dict[Path, list[str]] = {}

    def excerpt(self, finding: Finding) -> tuple[str, int]:
        """The line a finding is on, shortened around its column, and where in the excerpt that column is (from 0)."""
        if finding.source_line and self.root is not None:
            file, line, column = self.root / finding.source, finding.source_line, finding.source_column
        else:
            file, line, column = self.site_dir / finding.page, finding.line, finding.column
        if not line:
            return "", 0
        lines = self._read(file, finding)
        if line > len(lines):
            return "", 0
        text, at = lines[line - 1].replace("\t", " "), max(column - 1, 0)
        if len(text) <= _MAX_LINE:
            return text, at
        start = max(0, at - _MAX_LINE // 2)
        return text[start : start + _MAX_LINE], at - start

    def _read(self, file: Path, finding: Finding) -> list[str]:
        if file not in self._lines:
            try:
                data = file.read_bytes() if file.stat().st_size <= _MAX_FILE else b""
            except OSError:
                data = b""
            from ..positions import Places  # loads every reader, which a run without findings does without

            places = Places(file.name, data)
            self._lines[file] = [places.line(number) for number in range(1, places.line_count + 1)]
        return self._lines[file]
