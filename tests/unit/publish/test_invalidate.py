"""CDNs are told exactly which paths changed, with requests that their APIs accept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sitekit.publish.config import Config
from sitekit.publish.errors import PublishError
from sitekit.publish.invalidate import cloudflare_urls, cloudfront_paths, invalidate
from sitekit.publish.manifest import File
from sitekit.publish.sigv4 import sign
from tests.unit.publish.web import Answer, Asked, Web

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
_PAGE = File("mind/index.html", "0" * 64, 5, "text/html; charset=utf-8", "public, max-age=300", "page")


def pages(count: int) -> list[File]:
    """That many pages."""
    return [replace(_PAGE, path=f"p{number}/index.html") for number in range(count)]


@pytest.fixture
def api() -> Iterator[Callable[[Callable[[int], Answer]], Web]]:
    """Starts an API whose answers depend on the number of the request."""
    running = []

    def start(answer: Callable[[int], Answer]) -> Web:
        web = Web(lambda asked: answer(len(web.asked)))
        running.append(web.__enter__())
        return web

    yield start
    for web in running:
        web.__exit__()


def test_the_signature_is_that_of_the_published_example() -> None:
    """AWS General Reference, "Signature Version 4 signing process": the ListUsers request."""
    url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    moment = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
    signed = sign("GET", url, headers, b"", service="iam", region="us-east-1", credentials=KEYS, now=moment)
    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )


def test_a_session_token_is_sent_and_signed() -> None:
    credentials = {**KEYS, "AWS_SESSION_TOKEN": "session"}
    signed = sign("POST", "https://a.example/x", {}, b"", service="s3", region="r", credentials=credentials)
    assert signed["X-Amz-Security-Token"] == "session"
    assert "x-amz-security-token" in signed["Authorization"]


def test_cloudfront_is_told_the_address_and_the_key_with_its_variants() -> None:
    odd = replace(_PAGE, path="ä b/index.html")
    assert cloudfront_paths([_PAGE, odd, replace(_PAGE, path="robots.txt")]) == [
        "/%C3%A4%20b/",
        "/%C3%A4%20b/index.html*",
        "/mind/",
        "/mind/index.html*",
        "/robots.txt",
        "/robots.txt*",
    ]


def test_cloudflare_is_told_full_addresses() -> None:
    assert cloudflare_urls([_PAGE], "https://a.example/") == [
        "https://a.example/mind/",
        "https://a.example/mind/index.html",
    ]


def test_cloudfront_gets_one_signed_batch(api: Callable) -> None:
    web = api(lambda number: Answer(201))
    config = Config(cloudfront_distribution="E1", cloudfront_api=web.url)
    assert invalidate(pages(3), config, "release-1", KEYS) == {"CloudFront": 6}
    asked: Asked = web.asked[0]
    assert (asked.method, asked.path) == ("POST", "/2020-05-31/distribution/E1/invalidation")
    assert b"<Quantity>6</Quantity>" in asked.body
    assert b"<CallerReference>release-1-0</CallerReference>" in asked.body
    moment = datetime.strptime(asked.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    again = sign(
        "POST",
        web.url + asked.path,
        {"Content-Type": "text/xml"},
        asked.body,
        service="cloudfront",
        region="us-east-1",
        credentials=KEYS,
        now=moment,
    )
    assert asked.headers["authorization"] == again["Authorization"]


def test_batches_keep_to_the_limits_of_each_api(api: Callable) -> None:
    web = api(lambda number: Answer(200, b'{"success":true}'))
    environ = {**KEYS, "CLOUDFLARE_API_TOKEN": "the-token"}
    config = Config(
        cloudfront_distribution="E1",
        cloudfront_api=web.url,
        cloudflare_zone="z1",
        cloudflare_api=web.url,
        public_url="https://a.example",
    )
    assert invalidate(pages(1600), config, "r", environ) == {"CloudFront": 3200, "Cloudflare": 3200}
    front = [asked for asked in web.asked if "distribution" in asked.path]
    assert [int(re.search(rb"<Quantity>(\d+)<", asked.body)[1]) for asked in front] == [3000, 200]
    flare = [asked for asked in web.asked if "purge_cache" in asked.path]
    assert max(len(json.loads(asked.body)["files"]) for asked in flare) == 30
    assert len(flare) == 107
    assert {asked.headers["authorization"] for asked in flare} == {"Bearer the-token"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_refusal_is_tried_again(api: Callable, status: int) -> None:
    web = api(lambda number: Answer(status, b"", {"Retry-After": "0"}) if number < 3 else Answer(201))
    config = Config(cloudfront_distribution="E1", cloudfront_api=web.url)
    assert invalidate(pages(1), config, "r", KEYS) == {"CloudFront": 2}
    assert len(web.asked) == 3


def test_a_final_refusal_says_what_the_api_said_and_that_the_site_is_live(api: Callable) -> None:
    web = api(lambda number: Answer(403, b"<Message>not authorized</Message>"))
    config = Config(cloudfront_distribution="E1", cloudfront_api=web.url)
    with pytest.raises(PublishError, match="403 <Message>not authorized") as caught:
        invalidate(pages(1), config, "r", KEYS)
    assert "The site is live" in caught.value.hint
    assert len(web.asked) == 1


def test_a_missing_secret_is_named_but_never_shown() -> None:
    with pytest.raises(PublishError, match=r"AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY) is not set"):
        invalidate(pages(1), Config(cloudfront_distribution="E1"), "r", {})
    with pytest.raises(PublishError, match="CLOUDFLARE_API_TOKEN"):
        invalidate(pages(1), Config(cloudflare_zone="z", public_url="https://a.example"), "r", {})


def test_nothing_changed_means_nobody_is_told() -> None:
    assert invalidate([], Config(cloudfront_distribution="E1", cloudfront_api="http://127.0.0.1:9"), "r", KEYS) == {}
