"""A copy of the site that opens from a disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitekit.publish.errors import ConfigError
from sitekit.publish.portable import make_portable, relative_text
from tests.publish.sites import Site


def test_every_address_of_every_page_leads_to_a_file(tmp_path: Path) -> None:
    make_portable(Site(6).write(tmp_path / "output"), tmp_path / "preview")
    found = 0
    for page in (tmp_path / "preview").rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"]+)"', page.read_text()):
            assert (page.parent / address).is_file(), (page, address)
            found += 1
    assert found > 20


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ('<a href="/">', "", '<a href="index.html">'),
        ('<a href="/">', "mind/a", '<a href="../../index.html">'),
        ('<a href="/mind/b/?x=1#part">', "mind/a", '<a href="../b/index.html?x=1#part">'),
        ("<img src='/images/a.png'>", "mind", "<img src='../images/a.png'>"),
        ('<img srcset="/a.png 1x, /b.png 2x">', "mind", '<img srcset="../a.png 1x, ../b.png 2x">'),
        ("a{background:url(/assets/x.svg)}", "assets", "a{background:url(x.svg)}"),
        ('<a href="https://example.org/">', "mind", '<a href="https://example.org/">'),
        ('<a href="//example.org/">', "mind", '<a href="//example.org/">'),
        ('<a href="#part">', "mind", '<a href="#part">'),
        ('<a href="tel:988">', "mind", '<a href="tel:988">'),
    ],
)
def test_addresses_inside_the_site_become_relative_and_others_stay(
    tmp_path, text: str, start: str, expected: str
) -> None:
    assert relative_text(text, start, tmp_path) == expected


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    Site(1).write(tmp_path / "output")
    (tmp_path / "mine").mkdir()
    with pytest.raises(ConfigError, match="exists already"):
        make_portable(tmp_path / "output", tmp_path / "mine")
    with pytest.raises(ConfigError, match="no built site"):
        make_portable(tmp_path / "nowhere", tmp_path / "preview")
