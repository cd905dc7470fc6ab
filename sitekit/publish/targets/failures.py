"""Says what a storage failure means and what to do, in place of a page of XML and debug output."""

from __future__ import annotations

import re

from sitekit.publish.config import redact
from sitekit.publish.errors import StorageError

_EXPIRED = ("the credentials expired", "Get new ones, then run again: it finishes what is left.")
_REGION = (
    "the bucket {bucket} is in another region{region}",
    "Set `region` (or AWS_REGION) to the region of the bucket.",
)

# Error code of S3 (and its cousins) -> what it means here, and the remedy.
_KNOWN = {
    "NoSuchBucket": (
        "the bucket {bucket} does not exist",
        "Create it, or mend `target`. Publishing never creates a bucket.",
    ),
    "InvalidAccessKeyId": (
        "the storage does not know this access key",
        "Check AWS_ACCESS_KEY_ID, and that it belongs to this endpoint.",
    ),
    "SignatureDoesNotMatch": (
        "the storage refuses the signature",
        "Check AWS_SECRET_ACCESS_KEY, and that region is the bucket's.",
    ),
    "AuthorizationHeaderMalformed": _REGION,
    "PermanentRedirect": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "RequestTimeTooSkewed": (
        "this machine's clock differs from the storage's by more than 15 minutes",
        "Set the clock, then run again.",
    ),
    "ExpiredToken": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "AccessDenied": (
        "the credentials may not do this in {bucket}",
        "They need to list, read, write and delete in it; see docs/deployment.md.",
    ),
    "SlowDown": (
        "the storage asks for fewer requests",
        "Run again later, or lower `parallel`.",
    ),
    "QuotaExceeded": ("the storage is full", "Raise the quota, then run again."),
    "EntityTooLarge": ("a file is larger than the storage takes", "Publish it elsewhere and link to it."),
}


def explain(error: BaseException, bucket: str) -> StorageError:
    """The failure as a ``StorageError`` with a remedy, and without anything secret."""
    text = str(error)
    found = re.search(r"<Code>(\w+)</Code>", text)
    code = found[1] if found else ""
    if code in _KNOWN:
        where = re.search(r"<Region>([a-z0-9-]+)</Region>", text)
        region = f", {where[1]}" if where else ""
        message, hint = (part.format(bucket=bucket, region=region) for part in _KNOWN[code])
        return StorageError(f"{message} ({code})", hint, passing=code == "SlowDown")
    status = re.search(r"status code: (\d{3} [\w ]+)", text)
    if code or status:
        answer = " ".join(part for part in (status[1] if status else "", code) if part)
        return StorageError(
            f"the storage answered {answer}",
            "Run again; if it persists, ask the storage's operator.",
            passing=bool(status and status[1] >= "500"),
        )
    hint = "Check `endpoint`, `region` and the network, then run again: it finishes what is left."
    if "error sending request" in text or "connect" in text.lower() or "timed out" in text.lower():
        return StorageError("the storage cannot be reached", hint, passing=True)
    return StorageError(redact(f"the storage failed: {text.splitlines()[0] if text else type(error).__name__}"), hint)
