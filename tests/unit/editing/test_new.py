"""A new article has everything in its place but the text."""

from __future__ import annotations

import datetime

import pytest

from sitekit.editing.changes import Change
from sitekit.editing.new import Refused, main, plan
from sitekit.editing.project import Project
from sitekit.editing.skeleton import article, slug_of
from sitekit.source.frontmatter import ARTICLE_TYPES, parse
from sitekit.source.rules import check_text
from sitekit.source.rules.sections import REQUIRED
from sitekit.source.rules.unwritten import MARK
from tests.unit.editing.conftest import write_article

DAY = datetime.date(2028, 2, 29)


@pytest.mark.parametrize("kind", ARTICLE_TYPES)
def test_a_new_article_passes_every_check_as_a_draft(kind: str, project: Project) -> None:
    before = {str(problem) for problem in project.read().problems}
    change = plan(project, kind, "mind", "What helps: rest & “calm”", "", DAY)
    assert change.path == "content/articles/mind/what-helps-rest-calm.md"
    assert {str(problem) for problem in project.rehearse([change])} == before


@pytest.mark.parametrize("kind", ARTICLE_TYPES)
def test_a_new_article_that_is_no_draft_is_stopped_at_each_open_place(kind: str, project: Project) -> None:
    draft = plan(project, kind, "mind", "Rest", "", DAY)
    text = draft.after.decode().replace("status: draft\n", "")
    before = {str(problem) for problem in project.read().problems}
    found = [one for one in project.rehearse([Change(draft.path, None, text.encode())]) if str(one) not in before]
    errors_found = [one for one in found if one.severity == "error"]
    lines = text.split("\n")
    assert {one.code for one in errors_found} == {"unwritten-text"}
    assert len(errors_found) == text.count(MARK)
    assert all(lines[one.line - 1].startswith(MARK, one.column - 1) for one in errors_found)


def test_the_word_may_stand_in_code_and_in_notes_among_editors() -> None:
    text = "---\ntitle: Rest\n---\n\n## What to do\n\n<!-- TODO: ask -->\n`TODO` and AUTODO.\n"
    assert "unwritten-text" not in {one.code for one in check_text("x.md", text, {"title": "Rest"})}


@pytest.mark.parametrize(
    "title",
    ['"Quoted"', "Pain: a guide", "404", "null", "[x] # y", "- dash", "naïve 你好 pain", "it's & 'so'", "a\tb   c"],
)
def test_any_title_comes_back_as_it_was_typed(title: str, project: Project) -> None:
    change = plan(project, "guide", "mind", title, "some-name", DAY)
    assert parse("x.md", change.after.decode(), "article").values["title"] == " ".join(title.split())


def test_every_type_has_the_headings_that_its_rules_ask_for() -> None:
    for kind, titles in REQUIRED.items():
        lines = article(kind, "Rest", DAY).split("\n")
        assert [line for line in lines if line in {f"## {title}" for title in titles}] == [
            f"## {title}" for title in titles
        ]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Low mood & pain", "low-mood-pain"),
        ("What’s CBT‑I?", "whats-cbti"),
        ("Señor Ñandú", "senor-nandu"),
        ("疼痛", ""),
        ("  A--B  ", "a-b"),
    ],
)
def test_a_slug_is_made_from_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    ("kind", "topic", "title", "slug", "words", "status"),
    [
        ("conditon", "mind", "T", "", "Did you mean condition?", 2),
        ("guide", "mnd", "T", "", "Did you mean mind?", 2),
        ("guide", "mind", "疼痛", "", "--slug", 2),
        ("guide", "mind", " ", "", "needs a title", 2),
        ("guide", "mind", "a\u202eb", "", "control character", 2),
        ("guide", "mind", "T" * 81, "", "80 is the most", 2),
        ("guide", "mind", "T", "Bad Slug", "cannot be an address", 2),
        ("guide", "mind", "low MOOD", "other", "has this title already", 1),
        ("guide", "sleep", "Something", "low-mood", "content/articles/mind/low-mood.md", 1),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    kind: str, topic: str, title: str, slug: str, words: str, status: int, project: Project
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        plan(project, kind, topic, title, slug, DAY)
    assert refusal.value.status == status


def test_the_command_asks_for_what_is_missing_and_never_overwrites(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    answers = iter(["nothing", "2", "sleep", "Going to bed"])
    assert main([], ask=lambda _: next(answers)) == 0
    file = project.content / "articles/sleep/going-to-bed.md"
    assert "type: condition\n" in file.read_text(encoding="utf-8")
    written = file.read_bytes()
    assert main(["--type", "guide", "--topic", "sleep", "--title", "Going to bed"]) == 1
    assert file.read_bytes() == written
    assert "content/articles/sleep/going-to-bed.md" in capsys.readouterr().err


def test_a_title_without_latin_letters_asks_for_an_address(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    answers = iter(["疼痛: “？”", "pain-and-mind"])
    assert main(["--type", "guide", "--topic", "mind"], ask=lambda _: next(answers)) == 0
    text = (project.content / "articles/mind/pain-and-mind.md").read_text(encoding="utf-8")
    assert parse("x.md", text, "article").values["title"] == "疼痛: “？”"
    assert "/drafts/pain-and-mind/" in capsys.readouterr().out


def test_the_command_without_a_terminal_writes_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))

    def gone(_: str) -> str:
        raise EOFError

    before = sorted(project.content.rglob("*"))
    assert main(["--type", "guide"], ask=gone) == 2
    assert sorted(project.content.rglob("*")) == before


def test_a_name_that_another_file_takes_meanwhile_is_kept(project: Project) -> None:
    from sitekit.editing.changes import NotApplied, apply

    change = plan(project, "guide", "mind", "Rest", "", DAY)
    other = write_article(project, "mind/rest.md", "Rest", "Mine.")
    text = other.read_bytes()
    with pytest.raises(NotApplied):
        apply(project.root, [change])
    assert other.read_bytes() == text
