"""The settings of the publisher: ``[tool.sitekit.publish]`` in pyproject.toml, each overridden by the environment.

``public-url`` is overridden by ``SITEKIT_PUBLISH_PUBLIC_URL``, and so on. Secrets are read from the environment alone
(``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_SESSION_TOKEN``, ``CLOUDFLARE_API_TOKEN``, or the files that OIDC
sets up) and never stored here, so nothing that prints a setting can print one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from sitekit.publish.encode import SUFFIXES
from sitekit.publish.errors import ConfigError
from sitekit.publish.rules import load_rules

PREFIX = "SITEKIT_PUBLISH_"
SCHEMES = ("s3", "gs", "az")
SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "CLOUDFLARE_API_TOKEN", "GOOGLE_SERVICE_ACCOUNT_KEY", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_CLIENT_SECRET", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """One value for each key; in pyproject.toml a key has hyphens instead of underscores."""

    #: A directory, or s3://bucket/prefix, gs://bucket/prefix, az://container/prefix.
    target: str = ".cache/published"
    #: Where readers find the site, for verification: https://example.org
    public_url: str = ""
    #: For S3-compatible storage other than AWS: https://<account>.r2.cloudflarestorage.com
    endpoint: str = ""
    region: str = ""
    #: Compressed variants of files that are not pages.
    encodings: tuple[str, ...] = ("br", "gzip")
    #: Compressed variants of pages. Unset: all for a directory, none for object storage, where the CDN compresses pages.
    page_encodings: tuple[str, ...] | None = None
    #: Uploads under way at once.
    parallel: int = 48
    #: How long assets of earlier releases stay readable, and how many releases are kept in any case.
    grace_days: float = 30.0
    keep_releases: int = 5
    #: How long a withdrawn page stays readable; None means as long as caches may show pages that link to it.
    page_grace_seconds: float | None = None
    #: The largest share of pages that may vanish in one publication without --allow-drop.
    max_drop: float = 0.05
    #: A run that gives no sign of life for this long has lost the target.
    lease_seconds: float = 180.0
    #: CDNs to tell about changed paths.
    cloudfront_distribution: str = ""
    cloudflare_zone: str = ""
    #: Where the CDNs' APIs are; other than these only in tests.
    cloudfront_api: str = "https://cloudfront.amazonaws.com"
    cloudflare_api: str = "https://api.cloudflare.com/client/v4"
    #: How long one storage operation is tried; a single request gets a third of it.
    request_seconds: float = 60.0

    @property
    def local(self) -> bool:
        """True for a directory target."""
        return "://" not in self.target

    def encodings_of(self, kind: str) -> tuple[str, ...]:
        """The content codings wanted for a class of files."""
        if kind not in ("page", "home"):
            return self.encodings
        if self.page_encodings is None:
            return self.encodings if self.local else ()
        return self.page_encodings

    @property
    def page_grace(self) -> float:
        """Seconds a withdrawn page stays."""
        return load_rules().page_lifetime if self.page_grace_seconds is None else self.page_grace_seconds

    @property
    def grace(self) -> float:
        """Seconds the assets of an earlier release stay."""
        return self.grace_days * 86400


def load_config(project: Path, environ: Mapping[str, str] | None = None, **overrides: object) -> Config:
    """Settings from ``project/pyproject.toml``, then the environment, then ``overrides`` that are not None.

    Raises ``ConfigError`` for an unknown key, a value of the wrong kind, or anything that looks like a secret.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    known = {field.name.replace("_", "-"): field for field in fields(Config)}
    place = project / "pyproject.toml"
    if place.is_file():
        with place.open("rb") as stream:
            table = tomllib.load(stream).get("tool", {}).get("sitekit", {}).get("publish", {})
        for key, value in table.items():
            if any(word in key.lower() for word in ("secret", "token", "password", "access-key")):
                hint = "Take it out, and change it where it was issued: it has been in a file."
                raise ConfigError(f"pyproject.toml holds a secret ({key}); secrets belong in the environment", hint)
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                raise ConfigError(f"unknown setting {key!r}", f"Did you mean {near[0]}?" if near else "")
            values[known[key].name] = value
    for field in known.values():
        if (text := environ.get(PREFIX + field.name.upper())) is not None:
            values[field.name] = text
    values |= {name: value for name, value in overrides.items() if value is not None}
    config = Config(**{name: _convert(name, value, known) for name, value in values.items()})
    _check(config)
    return config


def _convert(name: str, value: object, known: Mapping[str, object]) -> object:
    """A value from TOML or the environment as the type of its field."""
    annotation = next(str(field.type) for field in known.values() if field.name == name)
    try:
        if annotation.startswith("tuple"):
            items = value.split(",") if isinstance(value, str) else value
            chosen = tuple(item.strip() for item in items if item.strip())
            if unknown := set(chosen) - set(SUFFIXES):
                raise ConfigError(f"{name.replace('_', '-')}: unknown content coding {min(unknown)!r}", "Use br, gzip.")
            return chosen
        if annotation.startswith("float"):
            return float(value)
        if annotation == "int":
            return int(value)
        if not isinstance(value, str):
            raise ValueError
        return value
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{name.replace('_', '-')}: {value!r} is not what this setting holds") from error


def _check(config: Config) -> None:
    """Refuses settings that contradict each other."""
    scheme = urlsplit(config.target).scheme if not config.local else ""
    if scheme and scheme not in SCHEMES:
        raise ConfigError(f"target: {scheme}:// is not supported", "Use a directory, s3://, gs:// or az://.")
    if scheme and not urlsplit(config.target).netloc:
        raise ConfigError(f"target: {config.target} names no bucket", "Write s3://bucket or s3://bucket/prefix.")
    if not config.target:
        raise ConfigError("target is empty", "Name a directory or a bucket.")
    if config.public_url and urlsplit(config.public_url).scheme not in ("http", "https"):
        raise ConfigError(f"public-url: {config.public_url} is not an http or https address")
    if config.parallel < 1 or config.lease_seconds <= 0 or config.keep_releases < 1 or config.request_seconds <= 0:
        raise ConfigError("parallel, lease-seconds, keep-releases and request-seconds must be above 0")
    if config.request_seconds > config.lease_seconds / 3:
        hint = "A request under way when the lease is lost must have ended before another run may take over."
        raise ConfigError("request-seconds must be at most a third of lease-seconds", hint)
    if not 0 <= config.max_drop <= 1:
        raise ConfigError("max-drop is a share from 0 to 1")
    lifetime = load_rules().page_lifetime
    if config.grace < lifetime:
        hint = f"Old pages may be shown for {lifetime} seconds, and need their assets; use at least that."
        raise ConfigError("grace-days is shorter than caches may keep a page", hint)
    if config.page_grace > config.grace:
        raise ConfigError("page-grace-seconds is longer than grace-days", "Withdrawn pages name assets; they go first.")


def redact(text: str, environ: Mapping[str, str] | None = None) -> str:
    """``text`` with the value of every known secret replaced, for messages that quote what a server said."""
    environ = os.environ if environ is None else environ
    for name in SECRETS:
        if len(value := environ.get(name, "")) >= 4:
            text = text.replace(value, f"<{name}>")
    return text
