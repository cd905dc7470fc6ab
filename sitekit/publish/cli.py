"""The command line: plan, push, rollback, releases, collect, verify, rules, portable.

Exit codes: 0 fine, 1 problems found (nothing half-done reaches readers), 2 used wrongly, 130 interrupted, as shells have it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sitekit.problems import Problem, ProblemsFound, errors, format_text
from sitekit.publish import report
from sitekit.publish.collect import collect, find_garbage, kept_releases
from sitekit.publish.config import Config, load_config, redact
from sitekit.publish.edge import render_all
from sitekit.publish.errors import ConfigError, PublishError
from sitekit.publish.guards import Allowed
from sitekit.publish.invalidate import invalidate
from sitekit.publish.lease import Lease
from sitekit.publish.manifest import Source
from sitekit.publish.plan import read_state
from sitekit.publish.portable import make_portable
from sitekit.publish.provenance import read_source
from sitekit.publish.push import Inputs, Pushed, begin, plan_push, push, scan_folder
from sitekit.publish.rollback import rollback
from sitekit.publish.rules import Redirect, load_rules
from sitekit.publish.settle import Settled, settle, verify_all
from sitekit.publish.targets import Target, open_target

INTERRUPTED = 130

_Item = TypeVar("_Item")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code. Nothing it prints holds a secret, a traceback neither."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config(options.project, target=options.target, public_url=options.public_url)
        return options.command(options, config)
    except ProblemsFound as found:
        print(redact(format_text(found.problems)))
        print(found, file=sys.stderr)
        return 1
    except PublishError as error:
        print(redact(f"{error}" + (f"\n    {error.hint}" if error.hint else "")), file=sys.stderr)
        return 2 if isinstance(error, ConfigError) else 1
    except KeyboardInterrupt:
        print("Interrupted. Readers see whole pages; run again to finish.", file=sys.stderr)
        return INTERRUPTED
    except Exception:  # the last line of defence: what a server sent back could be in it
        print(redact(traceback.format_exc()), file=sys.stderr)
        print("This is a mistake in the publisher. Readers see whole pages; please report it.", file=sys.stderr)
        return 1


def _plan(options: argparse.Namespace, config: Config) -> int:
    """Prints what push would do."""
    target = open_target(config)
    folder = scan_folder(options.folder, config, options.cache)
    plan, problems = plan_push(folder, target, config, _inputs(options), read_state(target))
    print(report.plan_text(plan, target.name))
    if problems:
        print(format_text(problems))
    return 1 if errors(problems) else 0


def _push(options: argparse.Namespace, config: Config) -> int:
    """Publishes, verifies, tells the CDN."""
    if options.dry_run:
        return _plan(options, config)
    inputs = _inputs(options)
    target = open_target(config)
    folder = scan_folder(options.folder, config, options.cache)
    started = time.monotonic()
    with begin(target, config, f"push {inputs.source.commit[:10]}".strip(), options.wait) as lease:
        pushed = push(folder, target, config, inputs, lease, report.ProgressLine())
        _tell(pushed, started, target)
        settled = _settle(options, config, target, lease)
    _summarize(options, config, pushed, settled)
    return 0


def _rollback(options: argparse.Namespace, config: Config) -> int:
    """Returns to a kept release."""
    target = open_target(config)
    started = time.monotonic()
    with begin(target, config, f"rollback {options.release}", options.wait) as lease:
        pushed = rollback(options.release, target, config, lease, report.ProgressLine())
        _tell(pushed, started, target)
        settled = _settle(options, config, target, lease)
    _summarize(options, config, pushed, settled)
    return 0


def _releases(options: argparse.Namespace, config: Config) -> int:
    """Lists what can be rolled back to."""
    state = read_state(open_target(config), listed=False)
    print(report.releases_text(state, kept_releases(state.pointer, config)))
    return 0


def _collect(options: argparse.Namespace, config: Config) -> int:
    """Removes what nobody can need any more."""
    target = open_target(config)
    if options.dry_run:
        print(report.garbage_text(find_garbage(read_state(target), config)).replace("Removed", "Would remove", 1))
        return 0
    with begin(target, config, "collect", options.wait) as lease:
        manifests = read_state(target, lease.pointer, listed=False).manifests.values()
        known = {path: file for manifest in manifests for path, file in manifest.files.items()}
        garbage = collect(target, config, lease)
        print(report.garbage_text(garbage))
        gone = [known[path] for path in garbage.paths if not known[path].immutable and not known[path].encoding]
        told = invalidate(gone, config, f"collect-{lease.pointer.serial}")
        for name, count in told.items():
            print(f"Told {name} about {count} paths")
    return 0


def _verify(options: argparse.Namespace, config: Config) -> int:
    """Asks for every URL of the live release as readers do."""
    verdict = verify_all(open_target(config), config, edge=not options.bare)
    print(f"{verdict.right} right, {len(verdict.stale)} from a cache, {len(errors(verdict.problems))} wrong")
    if verdict.problems:
        print(format_text(verdict.problems))
    return 1 if errors(verdict.problems) else 0


def _rules(options: argparse.Namespace, config: Config) -> int:
    """Renders headers, redirects and cache rules for every host."""
    for place in render_all(load_rules(), _redirects(options.redirects), config, options.into):
        print(place)
    return 0


def _portable(options: argparse.Namespace, config: Config) -> int:
    """Copies the built site so that it opens from a disk."""
    pages = make_portable(options.folder, options.into)
    print(f"{pages} pages in {options.into}; open {options.into / 'index.html'} in a browser")
    return 0


def _settle(options: argparse.Namespace, config: Config, target: Target, lease: Lease) -> Settled:
    settled = settle(target, config, lease, edge=not options.bare)
    if text := report.settled_text(settled, config.public_url):
        print(text)
    return settled


def _tell(pushed: Pushed, started: float, target: Target) -> None:
    if pushed.warnings:
        print(format_text(pushed.warnings))
    print(report.pushed_text(pushed, time.monotonic() - started, target.name))


def _summarize(options: argparse.Namespace, config: Config, pushed: Pushed, settled: Settled) -> None:
    if options.summary:
        with options.summary.open("a", encoding="utf-8") as stream:
            stream.write(report.readers_markdown(pushed, settled, config.public_url) + "\n")


def _inputs(options: argparse.Namespace) -> Inputs:
    """Outcomes of checks and provenance, from the files that the options name."""
    source = Source() if options.no_git else read_source(options.project)
    allowed = Allowed(
        options.allow_drop, options.allow_uncommitted, options.allow_older, options.allow_asset, options.adopt
    )
    checks = tuple(_read_list(options.problems, lambda item: Problem(**item)))
    ledger = tuple(_read_list(options.ledger, str))
    return Inputs(checks, ledger, _redirects(options.redirects), source, allowed)


def _redirects(place: Path | None) -> tuple[Redirect, ...]:
    return tuple(_read_list(place, lambda item: Redirect(item["from"], item["to"], item.get("status", 301))))


def _read_list(place: Path | None, make: Callable[[Any], _Item]) -> list[_Item]:
    """The items of a JSON list in a file; none without a file."""
    if place is None:
        return []
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        if not isinstance(found, list):
            raise TypeError("it does not hold a list")
        return [make(item) for item in found]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"{place} cannot be used: {type(error).__name__}: {error}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sitekit.publish", description="Publishes the built site, whole.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, function: object, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=function)
        made.add_argument("--project", type=Path, default=Path(), help="where pyproject.toml is")
        made.add_argument("--target", help="a directory or s3://bucket/prefix, instead of the setting")
        made.add_argument("--public-url", help="where readers find the site, instead of the setting")
        return made

    def waits(made: argparse.ArgumentParser) -> None:
        made.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="for another run to end")

    def settles(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "--bare", action="store_true", help="nothing in front adds headers or redirects (a plain bucket)"
        )
        made.add_argument("--summary", type=Path, help="append what readers see changed, as Markdown")

    def builds(made: argparse.ArgumentParser) -> None:
        made.add_argument("--folder", type=Path, default=Path("output"), help="the built site")
        made.add_argument("--cache", type=Path, default=Path(".cache/variants"), help="compressed variants")
        made.add_argument("--problems", type=Path, help="JSON list of problems that the checks found")
        made.add_argument("--ledger", type=Path, help="JSON list of URLs that must stay")
        made.add_argument("--redirects", type=Path, help='JSON list of {"from": …, "to": …, "status": 301}')
        made.add_argument("--no-git", action="store_true", help="the build does not come from a git checkout")
        made.add_argument("--allow-drop", action="store_true", help="more pages may vanish than max-drop")
        made.add_argument("--allow-uncommitted", action="store_true", help="a trial from an uncommitted tree")
        made.add_argument("--allow-older", action="store_true", help="an older commit may replace a newer one")
        made.add_argument(
            "--allow-asset", action="store_true", help="an asset may change under its name (a mended tool)"
        )
        made.add_argument("--adopt", action="store_true", help="replace files of the same name that are not ours")

    plan = command("plan", _plan, "Show what push would do.")
    builds(plan)
    pushing = command("push", _push, "Publish, verify, tell the CDN.")
    builds(pushing)
    waits(pushing)
    settles(pushing)
    pushing.add_argument("--dry-run", action="store_true", help="the same as plan")
    back = command("rollback", _rollback, "Return to a kept release.")
    back.add_argument("release", help="its name, a part of it, or: previous")
    waits(back)
    settles(back)
    command("releases", _releases, "List the releases of the target.")
    collecting = command("collect", _collect, "Remove what nobody can need any more.")
    collecting.add_argument("--dry-run", action="store_true", help="only say what")
    waits(collecting)
    verifying = command("verify", _verify, "Ask for every URL as readers do.")
    verifying.add_argument("--bare", action="store_true", help="as for push")
    rules = command("rules", _rules, "Render headers, redirects and cache rules for CloudFront, Cloudflare and nginx.")
    rules.add_argument("--redirects", type=Path, help="as for push")
    rules.add_argument("--into", type=Path, default=Path(".cache/edge"), help="the folder to write to")
    portable = command("portable", _portable, "Copy the built site so that it opens from a disk, without a server.")
    portable.add_argument("--folder", type=Path, default=Path("output"), help="the built site")
    portable.add_argument("--into", type=Path, required=True, help="a folder that is not there yet")
    return parser
