"""Stylesheet, scripts, icons and images of the theme: bundled, minified and named by their content.

A name that changes with the bytes lets a CDN keep a file for ever; ``site.assets`` maps the name templates use to the one
that is served.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import lightningcss
from pelican.generators import Generator
from pelican.plugins import signals

_IMPORT = re.compile(r'@import\s+url\("([^"]+)"\)\s+layer\(([\w.-]+)\)\s*(print)?\s*;')
_BUNDLE = re.compile(r'@import\s+url\("([^"]+)"\)\s*;')
_IMAGE_SUFFIXES = {".svg", ".png", ".ico"}
_AT_ROOT = frozenset({"favicon.ico", "apple-touch-icon.png"})
"""Browsers ask for these by their plain names, whatever a page says. A link to the second makes Firefox load it with every page."""


@dataclass(frozen=True, slots=True)
class Asset:
    """``name`` is what templates say, ``path`` where the bytes go below output/."""

    name: str
    path: str
    data: bytes


def collect_assets(theme: str) -> tuple[Asset, ...]:
    """Every asset of a theme folder. Made again only when a file of the theme changed."""
    static = Path(theme) / "static"
    files = sorted(path for path in static.rglob("*") if path.is_file())
    return _collect(static, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@lru_cache(maxsize=4)
def _collect(static: Path, files: tuple[tuple[Path, int, int], ...]) -> tuple[Asset, ...]:
    assets = []
    for path, _, _ in files:
        if path.parent == static / "css" and _IMPORT.search(path.read_text(encoding="utf-8")):
            assets.append(_named(path.name, bundle_css(path).encode()))
        elif path.parent == static / "js" and path.suffix == ".js":
            assets.append(_named(path.name, path.read_bytes()))
        elif path.parent == static / "images" and path.suffix in _IMAGE_SUFFIXES and ".src." not in path.name:
            data = path.read_bytes()
            assets.append(Asset(path.name, path.name, data) if path.name in _AT_ROOT else _named(path.name, data))
    return tuple(assets)


def _named(name: str, data: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    return Asset(name, f"assets/{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{suffix}", data)


def bundle_css(entry: Path) -> str:
    """The stylesheet that ``entry`` describes by ``@import url("…") layer(…);``, ``print`` after it if it may be, as one minified text.
    An ``@import`` without a layer takes in all that another such file describes.

    Raises FileNotFoundError for a part that does not exist, and ValueError with file and place for CSS that does not parse.
    """

    def inlined(match: re.Match[str]) -> str:
        part = entry.parent / match[1]
        layer = f"@layer {match[2]} {{\n{part.read_text(encoding='utf-8')}\n}}"
        return f"@media {match[3]} {{\n{layer}\n}}" if match[3] else layer

    listed = _BUNDLE.sub(
        lambda match: (entry.parent / match[1]).read_text(encoding="utf-8"), entry.read_text(encoding="utf-8")
    )
    source = _IMPORT.sub(inlined, listed)
    try:
        return lightningcss.process_stylesheet(source, filename=entry.name, minify=True)
    except Exception as error:
        raise ValueError(f"{entry}: the stylesheet does not parse: {error}") from error


class AssetsGenerator(Generator):
    """Writes the assets."""

    def generate_output(self, writer: Any) -> None:
        """Write every asset below output/."""
        for asset in collect_assets(self.settings["THEME"]):
            writer.write_bytes(asset.path, asset.data)


def add_generator(_: Any) -> type[Generator]:
    """Tell Pelican about the generator."""
    return AssetsGenerator


def register() -> None:
    """Entry point of Pelican's plugin loader."""
    signals.get_generators.connect(add_generator)
