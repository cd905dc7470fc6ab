"""Where the project names an article outside its links: data, the site's own code, and everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sitekit.editing.addresses import ADDRESS_FILES, address_of
from sitekit.editing.project import Project
from sitekit.problems import Problem
from sitekit.source.documents import Document
from sitekit.source.text import MAX_BYTES, position

_CODE = (
    "theme/templates",
    "sitekit/plugins",
    "sitekit/site.py",
    "sitekit/reference_pages.py",
    "pelicanconf.py",
    "publishconf.py",
)
_OTHER = ("tests", "benchmarks", "docs", ".github", "README.md", "CONTRIBUTING.md")
_TEXT = frozenset({".py", ".html", ".xml", ".txt", ".md", ".json", ".yml", ".yaml", ".toml", ".csv", ".js", ".css"})
MOST_FILES = 10_000


def data_mentions(text: str, old: str, new: str) -> str:
    """A data file with paths of an article renewed: ``articles/mind/x.md``, ``mind/x.md``, ``articles/mind/x`` and ``mind/x``.

    ``old`` and ``new`` are paths below content/. A slug alone is left: in data it is as likely to be something else.
    """
    short = old.removeprefix("articles/").removesuffix(".md")
    if "/" not in short:
        return text
    pattern = re.compile(rf"(?<![\w./:-])(articles/)?{re.escape(short)}(\.md)?(?![\w./-])")
    wanted = new.removeprefix("articles/").removesuffix(".md")
    return pattern.sub(lambda match: f"{match[1] or ''}{wanted}{match[2] or ''}", text)


def fixed_mentions(project: Project, document: Document) -> list[Problem]:
    """Where templates, settings or code name the address of a document, which a move would break."""
    address = re.escape(address_of(document.relative))
    patterns = [rf"(?<![\w/-]){address}(?=[\"'#?<\s])|\}}\}}{address}"]
    if document.kind == "page":
        patterns.append(rf"[\"']{re.escape(document.slug)}[\"']")
    hint = "Change the code first; this page is one that the site is built around."
    found = _mentions(project.root, _CODE, re.compile("|".join(patterns)))
    return [Problem(path, *at, "named-in-code", f"The code names {words}.", hint) for path, at, words in found]


def other_mentions(root: Path, old: str) -> list[Problem]:
    """Where tests, documents and the like name the source path of an article that has gone, ``old`` below content/."""
    pattern = re.compile(rf"(?<![\w-])(?:content/)?{re.escape(old)}")
    found = _mentions(root, _OTHER, pattern)
    return [Problem(path, *at, "named-elsewhere", f"This names {words}.", "", "warning") for path, at, words in found]


def _mentions(
    root: Path, places: tuple[str, ...], pattern: re.Pattern[str]
) -> Iterator[tuple[str, tuple[int, int], str]]:
    files = [file for place in places for file in (root / place, *sorted((root / place).rglob("*"))) if file.is_file()]
    for file in files[:MOST_FILES]:
        if file.suffix in _TEXT and file.name not in ADDRESS_FILES and file.stat().st_size <= MAX_BYTES:
            text = file.read_text(encoding="utf-8", errors="replace")
            for match in pattern.finditer(text):
                yield file.relative_to(root).as_posix(), position(text, match.start()), match[0]
