"""Small projects for the preview, and one preview that runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.preview.running import Events, Running, make_project

ARTICLES = 6


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running preview of a small project, after its first build."""
    folder = tmp_path_factory.mktemp("project")
    make_project(folder, ARTICLES)
    with Running(folder) as preview:
        with Events(preview, "/") as events:
            events.until_built()
        yield preview


@pytest.fixture
def article(running: Running) -> Iterator[Path]:
    """A source file to change; it is put back, and built, afterwards."""
    path = running.folder / "content/articles/mind/article-000001.md"
    before = path.read_bytes()
    yield path
    if path.read_bytes() != before:
        with Events(running, "/mind/article-000001/") as events:
            events.until_ready()
            path.write_bytes(before)
            while events.until_ready().get("mistakes"):
                pass
