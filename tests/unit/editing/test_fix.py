"""What can only be meant in one way is mended; everything else stays as the editor wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.check import main
from sitekit.editing.fix import mended, plan
from sitekit.editing.knowledge import Knowledge, near
from sitekit.editing.project import Project
from sitekit.problems import errors
from tests.unit.editing.conftest import write_article

PAGE = "mind/worry.md"


def fix(project: Project, path: str = PAGE) -> str:
    """The text of a file after the mends, which must be at rest then."""
    site = project.read()
    changes, _ = plan(project, site)
    before = {problem.path for problem in site.problems}
    assert {change.path for change in changes} <= before | {f"content/articles/{path}"}
    for change in changes:
        (project.root / change.path).write_bytes(change.after)
    assert plan(project, project.read())[0] == []
    return (project.content / "articles" / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            "See [mood](http://untangled.example/mind/low-mood/#low-mood-today).",
            "See [mood]({filename}/articles/mind/low-mood.md#low-mood-today).",
        ),
        ("See [mood](/mind/low-mood/).", "See [mood]({filename}/articles/mind/low-mood.md)."),
        ("See [mood](/mind/low-mood).", "See [mood]({filename}/articles/mind/low-mood.md)."),
        ("See [topic](/sleep/).", "See [topic]({category}sleep)."),
        ("See [topic]({category}Sleep).", "See [topic]({category}sleep)."),
        ("See [mood]({static}low-mood.md).", "See [mood]({filename}low-mood.md)."),
        ("See [mood]({filename}low-mood).", "See [mood]({filename}low-mood.md)."),
        ("See [naps]({filename}naps.md#naps-today).", "See [naps]({filename}/articles/sleep/naps.md#naps-today)."),
        ("See [naps](naps).", "See [naps]({filename}/articles/sleep/naps.md)."),
        ("See [mood](low-mood.md#Low-Mood-Today).", "See [mood](low-mood.md#low-mood-today)."),
        ("See [mood](low-mood.md#low-mood-todya).", "See [mood](low-mood.md#low-mood-today)."),
        ("![y]({filename}../../images/y.svg)", "![y]({static}../../images/y.svg)"),
        ("![y](y.svg)", "![y]({static}/images/y.svg)"),
        ("See [the study](http://doi.org/10.1/x).", "See [the study](https://doi.org/10.1/x)."),
        ("[call](resource:OC-links)", "[call](resource:oc-links)"),
        ("We do not know. [@finan2013sleep, Very-Low]", "We do not know. [@finan2013sleep, very low]"),
        ("Pain is real. [@finan2013sleep, guidline]", "Pain is real. [@finan2013sleep, guideline]"),
        ('::: Callout "Rest"\nRest.\n:::', '::: callout "Rest"\nRest.\n:::'),
        ("::: qestions\n- What?\n- Why?\n:::", "::: questions\n- What?\n- Why?\n:::"),
        ("## what YOU can do", "## What you can do"),
        ("## How to rest:", "## How to rest"),
        ("Words \nmore words\t\n   \nlast.", "Words\nmore words\n\nlast."),
        ("Broken  \non purpose.", "Broken  \non purpose."),
        ("```\ncode \n```", "```\ncode \n```"),
        ("A bell\x07 and a \ufeffmark.", "A bell and a mark."),
    ],
)
def test_a_body_is_mended_where_it_is_certain(wrong: str, right: str, project: Project) -> None:
    (project.content / "images").mkdir()
    (project.content / "images" / "y.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    file = write_article(project, PAGE, "Worry", f"Words.\n\n{wrong}\n\nMore words.")
    before = file.read_text(encoding="utf-8")
    assert fix(project) == before.replace(wrong, right)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Main-Message: You can rest.", "main_message: You can rest."),
        ("main_mesage: You can rest.", "main_message: You can rest."),
        ("status: PUBLISHED", "status: published"),
        ("status: publsihed", "status: published"),
        (
            "related:\n  - low-mood\n  - content/articles/sleep/naps.md",
            "related:\n  - mind/low-mood.md\n  - sleep/naps.md",
        ),
        ("related: [low-mood.md, sleep/dreams]", "related: [mind/low-mood.md, sleep/dreams.md]"),
    ],
)
def test_front_matter_is_mended_where_it_is_certain(wrong: str, right: str, project: Project) -> None:
    file = write_article(project, PAGE, "Worry", "Words.", f"{wrong}\n")
    if right.startswith("status"):  # in its place from the start: the order of keys is mended, too
        text = file.read_text(encoding="utf-8").replace(f"{wrong}\n", "")
        file.write_text(text.replace("published:", f"{wrong}\npublished:", 1), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    assert fix(project) == before.replace(wrong, right)


@pytest.mark.parametrize(
    ("wrong", "right"), [("2026/11/2", "2026-11-02"), ("2026-3-22", "2026-03-22"), ("2026.11.22", "2026-11-22")]
)
def test_a_date_that_begins_with_the_year_is_written_as_iso(wrong: str, right: str, project: Project) -> None:
    file = write_article(project, PAGE, "Worry", "Words.")
    text = file.read_text(encoding="utf-8").replace("published: 2026-11-22", f"published: {wrong}")
    file.write_text(text, encoding="utf-8")
    assert fix(project) == text.replace(wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "Pain is real. [@finan2013slep, low]",  # another source may have been meant
        "See [it]({filename}low-moods-and-more.md).",
        "See [it](http://unknown.example/).",
        "[call](resource:998)",  # a number is never guessed
        "Read \u202eright to left.",  # what was meant, a person must see
        "# A title in the body",
        "::: tip\nWords.\n:::",
        "<!-- allow: heading-punctuation the colon is part of the name -->\n## Stop:\n\nRest.",
    ],
)
def test_what_could_mean_something_else_is_left(text: str, project: Project) -> None:
    file = write_article(project, PAGE, "Worry", text)
    before = file.read_bytes()
    fix(project)
    assert file.read_bytes() == before


def test_two_keys_that_could_be_meant_are_left(project: Project) -> None:
    file = write_article(project, PAGE, "Worry", "Words.", "Title: Another\n")
    before = file.read_bytes()
    fix(project)
    assert file.read_bytes() == before


def test_line_ends_and_a_mark_at_the_start_are_made_plain(project: Project) -> None:
    file = write_article(project, PAGE, "Worry", "Words.")
    text = file.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") + b"\r\n\r\n")
    fix(project)
    assert file.read_bytes() == text


def test_bytes_that_are_no_text_are_never_touched(project: Project) -> None:
    file = write_article(project, PAGE, "Worry", "Words ")
    file.write_bytes(file.read_bytes() + b"\xff ")
    before = file.read_bytes()
    plan(project, project.read())
    assert plan(project, project.read())[0] == []
    assert file.read_bytes() == before


def test_a_mend_that_would_bring_a_new_problem_is_not_made(project: Project) -> None:
    """The date can be read, but then stands after the next review: the editor must look."""
    file = write_article(project, PAGE, "Worry", "Words. ")
    file.write_text(file.read_text().replace("modified: 2026-11-22", "modified: 2029/1/1"))
    before = file.read_bytes()
    changes, left = plan(project, project.read())
    assert changes == []
    assert "bad-modified" in {problem.code for problem in left}
    assert file.read_bytes() == before


def test_the_command_shows_a_diff_and_obeys_its_paths(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    one = write_article(project, PAGE, "Worry", "See [mood](/mind/low-mood/).")
    other = write_article(project, "sleep/naps.md", "Naps", "See [mood](/mind/low-mood/).")
    texts = one.read_bytes(), other.read_bytes()
    assert main(["--dry-run"]) == 2
    assert "--fix" in capsys.readouterr().err
    assert main(["--fix", "--dry-run"]) == 0
    assert (one.read_bytes(), other.read_bytes()) == texts
    assert capsys.readouterr().out.count("+See [mood]({filename}/articles/mind/low-mood.md).") == 2
    assert main(["--fix", str(one)]) == 0
    assert (one.read_bytes() != texts[0], other.read_bytes() == texts[1]) == (True, True)
    assert main(["--fix"]) == 0
    assert "Mended 1 file; " in capsys.readouterr().out
    assert main(["--fix"]) == 0
    assert "Mended 0 files; " in capsys.readouterr().out
    assert main(["--fix", str(project.root / "nothing.md")]) == 2
    write_article(project, PAGE, "Worry", "See [it](nothing).")
    assert main(["--fix"]) == 1


def test_the_real_sources_need_no_mending(root: Path) -> None:
    import pelicanconf

    project = Project(root, pelicanconf)
    site = project.read()
    known = Knowledge.of(project, site)
    assert [one.path for one in site.documents if mended(one, known) != one.text] == []
    assert errors(site.problems) == []


@pytest.mark.parametrize(
    ("word", "known", "right"),
    [
        ("conditon", ["condition", "treatment"], "condition"),
        ("codnition", ["condition"], "condition"),
        ("conditoin", ["condition"], "condition"),
        ("cndtion", ["condition"], ""),
        ("lo", ["low"], ""),
        ("LOW", ["low"], "low"),
        ("very_low", ["very low", "low"], "very low"),
        ("stepss", ["steps", "stepsy"], ""),
        ("", ["low"], ""),
    ],
)
def test_only_one_slip_of_the_finger_is_certain(word: str, known: list[str], right: str) -> None:
    assert near(word, known) == right


def test_a_page_that_others_link_to_is_not_made_a_draft_by_a_mend(project: Project) -> None:
    for path, mended_text in (("mind/worry.md", "status: Draft"), ("sleep/dreams.md", "status: draft")):
        write_article(project, path, path, "Words.", "status: Draft\n")
        assert mended_text in fix(project, path)
