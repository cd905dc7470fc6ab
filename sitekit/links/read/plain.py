"""Links of plain-text files: robots.txt, ``_redirects``, sitemap.txt."""

from __future__ import annotations

import re

from .encoding import decode_plain
from .extract import REDIRECTS, ROBOTS, SITEMAP, Extract, Redirect

ROBOTS_SITEMAP = "robots.txt Sitemap"
REDIRECT_TARGET = "redirect target"
TEXT_SITEMAP = "sitemap line"

_SITEMAP_LINE = re.compile(r"[ \t]*sitemap[ \t]*:[ \t]*([^#\r\n]*)", re.IGNORECASE)
_STATUS = re.compile(r"([0-9]{3})(!?)")
_PLACEHOLDER = re.compile(r"(?<=/):[A-Za-z_][A-Za-z0-9_]*|:splat\b")


def read_robots(data: bytes) -> Extract:
    """``Sitemap:`` lines. Allow and Disallow are patterns, not links."""
    extract = Extract(ROBOTS)
    for line in decode_plain(data).splitlines():
        match = _SITEMAP_LINE.match(line)
        if match and match[1].strip():
            extract.add((), [(match[1].strip(), ROBOTS_SITEMAP)])
    return extract


def read_text_sitemap(data: bytes) -> Extract:
    """A sitemap in its plain form: one URL on each line."""
    extract = Extract(SITEMAP)
    extract.add((), [(line.strip(), TEXT_SITEMAP) for line in decode_plain(data).splitlines() if line.strip()])
    return extract


def read_redirects(data: bytes) -> Extract:
    """The ``_redirects`` file of Netlify and Cloudflare Pages: ``from [query=:x] to [status][!] [Condition=…]``."""
    extract = Extract(REDIRECTS)
    for number, line in enumerate(decode_plain(data).splitlines(), 1):
        words = _without_comment(line).split()
        if len(words) < 2:
            continue
        source, rest = words[0], words[1:]
        conditional = False
        while rest and "=" in rest[0] and not rest[0].startswith(("/", "http:", "https:")):
            conditional = True
            rest = rest[1:]
        if not rest:
            continue
        target, options = rest[0], rest[1:]
        status, forced = 301, False
        for option in options:
            match = _STATUS.fullmatch(option)
            if match:
                status, forced = int(match[1]), bool(match[2])
            else:
                conditional = conditional or "=" in option
        extract.redirects.append(Redirect(source, target, status, forced, conditional, number))
        if not _PLACEHOLDER.search(target) and "*" not in target:
            extract.add((), [(target, REDIRECT_TARGET)])
    return extract


def _without_comment(line: str) -> str:
    """A ``#`` opens a comment at the start of a line or after white space; inside a URL it is a fragment."""
    return re.sub(r"(?:^|(?<=\s))#.*", "", line)
