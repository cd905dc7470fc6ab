"""Settings: from pyproject.toml, then the environment; secrets from the environment alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.publish.config import Config, load_config, redact
from sitekit.publish.errors import ConfigError


def write(project: Path, text: str) -> None:
    """A pyproject.toml with these settings."""
    (project / "pyproject.toml").write_text("[tool.sitekit.publish]\n" + text)


def test_the_default_needs_no_account(tmp_path: Path) -> None:
    config = load_config(tmp_path, {})
    assert config.local
    assert config == Config()


def test_the_environment_overrides_the_file_and_arguments_override_both(tmp_path: Path) -> None:
    write(
        tmp_path,
        'target = "s3://a"\npublic-url = "https://a.example"\nparallel = 3\ngrace-days = 10\nencodings = ["br"]',
    )
    environ = {"SITEKIT_PUBLISH_TARGET": "s3://b", "SITEKIT_PUBLISH_PARALLEL": "5", "SITEKIT_PUBLISH_ENCODINGS": ""}
    config = load_config(tmp_path, environ, public_url="https://c.example", target=None)
    assert (config.target, config.public_url, config.parallel) == ("s3://b", "https://c.example", 5)
    assert config.grace_days == 10.0
    assert config.encodings == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('aws-secret-access-key = "x"', "holds a secret"),
        ('cloudflare-api-token = "x"', "holds a secret"),
        ('taget = "s3://a"', "unknown setting 'taget'"),
        ('target = "ftp://a"', "ftp:// is not supported"),
        ('target = "s3://"', "names no bucket"),
        ('target = ""', "target is empty"),
        ("target = 5", "not what this setting holds"),
        ('parallel = "many"', "not what this setting holds"),
        ("parallel = 0", "above 0"),
        ('encodings = ["zstd"]', "unknown content coding"),
        ('public-url = "example.org"', "not an http or https address"),
        ("max-drop = 5", "from 0 to 1"),
        ("grace-days = 0.01", "shorter than caches may keep a page"),
        ("page-grace-seconds = 99999999", "longer than grace-days"),
        ("request-seconds = 100", "at most a third"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError, match=message):
        load_config(tmp_path, {})


def test_a_mistyped_setting_is_answered_with_the_right_one(tmp_path: Path) -> None:
    write(tmp_path, 'pubic-url = "https://a.example"')
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path, {})
    assert "public-url" in caught.value.hint


def test_pages_have_variants_in_a_directory_and_leave_them_to_the_cdn_elsewhere() -> None:
    assert Config().encodings_of("page") == ("br", "gzip")
    assert Config(target="s3://a").encodings_of("page") == ()
    assert Config(target="s3://a").encodings_of("asset") == ("br", "gzip")
    assert Config(target="s3://a", page_encodings=("br",)).encodings_of("home") == ("br",)


def test_no_secret_survives_in_what_is_printed() -> None:
    environ = {"AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "CLOUDFLARE_API_TOKEN": "token-value"}
    assert (
        redact("key wJalrXUtnFEMI and token-value", environ) == "key <AWS_SECRET_ACCESS_KEY> and <CLOUDFLARE_API_TOKEN>"
    )
