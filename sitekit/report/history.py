"""How the reading level went over time, from the history of the project in Git. Bounded in commits, bytes and seconds."""

from __future__ import annotations

import datetime
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sitekit.source import plaintext
from sitekit.source.limits import MAX_DOCUMENT_BYTES, check_limits
from sitekit.source.readability import measure_page

SECONDS = 20.0
MOST_FILES = 20_000
GIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """The articles as one commit left them: how many, and the median and the highest adjusted grade."""

    commit: str
    when: datetime.datetime
    articles: int
    median: float
    highest: float


def readability_history(
    root: Path, folder: str, commits: int, clock: Callable[[], float] = time.monotonic
) -> list[Moment]:
    """The last ``commits`` commits that touched articles below ``folder``, oldest first.

    Empty where there is no Git or no history. What cannot be measured within a set time is left out from the oldest end.
    """
    until = clock() + SECONDS
    found: list[Moment] = []
    log = _git(root, "log", f"-{commits}", "--format=%H %cI", "--", folder)
    for line in (log or b"").decode("ascii", "replace").splitlines():
        commit, _, when = line.partition(" ")
        grades = sorted(filter(None, (_grade(root, blob) for blob in _blobs(root, commit, folder))))
        if clock() > until:
            break
        if grades:
            middle = grades[len(grades) // 2]
            moment = datetime.datetime.fromisoformat(when)
            found.append(Moment(commit[:9], moment, len(grades), middle, grades[-1]))
    return found[::-1]


def _blobs(root: Path, commit: str, folder: str) -> Iterator[str]:
    """The blob of each article in a commit."""
    listing = _git(root, "ls-tree", "-r", "-l", commit, "--", folder) or b""
    for number, line in enumerate(listing.splitlines()):
        about, _, path = line.partition(b"\t")
        parts = about.split()
        if (
            number < MOST_FILES
            and path.endswith(b".md")
            and parts[1] == b"blob"
            and int(parts[3]) <= MAX_DOCUMENT_BYTES
        ):
            yield parts[2].decode()


@lru_cache(maxsize=MOST_FILES)  # most files are the same in most commits
def _grade(root: Path, blob: str) -> float | None:
    """The adjusted grade of one version of a file; nothing for one that could not be read or holds no words."""
    text = (_git(root, "cat-file", "blob", blob) or b"").decode("utf-8", "replace").replace("\r\n", "\n")
    if check_limits("", text):
        return None
    page = measure_page(plaintext.read(text)).page
    return page.grade_adjusted if page.words else None


def _git(root: Path, *arguments: str) -> bytes | None:
    """What a Git command prints, or nothing when it fails, hangs, or Git is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, timeout=GIT_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
