"""Checking the sources without building: what editors run while they write.

``invoke check`` and pre-commit call this, and ``invoke fix`` is ``check --fix``. Exit status 0: nothing is left that stops a build;
1: something is; 2: used wrongly.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sitekit.editing.changes import NotApplied
from sitekit.editing.project import Project
from sitekit.problems import Problem, errors, format_text, summary
from sitekit.today import BadDay


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
    started = time.perf_counter()
    project = Project.here()

    def concerns(file: Path) -> bool:
        return not wanted or any(file.is_relative_to(path) for path in wanted)

    try:
        site = project.read()
        found, mended = site.problems, ""
        if options.fix:
            from sitekit.editing.fix import mend

            only = {file.resolve() for path in site.by_path if concerns((file := project.content / path).resolve())}
            mended, found = mend(project, site, only, options.dry_run)
    except BadDay as error:
        print(error, file=sys.stderr)
        return 2
    except NotApplied as error:
        print(error, file=sys.stderr)
        return 1
    return _report(
        [problem for problem in set(found) if concerns((project.root / problem.path).resolve())],
        options.errors_only,
        f"{mended}{{}}; {len(site.documents)} sources checked in {time.perf_counter() - started:.2f} s",
    )


def _report(problems: list[Problem], errors_only: bool, closing: str) -> int:
    """Print the problems and the closing line with their count in it, and return the exit status."""
    found = errors(problems) if errors_only else sorted(problems)
    if found:
        print(format_text(found))
    print(closing.format(summary(found)))
    return 1 if errors(found) else 0


if __name__ == "__main__":
    sys.exit(main())
