"""The command line: ``python -m sitekit.links SITE_DIR --base-url URL``. Exit 0 fine, 1 problems, 2 used wrongly or nothing checked."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from .model import Report, with_severities
from .report import FORMATS, Excerpts, printer
from .run import check
from .site import UsageError

if TYPE_CHECKING:  # loading what a run does not need would take longer than an unchanged site takes to check
    import datetime

    from .settings import Settings
    from .source.record import BuildRecord

RECORD = Path(".cache") / "build-record.json"
HISTORY = Path(".cache") / "external-links.json"
INTERRUPTED = 130  # what shells say of a command that was stopped by Ctrl-C


def parser() -> argparse.ArgumentParser:
    """The options, for ``--help`` and for the documentation."""
    options = argparse.ArgumentParser(
        prog="python -m sitekit.links",
        description="Check every link of a built site. Nothing is fetched unless --external asks for it.",
        epilog="Exit status: 0 nothing wrong, 1 problems found, 2 used wrongly or nothing to check.",
    )
    add = options.add_argument
    add("site_dir", metavar="SITE_DIR", type=Path, help="the folder that is published")
    add(
        "--base-url",
        required=True,
        metavar="URL",
        help="where the folder is deployed, for example https://example.org/docs/",
    )
    add(
        "--format",
        action="append",
        default=[],
        metavar="NAME[=FILE]",
        help=f"{', '.join(FORMATS)}; may be given several times, each but one with a file to write (default: text)",
    )
    add("--source", type=Path, metavar="DIR", help="the Markdown sources: findings name file, line and column in them")
    add("--record", type=Path, metavar="FILE", help=f"what the build did to links (default: {RECORD} beside SITE_DIR)")
    add("--config", type=Path, metavar="FILE", help="pyproject.toml to read settings from (default: beside --source)")
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")
    add("--fix", action="store_true", help="show and apply every correction that is certain; needs --source")
    add("--cache", type=Path, metavar="FILE", help="where to remember the run (default: in the user's cache folder)")
    add("--no-cache", action="store_true", help="read everything again and remember nothing")
    add("--external", action="store_true", help="ask other sites too whether what is linked to is there")
    add(
        "--history",
        type=Path,
        metavar="FILE",
        help=f"what is known of other sites (default: {HISTORY} beside SITE_DIR)",
    )
    add("--recheck", action="store_true", help="with --external: ask even where a fine answer still holds")
    add("--allow-private", action="store_true", help="with --external: contact addresses that are not public")
    add("--jobs", type=int, metavar="N", help="processes to use (default: one for each core)")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = parser().parse_args(arguments)
    gc.disable()  # plain data without cycles; collecting it again and again costs a tenth of the run
    try:
        return _run(options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        kept = " What other sites had answered is kept." if options.external else ""
        print(f"Interrupted.{kept}", file=sys.stderr)
        return INTERRUPTED
    finally:
        gc.enable()


def _run(options: argparse.Namespace) -> int:
    formats = _formats(options.format)
    if (options.fix or options.diff) and options.source is None:
        raise UsageError("--fix and --diff need --source: they change Markdown, not pages.")
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("--jobs must be 1 or more.")
    if not options.external and (options.recheck or options.allow_private or options.history):
        raise UsageError("--history, --recheck and --allow-private go with --external.")
    settings = _settings(options)
    report = check(options.site_dir, options.base_url, cache=_cache_path(options), jobs=options.jobs)
    offline = ""
    if options.external:
        report, offline = _with_external(report, options, settings)
    record = _record(options)
    if settings is not None:
        report = finish(report, settings, options.source, record)
    root = options.source.resolve().parent if options.source else None
    excerpts = Excerpts(options.site_dir, root)
    for name, file in formats:
        text = printer(name)(report, excerpts)
        if file is None:
            _print(text)
        else:
            from .files import write_atomic

            write_atomic(file, text.encode("utf-8", "backslashreplace"))
    if report.checked_nothing:
        print(f"Nothing was checked: {options.site_dir} holds no page with a link.", file=sys.stderr)
        return 2
    if offline:
        print(offline, file=sys.stderr)
        return 2
    if options.fix or options.diff:
        from .fix import apply_edits, diff, plan

        edits = plan(report.findings, root)
        _print(diff(edits))
        if options.fix:
            apply_edits(edits)
            print(f"{len(edits)} corrected; build and check again.", file=sys.stderr)
    return 1 if report.errors else 0


def _with_external(report: Report, options: argparse.Namespace, settings: Settings | None) -> tuple[Report, str]:
    """The report with what other sites say, and a sentence where none of them could be reached."""
    try:  # loads the HTTP client, which a check of the site does without
        from .external.run import Offline, check_external
        from .external.settings import ExternalSettings
    except ModuleNotFoundError as error:
        raise UsageError(f"--external needs {error.name}: install requirements/publish.txt.") from None
    gc.enable()  # connections leave cycles behind
    chosen = ExternalSettings() if settings is None else settings.external
    if options.allow_private:
        chosen = replace(chosen, allow_private=True)
    history = options.history or options.site_dir.resolve().parent / HISTORY
    try:
        result = check_external(options.site_dir, options.base_url, chosen, history, recheck=options.recheck)
    except Offline as error:
        return report, str(error)
    for note in result.notes:
        print(note, file=sys.stderr)
    findings = tuple(sorted((*report.findings, *result.findings)))
    return replace(report, findings=findings, external=result.counts), ""


def finish(
    report: Report,
    settings: Settings,
    source: Path | None = None,
    record: BuildRecord | None = None,
    today: datetime.date | None = None,
) -> Report:
    """A report with places in the sources, ignore rules applied, and the severities of the project."""
    findings = list(report.findings)
    rules = list(settings.ignore)
    if source is not None:
        from .ignore import rules_in_markdown
        from .source.locate import locate

        findings = locate(findings, source, record)
        rules += rules_in_markdown(source.resolve())
    if rules:
        import datetime

        from .ignore import apply_rules

        findings, _ = apply_rules(findings, rules, today or datetime.date.today(), report.external is not None)
    return replace(report, findings=tuple(sorted(with_severities(findings, settings.severities))))


def _formats(wanted: list[str]) -> list[tuple[str, Path | None]]:
    formats = []
    for entry in wanted or ["text"]:
        name, _, file = entry.partition("=")
        if name not in FORMATS:
            raise UsageError(f"There is no format {name!r}; choose from {', '.join(FORMATS)}.")
        formats.append((name, Path(file) if file else None))
    if sum(file is None for _, file in formats) > 1:
        raise UsageError(
            "Only one format can go to standard output; give the others a file: --format sarif=links.sarif"
        )
    return formats


def _settings(options: argparse.Namespace) -> Settings | None:
    """What the project chose; None where nothing says which project it is."""
    if options.config is None and options.source is None:
        return None
    from .settings import read_settings

    if options.config is not None:
        if not options.config.is_file():
            raise UsageError(f"There is no file {str(options.config)!r}.")
        return read_settings(options.config)
    if not options.source.is_dir():
        raise UsageError(f"There is no folder {str(options.source)!r}.")
    return read_settings(options.source.resolve().parent / "pyproject.toml")


def _record(options: argparse.Namespace) -> BuildRecord | None:
    file = options.record
    if file is None:
        beside = options.site_dir.resolve().parent / RECORD
        if options.source is None or not beside.is_file():
            return None
        file = beside
    from .source.record import read_record

    return read_record(file)


def _cache_path(options: argparse.Namespace) -> Path | None:
    """One file for each site folder, outside the project: the command may be run on any folder, even one it cannot write to."""
    if options.no_cache:
        return None
    if options.cache is not None:
        return options.cache
    folder = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    name = blake2b(os.fsencode(options.site_dir.resolve()), digest_size=12).hexdigest()
    return Path(folder) / "sitekit-links" / f"{name}.sqlite"


def _print(text: str) -> None:
    """Standard output may not know every character of a URL or a file name."""
    sys.stdout.flush()
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
