"""The rules for feeds find each kind of fault, and nothing in a feed that is right."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import etree

from sitekit.audit.feeds import atom_faults, rss_faults

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US">
<title>T</title><id>tag:example.org,2026:/</id><updated>2026-11-22T00:00:00-08:00</updated>
<link rel="self" href="https://example.org/feed.xml"/>
<entry><title type="html">E</title><id>tag:example.org,2026:/e</id><updated>2026-11-22T00:00:00Z</updated>
<link href="https://example.org/e/" rel="alternate"/><author><name>N</name></author><content type="html">&lt;p&gt;</content>
<category term="x"/></entry></feed>"""
RSS = """<rss version="2.0"><channel><title>T</title><link>https://example.org/</link><description>D</description>
<lastBuildDate>Sun, 22 Nov 2026 00:00:00 -0800</lastBuildDate>
<item><title>E</title><link>https://example.org/e/</link><guid isPermaLink="false">tag:e</guid>
<pubDate>Sun, 22 Nov 2026 00:00:00 -0800</pubDate></item></channel></rss>"""


def parsed(text: str) -> etree._ElementTree:
    return etree.parse(BytesIO(text.encode()))


def test_feeds_that_keep_their_standards_have_no_faults() -> None:
    assert atom_faults(parsed(ATOM)) == []
    assert rss_faults(parsed(RSS)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<id>tag:example.org,2026:/</id>", ""),
        ("<updated>2026-11-22T00:00:00Z</updated>", "<updated>2026-11-22</updated>"),
        ("2026-11-22T00:00:00Z", "2026-11-22T00:00:00"),
        ("<author><name>N</name></author>", ""),
        ("<name>N</name>", "<name> </name>"),
        ('<category term="x"/>', "<category/>"),
        ('href="https://example.org/e/"', ""),
        ('type="html">&lt;', 'type="nonsense">&lt;'),
        ("<title>T</title>", "<title>T</title><title>U</title>"),
        ("<title>T</title>", "<title>T</title><heading>U</heading>"),
        ("tag:example.org,2026:/e", "tag:example.org,2026:/e</id><id>tag:example.org,2026:/f"),
    ],
)
def test_each_departure_from_rfc_4287_is_found(old: str, new: str) -> None:
    assert old in ATOM
    assert atom_faults(parsed(ATOM.replace(old, new, 1))) != []


def test_an_atom_id_used_twice_is_found() -> None:
    entry = ATOM[ATOM.index("<entry>") : ATOM.index("</feed>")]
    assert atom_faults(parsed(ATOM.replace("</feed>", f"{entry}</feed>"))) == [
        "the id tag:example.org,2026:/e is used twice"
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('version="2.0"', 'version="0.9"', "root"),
        ("<description>D</description>", "", "no description"),
        (' isPermaLink="false"', "", "guid says that it is an address"),
        ('<guid isPermaLink="false">tag:e</guid>', "", "no guid"),
        ("Sun, 22 Nov 2026 00:00:00 -0800</pubDate>", "2026-11-22</pubDate>", "RFC 822"),
        ("<title>E</title>", "", "neither title nor description"),
        ("<link>https://example.org/e/</link>", "<link>/e/</link>", "whole address"),
    ],
)
def test_each_departure_from_rss_2_is_named(old: str, new: str, says: str) -> None:
    assert old in RSS
    faults = rss_faults(parsed(RSS.replace(old, new, 1)))
    assert len(faults) == 1
    assert says in faults[0]
