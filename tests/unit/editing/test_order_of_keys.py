"""Front matter reads the same on every page: a key out of order is named, and put in its place when that is certain."""

from __future__ import annotations

import random

import pytest

from sitekit.check import main
from sitekit.editing.fix import plan
from sitekit.editing.project import Project
from sitekit.source.frontmatter import FIELDS, parse
from tests.unit.editing.conftest import write_article

LINES = {
    "title": "title: Rest: a “guide”",
    "description": "description: Rest in short.",
    "type": "type: reference",
    "published": "published: 2026-11-22",
    "modified": "modified: 2026-11-22",
    "next_review": "next_review: 2027-11-22",
    "tags": "tags: [rest, sleep]",
    "related": "related:\n  - mind/low-mood.md\n  - sleep/naps.md",
}


def text(*names: str) -> str:
    return "---\n" + "".join(f"{LINES[name]}\n" for name in names) + "---\n\n## Rest\n\nWords.\n"


def found(source: str) -> list[tuple[int, str]]:
    problems = parse("x.md", source, "article").problems
    assert {problem.severity for problem in problems} <= {"warning"}
    return [(problem.line, problem.hint) for problem in problems if problem.code == "key-order"]


@pytest.mark.parametrize(
    ("moved", "place", "expected"),
    [
        ("title", 4, [(6, "Put it first.")]),
        ("tags", 0, [(2, "Put it below next_review.")]),
        ("related", 0, [(2, "Put it below tags.")]),
        ("type", 0, [(2, "Put it below description.")]),
    ],
)
def test_only_the_key_that_must_move_is_named(moved: str, place: int, expected: list[tuple[int, str]]) -> None:
    names = [name for name in LINES if name != moved]
    names.insert(place, moved)
    assert found(text(*names)) == expected


def test_the_order_of_the_definition_is_right() -> None:
    assert list(LINES) == [field.name for field in FIELDS if field.name in LINES]
    assert found(text(*LINES)) == []


@pytest.mark.parametrize("seed", range(5))
def test_any_order_is_mended_with_every_line(seed: int, project: Project) -> None:
    names = random.Random(seed).sample(list(LINES), len(LINES))
    file = write_article(project, "mind/rest.md", "Rest", "Words.")
    file.write_text(text(*names), encoding="utf-8")
    changes, _ = plan(project, project.read(), {file.resolve()})
    after = changes[0].after.decode() if changes else file.read_text(encoding="utf-8")
    assert after == text(*LINES)


def test_a_comment_is_not_torn_from_what_it_is_about(project: Project) -> None:
    file = write_article(project, "mind/rest.md", "Rest", "Words.")
    file.write_text(text(*reversed(LINES)).replace("tags:", "# Ask the team.\ntags:"), encoding="utf-8")
    assert plan(project, project.read(), {file.resolve()})[0] == []


def test_check_with_fix_does_it_for_one_file_or_folder(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    file = write_article(project, "mind/rest.md", "Rest", "Words.")
    wrong = text(*reversed(LINES))
    file.write_text(wrong, encoding="utf-8")
    assert main(["--fix", str(project.content / "articles" / "sleep")]) == 0
    assert file.read_text(encoding="utf-8") == wrong
    assert main([str(file)]) == 0
    assert "content/articles/mind/rest.md:" in capsys.readouterr().out
    assert main(["--fix", str(project.content / "articles" / "mind")]) == 0
    shown = capsys.readouterr().out
    assert "-title: Rest: a “guide”" in shown
    assert "+title: Rest: a “guide”" in shown
    assert file.read_text(encoding="utf-8") == text(*LINES)
