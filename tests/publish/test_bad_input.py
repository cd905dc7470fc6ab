"""What a bucket, a clock, a name or a file can do wrong: a clear error or done right, and nothing of anybody's is lost."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from sitekit.publish.targets.objects import ObjectTarget
from tests.publish.ceph import Ceph, faketime
from tests.publish.commands import collect_in_two_months, uploaded
from tests.publish.faults import FaultyServer
from tests.publish.sites import Site

pytestmark = [pytest.mark.publish, pytest.mark.xdist_group("ceph")]


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


def test_a_wrong_region_is_told_with_the_right_one(site: Site, run, ceph: Ceph, bucket: str, monkeypatch) -> None:
    with FaultyServer(ceph.url, region="us-west-2") as server:
        monkeypatch.setenv("SITEKIT_PUBLISH_ENDPOINT", server.url)
        code, _, error = run("push")
        assert code == 1
        assert f"the bucket {bucket} is in another region, us-west-2" in error
        assert "Set `region`" in error
        monkeypatch.setenv("SITEKIT_PUBLISH_REGION", "us-west-2")
        assert run("push")[0] == 0
    assert httpx.get(f"{ceph.url}/{bucket}/index.html").content == site.files()["index.html"]


def test_missing_credentials_are_a_wrong_use(site: Site, run, monkeypatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    code, _, error = run("push")
    assert code == 2
    assert "no credentials" in error


def test_a_clock_that_is_wrong_by_hours_is_told_as_such(site: Site, bucket: str, credentials, tmp_path: Path) -> None:
    """The clock is shifted for one process by libfaketime, so the server sees a skewed request."""
    command = [sys.executable, "-m", "sitekit.publish", "releases", "--target", f"s3://{bucket}"]
    environ = {**credentials, "LD_PRELOAD": str(faketime()), "FAKETIME": "-3h"}
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
