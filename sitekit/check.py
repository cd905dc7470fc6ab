"""Checking the sources without building: what editors run while they write.

``invoke check`` and pre-commit call this, and ``invoke fix`` is ``check --fix``. Exit status 0: nothing is left that stops a build;
1: something is; 2: used wrongly; 130: stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sitekit.editing.changes import NotApplied
from sitekit.editing.stopping import STATUS, STOPPED
from sitekit.glance import glance
from sitekit.problems import Problem, errors, format_text, summary
from sitekit.quick import without_collecting
from sitekit.today import BadDay

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check every source, mend on request, print what is (still) wrong, and return the exit status."""
    parser = argparse.ArgumentParser(prog="invoke check", description="Check the sources of the site.")
    parser.add_argument("paths", nargs="*", help="only what concerns these files or folders (default: all)")
    parser.add_argument("--errors-only", action="store_true", help="leave out advice that does not stop a build")
    parser.add_argument("--fix", action="store_true", help="mend what is certain, and show the diff")
    parser.add_argument("--dry-run", action="store_true", help="with --fix: show the diff and change nothing")
    options = parser.parse_args(arguments)
    wanted = [Path(path).resolve() for path in options.paths]
    missing = sorted(path for path in wanted if not path.exists())
    if missing or (options.dry_run and not options.fix):
        told = [f"{path}: no such file" for path in missing] or ["--dry-run goes with --fix."]
        print(*told, sep="\n", file=sys.stderr)
        return 2
    with without_collecting():
        return _check(wanted, options)


def _check(wanted: Sequence[Path], options: argparse.Namespace) -> int:
    started = time.perf_counter()
    try:
        found, sources, mended = (None if options.fix else _glanced(wanted)) or _read(wanted, options)
    except BadDay as error:
        print(error, file=sys.stderr)
        return 2
    except NotApplied as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or ROOT}: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{STOPPED}", file=sys.stderr)
        return STATUS
    if options.errors_only:
        found = errors(found)
    if found:
        print(format_text(found))
    print(f"{mended}{summary(found)}; {sources} sources checked in {time.perf_counter() - started:.2f} s")
    return 1 if errors(found) else 0


def _glanced(wanted: Sequence[Path]) -> tuple[list[Problem], int, str] | None:
    """What there is to say of a few texts, if the last build remembers all others."""
    cache = Path(os.environ.get("SITE_CACHE") or ROOT / ".cache")
    known = glance(ROOT, cache, wanted) if wanted else None
    return known and (sorted(set(known[0])), known[1], "")


def _read(wanted: Sequence[Path], options: argparse.Namespace) -> tuple[list[Problem], int, str]:
    """What there is to say after all sources have been read, and mended on request."""
    from sitekit.editing.project import Project

    project = Project.here()

    def concerns(file: Path) -> bool:
        return not wanted or any(file.resolve().is_relative_to(path) for path in wanted)

    site = project.read()
    found, mended = site.problems, ""
    if options.fix:
        from sitekit.editing.fix import mend

        only = {file.resolve() for path in site.by_path if concerns(file := project.content / path)}
        mended, found = mend(project, site, only, options.dry_run)
    kept = sorted(problem for problem in set(found) if concerns(project.root / problem.path))
    return kept, len(site.documents), mended


if __name__ == "__main__":
    sys.exit(main())
