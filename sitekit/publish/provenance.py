"""Where a build comes from, as git tells it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sitekit.publish.errors import PublishError
from sitekit.publish.manifest import Source


def read_source(project: Path) -> Source:
    """The commit of a checkout, its time, and tracked or untracked files that it does not hold.

    Raises ``PublishError`` when ``project`` is no git checkout with a commit: such a release could not be built again.
    """
    commit, time = _git(project, "log", "-1", "--format=%H %ct").split()
    changed = _git(project, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    return Source(commit, int(time), tuple(sorted(entry[3:] for entry in changed.split("\0") if entry)))


def _git(project: Path, *arguments: str) -> str:
    command = ["git", "-C", str(project), *arguments]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        message = f"git cannot tell which commit this is: {detail.strip().splitlines()[0] if detail else error}"
        raise PublishError(message, "Publish from a git checkout that has a commit.") from None
