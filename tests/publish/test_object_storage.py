"""Publishing to a real S3 server: what readers get, what is sent, and what comes back."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import brotli
import httpx
import pytest

from sitekit.publish import push, rules
from tests.publish.ceph import Ceph
from tests.publish.commands import collect_in_two_months, uploaded
from tests.publish.sites import Site

pytestmark = [pytest.mark.publish, pytest.mark.xdist_group("ceph")]


def test_readers_get_the_bytes_and_headers_that_were_published(site: Site, run, ceph: Ceph, bucket: str) -> None:
    assert run("push")[0] == 0
    for path, data in site.files().items():
        answer = httpx.get(f"{ceph.url}/{bucket}/{path}")
        assert answer.status_code == 200
        assert answer.content == data
    page = httpx.get(f"{ceph.url}/{bucket}/{site.path(0)}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=3600"
    assert page.headers["x-amz-meta-sha256"] == hashlib.sha256(page.content).hexdigest()
    asset = next(path for path in site.files() if path.endswith(".css"))
    answer = httpx.get(f"{ceph.url}/{bucket}/{asset}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (
        httpx.get(f"{ceph.url}/{bucket}/feeds/all.atom.xml").headers["content-type"].startswith("application/atom+xml")
    )
    assert httpx.get(f"{ceph.url}/{bucket}/site.webmanifest").headers["content-type"] == "application/manifest+json"


def test_variants_hold_the_same_content_and_name_their_coding(site: Site, run, ceph: Ceph, bucket: str) -> None:
    run("push")
    asset = next(path for path in site.files() if path.endswith(".css"))
    with httpx.stream("GET", f"{ceph.url}/{bucket}/{asset}.br") as answer:
        assert answer.headers["content-encoding"] == "br"
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert brotli.decompress(b"".join(answer.iter_raw())) == site.files()[asset]
    answer = httpx.get(f"{ceph.url}/{bucket}/{asset}.gz")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == site.files()[asset]


def test_page_variants_are_stored_when_asked_for(site: Site, run, ceph: Ceph, bucket: str, monkeypatch) -> None:
    monkeypatch.setenv("SITEKIT_PUBLISH_PAGE_ENCODINGS", "br,gzip")
    run("push")
    with httpx.stream("GET", f"{ceph.url}/{bucket}/{site.path(3)}.br") as answer:
        assert brotli.decompress(b"".join(answer.iter_raw())) == site.files()[site.path(3)]


def test_a_second_publication_uploads_nothing(site: Site, run) -> None:
    run("push")
    code, text, _ = run("push")
    assert code == 0
    assert uploaded(text) == 0


def test_new_time_stamps_alone_upload_nothing(site: Site, run, tmp_path: Path) -> None:
    run("push")
    for place in (tmp_path / "output").rglob("*.html"):
        os.utime(place, (1, 1))
    assert uploaded(run("push")[1]) == 0


def test_one_changed_article_uploads_only_what_changed(site: Site, run, tmp_path: Path) -> None:
    run("push")
    site.edit(4).write(tmp_path / "output")
    code, plan, _ = run("plan")
    assert code == 0
    assert f"    {site.path(4)}" in plan
    started = time.monotonic()
    code, text, _ = run("push")
    assert code == 0
    # the article, the home page and the feed that count its edits, with the feed's two variants
    assert uploaded(text) == 5
    assert time.monotonic() - started < 2.0


def test_a_changed_cache_rule_sends_headers_only_as_such(site: Site, run, ceph, bucket, monkeypatch, tmp_path) -> None:
    run("push")
    text = rules.DEFAULT.read_text().replace('match = \'\\.html$\'\ncache = "public, max-age=300', 'match = \'\\.html$\'\ncache = "public, max-age=120')  # fmt: skip
    place = tmp_path / "rules.toml"
    place.write_text(text)
    changed = rules.load_rules(place)
    assert "max-age=120" in changed.classify("a/index.html").cache
    monkeypatch.setattr(push, "load_rules", lambda: changed)
    _, plan, _ = run("plan")
    assert "headers only: 13" in plan
    assert run("push")[0] == 0
    answer = httpx.get(f"{ceph.url}/{bucket}/{site.path(1)}")
    assert answer.headers["cache-control"] == "public, max-age=120, stale-while-revalidate=3600"
    assert uploaded(run("push")[1]) == 0


def test_a_prefix_keeps_several_sites_in_one_bucket_apart(site: Site, run, ceph: Ceph, bucket: str) -> None:
    assert run("push", target=f"s3://{bucket}/live")[0] == 0
    assert run("push", target=f"s3://{bucket}/preview/7")[0] == 0
    for prefix in ("live", "preview/7"):
        assert httpx.get(f"{ceph.url}/{bucket}/{prefix}/index.html").status_code == 200
    assert httpx.get(f"{ceph.url}/{bucket}/index.html").status_code == 404


def test_rollback_restores_pages_that_were_withdrawn_and_collected(
    site: Site, run, ceph: Ceph, bucket: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("SITEKIT_PUBLISH_PAGE_GRACE_SECONDS", "0")
    run("push")
    before = site.files()
    (tmp_path / "output" / site.path(2)).unlink()
    site.withdrawn.add(2)
    site.restyle().write(tmp_path / "output")
    assert run("push", "--allow-drop")[0] == 0
    assert httpx.get(f"{ceph.url}/{bucket}/{site.path(2)}").status_code == 200
    run("collect")
    assert httpx.get(f"{ceph.url}/{bucket}/{site.path(2)}").status_code == 404
    code, _, error = run("rollback", "previous")
    assert code == 0, error
    for path, data in before.items():
        assert httpx.get(f"{ceph.url}/{bucket}/{path}").content == data
    assert "live" in run("releases")[1].splitlines()[0]


def test_assets_of_earlier_releases_stay_for_the_grace_period_and_then_go(
    site: Site, run, ceph: Ceph, bucket: str, tmp_path: Path, monkeypatch
) -> None:
    run("push")
    old = next(path for path in site.files() if path.endswith(".css"))
    (tmp_path / "output" / old).unlink()
    site.restyle().write(tmp_path / "output")
    run("push")
    run("collect")
    assert httpx.get(f"{ceph.url}/{bucket}/{old}").status_code == 200
    monkeypatch.setenv("SITEKIT_PUBLISH_KEEP_RELEASES", "1")
    collect_in_two_months(tmp_path, bucket)
    for name in (old, old + ".br", old + ".gz"):
        assert httpx.get(f"{ceph.url}/{bucket}/{name}").status_code == 404
    for path, data in site.files().items():
        assert httpx.get(f"{ceph.url}/{bucket}/{path}").content == data
    assert len(run("releases")[1].splitlines()) == 1


def test_a_file_that_vanished_from_the_bucket_is_put_back(site: Site, run, ceph: Ceph, bucket: str) -> None:
    run("push")
    ceph.call("DELETE", f"/{bucket}/{site.path(7)}")
    _, plan, _ = run("plan")
    assert "missing from the target: 1" in plan
    assert uploaded(run("push")[1]) == 1
    assert httpx.get(f"{ceph.url}/{bucket}/{site.path(7)}").content == site.files()[site.path(7)]


@pytest.mark.slow
def test_one_changed_article_of_1500_is_live_in_under_two_seconds(ceph, bucket, credentials, tmp_path) -> None:
    """From the start of the process to its end; the best of five, as other work on the machine is not the publisher's."""
    site = Site(1500, paragraphs=28)
    site.write(tmp_path / "output")
    command = [
        sys.executable,
        "-m",
        "sitekit.publish",
        "push",
        "--target",
        f"s3://{bucket}",
        "--project",
        str(tmp_path),
    ]
    command += ["--folder", str(tmp_path / "output"), "--cache", str(tmp_path / "cache"), "--no-git"]
    seconds = []
    for number in range(6):
        started = time.monotonic()
        done = subprocess.run(command, env=credentials, capture_output=True, text=True, timeout=120, check=False)
        seconds.append(time.monotonic() - started)
        assert done.returncode == 0, done.stderr
        # the article, the home page and the feed that count its edits, with the feed's two variants
        assert number == 0 or uploaded(done.stdout) == 5
        site.edit(number)
        for path in (site.path(number), "index.html", "feeds/all.atom.xml"):
            (tmp_path / "output" / path).write_bytes(site.files()[path])
    assert min(seconds[1:]) < 2.0
