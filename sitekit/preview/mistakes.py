"""What a failed build printed, as records that the overlay shows: with the lines around and a link into the editor."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from string import Formatter
from urllib.parse import quote, urlsplit

VSCODE = "vscode://file/{abs}:{line}:{column}"
MOST = 50
"""Nobody mends more than this before looking again; the terminal and ``invoke check`` show all."""

MORE = "more-mistakes"
"""The code of the last record when there are more than that."""

_AROUND = 2
_LONGEST_LINE = 400
_MOST_BYTES = 2_000_000
_TEXTS = ("content/articles/", "content/pages/")
_PROBLEM = re.compile(r"([^\s:][^:]*):(\d+):(\d+): (warning: )?([a-z][a-z0-9-]*): (.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source: its number, its text (cut if it is very long), and where in it the mistake begins, or -1."""

    number: int
    text: str
    mark: int = -1


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem as the overlay shows it. ``editor`` opens the source at the place; it is empty for what is no source."""

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    excerpt: tuple[Line, ...] = ()
    editor: str = ""

    def as_dict(self) -> dict[str, object]:
        """The record as plain JSON-ready data."""
        return asdict(self)


class EditorLinks:
    """Makes links that open a source file.

    ``template`` holds ``{abs}``, the absolute path without the slash it begins with, and may hold ``{line}`` and ``{column}``.
    """

    def __init__(self, root: Path, template: str = VSCODE) -> None:
        self.root, self.template = root.resolve(), template
        names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        if "abs" not in names or names - {"abs", "line", "column"} or urlsplit(template).scheme in ("", "javascript"):
            raise ValueError(f"EDITOR_URL cannot be used: {template}. Write for example {VSCODE}")

    @classmethod
    def from_environment(cls, root: Path, environ: Mapping[str, str] = os.environ) -> EditorLinks:
        """With the template in ``EDITOR_URL``, or that of VS Code. Raises ValueError for one that cannot be used."""
        return cls(root, environ.get("EDITOR_URL") or VSCODE)

    def url(self, path: str, line: int = 1, column: int = 1) -> str:
        """The link to a place in a file of the project, or nothing when there is no such file."""
        file = self.file(path)
        if file is None:
            return ""
        place = quote(file.as_posix(), safe="/:").removeprefix("/")
        return self.template.format(abs=place, line=max(line, 1), column=max(column, 1))

    def file(self, path: str) -> Path | None:
        """The file of the project behind a path, never one outside of it."""
        try:
            file = (self.root / path).resolve()
            return file if file.is_file() and file.is_relative_to(self.root) else None
        except (OSError, ValueError):
            return None


def read_mistakes(text: str, links: EditorLinks) -> list[Mistake]:
    """The problems in the output of a failed build. Output that names none is one mistake by itself, so none is ever silent.

    What is wrong with data, templates or code comes before what is wrong with texts, because one broken data file makes every
    text that uses it wrong, and mending the texts would be in vain.
    """
    found: list[Mistake] = []
    hinted = False
    for line in text.splitlines():
        match = _PROBLEM.fullmatch(line)
        if match:
            path, number, column, warning, code, message = match.groups()
            hinted = not warning
            if hinted:
                found.append(Mistake(path, int(number), int(column), code, message))
        elif hinted and found and line.startswith("    "):
            found[-1] = replace(found[-1], hint=f"{found[-1].hint} {line.strip()}".strip())
        else:
            hinted = False
    if not found:
        last = "\n".join(text.strip().splitlines()[-20:]) or "The build failed and said nothing."
        return [Mistake("", 0, 0, "build-failed", last, "See the terminal for all that the build said.")]
    found.sort(key=lambda one: one.path.startswith(_TEXTS))
    shown = [_placed(one, links) for one in found[:MOST]]
    if left := len(found) - len(shown):
        hint = "Mend the first ones first, they may be the reason for the others. The terminal shows all."
        shown.append(Mistake("", 0, 0, MORE, f"And {left:,} more.", hint))
    return shown


def _placed(mistake: Mistake, links: EditorLinks) -> Mistake:
    file = links.file(mistake.path)
    if file is None:
        return mistake
    editor = links.url(mistake.path, mistake.line, mistake.column)
    return replace(mistake, editor=editor, excerpt=excerpt(file, mistake.line, mistake.column))


def excerpt(file: Path, line: int, column: int) -> tuple[Line, ...]:
    """The lines around a place, or none when the mistake is about the file as a whole or it cannot be read."""
    try:
        with file.open("rb") as stream:
            lines = stream.read(_MOST_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    if not 1 <= line <= len(lines):
        return ()
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    return tuple(_line(number, lines[number - 1], column if number == line else 0) for number in range(first, last + 1))


def _line(number: int, text: str, column: int) -> Line:
    mark = min(column - 1, len(text)) if column else -1
    if len(text) <= _LONGEST_LINE:
        return Line(number, text, mark)
    start = max(0, min(mark - _LONGEST_LINE // 4, len(text) - _LONGEST_LINE))
    before, after = "…" if start else "", "…" if start + _LONGEST_LINE < len(text) else ""
    cut = f"{before}{text[start : start + _LONGEST_LINE]}{after}"
    return Line(number, cut, mark - start + len(before) if mark >= 0 else -1)
