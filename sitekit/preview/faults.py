"""Exceptions of templates, settings and code as problems with a place, so that they are shown like every other mistake."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from sitekit.problems import Problem, format_text

_HINT = "This is the last place in the project that the build came through. Correct it there, or what it was given."
_SYNTAX_HINT = "Correct the text there."


def located(error: BaseException, root: Path) -> str:
    """``error`` the way problems are printed, at the innermost place inside ``root`` that it came through.

    Python's and Jinja's syntax errors name their own place; Jinja puts the lines of templates into tracebacks itself.
    """
    code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", type(error).__name__).lower()
    message = " ".join(str(getattr(error, "msg", None) or error).split()) or type(error).__name__
    own = _inside(str(getattr(error, "filename", None) or ""), root)
    line = getattr(error, "lineno", None)
    if own and isinstance(line, int):
        column = getattr(error, "offset", None)
        return format_text([Problem(own, line, column if isinstance(column, int) else 1, code, message, _SYNTAX_HINT)])
    named, _, said = message.partition(": ")
    if path := _inside(named, root):  # such as a stylesheet that does not parse
        return format_text([Problem(path, 0, 0, code, said, _SYNTAX_HINT)])
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if path := _inside(frame.filename, root):
            return format_text([Problem(path, frame.lineno or 0, 1, code, message, _HINT)])
    return format_text([Problem("pelicanconf.py", 0, 0, code, message, _HINT)])


def _inside(filename: str, root: Path) -> str:
    """The path of a file of the project below ``root``; empty for libraries and for what is no file."""
    try:
        path = Path(filename).resolve()
        if not filename or not path.is_file() or not path.is_relative_to(root.resolve()):
            return ""
    except (OSError, ValueError):  # a message that is no path at all
        return ""
    relative = path.relative_to(root.resolve())
    return "" if relative.parts[0].startswith(".") else relative.as_posix()
