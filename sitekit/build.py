"""Building by the shortest way that gives the right bytes: nothing, the pages whose text has changed, or all of it with Pelican.

    python -m sitekit.build --publish --output public

Nothing is imported before it is known to be needed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from sitekit.stamps import look

ROOT = Path(__file__).resolve().parents[1]


def build(publish: bool = False, output: str = "output") -> int:
    """Build the site of this project into the folder ``output``. Returns 0, 1 where problems were found and printed, or 130 when
    Ctrl-C came before the end.

    ``publish`` leaves out what is not to be published yet.
    """
    os.chdir(ROOT)
    settings = "publishconf.py" if publish else "pelicanconf.py"
    cache = Path(os.environ.get("SITE_CACHE") or ROOT / ".cache")
    try:
        status = build_changes(ROOT, settings, Path(output).resolve(), cache)
        if status is None:
            status = _build_all(settings, output)
    except KeyboardInterrupt:
        print("Stopped. Every page is whole: either as it was or new. Build again to finish.", file=sys.stderr)
        return 130
    if not status:
        with contextlib.suppress(BrokenPipeError):  # whoever read along has gone, and the site is there
            print(
                f"\nOpen it:   python3 tasks.py serve\nFiles:     {os.path.relpath(output)}{os.sep}index.html",
                flush=True,
            )
    return status


def build_changes(root: Path, settings: str, output: Path, cache: Path) -> int | None:
    """Bring ``output`` up to date if little has changed. Returns an exit status, or None when all must be built."""
    started = time.perf_counter()
    seen = look(root, settings, output, cache, time.time_ns())
    if seen is None:
        return None
    if seen.changed:
        from sitekit.quick import build_quickly

        return build_quickly(seen, output, cache, started)
    print(f"Nothing has changed: {output.name}/ is up to date ({time.perf_counter() - started:.2f} s)", flush=True)
    return 0


def _build_all(settings: str, output: str) -> int:
    from sitekit import ahead

    with ahead.reading(ROOT, settings):
        from pelican import main as pelican

        try:
            pelican(["-q", "-s", settings, "-o", output])
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="build", description=__doc__.splitlines()[0])
    parser.add_argument("-p", "--publish", action="store_true", help="build what goes out: without drafts")
    parser.add_argument("-o", "--output", default="output", help="the folder to build into")
    options = parser.parse_args(arguments)
    return build(options.publish, options.output)


def _leave(status: int) -> NoReturn:
    """End the process without giving every object of the site back, which takes a tenth of a second for a thousand pages."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _leave(main())
