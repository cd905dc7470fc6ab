"""Ctrl-C ends a command with one line, whatever the command was doing, and be it loading its own code."""

from __future__ import annotations

import sys
from types import TracebackType

STOPPED = "Stopped. The sources are whole: either as they were or all changed."
STATUS = 130
"""What shells report for a command that Ctrl-C ended."""


def say_when_stopped(words: str = STOPPED) -> None:
    """Print ``words`` instead of a traceback when Ctrl-C ends ``python -m``.

    To be called by the package of the command, which Python loads before the command itself. A package that anything else imports
    changes nothing: only while Python looks for the module to run does "-m" stand for its name.
    """
    if sys.argv[:1] != ["-m"]:
        return

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            print(f"\n{words}", file=sys.stderr)
        else:
            sys.__excepthook__(kind, error, trace)

    sys.excepthook = hook
