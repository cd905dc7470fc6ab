"""A copy of a built site that opens from a disk: double-click on index.html, no server, no network.

For reviewers of a pull request. Root-relative addresses become relative ones, and folders become their ``index.html``.
Our own pages are written by one compiler in one style, so attributes are found by a pattern, not by a parser.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
from pathlib import Path

from sitekit.publish.errors import ConfigError

_ATTRIBUTE = re.compile(r"""(?P<name>\s(?:href|src|poster|data)=)(?P<quote>["'])(?P<url>/(?!/)[^"']*)(?P=quote)""")
_SRCSET = re.compile(r"""(?P<name>\ssrcset=)(?P<quote>["'])(?P<urls>[^"']+)(?P=quote)""")
_CSS_URL = re.compile(r"""(?P<open>url\(\s*["']?)(?P<url>/(?!/)[^"')]*)""")


def make_portable(folder: Path, into: Path) -> int:
    """Copies ``folder`` to the new folder ``into`` with relative addresses; returns the number of pages.

    Raises ``ConfigError`` when ``into`` exists: nothing is ever overwritten.
    """
    if into.exists():
        raise ConfigError(f"{into} exists already", "Name a folder that is not there yet.")
    if not (folder / "index.html").is_file():
        raise ConfigError(f"there is no built site in {folder}", "Build the site first.")
    shutil.copytree(folder, into)
    pages = 0
    for place in sorted(into.rglob("*")):
        if place.suffix not in (".html", ".css"):
            continue
        start = posixpath.dirname(place.relative_to(into).as_posix())
        text = place.read_text(encoding="utf-8")
        pages += place.suffix == ".html"
        place.write_text(relative_text(text, start, into), encoding="utf-8")
    return pages


def relative_text(text: str, start: str, root: Path) -> str:
    """``text`` of a page or stylesheet in the folder ``start`` of the site, with relative addresses."""

    def attribute(match: re.Match[str]) -> str:
        return f"{match['name']}{match['quote']}{_relative(match['url'], start, root)}{match['quote']}"

    def srcset(match: re.Match[str]) -> str:
        items = []
        for item in match["urls"].split(","):
            url, _, size = item.strip().partition(" ")
            url = _relative(url, start, root) if url.startswith("/") else url
            items.append(f"{url} {size}".strip())
        return f"{match['name']}{match['quote']}{', '.join(items)}{match['quote']}"

    def css(match: re.Match[str]) -> str:
        return match["open"] + _relative(match["url"], start, root)

    return _CSS_URL.sub(css, _SRCSET.sub(srcset, _ATTRIBUTE.sub(attribute, text)))


def _relative(url: str, start: str, root: Path) -> str:
    """A root-relative URL as seen from the folder ``start``; query and fragment stay as they are."""
    path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", url, re.DOTALL).groups()
    name = path.lstrip("/")
    if not name or name.endswith("/") or (root / name).is_dir():
        name = posixpath.join(name, "index.html")
    return posixpath.relpath(name, start or os.curdir) + mark + rest
