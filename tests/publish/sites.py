"""Generated sites in the layout of the real one, for tests and benchmarks: pages, fingerprinted assets, feeds."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

_WORDS = (
    "pain sleep mood nerve rest plan walk breath doctor visit week month night help body brain stress muscle joint dose "
    "pill side effect question answer start stop less more better worse slow pace step goal family friend work home call"
).split()
_TOPICS = ("mind", "treatments", "understand", "ketamine", "find-care")


@dataclass
class Site:
    """A site as text. ``write`` puts it on disk; the methods change it as an editor or a designer would."""

    pages: int = 12
    style: int = 1
    paragraphs: int = 8
    edits: dict[int, int] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)

    def edit(self, number: int) -> Site:
        """Changes one article."""
        self.edits[number] = self.edits.get(number, 0) + 1
        return self

    def restyle(self) -> Site:
        """Changes the stylesheet, and with its name every page."""
        self.style += 1
        return self

    def path(self, number: int) -> str:
        """Where an article lies."""
        return f"{_TOPICS[number % len(_TOPICS)]}/article-{number}/index.html"

    def write(self, into: Path) -> Path:
        """Writes every file; returns ``into``."""
        for path, data in self.files().items():
            place = into / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return into

    def files(self) -> dict[str, bytes]:
        """Every file of the site by path."""
        css = f"/* style {self.style} */\n".encode() + b"body{margin:0;color:#123;line-height:1.6}\n" * 60
        icon = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{self.style}</title></svg>'.encode()
        assets = {_fingerprinted("site", "css", css): css, _fingerprinted("mark", "svg", icon): icon}
        files = dict(assets)
        numbers = [number for number in range(self.pages) if number not in self.withdrawn]
        for number in numbers:
            files[self.path(number)] = self._page(f"Article {number}", number, list(assets))
        links = "".join(f'<li><a href="/{self.path(n).removesuffix("index.html")}">{n}</a></li>' for n in numbers)
        files["index.html"] = _html("Home", f"<ul>{links}</ul><p>{sum(self.edits.values())} edits</p>", list(assets))
        files["404.html"] = _html("Not found", "<p>There is no such page.</p>", list(assets))
        urls = "".join(f"<url><loc>https://example.org/{self.path(n)}</loc></url>" for n in numbers)
        files["sitemap.xml"] = f'<?xml version="1.0"?><urlset>{urls}</urlset>'.encode()
        files["feeds/all.atom.xml"] = f"<feed>{sum(self.edits.values())} {self.style}</feed>".encode()
        files["robots.txt"] = b"User-agent: *\nAllow: /\n"
        files["site.webmanifest"] = b'{"name":"Untangled"}'
        files["images/figure.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg"><title>figure</title></svg>'
        return files

    def _page(self, title: str, number: int, assets: list[str]) -> bytes:
        chosen = random.Random(number)
        body = "".join(f"<p>{' '.join(chosen.choices(_WORDS, k=60))}.</p>\n" for _ in range(self.paragraphs))
        return _html(title, f"<p>Edition {self.edits.get(number, 0)}.</p>\n{body}", assets)


def _fingerprinted(name: str, extension: str, data: bytes) -> str:
    return f"assets/{name}.{hashlib.sha256(data).hexdigest()[:10]}.{extension}"


def _html(title: str, body: str, assets: list[str]) -> bytes:
    style, icon = sorted(assets, key=lambda path: path.endswith(".svg"))
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title><link rel="stylesheet" href="/{style}">'
        f'<link rel="icon" href="/{icon}"></head><body><h1>{title}</h1>\n{body}</body></html>\n'
    ).encode()
