"""Checking the sources without building: what editors run while they write.

``invoke check`` and pre-commit call this. Exit status 0: nothing wrong; 1: problems found; 2: used wrongly.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sitekit.cache import Cache
from sitekit.problems import errors, format_text, summary
from sitekit.site import macro_renderer, read_site

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check every source, print what is wrong, and return the exit status."""
    parser = argparse.ArgumentParser(prog="invoke check", description="Check the sources of the site.")
    parser.add_argument("paths", nargs="*", help="print only what concerns these files (default: all)")
    parser.add_argument("--errors-only", action="store_true", help="leave out advice that does not stop a build")
    options = parser.parse_args(arguments)
    wanted = {Path(path).resolve() for path in options.paths}
    missing = sorted(path for path in wanted if not path.exists())
    if missing:
        print(*(f"{path}: no such file" for path in missing), sep="\n", file=sys.stderr)
        return 2
    import pelicanconf as settings

    started = time.perf_counter()
    theme = ROOT / settings.THEME
    render = macro_renderer(theme, settings.JINJA_ENVIRONMENT)
    plain = settings.PAGE_EXCEPTIONS
    cache = Cache(Path(settings.CACHE_PATH) / "compiled.db")
    site = read_site(
        ROOT / settings.PATH, settings.PATH, settings.MARKDOWN, render, theme=theme, plain=plain, cache=cache
    )
    cache.close()
    found = errors(site.problems) if options.errors_only else sorted(set(site.problems))
    if wanted:
        found = [problem for problem in found if (ROOT / problem.path).resolve() in wanted]
    if found:
        print(format_text(found))
    print(f"{summary(found)}; {len(site.documents)} sources checked in {time.perf_counter() - started:.2f} s")
    return 1 if errors(found) else 0


if __name__ == "__main__":
    sys.exit(main())
