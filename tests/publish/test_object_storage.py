"""Publishing to a real S3 server: what readers get, what is sent, and what a bucket can do wrong."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import brotli
import httpx
import pytest

from sitekit.publish import push, rules
from sitekit.publish.cli import main
from sitekit.publish.collect import collect
from sitekit.publish.config import load_config
from sitekit.publish.push import begin
from sitekit.publish.targets import open_target
from sitekit.publish.targets.objects import ObjectTarget
from tests.publish.ceph import Ceph
from tests.publish.sites import Site

pytestmark = [pytest.mark.publish, pytest.mark.xdist_group("ceph")]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A small site, written to ``tmp_path/output``."""
    made = Site()
    made.write(tmp_path / "output")
    return made


@pytest.fixture
def run(tmp_path: Path, bucket: str, capsys: pytest.CaptureFixture[str]):
    """Runs one command against the bucket; gives exit code, standard output and standard error."""

    def call(*arguments: str, target: str = f"s3://{bucket}") -> tuple[int, str, str]:
        command, *rest = arguments
        builds = ["--folder", str(tmp_path / "output"), "--cache", str(tmp_path / "cache"), "--no-git"]
        more = builds if command in ("push", "plan") else []
        code = main([command, "--project", str(tmp_path), "--target", target, *more, *rest])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def uploaded(text: str) -> int:
    """How many files a push said it sent."""
    return int(re.search(r"(\d+) uploaded", text)[1])


def collect_in_two_months(project: Path, bucket: str) -> None:
    """What ``collect`` would do once the grace period of everything published today is over."""
    config = load_config(project, target=f"s3://{bucket}")
    target = open_target(config)
    with begin(target, config, "collect", 0) as lease:
        collect(target, config, lease, datetime.now(UTC) + timedelta(days=60))


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
    assert httpx.get(f"{ceph.url}/{bucket}/feeds/atom.xml").headers["content-type"].startswith("application/atom+xml")
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


def test_foreign_files_are_neither_replaced_nor_removed(
    site: Site, run, ceph: Ceph, bucket: str, tmp_path: Path
) -> None:
    ceph.call("PUT", f"/{bucket}/backups/2026.tar", b"somebody's backup")
    ceph.call("PUT", f"/{bucket}/robots.txt", b"somebody's robots")
    code, text, _ = run("push")
    assert code == 1
    assert "output/robots.txt:0:0: foreign-file" in text
    assert httpx.get(f"{ceph.url}/{bucket}/index.html").status_code == 404
    assert run("push", "--adopt")[0] == 0
    collect_in_two_months(tmp_path, bucket)
    assert httpx.get(f"{ceph.url}/{bucket}/backups/2026.tar").content == b"somebody's backup"


def test_a_foreign_file_that_appears_after_the_plan_is_not_replaced(
    site: Site, run, ceph: Ceph, bucket: str, monkeypatch
) -> None:
    listed = ObjectTarget.inventory

    def then_a_stranger_writes(self: ObjectTarget) -> dict[str, int]:
        found = listed(self)
        ceph.call("PUT", f"/{bucket}/{site.path(5)}", b"a stranger's page")
        return found

    monkeypatch.setattr(ObjectTarget, "inventory", then_a_stranger_writes)
    code, _, error = run("push")
    assert code == 1
    assert f"{site.path(5)} exists in s3://{bucket} and is not ours" in error
    assert httpx.get(f"{ceph.url}/{bucket}/{site.path(5)}").content == b"a stranger's page"
    assert httpx.get(f"{ceph.url}/{bucket}/index.html").status_code == 404


def test_a_file_that_vanished_from_the_bucket_is_put_back(site: Site, run, ceph: Ceph, bucket: str) -> None:
    run("push")
    ceph.call("DELETE", f"/{bucket}/{site.path(7)}")
    _, plan, _ = run("plan")
    assert "missing from the target: 1" in plan
    assert uploaded(run("push")[1]) == 1
    assert httpx.get(f"{ceph.url}/{bucket}/{site.path(7)}").content == site.files()[site.path(7)]


