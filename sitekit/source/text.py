"""Reading source files: bytes in, text out, and a located problem for every byte that does not belong."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from sitekit.problems import Problem

MAX_BYTES = 2_000_000
"""No article is this long; a larger file is a mistake (a pasted image, a log) and would only slow every build."""

MAX_LINE = 10_000
"""A line longer than this is data, not prose."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that change how text reads without being seen."""
_ASCII_CONTROL = bytes(code for code in range(128) if CONTROL.match(chr(code)))


def read_text(file: Path, path: str, most: int = MAX_BYTES) -> tuple[str, list[Problem]]:
    """Read one UTF-8 source file.

    Returns the text with ``\\n`` line ends, and the problems found: bytes that are not UTF-8, control and bidirectional
    override characters (they can make text read differently from what it says), over-long files and lines. A file that
    cannot be read at all gives an empty text and one problem. ``path`` is how problems name the file, ``most`` the bytes it may
    have.
    """
    try:
        if file.stat().st_size > most:
            return "", [Problem(path, 0, 0, "file-too-large", f"The file is larger than {most:,} bytes.", "Split it.")]
        data = file.read_bytes()
    except OSError as error:
        return "", [
            Problem(path, 0, 0, "unreadable", f"The file cannot be read: {error.strerror}.", "Check it exists.")
        ]
    problems: list[Problem] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = _with_plain_line_ends(error.object[: error.start].decode())
        line, column = position(before, len(before))
        hint = "Save the file as UTF-8."
        problems.append(Problem(path, line, column, "not-utf-8", "The file holds a byte that is not UTF-8.", hint))
        text = data.decode("utf-8-sig", "replace")
    text = _with_plain_line_ends(text)
    # Taking bytes out is several times faster than looking for them.
    suspect = len(data.translate(None, _ASCII_CONTROL)) < len(data) or (not text.isascii() and CONTROL.search(text))
    long = len(text) > MAX_LINE and max(map(len, text.split("\n"))) > MAX_LINE
    for number, line_text in enumerate(text.split("\n") if suspect or long else (), 1):
        if len(line_text) > MAX_LINE:
            hint = "Break it into paragraphs."
            message = f"The line is longer than {MAX_LINE:,} characters."
            problems.append(Problem(path, number, MAX_LINE + 1, "line-too-long", message, hint))
        match = CONTROL.search(line_text)
        if match:
            name = unicodedata.name(match.group(), f"U+{ord(match.group()):04X}")
            message = f"The line holds an invisible control character ({name})."
            problems.append(Problem(path, number, match.start() + 1, "control-character", message, "Delete it."))
    return text, problems


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character offset in ``text``."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
