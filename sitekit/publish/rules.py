"""Reads rules.toml: which class a file belongs to, its type and cache rule, and the headers of every response."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEFAULT = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class FileClass:
    """A class of files; see rules.toml."""

    name: str
    match: re.Pattern[str]
    cache: str


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type, and whether a compressed variant is worth making."""

    type: str
    compress: bool


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirect: root-relative paths, and 301 (moved) or 302 (for now)."""

    source: str
    target: str
    status: int = 301


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, as read from one file."""

    classes: tuple[FileClass, ...]
    types: dict[str, MediaType]
    paths: dict[str, MediaType]
    headers: dict[str, str]
    csp: dict[str, list[str]]
    csp_below: tuple[tuple[str, dict[str, list[str]]], ...]

    def classify(self, path: str) -> FileClass:
        """The class of a path inside the site. The last class of rules.toml matches everything."""
        return next(found for found in self.classes if found.match.search(path))

    def media_type(self, path: str) -> MediaType | None:
        """The type of a path, or None when rules.toml names none for it."""
        return self.paths.get(path) or self.types.get(path.rpartition(".")[2].lower() if "." in path else "")

    def policy(self, path: str = "/") -> str:
        """The Content-Security-Policy of a root-relative path."""
        directives = dict(self.csp)
        for below, changes in self.csp_below:
            if path.startswith(below):
                directives.update(changes)
        return "; ".join(" ".join([name, *values]) for name, values in directives.items())

    def response_headers(self, path: str = "/") -> dict[str, str]:
        """Every security header of a response for a root-relative path."""
        return {**self.headers, "Content-Security-Policy": self.policy(path)}

    @property
    def page_lifetime(self) -> int:
        """Seconds for which a cache may show an old page: ``max-age`` and ``stale-while-revalidate`` of pages together."""
        rule = next(found.cache for found in self.classes if found.name == "page")
        return sum(int(seconds) for seconds in re.findall(r"(?:max-age|stale-while-revalidate)=(\d+)", rule))


@cache
def load_rules(path: Path = DEFAULT) -> Rules:
    """Reads a rules file. Raises ``ValueError`` naming what is wrong with it."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    classes = tuple(FileClass(item["name"], re.compile(item["match"]), item["cache"]) for item in data["class"])
    names = [found.name for found in classes]
    if {"asset", "page", "home", "feed", "file"} != set(names) or classes[-1].match.pattern:
        raise ValueError(
            f"{path.name}: the classes must be asset, home, page, feed and, last, file with an empty match"
        )
    below = tuple(
        (item["path"], {name: value for name, value in item.items() if name != "path"}) for item in data["csp-below"]
    )
    types = {name: MediaType(**item) for name, item in data["types"].items()}
    paths = {name: MediaType(**item) for name, item in data["paths"].items()}
    return Rules(classes, types, paths, data["headers"], data["csp"], below)
