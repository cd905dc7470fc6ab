"""A folder becomes the files of a release, and every reason why it must not is collected.

The folder is read once. Bytes of small files are not kept: 1,500 pages are read again when they are sent, which the page
cache makes cheaper than holding them.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sitekit.problems import Problem
from sitekit.publish.encode import SUFFIXES, VariantCache
from sitekit.publish.manifest import RESERVED, File
from sitekit.publish.rules import Rules

#: The longest key that S3, Google and Azure all accept, in bytes of UTF-8.
LONGEST_PATH = 1024

_CHUNK = 1 << 20


class Folder:
    """A built site on disk: its files, their variants, and their bytes on request."""

    def __init__(
        self,
        root: Path,
        rules: Rules,
        variants: VariantCache,
        encodings: Callable[[str], tuple[str, ...]],
    ) -> None:
        """``encodings`` gives the content codings wanted for a class of files (``page``, ``asset``, …)."""
        self.root = root
        self.rules = rules
        self.variants = variants
        self.encodings = encodings
        self.files: dict[str, File] = {}
        self.problems: list[Problem] = []

    def scan(self, workers: int = 4) -> Folder:
        """Reads every file once; fills ``files`` and ``problems``. Returns itself."""
        names = list(self._walk())
        with ThreadPoolExecutor(workers) as pool:
            for found, problems in pool.map(self._read, names):
                self.problems += problems
                for file in found:
                    if file.path in self.files:
                        hint = "Two files claim one name: rename it, or leave compressing to the publisher."
                        self._report(file.path, "variant-clash", f"{file.path} is also a compressed variant", hint)
                    self.files[file.path] = file
        return self

    def open(self, file: File) -> bytes | Path:
        """The bytes of a scanned file: in memory for a variant, a path for anything that lies on disk as it is."""
        if not file.encoding:
            return self.root / file.path
        data = (self.root / file.base).read_bytes()
        return self.variants.get(hashlib.sha256(data).hexdigest(), file.encoding, data)

    def _walk(self) -> Iterator[str]:
        """Paths of all files, sorted; whatever cannot be published becomes a problem."""
        real_root = self.root.resolve()
        for folder, folders, names in os.walk(self.root):
            folders.sort()
            for name in sorted(folders):
                if (Path(folder) / name).is_symlink():
                    relative = (Path(folder) / name).relative_to(self.root).as_posix()
                    hint = "Put the files themselves there; a linked folder is not published."
                    self._report(relative, "linked-folder", "is a symbolic link to a folder", hint)
            below = Path(folder).relative_to(self.root).as_posix()
            for name in sorted(names):
                place = os.path.join(folder, name)
                path = name if below == "." else f"{below}/{name}"
                if os.path.islink(place) and not Path(place).resolve().is_relative_to(real_root):
                    hint = "Put the file itself there: what lies outside the site may be private."
                    self._report(path, "symlink-outside", "is a symbolic link that leaves the site", hint)
                elif not os.path.isfile(place):
                    self._report(path, "not-a-file", "is not a regular file", "Remove it, or mend the link.")
                elif self._name_is_fine(path):
                    yield path

    def _name_is_fine(self, path: str) -> bool:
        try:
            encoded = path.encode()
        except UnicodeEncodeError:
            printable = path.encode(errors="backslashreplace").decode()
            self._report(printable, "odd-name", "the name is not valid UTF-8", "Rename the file.")
            return False
        if any(unicodedata.category(character) == "Cc" for character in path) or "\\" in path:
            printable = path.encode("unicode_escape").decode()
            hint = "Rename it: such a name has no URL that every host and browser agrees on."
            self._report(printable, "odd-name", "the name has a control character or a backslash", hint)
        elif unicodedata.normalize("NFC", path) != path:
            hint = "Rename it with composed characters (NFC): links written either way look the same but do not match."
            self._report(path, "odd-name", "the name is not in Unicode normal form C", hint)
        elif len(encoded) > LONGEST_PATH - 3:
            self._report(path, "long-name", f"the path has {len(encoded)} bytes", "Use at most 1021 bytes.")
        elif path.startswith(RESERVED):
            hint = "Rename the folder: the publisher keeps its manifests there."
            self._report(path, "reserved-name", f"{RESERVED} belongs to the publisher", hint)
        else:
            return True
        return False

    def _read(self, path: str) -> tuple[list[File], list[Problem]]:
        """One file and its variants."""
        place = self.root / path
        media = self.rules.media_type(path)
        problems = []
        if media is None:
            hint = "Name its type in sitekit/publish/rules.toml, or readers will be offered a download."
            problems.append(
                self._problem(path, "unknown-type", "no media type is known for this name", hint, "warning")
            )
        kind = self.rules.classify(path)
        try:
            size = place.stat().st_size
            data = place.read_bytes() if media and media.compress else None
            sha256 = hashlib.sha256(data).hexdigest() if data is not None else _hash(place)
        except OSError as error:
            hint = "Mend its permissions, or build again."
            return [], [self._problem(path, "unreadable", f"cannot be read ({error.strerror})", hint)]
        if size == 0 and kind.name in ("page", "home"):
            hint = "Build again; a page without content would replace one that readers can read."
            problems.append(self._problem(path, "empty-page", "the page has 0 bytes", hint))
        type_ = media.type if media else "application/octet-stream"
        files = [File(path, sha256, size, type_, kind.cache, kind.name)]
        for encoding in self.encodings(kind.name) if data is not None else ():
            encoded = self.variants.get(sha256, encoding, data)
            digest = hashlib.sha256(encoded).hexdigest()
            name = path + SUFFIXES[encoding]
            files.append(File(name, digest, len(encoded), type_, kind.cache, kind.name, encoding, path))
        return files, problems

    def _problem(self, path: str, code: str, message: str, hint: str, severity: str = "error") -> Problem:
        return Problem(f"{self.root.name}/{path}", 0, 0, code, message, hint, severity)

    def _report(self, path: str, code: str, message: str, hint: str) -> None:
        self.problems.append(self._problem(path, code, message, hint))


def _hash(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
