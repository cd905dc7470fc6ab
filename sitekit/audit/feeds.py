"""Feeds and sitemap against their standards: Atom by RELAX NG, the sitemap by its XML Schema, RSS by rules of its text.

RSS 2.0 has no schema (https://www.rssboard.org/rss-specification); the rules name the element they come from.
"""

from __future__ import annotations

import email.utils
from pathlib import Path

from lxml import etree

from sitekit.audit.model import Measure, none_of

_ATOM_SCHEMA = Path(__file__).parent / "schemas" / "atom.rng"
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False}
_ATOM_NAMESPACE = "{http://www.w3.org/2005/Atom}"


def check_feeds(folder: Path, modules: Path) -> list[Measure]:
    """What is wrong with each Atom feed, RSS feed and sitemap of a built site. A kind that is missing is a finding."""
    measures = []
    checks = (
        ("Atom (RFC 4287)", "*.atom.xml", atom_faults),
        ("RSS 2.0", "*.rss.xml", rss_faults),
        ("Sitemap (sitemaps.org 0.9)", "sitemap*.xml", lambda tree: sitemap_faults(tree, modules)),
    )
    for check, pattern, faults in checks:
        files = sorted(folder.rglob(pattern))
        for file in files:
            try:
                found = faults(etree.parse(file, etree.XMLParser(**_PARSER)))
            except etree.XMLSyntaxError as error:
                found = [f"not well formed: {error}"]
            measures.append(none_of(check, "/" + file.relative_to(folder).as_posix(), found))
        if not files:
            measures.append(none_of(check, "", [f"no file {pattern}"]))
    return measures


def atom_faults(tree: etree._ElementTree) -> list[str]:
    """Where an Atom feed leaves RFC 4287."""
    schema = etree.RelaxNG(etree.parse(_ATOM_SCHEMA))
    schema.validate(tree)
    faults = [f"line {error.line}: {error.message}" for error in schema.error_log]
    identifiers = [node.text for node in tree.findall(f"{_ATOM_NAMESPACE}entry/{_ATOM_NAMESPACE}id")]
    return faults + [
        f"the id {one} is used twice" for one in sorted({x for x in identifiers if identifiers.count(x) > 1})
    ]


def sitemap_faults(tree: etree._ElementTree, modules: Path) -> list[str]:
    """Where a sitemap leaves the protocol's XML Schema, as the npm package "sitemap" ships it."""
    schema = etree.XMLSchema(etree.parse(modules / "sitemap" / "schema" / "sitemap.xsd"))
    schema.validate(tree)
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


def rss_faults(tree: etree._ElementTree) -> list[str]:
    """Where an RSS feed leaves the RSS 2.0 specification."""
    root = tree.getroot()
    if root.tag != "rss" or root.get("version") != "2.0":
        return ["the root is not <rss version='2.0'>"]
    channels = root.findall("channel")
    if len(channels) != 1:
        return ["there is not exactly one channel"]
    channel = channels[0]
    faults = [f"channel: no {name}" for name in ("title", "link", "description") if not channel.findtext(name)]
    for name in ("pubDate", "lastBuildDate"):
        faults += _date_fault("channel", name, channel.findtext(name))
    seen = set()
    for item in channel.findall("item"):
        label = f"item on line {item.sourceline}"
        if not (item.findtext("title") or item.findtext("description")):
            faults.append(f"{label}: neither title nor description")
        if not (item.findtext("link") or "").startswith(("https://", "http://")):
            faults.append(f"{label}: no link with a whole address")
        faults += _date_fault(label, "pubDate", item.findtext("pubDate"))
        guid = item.find("guid")
        if guid is None or not guid.text:
            faults.append(f"{label}: no guid")
            continue
        if guid.get("isPermaLink", "true") == "true" and not guid.text.startswith(("https://", "http://")):
            faults.append(f"{label}: the guid says that it is an address, and is none")
        if guid.text in seen:
            faults.append(f"{label}: the guid {guid.text} is used twice")
        seen.add(guid.text)
    return faults


def _date_fault(label: str, name: str, text: str | None) -> list[str]:
    """RFC 822 dates, as the specification asks."""
    if text is None:
        return []
    try:
        zoned = email.utils.parsedate_to_datetime(text).tzinfo is not None
    except ValueError:
        zoned = False
    return [] if zoned else [f"{label}: {name} is not an RFC 822 date with a zone: {text}"]
