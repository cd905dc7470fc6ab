"""What a run tells people: text for a terminal, Markdown for a pull request or a CI summary, a progress line."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from sitekit.publish.collect import Garbage
from sitekit.publish.plan import REASONS, Plan, State
from sitekit.publish.push import Pushed
from sitekit.publish.settle import Settled

_SHOWN = 20
_WORDS = {"new": "new", "changed": "changed", "headers": "headers only", "missing": "missing from the target"}


def size(count: int) -> str:
    """Bytes as people read them: ``1.5 MB``."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} bytes"


def plan_text(plan: Plan, target: str) -> str:
    """A plan: counts and bytes by reason, and the first of each."""
    lines = [f"To {target}: {len(plan.uploads)} to upload ({size(plan.bytes)}), {plan.unchanged} unchanged"]
    for reason in REASONS:
        found = [upload.file.path for upload in plan.uploads if upload.reason == reason]
        lines += _listed(f"{_WORDS[reason]}", found)
    lines += _listed("deleted later (collect)", [file.path for file in plan.withdrawn])
    lines += _listed("told to the CDN", [file.url_path for file in plan.touched])
    return "\n".join(lines)


def pushed_text(pushed: Pushed, seconds: float, target: str) -> str:
    """What a push or rollback did."""
    plan = pushed.plan
    if not plan.uploads and not plan.withdrawn:
        return f"Nothing changed: {target} has all {plan.unchanged} files already. 0 uploaded."
    rest = f", {size(pushed.kept_bytes)} kept for rollback" if pushed.kept_bytes else ""
    return (
        f"Live: {plan.manifest.release}. {len(plan.uploads)} uploaded ({size(plan.bytes)}), {plan.unchanged} unchanged"
        f"{rest}, in {seconds:.1f} s."
    )


def settled_text(settled: Settled, public_url: str) -> str:
    """What readers get, and which caches know."""
    lines = []
    if settled.verdict is not None:
        lines.append(f"Verified {settled.verdict.right} URLs at {public_url}")
        lines += [f"  {problem.path}: {problem.message}" for problem in settled.verdict.problems[:_SHOWN]]
        if settled.verdict.stale:
            lines.append(f"  {len(settled.verdict.stale)} still come from a cache; no CDN is set that could be told")
    elif settled.changed:
        lines.append("Not verified: set public-url to have every changed URL checked as readers get it.")
    lines += [f"Told {name} about {count} paths" for name, count in settled.told.items()]
    return "\n".join(lines)


def readers_markdown(pushed: Pushed, settled: Settled | None, public_url: str) -> str:
    """What readers will see changed, for a CI summary."""
    plan = pushed.plan
    lines = ["## Published", "", f"Release `{plan.manifest.release}`", ""]
    pages = [u for u in plan.uploads if u.file.kind in ("page", "home") and not u.file.encoding]
    for title, found in (
        ("New pages", [u.file.url_path for u in pages if u.reason == "new"]),
        ("Changed pages", [u.file.url_path for u in pages if u.reason != "new"]),
        ("Withdrawn", [file.url_path for file in plan.withdrawn if file.kind in ("page", "home")]),
    ):
        if found:
            lines += [f"### {title} ({len(found)})", ""]
            lines += [f"- <{public_url.rstrip('/')}{path}>" if public_url else f"- `{path}`" for path in found[:100]]
            lines += [f"- and {len(found) - 100} more"] if len(found) > 100 else []
            lines.append("")
    if not pages and not plan.withdrawn:
        lines += ["Readers see no page changed.", ""]
    if settled and settled.verdict:
        lines += [f"{settled.verdict.right} URLs verified at the public address.", ""]
    return "\n".join(lines)


def releases_text(state: State, kept: list[str]) -> str:
    """The releases of a target, newest first."""
    if not state.pointer.spans:
        return "Nothing was published yet."
    lines = []
    for span in reversed(state.pointer.spans):
        manifest = state.manifests.get(span.release)
        if span.release == state.pointer.live and not span.until:
            note = "live"
        elif not span.whole:
            note = "interrupted"
        else:
            note = f"until {span.until[:19]}Z" + ("" if span.release in kept else ", goes with the next collect")
        commit = manifest.source.commit[:10] if manifest else ""
        pages = f"{len(manifest.pages)} pages" if manifest else "manifest missing"
        lines.append(f"{span.release}  {span.since[:19]}Z  {pages:>12}  {commit:10}  {note}")
    for name in state.pointer.unfinished:
        lines.append(f"{name}  was interrupted; run push to finish or replace it")
    if holder := state.pointer.holder:
        lines.append(f"in use by {holder.who} ({holder.action}) since {holder.since[:19]}Z")
    return "\n".join(lines)


def garbage_text(garbage: Garbage) -> str:
    """What collect removed."""
    lines = [f"Removed {len(garbage.paths)} files and {len(garbage.releases)} releases that nobody can need any more"]
    lines += _listed("files", list(garbage.paths)) + _listed("releases", list(garbage.releases))
    return "\n".join(lines)


class ProgressLine:
    """A progress bar on a terminal, a line every ten seconds elsewhere, nothing when all is quick."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._told = time.monotonic()

    def __call__(self, done: int, total: int, sent: int) -> None:
        """Tells how far it is, unless it did so a moment ago."""
        now = time.monotonic()
        if done < total and now - self._told < (0.1 if self._terminal else 10.0):
            return
        if not self._terminal and done == total:
            return
        self._told = now
        share = done / total
        bar = f"[{'#' * int(30 * share):30}] " if self._terminal else ""
        text = f"{bar}{done}/{total} files, {size(sent)}"
        end = "\n" if done == total or not self._terminal else ""
        self._stream.write(f"\r\x1b[K{text}{end}" if self._terminal else f"{text}\n")
        self._stream.flush()


def _listed(title: str, found: list[str]) -> list[str]:
    if not found:
        return []
    lines = [f"  {title}: {len(found)}"] + [f"    {path}" for path in found[:_SHOWN]]
    return lines + ([f"    and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else [])
