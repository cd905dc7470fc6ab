"""Every source file of the site, read once: front matter, body, positions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sitekit.problems import Problem
from sitekit.source import frontmatter
from sitekit.source.limits import MAX_DOCUMENT_BYTES, REFUSED, check_limits
from sitekit.source.mask import mask_code
from sitekit.source.text import read_text

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
MAX_FILES = 100_000
"""More files than this below content/ is a loop of links or a mistake."""


@dataclass(frozen=True)
class Document:
    """One Markdown file. ``path`` is how problems name it, ``relative`` its path below content/; ``topic`` is empty for pages."""

    path: str
    relative: str
    kind: str
    topic: str
    slug: str
    text: str
    front: frontmatter.FrontMatter

    def __getstate__(self) -> dict[str, Any]:
        """Without what can be made again."""
        return {name: value for name, value in self.__dict__.items() if name != "masked"}

    @property
    def values(self) -> dict[str, Any]:
        """The values of the front matter."""
        return self.front.values

    @property
    def draft(self) -> bool:
        """Whether the page stays out of everything that is published."""
        return self.values.get("status") == "draft"

    def scheduled(self, today: datetime.date) -> bool:
        """Whether the page is finished and waits for its day."""
        published = self.values.get("published")
        return not self.draft and published is not None and published > today

    def hidden(self, today: datetime.date) -> bool:
        """Whether readers cannot have the page on ``today``."""
        return self.draft or self.scheduled(today)

    @property
    def body(self) -> str:
        """What stands below the front matter."""
        parts = self.text.split("\n", self.front.body_line - 1)
        return parts[-1] if len(parts) == self.front.body_line else ""

    @cached_property
    def masked(self) -> str:
        """The body with code and comments blanked out."""
        return mask_code(self.body)


def read_document(file: Path, path: str, relative: str, topics: Collection[str]) -> tuple[Document, list[Problem]]:
    """Read one file below content/articles/ or content/pages/; its place says what it is."""
    text, problems = read_text(file, path, MAX_DOCUMENT_BYTES)
    problems += check_limits(path, text)
    if any(problem.code in REFUSED for problem in problems):
        text = ""
    parts = relative.split("/")
    kind = "article" if parts[0] == "articles" else "page"
    topic = parts[1] if kind == "article" and len(parts) == 3 else ""
    slug = file.name.removesuffix(".md")
    if len(parts) != (3 if kind == "article" else 2):
        hint = "Put articles into content/articles/<topic>/ and pages into content/pages/."
        problems.append(Problem(path, 0, 0, "misplaced-file", "The file lies too shallow or too deep.", hint))
    elif kind == "article" and topic not in topics:
        hint = f"Use one of: {', '.join(sorted(topics))}; or add the topic to content/data/topics.yaml."
        problems.append(Problem(path, 0, 0, "unknown-topic", f"There is no topic {topic}.", hint))
    if not SLUG.match(slug):
        hint = "Rename the file; use lower-case letters, digits and single hyphens, because the name is the address."
        problems.append(Problem(path, 0, 0, "bad-file-name", f"{slug!r} cannot be an address.", hint))
    front = frontmatter.parse(path, text, kind) if text or not problems else frontmatter.FrontMatter({}, {}, "", 1, [])
    return Document(path, relative, kind, topic, slug, text, front), problems + front.problems


def list_documents(content: Path, label: str) -> tuple[list[tuple[Path, str, str]], list[Problem]]:
    """Every Markdown file below ``content``, in the order of their paths: itself, its name in problems, its path there.

    ``label`` is how problems name that folder. What lies there and is no source is a problem.
    """
    found: list[tuple[Path, str, str]] = []
    problems: list[Problem] = []
    inside = content.resolve()
    for link in (file for file in (content / "images").rglob("*") if file.is_symlink() and file.is_dir()):
        problems.append(_folder_link(f"{label}/{link.relative_to(content).as_posix()}"))
    for folder in ("articles", "pages"):
        for file in sorted((content / folder).rglob("*"))[:MAX_FILES]:
            relative = file.relative_to(content).as_posix()
            path = f"{label}/{relative}"
            if file.is_symlink() and not _leads_inside(file, inside):
                problems.append(
                    Problem(
                        path, 0, 0, "stray-file", "The link leads out of content/ or nowhere.", "Copy the file instead."
                    )
                )
            elif file.is_symlink() and file.is_dir():
                problems.append(_folder_link(path))
            elif file.name.startswith(".") or file.is_dir():
                continue
            elif file.suffix != ".md":
                hint = "Articles and pages are .md files; images go into content/images/."
                problems.append(
                    Problem(path, 0, 0, "stray-file", "The file is not Markdown and would be left out.", hint)
                )
            elif file.exists() and not file.is_file():
                hint = "Delete it; a source is a plain file."
                problems.append(Problem(path, 0, 0, "stray-file", "This is neither a file nor a folder.", hint))
            else:
                found.append((file, path, relative))
    if not found:
        problems.append(Problem(label, 0, 0, "no-content", "There is no article or page.", "Check the content folder."))
    return found, problems


def _folder_link(path: str) -> Problem:
    """Pelican enters such a link, and comes to no end where two of them lead in circles."""
    return Problem(path, 0, 0, "stray-file", "The link leads to a folder.", "Copy the folder instead.")


def _leads_inside(link: Path, folder: Path) -> bool:
    """Whether a symbolic link ends inside ``folder``; one that leads in a circle ends nowhere."""
    try:
        return link.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):
        return False
