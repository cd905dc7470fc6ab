"""What only the whole site can tell: absent anchors, pages nobody links to, unused files, redirects that loop or chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from .model import Finding
from .read.extract import HTML, Redirect
from .read.names import is_page
from .record import SEPARATOR, FileRecord, Missing
from .site import INDEX, Site, file_id
from .whatwg_url import decode_fragment, encode_fragment

_NEEDS_NO_LINK = (
    "404.html",
    "robots.txt",
    "_redirects",
    "_headers",
    "CNAME",
    "favicon.ico",
    "apple-touch-icon.png",
    "humans.txt",
    ".nojekyll",
)
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
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for record in wanting:
        for target, fragment in record.wanted():
            wanted[target].add(fragment)
    missing: Missing = {}
    for record in targets if wanted else ():
        fragments = wanted.pop(record.id, None)
        if not fragments or not record.anchors_known:
            continue
        anchors = record.anchors.split(SEPARATOR)
        for fragment in sorted(fragments.difference(anchors)):
            if not has_anchor(set(anchors), fragment):
                from .suggest import anchor  # loads what compares names, which a site without mistakes does without

                missing[record.id, fragment] = anchor(fragment, anchors)
    return missing


def orphans(records: Iterable[FileRecord]) -> list[Finding]:
    """Pages that cannot be reached from the home page by following links. None where there is no home page."""
    pages = {record.id: record for record in records if record.kind == HTML}
    home = file_id(INDEX)
    if home not in pages:
        return []
    unreached = set(pages) - {home}
    pending = [home]
    while pending and unreached:
        reached = unreached.intersection(pages[pending.pop()].navigates_to)
        unreached -= reached
        pending += reached
    return [
        Finding(record.path, 0, 0, "", "orphan", "No chain of links leads here from the home page.", detail=record.path)
        for identity, record in pages.items()
        if identity in unreached and record.path.rpartition("/")[2] != "404.html" and not record.refreshes_to
    ]


def unused_files(site: Site, records: Iterable[FileRecord]) -> list[Finding]:
    """Files that are neither pages nor used by any file, and that no client asks for by name."""
    candidates = {identity: path for path, identity in site.files.items() if _wants_a_use(path)}
    unused = set(candidates)
    for record in records:
        if not unused:
            break
        unused.difference_update(record.uses)
        unused.difference_update(record.navigates_to)
    return [
        Finding(path, 0, 0, "", "unused-file", "No page, style sheet or feed uses it.", detail=path)
        for identity, path in candidates.items()
        if identity in unused
    ]


def _wants_a_use(path: str) -> bool:
    name = path.rpartition("/")[2]
    by_name = name in _NEEDS_NO_LINK or name in _READ_BY_NAME or name.startswith(".") or path.startswith(".well-known/")
    return not by_name and not is_page(path)


def refresh_findings(records: Iterable[FileRecord]) -> list[Finding]:
    """Loops and chains among pages that send the reader on with ``<meta http-equiv=refresh>``."""
    pages = {record.id: record for record in records if record.refreshes_to}
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
