"""AWS Signature Version 4 for one request, as the AWS General Reference describes it ("Signing AWS API requests")."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlsplit


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    region: str,
    credentials: Mapping[str, str],
    now: datetime | None = None,
) -> dict[str, str]:
    """The headers of a signed request: those given, and Host, X-Amz-Date, X-Amz-Content-Sha256 and Authorization.

    ``credentials`` holds AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and perhaps AWS_SESSION_TOKEN.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(url)
    payload = hashlib.sha256(body).hexdigest()
    signed = {**headers, "Host": parts.netloc, "X-Amz-Date": moment}
    if service == "s3":
        signed["X-Amz-Content-Sha256"] = payload
    if token := credentials.get("AWS_SESSION_TOKEN"):
        signed["X-Amz-Security-Token"] = token
    canonical = {name.lower(): " ".join(value.split()) for name, value in signed.items()}
    names = ";".join(sorted(canonical))
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    request = "\n".join(
        [
            method,
            quote(parts.path or "/", safe="/-_.~%"),
            "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query),
            *(f"{name}:{canonical[name]}" for name in sorted(canonical)),
            "",
            names,
            payload,
        ]
    )
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = b"AWS4" + credentials["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    access = f"{credentials['AWS_ACCESS_KEY_ID']}/{scope}"
    signed["Authorization"] = f"AWS4-HMAC-SHA256 Credential={access}, SignedHeaders={names}, Signature={signature}"
    return signed
