"""Makes the obstore client for a target. Credentials come from the environment, where obstore itself looks for them."""

from __future__ import annotations

import os
from datetime import timedelta
from urllib.parse import urlsplit

from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store

from sitekit.publish.config import Config
from sitekit.publish.errors import ConfigError


def make_store(config: Config) -> ObjectStore:
    """The client. Raises ``ConfigError`` when no credentials can be found for it."""
    url = urlsplit(config.target)
    prefix = url.path.strip("/") or None
    client = {
        "timeout": f"{config.request_seconds / 3:g}s",
        "connect_timeout": f"{min(config.request_seconds / 3, 5):g}s",
        "allow_http": config.endpoint.startswith("http://"),
    }
    # An operation may be tried for `request_seconds`. One that stalls ends after a third, so that it can be tried again;
    # obstore's own retries bridge a moment, the target's go on, and together they keep the budget of lease.py.
    retry = {
        "max_retries": 3,
        "retry_timeout": timedelta(seconds=config.request_seconds / 3),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=3), "base": 2},
    }
    try:
        if url.scheme == "gs":
            return GCSStore(url.netloc, prefix=prefix, client_options=client, retry_config=retry)
        if url.scheme == "az":
            return AzureStore(container_name=url.netloc, prefix=prefix, client_options=client, retry_config=retry)
        _require_aws_credentials()
        options = {}
        if config.endpoint:
            options["endpoint"] = config.endpoint
        region = config.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        options["region"] = region or ("us-east-1" if config.endpoint else "")
        if not options["region"]:
            raise ConfigError("no region is set for the bucket", "Set region, or AWS_REGION in the environment.")
        return S3Store(url.netloc, prefix=prefix, client_options=client, retry_config=retry, **options)
    except (ValueError, OSError) as error:
        raise ConfigError(f"{url.scheme}://{url.netloc} cannot be used: {type(error).__name__}") from None


def _require_aws_credentials() -> None:
    """Fails early and clearly; obstore would try a cloud machine's metadata address, which hangs elsewhere."""
    keys = os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY")
    oidc = os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") and os.environ.get("AWS_ROLE_ARN")
    container = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    if not (keys or oidc or container):
        hint = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or let OIDC set AWS_ROLE_ARN and its token file."
        raise ConfigError("no credentials for the bucket in the environment", hint)
