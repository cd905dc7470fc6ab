"""Fixtures that every suite shares: the project, a copy of its content, and the real build."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sitekit.today import content_day

ROOT = Path(__file__).resolve().parents[1]

# A gate gives the same answer to the same commit. HYPOTHESIS_PROFILE=explore looks for what nobody has seen, every night.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def run_pelican(content: Path, output: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build ``content`` into ``output`` with the plain ``pelican`` command and the project's settings, by default for content_day."""
    command = [
        sys.executable,
        "-m",
        "pelican",
        str(content),
        "-o",
        str(output),
        "-s",
        str(ROOT / "pelicanconf.py"),
        *arguments,
    ]
    clean = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "CONTACT_EMAIL")}
    clean["COLUMNS"] = "400"
    clean.setdefault("SITE_TODAY", content_day(ROOT / "content"))
    return subprocess.run(command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, timeout=120)


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder with its bytes and modification time."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture(scope="session", autouse=True)
def heard_signals() -> Iterator[None]:
    """Ctrl-C is heard here and in the commands that tests start, also where a shell started the run in the background: such a
    shell has it ignored, and what is ignored stays ignored in every process below."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Builds of one test process share a cache of their own, as the builds of one editor do."""
    os.environ["SITE_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["SITE_CACHE"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once for each test process the way it goes out."""
    output = tmp_path_factory.mktemp("site") / "output"
    done = run_pelican(ROOT / "content", output, "-s", str(ROOT / "publishconf.py"))
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of content/ to break."""
    copy = tmp_path / "content"
    shutil.copytree(ROOT / "content", copy)
    (copy / "images").mkdir(exist_ok=True)  # Git keeps no empty folder
    return copy


@pytest.fixture
def build() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The real build, as a function of content and output folders."""
    return run_pelican
