"""While 1,500 pages change and change back, no reader sees a page without what it names."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.publish.peers import TOOLS
from tests.publish.ceph import Ceph
from tests.publish.faults import Publisher, wait_until
from tests.publish.readers import Readers, Views
from tests.publish.sites import Site

pytestmark = [pytest.mark.publish, pytest.mark.slow, pytest.mark.xdist_group("ceph")]

PAGES = 1500
#: Longest time between a page and its assets: longer than one publication, so pages of one release ask during the next.
DELAY = 20.0


def told(views: Views) -> str:
    """Figures for people."""
    return f"{views.pages} page views, {views.assets} assets, {views.broken_views} broken ({views.share:.1%})"


def touched(folder: Path) -> Path:
    """The folder as a build leaves it: every file has a new time stamp."""
    for place in folder.rglob("*"):
        os.utime(place)
    return folder


def test_no_view_is_broken_while_every_page_changes_and_is_rolled_back(
    ceph: Ceph,
    bucket: str,
    credentials: dict[str, str],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    first, second = Site(PAGES), Site(PAGES).restyle()
    paths = [path for path in first.files() if path.endswith(".html")]
    steps = [
        ("push", "--folder", str(first.write(tmp_path / "v1"))),
        ("push", "--folder", str(second.write(tmp_path / "v2"))),
        ("collect",),
        ("rollback", "previous"),
        ("collect",),
    ]

    def run(*arguments: str) -> None:
        code, said = Publisher(credentials, ceph.url, bucket, tmp_path, *arguments).end()
        assert code == 0, said

    run(*steps[0])
    with Readers(f"{ceph.url}/{bucket}", paths, delay=DELAY) as readers:
        for step in steps[1:]:
            run(*step)
    views = readers.views
    record_property("torn views, sitekit.publish", told(views))
    assert views.pages > 150
    assert views.broken == []


@pytest.mark.parametrize("name", ["aws s3 sync", "rclone sync --checksum", "hugo deploy", "hugo deploy, ordered"])
def test_the_same_readers_see_views_break_under_other_tools(
    ceph: Ceph, bucket: str, tmp_path: Path, record_property: Callable[[str, object], None], name: str
) -> None:
    """What makes the test above worth something; the figures are printed at the end of the run."""
    first, second = Site(PAGES), Site(PAGES).restyle()
    paths = [path for path in first.files() if path.endswith(".html")]
    before, after = first.write(tmp_path / "v1"), second.write(tmp_path / "v2")
    tool = TOOLS[name](name, ceph, bucket, tmp_path / "tool")
    tool.scratch.mkdir()
    tool.publish(before)
    with Readers(f"{ceph.url}/{bucket}", paths, delay=DELAY) as readers:
        tool.publish(touched(after))
        tool.back(touched(before))
    record_property(f"torn views, {name}", told(readers.views))
    assert readers.views.pages > 150
    assert readers.views.broken_views > 0


def test_the_readers_of_this_test_do_notice_a_missing_asset(
    ceph: Ceph, bucket: str, credentials: dict[str, str], tmp_path: Path
) -> None:
    site = Site(20)
    push = ("push", "--folder", str(site.write(tmp_path / "v1")))
    assert Publisher(credentials, ceph.url, bucket, tmp_path, *push).end()[0] == 0
    style = next(path for path in site.files() if path.endswith(".css"))
    ceph.call("DELETE", f"/{bucket}/{style}")
    paths = [path for path in site.files() if path.endswith(".html")]
    with Readers(f"{ceph.url}/{bucket}", paths, delay=0.2, pause=0.05) as readers:
        wait_until(lambda: readers.views.pages >= 20)
    assert readers.views.broken_views >= 20
