"""Object storage behind a CDN with the rendered rules: what was published is what readers get, in every coding."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import brotli
import httpx
import pytest

from sitekit.publish.cli import main
from tests.publish.ceph import Ceph
from tests.publish.commands import uploaded
from tests.publish.sites import Site
from tests.unit.publish.web import Answer, Asked, Web

pytestmark = [
    pytest.mark.publish,
    pytest.mark.xdist_group("ceph"),
    pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
]

_LOOP = """
require('readline').createInterface({ input: process.stdin })
  .on('line', (line) => console.log(JSON.stringify(handler(JSON.parse(line)))));
"""


class Cdn:
    """As much of CloudFront as docs/deployment.md sets up: the function, the headers, the error page, invalidations."""

    def __init__(self, origin: str, edge: Path) -> None:
        self.invalidations: list[str] = []
        self._origin = origin
        policies = {"/search/": "-search", "/": ""}
        self._headers = {
            below: _headers(json.loads((edge / f"response-headers-policy{name}.json").read_text()))
            for below, name in policies.items()
        }
        function = (edge / "viewer-request.js").read_text()
        self._node = subprocess.Popen(
            ["node", "-e", function + _LOOP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._mutex = threading.Lock()

    def close(self) -> None:
        """Ends the function."""
        self._node.communicate(timeout=10)

    def __call__(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            self.invalidations.append(asked.body.decode())
            return Answer(201)
        headers = next(found for below, found in self._headers.items() if asked.path.startswith(below))
        event = {"uri": asked.path, "headers": {"accept-encoding": {"value": asked.headers.get("accept-encoding", "")}}}
        with self._mutex:
            print(json.dumps({"request": event}), file=self._node.stdin, flush=True)
            decided = json.loads(self._node.stdout.readline())
        if "statusCode" in decided:
            more = {name: value["value"] for name, value in decided.get("headers", {}).items()}
            return Answer(decided["statusCode"], b"", {**headers, **more})
        status, body, stored = self._fetch(decided["uri"])
        if status in (403, 404):
            status, (_, body, stored) = 404, self._fetch("/404.html")
        return Answer(status, body, {**stored, **headers})

    def _fetch(self, key: str) -> tuple[int, bytes, dict[str, str]]:
        with httpx.stream("GET", self._origin + key, headers={"Accept-Encoding": "identity"}) as answer:
            body = b"".join(answer.iter_raw())
            kept = ("content-type", "cache-control", "content-encoding")
            return answer.status_code, body, {name: answer.headers[name] for name in kept if name in answer.headers}


def _headers(policy: dict) -> dict[str, str]:
    """The headers that CloudFront makes of a response-headers policy."""
    security = policy["SecurityHeadersConfig"]
    strict = security["StrictTransportSecurity"]
    parts = [f"max-age={strict['AccessControlMaxAgeSec']}"]
    parts += ["includeSubDomains"] if strict["IncludeSubdomains"] else []
    parts += ["preload"] if strict["Preload"] else []
    return {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": "; ".join(parts),
        **{item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]},
    }


@pytest.fixture
def cdn(ceph: Ceph, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cdn]:
    """A CDN in front of the bucket; the publisher's settings name it, and ask for every variant."""
    (tmp_path / "redirects.json").write_text('[{"from": "/old/", "to": "/mind/article-0/"}]')
    monkeypatch.setenv("SITEKIT_PUBLISH_PAGE_ENCODINGS", "br,gzip")
    options = ("--redirects", str(tmp_path / "redirects.json"), "--into", str(tmp_path / "edge"))
    assert main(["rules", "--target", f"s3://{bucket}", *options]) == 0
    made = Cdn(f"{ceph.url}/{bucket}", tmp_path / "edge" / "cloudfront")
    with Web(made) as web:
        monkeypatch.setenv("SITEKIT_PUBLISH_PUBLIC_URL", web.url)
        monkeypatch.setenv("SITEKIT_PUBLISH_CLOUDFRONT_DISTRIBUTION", "E1")
        monkeypatch.setenv("SITEKIT_PUBLISH_CLOUDFRONT_API", web.url)
        made.url = web.url
        yield made
    made.close()


def test_everything_published_is_verified_and_served_in_the_coding_a_reader_takes(
    site: Site, run, cdn: Cdn, tmp_path: Path
) -> None:
    redirects = ("--redirects", str(tmp_path / "redirects.json"))
    code, text, error = run("push", *redirects)
    assert code == 0, error
    plain = [path for path in site.files() if not path.startswith("assets/")]
    assert f"Verified {len(plain) + 1} URLs" in text  # and the redirect
    assert run("verify")[:2] == (0, f"{len(site.files()) + 1} right, 0 from a cache, 0 wrong\n")

    page = site.files()["mind/article-0/index.html"]
    stored = {"br": brotli.compress(page, mode=brotli.MODE_TEXT, quality=11), "gzip": gzip.compress(page, 9, mtime=0)}
    for accepted, coding in (("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("identity", "")):
        with httpx.stream("GET", f"{cdn.url}/mind/article-0/", headers={"Accept-Encoding": accepted}) as answer:
            assert answer.headers.get("content-encoding", "") == coding
            assert b"".join(answer.iter_raw()) == stored.get(coding, page)
    assert httpx.get(f"{cdn.url}/old/").headers["location"] == "/mind/article-0/"
    assert httpx.get(f"{cdn.url}/_publish/pointer.json").status_code == 404

    cdn.invalidations.clear()
    site.edit(3).write(tmp_path / "output")
    code, text, _ = run("push", *redirects)
    assert code == 0
    assert uploaded(text) == 9  # the article, the home page and the feed, with two variants each
    told = set(cdn.invalidations[0].replace("</Path>", "<Path>").split("<Path>")[1::2])
    address = "/" + site.path(3).removesuffix("index.html")
    feed = "/feeds/all.atom.xml"
    assert told == {address, f"{address}index.html*", "/", "/index.html*", feed, f"{feed}*"}