@pytest.mark.parametrize(
    ("changes", "target", "message"),
    [
        ({}, "s3://no-such-bucket", "the bucket no-such-bucket does not exist"),
        ({"AWS_ACCESS_KEY_ID": "NOTAKEYATALL"}, None, "does not know this access key"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong-secret-value"}, None, "refuses the signature"),
        ({"SITEKIT_PUBLISH_ENDPOINT": "http://127.0.0.1:9"}, None, "cannot be reached"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_named_with_the_remedy(
    site, run, bucket, monkeypatch, changes, target, message
) -> None:
    monkeypatch.setenv("SITEKIT_PUBLISH_REQUEST_SECONDS", "2")
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    code, text, error = run("push", target=target or f"s3://{bucket}")
    assert code == 1
    assert message in error
    assert len(error.splitlines()) == 2
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in text + error


def test_missing_credentials_are_a_wrong_use(site: Site, run, monkeypatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    code, _, error = run("push")
    assert code == 2
    assert "no credentials" in error


def test_a_clock_that_is_wrong_by_hours_is_told_as_such(site: Site, bucket: str, credentials, tmp_path: Path) -> None:
    """The clock is shifted for one process by libfaketime; without it the server cannot see a skewed request."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        pytest.fail("no libfaketime: apt-get install --no-install-recommends libfaketime")
    command = [sys.executable, "-m", "sitekit.publish", "releases", "--target", f"s3://{bucket}"]
    environ = {**credentials, "LD_PRELOAD": str(library), "FAKETIME": "-3h"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "clock differs" in done.stderr


@pytest.mark.parametrize(
    "name",
    ["mind/ünïcode näme/index.html", "a b+c/index.html", "50%25 off/index.html", "q?x#y/index.html", "'~!$&()=@,;:"],
)
def test_odd_but_lawful_names_arrive_under_their_own_url(site, run, ceph, bucket, tmp_path, name: str) -> None:
    place = tmp_path / "output" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"<!doctype html><p>odd</p></html>")
    assert run("push")[0] == 0
    assert httpx.get(f"{ceph.url}/{bucket}/{quote(name)}").content == b"<!doctype html><p>odd</p></html>"
    assert uploaded(run("push")[1]) == 0
    assert run("rollback", "previous")[0] == 1  # there is only one release; the odd name did not make another


def test_an_empty_file_is_published_as_an_empty_file(site: Site, run, ceph: Ceph, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "output" / "images" / "empty.svg").touch()
    assert run("push")[0] == 0
    answer = httpx.get(f"{ceph.url}/{bucket}/images/empty.svg")
    assert (answer.status_code, answer.content) == (200, b"")
    assert uploaded(run("push")[1]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["images/talk.mp4", "assets/talk.0123456789ab.mp4"])
def test_a_file_of_one_gibibyte_arrives_whole_in_little_memory(site, ceph, bucket, credentials, tmp_path, name) -> None:
    place = tmp_path / "output" / name
    digest = hashlib.sha256()
    block = os.urandom(1 << 20)
    with place.open("wb") as stream:
        for number in range(1024):
            piece = number.to_bytes(4, "big") + block[4:]
            digest.update(piece)
            stream.write(piece)
    script = (
        "import resource, sys; from sitekit.publish.cli import main; code = main(sys.argv[1:]); "
        "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024); sys.exit(code)"
    )
    options = ["--target", f"s3://{bucket}", "--project", str(tmp_path)]
    builds = ["--folder", str(tmp_path / "output"), "--cache", str(tmp_path / "cache"), "--no-git"]
    for expected in (None, 0):
        command = [sys.executable, "-c", script, "push", *options, *builds]
        done = subprocess.run(command, env=credentials, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        assert expected is None or uploaded(done.stdout) == expected
        assert int(re.search(r"peak (\d+)", done.stdout)[1]) < 400
    got = hashlib.sha256()
    with httpx.stream("GET", f"{ceph.url}/{bucket}/{name}", timeout=120) as answer:
        assert answer.headers["content-type"] == "video/mp4"
        for chunk in answer.iter_bytes():
            got.update(chunk)
    assert got.hexdigest() == digest.hexdigest()
