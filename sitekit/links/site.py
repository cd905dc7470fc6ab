"""The folder as a static server sees it: exact names, ``index.html`` for folders, symbolic links followed but never for ever."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from .whatwg_url import Url, parse

INDEX = "index.html"
_MAX_FILES = 5_000_000
_MAX_ALIAS_STEPS = 40  # what operating systems allow before they say ELOOP


class UsageError(ValueError):
    """The checker was called with something it cannot work on."""


def file_id(path: str) -> int:
    """A stable 63-bit name for a path: the same in every process and every run."""
    return int.from_bytes(blake2b(os.fsencode(path), digest_size=8).digest(), "big") >> 1


class Site:
    """``files`` holds each file below the root in order, with forward slashes, and its id (see ``file_id``). ``aliases`` maps
    symbolic links to folders."""

    def __init__(self, root: Path, base: Url) -> None:
        self.root = root
        self.base = base
        self.prefix = base.decoded_path()[:-1]
        self.files: dict[str, int] = {}
        self.folders: set[str] = set()
        self.aliases: dict[str, str] = {}

    def find(self, segments: tuple[str, ...]) -> str | None:
        """The file that a server answers with for a decoded path, or None. ``segments`` are below the deployment prefix."""
        trailing = segments[-1] == "" if segments else True
        if "" in segments:
            segments = tuple(segment for segment in segments if segment)
        for segment in segments:
            if "/" in segment or "\0" in segment:
                return None
        return self._find("/".join(segments), trailing)

    def _find(self, name: str, trailing: bool) -> str | None:
        for _ in range(_MAX_ALIAS_STEPS):
            if not trailing and name in self.files:
                return name
            index = f"{name}/{INDEX}" if name else INDEX
            if index in self.files:
                return index
            alias = self._alias(name)
            if alias is None:
                return None
            name = alias
        return None

    def _alias(self, name: str) -> str | None:
        """The same path with one symbolic link to a folder replaced by the folder."""
        if not self.aliases:
            return None
        end = len(name)
        while end > 0:
            target = self.aliases.get(name[:end])
            if target is not None:
                rest = name[end:].lstrip("/")
                return f"{target}/{rest}" if target and rest else target or rest
            end = name.rfind("/", 0, end)
        return None

    def url_of(self, path: str) -> Url:
        """The address at which a file is served."""
        from urllib.parse import quote_from_bytes

        segments = tuple(quote_from_bytes(os.fsencode(segment), safe="~!$&'()*+,;=:@") for segment in path.split("/"))
        return Url(self.base.scheme, self.base.host, self.base.port, (*self.base.segments[:-1], *segments))


def read_site(root: Path, base_url: str) -> Site:
    """List a site folder. Raises UsageError for a folder or a base URL that cannot be used."""
    base = parse(base_url)
    if base is None or base.scheme not in ("http", "https"):
        raise UsageError(f"The base URL must be an absolute http or https URL, not {base_url!r}.")
    if not root.is_dir():
        raise UsageError(f"There is no folder {str(root)!r}.")
    segments = base.segments if base.segments[-1:] == ("",) else (*base.segments, "")
    base = Url(base.scheme, base.host, base.port, segments)
    site = Site(root, base)
    _walk(site)
    return site


def _walk(site: Site) -> None:
    """List files and folders without asking the system about each file. A folder behind a link is read once, or never when it
    lies inside the site and has a place of its own."""
    top = os.path.realpath(site.root)
    pending = [("", top)]
    outside: dict[str, str] = {}
    files: list[str] = []
    while pending:
        folder, real = pending.pop()
        prefix = f"{folder}/" if folder else ""
        try:
            entries = list(os.scandir(real))
        except OSError:
            continue
        for entry in entries:
            path = prefix + entry.name
            if entry.is_file(follow_symlinks=False):
                files.append(path)
            elif entry.is_dir(follow_symlinks=False):
                site.folders.add(path)
                pending.append((path, entry.path))
            elif entry.is_symlink():
                target = os.path.realpath(entry.path)
                if os.path.isfile(target):
                    files.append(path)
                elif not os.path.isdir(target):
                    continue
                elif target == top or target.startswith(top + os.sep):
                    site.aliases[path] = target[len(top) + 1 :].replace(os.sep, "/")
                elif target in outside:
                    site.aliases[path] = outside[target]
                elif not top.startswith(target.rstrip(os.sep) + os.sep):
                    outside[target] = path
                    site.folders.add(path)
                    pending.append((path, target))
        if len(files) > _MAX_FILES:
            raise UsageError(f"More than {_MAX_FILES:,} files below {str(site.root)!r}.")
    files.sort()
    site.files = {path: file_id(path) for path in files}
