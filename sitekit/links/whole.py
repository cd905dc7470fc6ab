"""What only the whole site can tell: absent anchors, pages nobody links to, unused files, redirects that loop or chain."""

from __future__ import annotations

from collections.abc import Iterable

from .judge import SEPARATOR, FileRecord, Missing
from .model import Finding
from .read.extract import HTML, Redirect
from .read.file import is_page
from .site import INDEX, Site, file_id
from .suggest import anchor
from .whatwg_url import decode_fragment, encode_fragment

_NEEDS_NO_LINK = ("404.html", "robots.txt", "_redirects", "_headers", "CNAME", "favicon.ico", "humans.txt", ".nojekyll")
_READ_BY_NAME = ("ads.txt", "llms.txt", "browserconfig.xml", "sitemap.xml", "sitemap.txt", "security.txt", "atom.xml")


def has_anchor(anchors: set[str], fragment: str) -> bool:
    """The HTML standard's steps: the fragment as it stands, then percent-decoded, then ``top`` in any case."""
    if fragment in anchors and fragment.isascii():
        return True
    encoded = encode_fragment(fragment)
    if encoded in anchors:
        return True
    decoded = decode_fragment(encoded)
    return decoded in anchors or (decoded.lower() == "top" and decoded.isascii())


def missing_anchors(wanting: Iterable[FileRecord], targets: Iterable[FileRecord]) -> Missing:
    """Pairs of file id and fragment that ``wanting`` link to and no element of ``targets`` provides, with what was probably meant."""
    wanted: dict[int, set[str]] = {}
    for record in wanting:
        for target, fragment in record.wanted():
            fragments = wanted.get(target)
            if fragments is None:
                wanted[target] = {fragment}
            else:
                fragments.add(fragment)
    missing: Missing = {}
    for record in targets if wanted else ():
        target = file_id(record.path)
        fragments = wanted.pop(target, None)
        if not fragments or not record.anchors_known:
            continue
        anchors = set(record.anchors.split(SEPARATOR)) if record.anchors else set()
        for fragment in sorted(fragments - anchors):
            if not has_anchor(anchors, fragment):
                missing[target, fragment] = anchor(fragment, record.anchors.split(SEPARATOR))
    return missing


def orphans(records: Iterable[FileRecord]) -> list[Finding]:
    """Pages that cannot be reached from the home page by following links. None where there is no home page."""
    pages = {file_id(record.path): record for record in records if record.kind == HTML}
    home = file_id(INDEX)
    if home not in pages:
        return []
    reached = {home}
    pending = [home]
    while pending:
        for target in pages[pending.pop()].navigates_to:
            if target in pages and target not in reached:
                reached.add(target)
                pending.append(target)
    return [
        Finding(record.path, 0, 0, "", "orphan", "No chain of links leads here from the home page.", detail=record.path)
        for identity, record in pages.items()
        if identity not in reached and record.path.rpartition("/")[2] != "404.html" and not record.refreshes_to
    ]


def unused_files(site: Site, records: Iterable[FileRecord]) -> list[Finding]:
    """Files that are neither pages nor used by any file, and that no client asks for by name."""
    used: set[int] = set()
    for record in records:
        used.update(record.uses)
    findings = []
    for path in site.files:
        name = path.rpartition("/")[2]
        if is_page(path) or file_id(path) in used or name in _NEEDS_NO_LINK or name in _READ_BY_NAME:
            continue
        if path.startswith(".well-known/") or name.startswith("."):
            continue
        findings.append(Finding(path, 0, 0, "", "unused-file", "No page, style sheet or feed uses it.", detail=path))
    return findings


def refresh_findings(records: Iterable[FileRecord]) -> list[Finding]:
    """Loops and chains among pages that send the reader on with ``<meta http-equiv=refresh>``."""
    pages = {file_id(record.path): record for record in records if record.refreshes_to}
    findings = []
    for identity, record in pages.items():
        path = [identity]
        target = record.refreshes_to
        while target in pages and target not in path:
            path.append(target)
            target = pages[target].refreshes_to
        names = " → ".join(pages[step].path for step in path)
        if target in path:
            if target == identity:
                message = f"{names} → {record.path} never ends."
                findings.append(Finding(record.path, 0, 0, "", "redirect-loop", message, detail=record.path))
        elif len(path) > 1:
            message = f"{names} takes {len(path)} steps; one is enough."
            findings.append(Finding(record.path, 0, 0, "", "redirect-chain", message, detail=record.path))
    return findings


def rule_findings(path: str, rules: list[Redirect]) -> list[Finding]:
    """Loops and chains among the fixed rules of a ``_redirects`` file."""
    targets: dict[str, Redirect] = {}
    for rule in rules:
        if "*" not in rule.source and ":" not in rule.source and 300 <= rule.status < 400:
            targets.setdefault(_key(rule.source), rule)
    findings = []
    for key, rule in targets.items():
        chain = [key]
        target = _key(rule.target)
        while target in targets and target not in chain:
            chain.append(target)
            target = _key(targets[target].target)
        if target == key:
            message = f"{' → '.join([*chain, key])} never ends."
            findings.append(Finding(path, rule.line, 1, rule.source, "redirect-loop", message, detail=rule.source))
        elif target not in chain and len(chain) > 1:
            message = f"{' → '.join([*chain, target])} takes {len(chain)} steps; one is enough."
            findings.append(Finding(path, rule.line, 1, rule.source, "redirect-chain", message, detail=rule.source))
    return findings


def _key(path: str) -> str:
    return path.partition("#")[0].partition("?")[0].rstrip("/") or "/"
