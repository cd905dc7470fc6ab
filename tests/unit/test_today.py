"""Which day a build counts with, and what it says of a day that is none."""

from __future__ import annotations

import datetime
import os
import subprocess
from pathlib import Path

import pytest

from sitekit.today import BadDay, build_day

ZONE = "America/Los_Angeles"
FAR = 4_000_000_000  # October 2, 2096, in the morning, UTC


def day(root: Path, **environ: str) -> str:
    return build_day(ZONE, environ, root).isoformat()


def test_a_date_of_the_environment_goes_before_everything(tmp_path: Path) -> None:
    assert day(tmp_path, SITE_TODAY=" 2026-12-01 ", SOURCE_DATE_EPOCH="0") == "2026-12-01"


def test_seconds_are_a_day_where_the_publication_is(tmp_path: Path) -> None:
    assert day(tmp_path, SOURCE_DATE_EPOCH="1795420799") == "2026-11-22"  # 23:59:59 in California
    assert day(tmp_path, SOURCE_DATE_EPOCH="1795420800") == "2026-11-23"


def test_without_either_the_clock_counts(tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC).date()
    assert abs((build_day(ZONE, {}, tmp_path) - now).days) <= 1


def test_a_clock_behind_the_last_commit_is_not_believed(tmp_path: Path) -> None:
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environ = {**os.environ, **names, "GIT_COMMITTER_DATE": f"{FAR} +0000", "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=environ, check=True)
    assert day(tmp_path) == "2096-10-02"
    assert day(tmp_path, SITE_TODAY="2026-12-01") == "2026-12-01"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_TODAY", "tomorrow"),
        ("SITE_TODAY", "2026-02-30"),
        ("SOURCE_DATE_EPOCH", "2026-12-01"),
        ("SOURCE_DATE_EPOCH", "9" * 40),
    ],
)
def test_what_is_no_day_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadDay, match=name):
        day(tmp_path, **{name: value})


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc", "America"])
def test_a_time_zone_that_does_not_exist_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadDay, match="TIMEZONE"):
        build_day(name, {}, tmp_path)
