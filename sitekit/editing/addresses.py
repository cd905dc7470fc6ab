"""Addresses that were promised to readers: the redirect and the ledger entry of a page that moves."""

from __future__ import annotations

import re

from sitekit.editing.changes import Change
from sitekit.editing.project import Project

REDIRECTS, LEDGER = "redirects.yaml", "urls.txt"
ADDRESS_FILES = (REDIRECTS, LEDGER)
_RECORD = re.compile(r"^- .*\n?(?:[ \t]+.*\n?)*", re.M)
_VALUE = r"[ \t]*['\"]?([^'\"\s#]+)(#[^'\"\s]*)?['\"]?"


def address_of(relative: str) -> str:
    """The root-relative address of a path below content/, as the site's settings make it."""
    return f"/{relative.split('/', 1)[1].removesuffix('.md')}/"


def address_changes(project: Project, old: str, new: str) -> list[Change]:
    """The changes to the redirects and the ledger when the page at ``old`` goes to ``new``."""
    changes = []
    for name, write in ((REDIRECTS, redirected), (LEDGER, recorded)):
        file = project.content / "data" / name
        if name == LEDGER and not file.is_file():
            continue  # before the first publication nothing has been promised
        before = file.read_bytes() if file.is_file() else None
        after = write((before or b"").decode(), old, new).encode()
        changes.append(Change(f"{project.label}/data/{name}", before, after))
    return [change for change in changes if change.before != change.after]


def redirected(text: str, old: str, new: str) -> str:
    """``text`` of redirects.yaml with one more redirect.

    Redirects that led to ``old`` lead to ``new`` at once, so that no reader is sent twice. One that led away from ``new`` goes,
    because a page stands there now.
    """
    text = _RECORD.sub(lambda match: "" if _value(match[0], "from") == new else match[0], text)
    text = re.sub(
        rf"(\bto:{_VALUE})", lambda match: match[0].replace(old, new, 1) if match[2] == old else match[0], text
    )
    newline = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{newline}- from: {old}\n  to: {new}\n"


def _value(record: str, name: str) -> str:
    match = re.search(rf"\b{name}:{_VALUE}", record)
    return match[1] if match else ""


def recorded(text: str, old: str, new: str) -> str:
    """``text`` of the ledger with both addresses in it, in its order; what was promised before stays promised."""
    lines = text.splitlines()
    missing = [address for address in (old, new) if address not in lines]
    comments = [line for line in lines if line.startswith("#")]
    addresses = sorted([*(line for line in lines if line and not line.startswith("#")), *missing])
    return "".join(f"{line}\n" for line in (*comments, *addresses)) if missing else text
