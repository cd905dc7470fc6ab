"""What a link destination in Markdown means: where it points inside the project, or that it leaves it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from sitekit.views import Resource

_REMEMBERED = 50_000
"""The pages of a large site link to each other many times over."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLACEHOLDER = re.compile(r"[{|](\w+)[}|](.*)\Z", re.S)


@dataclass(frozen=True, slots=True)
class Destination:
    """``kind`` is filename, static, attach, tag, category, author, index, resource, fragment, site (a path from the root), plain
    (a relative path to something else) or external; ``path`` and ``fragment`` are what follows."""

    kind: str
    path: str
    fragment: str


@lru_cache(_REMEMBERED)
def read_destination(destination: str) -> Destination:
    """Take a destination apart, as the editor wrote it."""
    target, _, fragment = pelican_destination(destination).partition("#")
    placeholder = _PLACEHOLDER.match(target)
    if placeholder:
        return Destination(placeholder[1], placeholder[2].partition("?")[0], fragment)
    if target.startswith("resource:"):
        return Destination("resource", target.removeprefix("resource:"), fragment)
    if _SCHEME.match(target) or target.startswith("//"):
        return Destination("external", target, fragment)
    if not target:
        return Destination("fragment", "", fragment)
    return Destination("site" if target.startswith("/") else "plain", target, fragment)


@lru_cache(_REMEMBERED)
def pelican_destination(destination: str) -> str:
    """A plain relative link to a Markdown file or an image, as GitHub shows it, in Pelican's own form.

    Anything else comes back unchanged.
    """
    if destination.startswith(("{", "|", "/", "#", "\\")) or _SCHEME.match(destination):
        return destination
    path = destination.partition("#")[0].partition("?")[0].lower()
    if path.endswith(".md"):
        return "{filename}" + destination
    if path.endswith((".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".pdf")):
        return "{static}" + destination
    return destination


@lru_cache(_REMEMBERED)
def content_path(path: str, folder: str) -> str:
    """A ``{filename}`` or ``{static}`` path as a path below content/. ``folder`` is where the linking file lies there."""
    path = unquote(path)
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path)
    return posixpath.normpath(joined)


def resource_href(destination: str, resources: Mapping[str, Resource]) -> str:
    """The URL behind ``resource:id`` (first number), ``resource:id#sms`` (first text number) or ``resource:id#web``.

    Empty when the resource is unknown or has no such way to reach it.
    """
    identifier, _, way = destination.removeprefix("resource:").partition("#")
    resource = resources.get(identifier)
    if resource is None:
        return ""
    if way == "web":
        return resource.url
    hrefs = [phone.href for phone in resource.phones if phone.href.startswith(f"{way or ''}{':' if way else ''}")]
    return hrefs[0] if hrefs else ("" if way else resource.url)
