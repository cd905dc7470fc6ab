"""Reasons not to publish. All of them are collected, so one refusal names everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sitekit.problems import Problem
from sitekit.publish.config import Config
from sitekit.publish.plan import Plan, State, changed_immutable
from sitekit.publish.rules import Redirect

#: A site without these is not the site.
REQUIRED = ("index.html", "404.html")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person decided to let pass, this once."""

    drop: bool = False
    uncommitted: bool = False
    older: bool = False
    asset: bool = False
    adopt: bool = False


def guard(
    plan: Plan,
    state: State,
    config: Config,
    *,
    folder: str,
    checks: Iterable[Problem] = (),
    ledger: Iterable[str] = (),
    redirects: Iterable[Redirect] = (),
    allowed: Allowed = Allowed(),
) -> list[Problem]:
    """Every reason against a plan, errors and warnings, sorted.

    ``checks`` are the outcomes of the build and its checks, ``ledger`` the root-relative URLs that were promised to stay
    (those recorded as removed are not among them), ``folder`` the name of the built folder for messages.
    """
    problems = list(checks)
    files = plan.manifest.files
    redirected = {redirect.source for redirect in redirects}

    def add(path: str, code: str, message: str, hint: str) -> None:
        problems.append(Problem(path, 0, 0, code, message, hint))

    for name in REQUIRED:
        if name not in files:
            add(f"{folder}/{name}", "incomplete-site", "is missing from the build", "Build again, and read its output.")
    served = {file.url_path for file in files.values()} | redirected
    for url in ledger:
        if url not in served and url + "/" not in served:
            hint = "Restore the page, add a redirect, or record in the ledger why it was removed."
            add(f"{folder}{url}", "ledger-url-missing", f"{url} was published before and is gone", hint)
    if plan.manifest.source.uncommitted and not allowed.uncommitted:
        for path in plan.manifest.source.uncommitted:
            hint = "Commit it, so that this release can be built again; or use --allow-uncommitted for a trial."
            add(path, "uncommitted", "differs from the commit that this release would be named after", hint)
    problems += _drops(plan, state, config, folder, redirected, allowed)
    live = state.live
    if live and plan.manifest.source.time and plan.manifest.source.time < live.source.time and not allowed.older:
        hint = f"Publish the newer commit, use `rollback` to return to an older release, or --allow-older ({live.release} is live)."
        add(folder, "older-build", "this build is from an older commit than the live release", hint)
    for path in () if allowed.asset else changed_immutable(plan, state.manifests.values()):
        hint = (
            "Its name must change with its content: browsers keep the old one for a year. If a new version of a tool "
            "writes the same content in another way, and both work, use --allow-asset."
        )
        add(f"{folder}/{path}", "asset-changed", "has other content than this name had in an earlier release", hint)
    if not allowed.adopt:
        for path in plan.foreign:
            hint = "Move it away, give ours another name, or use --adopt to replace it for good."
            add(f"{folder}/{path}", "foreign-file", "the target has a file of this name that is not ours", hint)
    return sorted(set(problems))


def _drops(
    plan: Plan, state: State, config: Config, folder: str, redirected: set[str], allowed: Allowed
) -> list[Problem]:
    """Pages that would vanish without a redirect, when they are more than the set share."""
    if state.live is None or allowed.drop:
        return []
    pages = state.live.pages
    lost = [page for page in pages if page.path not in plan.manifest.files and page.url_path not in redirected]
    if len(lost) <= config.max_drop * len(pages):
        return []
    shown = ", ".join(page.url_path for page in lost[:5]) + (", …" if len(lost) > 5 else "")
    message = f"{len(lost)} of {len(pages)} pages would vanish ({shown}); at most {config.max_drop:.0%} may"
    hint = "Look for what the build left out. If it is meant, use --allow-drop."
    return [Problem(folder, 0, 0, "too-many-pages-dropped", message, hint)]
