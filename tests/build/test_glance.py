"""Checking one file with the memory of the last build says what reading everything says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pelicanconf
from sitekit.glance import glance
from sitekit.preview.builder import Builder
from sitekit.problems import Problem
from sitekit.render import macro_renderer
from sitekit.site import read_site
from sitekit.today import build_day
from tests.build.test_incremental import Project
from tests.conftest import ROOT
from tests.pictures import photo

MIND = "content/articles/mind/article-000001.md"
OTHER = "content/articles/treatments/article-000002.md"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A small project that has been built once."""
    made = Project(tmp_path, random.Random(1))
    (made.content / "images" / "broken.jpg").write_bytes(photo()[:-500])  # nobody shows it yet
    builder = Builder(tmp_path)
    environment = {"SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    outcome = builder.build("pelicanconf.py", tmp_path / "output", environment=environment)
    builder.close()
    assert outcome.status == 0, outcome.text
    return made


def seen(project: Project, path: str = MIND) -> list[Problem] | None:
    found = glance(project.folder, project.folder / ".cache", [project.folder / path])
    return found and sorted(set(found[0]))


def read(project: Project, path: str = MIND) -> list[Problem]:
    render = macro_renderer(ROOT / "theme", pelicanconf.JINJA_ENVIRONMENT)
    plain = tuple(pelicanconf.PAGE_EXCEPTIONS)
    today = build_day(pelicanconf.TIMEZONE)
    site = read_site(
        project.content, "content", pelicanconf.MARKDOWN, render, plain=plain, editorial=False, today=today
    )
    return sorted({problem for problem in site.problems if problem.path == path})


def same_title(project: Project) -> None:
    title = (project.folder / MIND).read_text(encoding="utf-8").split("\n")[1]
    other = project.folder / OTHER
    lines = other.read_text(encoding="utf-8").split("\n")
    other.write_text("\n".join([lines[0], title, *lines[2:]]), encoding="utf-8")


def draft_elsewhere(project: Project) -> None:
    add("See [it](../treatments/article-000002.md).")(project)
    other = project.content / "articles/treatments/article-000002.md"
    other.write_text(other.read_text(encoding="utf-8").replace("\ntype:", "\nstatus: draft\ntype:"), encoding="utf-8")


def add(text: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        with (project.folder / MIND).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (add("Only a thought."), ""),
        (add("See [it]({filename}nowhere.md)."), "broken-link"),
        (add("See [it](../treatments/article-000002.md#nowhere)."), "broken-fragment"),
        (add("See [it](#nowhere). <script>x()</script>"), "unsafe-html"),
        (add("A claim. [@nobody1999, low]"), "unknown-citation"),
        (add("![](../../images/none.svg)"), "missing-file"),
        (add("![Waves](../../images/broken.jpg)"), "damaged-image"),
        (same_title, "duplicate-title"),
        (draft_elsewhere, "link-to-draft"),
    ],
)
def test_a_glance_finds_what_reading_everything_finds(
    change: Callable[[Project], None], code: str, project: Project
) -> None:
    assert seen(project) == read(project)
    change(project)
    codes = set()
    for path in (MIND, OTHER):
        found = seen(project, path)
        assert found == read(project, path)
        assert found is not None
        codes |= {problem.code for problem in found}
    assert not code or code in codes


@pytest.mark.parametrize(
    "path", ["content/data/topics.yaml", "theme/templates/article.html", "pelicanconf.py", "content/pages/new.md"]
)
def test_when_more_than_texts_has_changed_all_is_read(path: str, project: Project) -> None:
    with (project.folder / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert seen(project) is None


@pytest.mark.parametrize("path", ["content/data/references.bib", "content", "content/articles/mind/nothing.md"])
def test_what_is_no_known_text_is_left_to_a_full_reading(path: str, project: Project) -> None:
    assert seen(project, path) is None


def test_a_damaged_memory_is_no_memory(project: Project) -> None:
    for state in (project.folder / ".cache").glob("*.state"):
        state.write_bytes(state.read_bytes()[: state.stat().st_size // 2])
    assert seen(project) is None
