"""Compares what was promised with what is there: nothing published may vanish without a redirect or a reason."""

from __future__ import annotations

from collections.abc import Collection

from ..model import Finding
from .addresses import Ledger
from .redirects import MovedTo, Redirects


def check_promise(
    ledger: Ledger, redirects: Redirects, published: Collection[str], ledger_path: str = ""
) -> list[Finding]:
    """Findings for addresses that are lost, and for redirects that loop, chain, lead nowhere or hide a page.

    ``published`` holds the addresses of the site as built. A page that moved or was removed takes its headings along.
    """
    present = set(published)
    by_source = {moved.source: moved for moved in redirects.moved}
    removed = {entry.url for entry in redirects.removed}
    findings = [_redirect(moved, by_source, present, redirects.path) for moved in redirects.moved]
    result = [finding for group in findings for finding in group]
    for address, line in ledger.lines.items():
        page, mark, fragment = address.partition("#")
        if address in present or address in by_source or address in removed or page in by_source or page in removed:
            continue
        if mark and page not in present:
            continue  # the page itself is lost and told once
        if mark:
            message = (
                f"The heading “{fragment}” was published on {page} and is gone; links to it end at the top of the page."
            )
            remedy = f"Give the heading its id back, or record {address} under redirects or removed."
            result.append(_finding(page, address, "lost-anchor", message, remedy, ledger_path, line))
        else:
            message = f"{page} was published and is gone."
            remedy = "Bring it back, or record it under redirects (from, to) or removed (reason)."
            result.append(_finding(page, address, "lost-page", message, remedy, ledger_path, line))
    return sorted(result)


def _redirect(moved: MovedTo, by_source: dict[str, MovedTo], present: set[str], path: str) -> list[Finding]:
    found = []
    if moved.source in present:
        message = f"{moved.source} is a page; the redirect to {moved.target} would hide it."
        found.append(
            _finding("", moved.source, "redirect-shadows-page", message, "Delete the redirect.", path, moved.line)
        )
    steps = [moved.source]
    target = moved.target
    while target in by_source and target not in steps:
        steps.append(target)
        target = by_source[target].target
    shown = " → ".join([*steps, target])
    if target in steps:
        if target == moved.source:
            found.append(
                _finding(
                    "",
                    moved.source,
                    "redirect-loop",
                    f"{shown} never ends.",
                    "Name a page that exists.",
                    path,
                    moved.line,
                )
            )
        return found
    if len(steps) > 1:
        message = f"{shown} takes {len(steps)} steps; one is enough."
        found.append(_finding("", moved.source, "redirect-chain", message, f"Write to: {target}", path, moved.line))
    if target.startswith("/") and target not in present:
        message = f"{moved.source} leads to {target}, which is not there."
        found.append(
            _finding("", moved.source, "redirect-target", message, "Name a page that exists.", path, moved.line)
        )
    return found


def _finding(page: str, url: str, code: str, message: str, remedy: str, source: str, line: int) -> Finding:
    name = page.lstrip("/")
    return Finding(
        name + "index.html" if page.endswith("/") else name,
        0,
        0,
        url,
        code,
        f"{message} {remedy}",
        source=source,
        source_line=line,
        source_column=1 if line else 0,
        detail=url,
    )
