"""Tells a CDN exactly which paths changed: CloudFront invalidations, Cloudflare purges by URL."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape

import httpx

from sitekit.publish.config import Config, redact
from sitekit.publish.errors import PublishError
from sitekit.publish.manifest import File
from sitekit.publish.sigv4 import sign

#: CloudFront takes 3,000 paths in progress at a time; Cloudflare 30 URLs in a request on every plan.
CLOUDFRONT_BATCH = 3000
CLOUDFLARE_BATCH = 30

_TRIES = 5
_SAFE = "/-_.~!$'()*,;:@&=+"


def cloudfront_paths(files: Iterable[File]) -> list[str]:
    """Invalidation paths: the URL a reader asks for, and the key the viewer-request function makes of it.

    AWS recommends both when a function rewrites the URI. The ``*`` covers the ``.br`` and ``.gz`` variants for the price of
    one path.
    """
    paths = set()
    for file in files:
        paths.add(quote(file.url_path, safe=_SAFE))
        paths.add(quote("/" + (file.base or file.path), safe=_SAFE) + "*")
    return sorted(paths)


def cloudflare_urls(files: Iterable[File], public_url: str) -> list[str]:
    """Full URLs for a purge, both as readers ask and as a rewrite rule turns them into keys."""
    root = public_url.rstrip("/")
    paths = {path for file in files for path in (file.url_path, "/" + (file.base or file.path))}
    return sorted(root + quote(path, safe=_SAFE) for path in paths)


def invalidate(
    files: Iterable[File], config: Config, reference: str, environ: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Tells every CDN in the settings; returns how many paths each was told. Raises ``PublishError`` when one refuses.

    ``reference`` makes a repeated CloudFront request the same request; use the release.
    """
    environ = os.environ if environ is None else environ
    files = list(files)
    told: dict[str, int] = {}
    if not files:
        return told
    with httpx.Client(timeout=30) as client:
        if config.cloudfront_distribution:
            told["CloudFront"] = _cloudfront(client, cloudfront_paths(files), config, reference, environ)
        if config.cloudflare_zone:
            told["Cloudflare"] = _cloudflare(client, cloudflare_urls(files, config.public_url), config, environ)
    return told


def _cloudfront(
    client: httpx.Client, paths: list[str], config: Config, reference: str, environ: Mapping[str, str]
) -> int:
    url = f"{config.cloudfront_api}/2020-05-31/distribution/{quote(config.cloudfront_distribution)}/invalidation"
    for number, batch in enumerate(_batches(paths, CLOUDFRONT_BATCH)):
        items = "".join(f"<Path>{escape(path)}</Path>" for path in batch)
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">'
            f"<Paths><Quantity>{len(batch)}</Quantity><Items>{items}</Items></Paths>"
            f"<CallerReference>{escape(reference)}-{number}</CallerReference></InvalidationBatch>"
        ).encode()

        def headers(body: bytes = body) -> dict[str, str]:
            plain = {"Content-Type": "text/xml"}
            try:
                return sign("POST", url, plain, body, service="cloudfront", region="us-east-1", credentials=environ)
            except KeyError as error:
                raise PublishError(f"{error.args[0]} is not set, so CloudFront cannot be told") from None

        _post(client, "CloudFront", url, body, headers)
    return len(paths)


def _cloudflare(client: httpx.Client, urls: list[str], config: Config, environ: Mapping[str, str]) -> int:
    token = environ.get("CLOUDFLARE_API_TOKEN")
    if not token:
        hint = "Make a token that may purge the zone's cache, and set it in the environment."
        raise PublishError("CLOUDFLARE_API_TOKEN is not set, so Cloudflare cannot be told", hint)
    url = f"{config.cloudflare_api}/zones/{quote(config.cloudflare_zone)}/purge_cache"
    for batch in _batches(urls, CLOUDFLARE_BATCH):
        body = httpx.Request("POST", url, json={"files": batch}).content
        _post(
            client,
            "Cloudflare",
            url,
            body,
            lambda: {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
    return len(urls)


def _post(client: httpx.Client, who: str, url: str, body: bytes, headers: object) -> None:
    """Posts until it is taken: waits out throttling and failures of the server, as long as Retry-After says (≤ 30 s)."""
    reason = ""
    for attempt in range(_TRIES):
        try:
            answer = client.post(url, content=body, headers=headers())
        except httpx.HTTPError as error:
            reason, delay = type(error).__name__, 0.0
        else:
            if answer.status_code < 300:
                return
            reason = f"{answer.status_code} {' '.join(answer.text.split())[:300]}"
            after = answer.headers.get("retry-after", "")
            delay = float(after) if after.isdigit() else 0.0
            if answer.status_code < 500 and answer.status_code != 429:
                break
        if attempt < _TRIES - 1:
            time.sleep(min(30.0, max(delay, 0.25 * 2**attempt)))
    hint = "The site is live; caches may show old pages until their time is over. Run push again to tell the CDN."
    raise PublishError(redact(f"{who} did not take the invalidation: {reason}"), hint)


def _batches(items: list[str], size: int) -> list[list[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
