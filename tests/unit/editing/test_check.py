"""What ``check`` says of the project as a whole, and of the day it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sitekit.check import main
from sitekit.editing.project import Project
from tests.unit.editing.conftest import write_article

Check = Callable[..., tuple[int, str]]


@pytest.fixture
def check(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """The command on the small project, as a function of its arguments: exit status, and all that it printed."""
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))

    def run(*arguments: object) -> tuple[int, str]:
        status = main([str(argument) for argument in arguments])
        return status, "".join(capsys.readouterr())

    return run


def test_a_file_that_no_page_shows_is_advice(project: Project, check: Check) -> None:
    images = project.content / "images"
    images.mkdir()
    for name in ("used", "drawn", "unused"):
        (images / f"{name}.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    body = '![Used](../../images/used.svg)\n\n<img src="{static}/images/drawn.svg" alt="Drawn">'
    write_article(project, "sleep/dreams.md", "Dreams", body)
    status, said = check(images)
    assert status == 0
    assert said.count("warning: unused-file") == 1
    assert "content/images/unused.svg:0:0" in said
    assert "unused-file" not in check(images, "--errors-only")[1]


def test_links_to_a_page_are_wrong_until_its_day_has_come(
    project: Project, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps = project.content / "articles/sleep/naps.md"
    text = naps.read_text(encoding="utf-8").replace("ed: 2026-11-22", "ed: 2026-12-25")
    naps.write_text(text, encoding="utf-8")
    mood = project.content / "articles/mind/low-mood.md"
    monkeypatch.setenv("SITE_TODAY", "2026-12-24")
    status, said = check(mood, "--errors-only")
    assert status == 1
    assert "content/articles/mind/low-mood.md:12:56: link-to-scheduled: articles/sleep/naps.md" in said
    assert "2026-12-25 or a later one" in said
    monkeypatch.setenv("SITE_TODAY", "2026-12-25")
    assert check(mood, "--errors-only")[0] == 0


def test_a_related_article_that_waits_is_no_problem(
    project: Project, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(project, "sleep/later.md", "Later", "Words.")
    file = project.content / "articles/sleep/later.md"
    file.write_text(file.read_text(encoding="utf-8").replace("ed: 2026-11-22", "ed: 2026-12-25"), encoding="utf-8")
    other = write_article(project, "sleep/dreams.md", "Dreams", "Words.", "related: [sleep/later.md]\n")
    monkeypatch.setenv("SITE_TODAY", "2026-12-24")
    assert check(other, "--errors-only")[0] == 0


def test_a_day_that_is_none_is_used_wrongly(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_TODAY", "soon")
    status, said = check()
    assert status == 2
    assert "SITE_TODAY" in said
