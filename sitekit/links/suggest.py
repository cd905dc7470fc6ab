"""“Did you mean”: what a dead link was probably meant to reach, and whether that is certain enough to apply.

A difference in letter case, Unicode form, encoding, slash or extension has one answer. A similar name is only a guess.
"""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple
from urllib.parse import quote, unquote

from .site import INDEX, Site

_MAX_GUESSES = 300  # comparing names is slow; a site with more dead targets has one cause for most of them
_MAX_CANDIDATES = 20_000


class Suggestion(NamedTuple):
    """``path`` is a served path below the site; ``certain`` says that only one target comes into question."""

    path: str
    code: str = ""
    why: str = ""
    certain: bool = False


class Suggester:
    """Knows the names of one site. Its tables are made when the first link fails."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._guesses_left = _MAX_GUESSES
        self._tables: tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]] | None = None

    def path(self, segments: tuple[str, ...]) -> Suggestion | None:
        """The target meant by a decoded path that reaches nothing."""
        name = "/".join(segment for segment in segments if segment)
        if not name:
            return None
        return self._same_but(name) or self._other_ending(name) or self._moved(name) or self._similar(name)

    @staticmethod
    def certain(path: str) -> Suggestion:
        """A target that is meant beyond doubt."""
        return Suggestion(path, certain=True)

    def _lookup(self) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
        if self._tables is None:
            folded: dict[str, list[str]] = defaultdict(list)
            normal: dict[str, list[str]] = defaultdict(list)
            by_name: dict[str, list[str]] = defaultdict(list)
            for file in self._site.files:
                served = _served(file)
                if not served:
                    continue
                for form in {served, file}:
                    folded[_fold(form)].append(served)
                    normal[unicodedata.normalize("NFC", form)].append(served)
                by_name[_stem(served)].append(served)
            self._tables = folded, normal, by_name
        return self._tables

    def _same_but(self, name: str) -> Suggestion | None:
        folded, normal, _ = self._lookup()
        found = _only(normal.get(unicodedata.normalize("NFC", name)))
        if found:
            why = "The name is the same to the eye but written in another Unicode form."
            return Suggestion(found, "wrong-unicode-form", why, True)
        found = _only(folded.get(_fold(name)))
        if found:
            return Suggestion(found, "wrong-case", "Only upper and lower case differ; servers tell them apart.", True)
        for other in (unquote(name), name.replace("+", " "), unquote(name.replace("+", " "))):
            if other != name and (found := self._served(other)):
                why = "The name is encoded twice, or with + for a space, which means a plus in a path."
                return Suggestion(found, "wrong-encoding", why, True)
        return None

    def _served(self, name: str) -> str | None:
        if name in self._site.files:
            return _served(name)
        return f"{name}/" if f"{name}/{INDEX}" in self._site.files else None

    def _other_ending(self, name: str) -> Suggestion | None:
        stem, extension = posixpath.splitext(name)
        candidates = (
            [f"{name}.html", f"{stem}.html", stem, f"{stem}.htm"] if extension else [f"{name}.html", f"{name}.htm"]
        )
        if posixpath.basename(stem) == "index":
            candidates.append(posixpath.dirname(stem))
        found = {served for candidate in candidates if (served := self._served(candidate))}
        return Suggestion(found.pop(), "", "Only the extension differs.", True) if len(found) == 1 else None

    def _moved(self, name: str) -> Suggestion | None:
        _, _, by_name = self._lookup()
        found = [path for path in by_name.get(_stem(name), ()) if _extension(path) == _extension(name)]
        if len(found) == 1:
            return Suggestion(found[0], "", "A file of that name exists in another folder.", True)
        return None

    def _similar(self, name: str) -> Suggestion | None:
        if self._guesses_left == 0 or len(name) > 200:
            return None
        self._guesses_left -= 1
        _, _, by_name = self._lookup()
        stems = [stem for stem in by_name if abs(len(stem) - len(_stem(name))) <= 4][:_MAX_CANDIDATES]
        close = get_close_matches(_stem(name), stems, n=1, cutoff=0.75)
        if not close:
            return None
        folder = posixpath.dirname(name)
        paths = sorted(by_name[close[0]], key=lambda path: (posixpath.dirname(path.rstrip("/")) != folder, path))
        return Suggestion(paths[0], "", "The name is similar.")


def anchor(fragment: str, anchors: Iterable[str]) -> Suggestion | None:
    """The id meant by a fragment that does not exist."""
    anchors = list(anchors)
    wanted = unquote(fragment)
    for form, why in ((str.casefold, "Only upper and lower case differ."), (_slug, "Only punctuation differs.")):
        found = {value for value in anchors if form(value) == form(wanted)}
        if len(found) == 1:
            return Suggestion(found.pop(), "", why, True)
    close = get_close_matches(wanted, anchors[:2000], n=1, cutoff=0.7) if len(wanted) < 200 else []
    return Suggestion(close[0], "", "The name is similar.") if close else None


def spelled(suggested: str, authored: str, page: str, prefix: str) -> str:
    """A served path in the style of the authored URL: absolute, from the root, or relative to ``page``."""
    target = quote(os.fsencode(suggested), safe="/~!$&'()*+,;=:@")
    if authored.startswith(("http:", "https:", "//")):
        origin = "/".join(authored.split("/")[:3])
        return f"{origin}{prefix}/{target}"
    if authored.startswith(("/", "\\")):
        return f"{prefix}/{target}"
    relative = posixpath.relpath("/" + suggested, "/" + posixpath.dirname(page))
    relative = quote(os.fsencode(relative), safe="/~!$&'()*+,;=@")
    return relative + "/" if suggested.endswith("/") and not relative.endswith("/") else relative


def _served(file: str) -> str:
    """The path people link to: the folder where the file is its index."""
    return file[: -len(INDEX)] if file == INDEX or file.endswith("/" + INDEX) else file


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path.rstrip("/")))[0].casefold()


def _extension(path: str) -> str:
    extension = posixpath.splitext(path.rstrip("/"))[1].lower()
    return "" if extension in (".html", ".htm") else extension


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().rstrip("/")


def _slug(value: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", value.casefold()) if char.isalnum())


def _only(found: list[str] | None) -> str | None:
    unique = set(found or ())
    return unique.pop() if len(unique) == 1 else None
