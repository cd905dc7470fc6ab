"""A moved article takes everything that leads to it along, or does not move."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
from pathlib import Path

import pytest

from sitekit.editing.addresses import recorded, redirected
from sitekit.editing.changes import Change, apply
from sitekit.editing.order import reorder
from sitekit.editing.project import ROOT, Project
from sitekit.editing.relink import relink, relink_outside
from sitekit.editing.rename import Refused, main, plan
from sitekit.links.ledger import read_redirects
from tests.unit.editing.conftest import TOPICS

MOOD = "content/articles/mind/low-mood.md"


def after(changes: list[Change], path: str) -> str:
    return next(change.after.decode() for change in changes if change.path == path)


def test_every_link_list_and_order_follows_at_its_place(project: Project) -> None:
    (project.content / "data" / "urls.txt").write_text("# promised\n/mind/low-mood/\n/zzz/\n")
    changes = plan(project, "mind/low-mood", "sleep/feeling-low")
    assert {change.path.removeprefix("content/") for change in changes} == {
        "articles/mind/low-mood.md",
        "articles/sleep/feeling-low.md",
        "articles/mind/worry.md",
        "articles/sleep/naps.md",
        "pages/hello.md",
        "data/topics.yaml",
        "data/redirects.yaml",
        "data/urls.txt",
    }
    worry = after(changes, "content/articles/mind/worry.md")
    assert "[low mood](../sleep/feeling-low.md 'Low')" in worry
    assert '<a href="{filename}/articles/sleep/feeling-low.md">' in worry
    assert "[1]: ../sleep/feeling-low.md#low-mood-today" in worry
    assert "`[code](low-mood.md)` stays" in worry
    assert "  - sleep/feeling-low.md\n  - sleep/naps.md\n" in worry
    naps = after(changes, "content/articles/sleep/naps.md")
    assert "{filename}feeling-low.md?x=1#low-mood-today" in naps
    assert "related: [sleep/feeling-low.md]" in naps
    moved = after(changes, "content/articles/sleep/feeling-low.md")
    assert "{filename}../mind/worry.md#worry-today" in moved
    assert "[naps](../sleep/naps.md)" in moved  # still leads there
    topics = after(changes, "content/data/topics.yaml")
    assert topics == TOPICS.replace("    - low-mood  # read first\n", "").replace(
        "    - naps\n", "    - naps\n    - feeling-low\n"
    )
    assert after(changes, "content/data/redirects.yaml") == redirected(
        "", "/mind/low-mood/", "/sleep/feeling-low/", project.today
    )
    assert after(changes, "content/data/urls.txt").split("\n")[-4:] == [
        "/mind/low-mood/",
        "/sleep/feeling-low/",
        "/zzz/",
        "",
    ]


def test_the_facts_of_a_page_follow_it(project: Project) -> None:
    facts = project.root / "docs" / "facts" / "numbers.csv"
    facts.parent.mkdir(parents=True)
    rows = 'page,number,words\nmind/low-mood.md,3,"for 3 months, or more"\nmind/low-mood-two.md,4,x\n'
    facts.write_text(rows, encoding="utf-8")
    changes = plan(project, "mind/low-mood", "sleep/feeling-low")
    assert after(changes, "docs/facts/numbers.csv") == rows.replace("mind/low-mood.md", "sleep/feeling-low.md")


def test_after_the_move_the_sources_have_no_new_problem_and_moving_back_restores_them(project: Project) -> None:
    texts = {path: path.read_bytes() for path in sorted(project.content.rglob("*.md"))}
    before = {problem.message for problem in project.read().problems}
    apply(project.root, plan(project, MOOD, "feeling-low"))
    assert not (project.root / MOOD).exists()
    assert {problem.message for problem in project.read().problems} == before
    apply(project.root, plan(project, "content/articles/mind/feeling-low.md", "low-mood"))
    changed = {path.name for path, text in texts.items() if path.read_bytes() != text}
    assert changed <= {"worry.md"}  # its "low%2Dmood.md" is now written plainly
    redirects, _ = read_redirects((project.content / "data/redirects.yaml").read_text())
    assert [(one.source, one.target) for one in redirects.moved] == [("/mind/feeling-low/", "/mind/low-mood/")]


def test_the_scores_of_an_article_take_its_new_name(project: Project) -> None:
    scores = project.content / "data" / "scores" / "low-mood.yaml"
    real = sorted(ROOT.glob("content/data/scores/*.yaml"))  # any will do, and any may be renamed
    scores.write_bytes(next(file for file in real if file.name != "criteria.yaml").read_bytes())
    changes = {change.path: change.after for change in plan(project, "mind/low-mood", "feeling-low")}
    assert changes["content/data/scores/low-mood.yaml"] is None
    assert changes["content/data/scores/feeling-low.yaml"] == scores.read_bytes()
    assert "content/data/scores/low-mood.yaml" not in {
        change.path for change in plan(project, "mind/low-mood", "sleep/low-mood")
    }


def test_a_page_that_has_not_come_out_moves_without_a_redirect(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_TODAY", "2026-11-21")
    assert not any("redirects" in change.path for change in plan(project, "sleep/dreams", "sleep/visions"))
    monkeypatch.setenv("SITE_TODAY", "2026-11-22")
    assert any("redirects" in change.path for change in plan(project, "sleep/dreams", "sleep/visions"))


def test_a_draft_moves_without_a_redirect(project: Project) -> None:
    file = project.content / "articles/sleep/dreams.md"
    file.write_text(file.read_text().replace("type: reference", "type: reference\nstatus: draft"))
    assert {change.path for change in plan(project, "sleep/dreams", "mind/dreams")} == {
        "content/articles/sleep/dreams.md",
        "content/articles/mind/dreams.md",
    }


def test_a_page_moves_and_documents_outside_content_follow(project: Project) -> None:
    (project.root / "docs").mkdir()
    (project.root / "docs" / "guide.md").write_text(
        "See [hello](../content/pages/hello.md#x) and `content/pages/hello.md`.\n"
    )
    changes = plan(project, "hello", "welcome")
    assert (
        after(changes, "docs/guide.md") == "See [hello](../content/pages/welcome.md#x) and `content/pages/hello.md`.\n"
    )
    assert after(changes, "content/data/redirects.yaml") == redirected("", "/hello/", "/welcome/", project.today)


@pytest.mark.parametrize(
    ("old", "new", "words", "status"),
    [
        ("mind/nothing", "mind/x", "There is no article or page mind/nothing", 2),
        ("sleep/low-mood", "mind/x", "Did you mean articles/mind/low-mood.md", 2),
        ("mind/low-mood", "mind/worry", "exists already", 1),
        ("mind/low-mood", "mind/low-mood.md", "its name already", 2),
        ("mind/low-mood", "nowhere/low-mood", "There is no topic nowhere", 2),
        ("mind/low-mood", "pages/low-mood", "cannot become a page", 2),
        ("mind/low-mood", "mind/Low Mood", "cannot be an address", 2),
        ("mind/low-mood", "mind/deep/low", "too deep", 2),
        ("mind/low-mood", "../../etc/low", "too deep", 2),
        ("mind/low-mood", "sleep/naps", "exists already", 1),
        ("mind/low-mood", "sleep/worry", "has the same file name", 1),
        ("hello", "sleep", "cannot be|address of a topic", 1),
    ],
)
def test_what_would_break_is_refused(old: str, new: str, words: str, status: int, project: Project) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        plan(project, old, new)
    assert refusal.value.status == status


@pytest.mark.parametrize("page", ["about", "get-help-now", "404", "home"])
def test_a_page_that_templates_or_code_name_stays(page: str) -> None:
    import pelicanconf

    with pytest.raises(Refused, match=r"\w+\.(py|html):\d+:\d+: named-in-code"):
        plan(Project(ROOT, pelicanconf), page, "another-name")


def test_the_command_shows_the_diff_and_asks(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    assert main(["mind/low-mood", "mind/feeling-low", "--dry-run"]) == 0
    assert main(["mind/low-mood", "mind/feeling-low"], ask=lambda _: "") == 1
    assert (project.root / MOOD).exists()
    assert capsys.readouterr().out.count("rename to content/articles/mind/feeling-low.md") == 2
    (project.root / "tests").mkdir()
    (project.root / "tests" / "x.py").write_text('\nPAGE = "articles/mind/low-mood.md"\n')
    assert main(["mind/low-mood", "mind/feeling-low", "--yes"]) == 0
    assert not (project.root / MOOD).exists()
    assert "tests/x.py:2:9: warning: named-elsewhere" in capsys.readouterr().out
    assert main(["mind/low-mood", "mind/feeling-low", "--yes"]) == 2


def test_a_file_with_broken_bytes_is_never_written_anew(project: Project) -> None:
    file = project.content / "articles/sleep/naps.md"
    file.write_bytes(file.read_bytes() + b"\xff\n")
    with pytest.raises(Refused, match="not UTF-8"):
        plan(project, "mind/low-mood", "feeling-low")


def test_relinking_keeps_the_way_a_link_is_written() -> None:
    old, new = "articles/mind/a.md", "articles/sleep/b.md"
    for before, expected in {
        "[x](./a.md)": "[x](../sleep/b.md)",
        "[x]( <a.md> 'A title' )": "[x]( <../sleep/b.md> 'A title' )",
        "[x](|filename|a.md)": "[x](|filename|../sleep/b.md)",
        "![y]({static}../../images/y.svg) [x](a&#46;md#q)": "![y]({static}../../images/y.svg) [x](../sleep/b.md#q)",
        "<!-- [x](a.md) -->": "<!-- [x](a.md) -->",
        "[x](https://example.org/a.md)": "[x](https://example.org/a.md)",
    }.items():
        assert relink(before, "articles/mind/c.md", old, new) == expected
    assert (
        relink("![y]({static}../../images/y.svg) [z](c.md)", old, old, "articles/b.md")
        == "![y]({static}../images/y.svg) [z](mind/c.md)"
    )
    assert relink_outside("[x](a.md)", "docs/z.md", "docs/a.md", "docs/b.md") == "[x](b.md)"


def test_orders_in_one_line_are_edited_too() -> None:
    text = "- id: a\n  order: [x, y, z]\n- {id: b, order: [p]}\n- id: c\n"
    assert reorder(text, ("a", "y"), ("a", "w")) == text.replace("y", "w")
    assert reorder(text, ("a", "x"), ("b", "x")) == "- id: a\n  order: [y, z]\n- {id: b, order: [p, x]}\n- id: c\n"
    assert reorder(text, ("a", "z"), ("c", "z")) == text.replace(", z", "")
    assert reorder(text, ("b", "p"), ("a", "p")) == "- id: a\n  order: [x, y, z, p]\n- {id: b, order: []}\n- id: c\n"
    assert reorder(text, ("a", "nothing"), ("a", "w")) == text
    assert reorder("not: [valid", ("a", "x"), ("a", "w")) == "not: [valid"


DAY = datetime.date(2026, 11, 22)


def entry(source: str, target: str) -> str:
    return f"  - from: {source}\n    to: {target}\n    since: 2026-11-22\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", "redirects:\n" + entry("/a/", "/b/")),
        ("redirects:\n", "redirects:\n" + entry("/a/", "/b/")),
        ("redirects:  # none yet\nremoved:\n", "redirects:  # none yet\n" + entry("/a/", "/b/") + "removed:\n"),
        ("redirects:\n" + entry("/x/", "/a/"), "redirects:\n" + entry("/x/", "/b/") + entry("/a/", "/b/")),
        ("redirects:\n" + entry("/x/", "/a/#part"), "redirects:\n" + entry("/x/", "/b/#part") + entry("/a/", "/b/")),
        ("redirects:\n" + entry("/x/", "/ab/"), "redirects:\n" + entry("/x/", "/ab/") + entry("/a/", "/b/")),
        ("# n\nredirects:\n" + entry("/b/", "/a/").rstrip(), "# n\nredirects:\n" + entry("/a/", "/b/")),
        (
            "removed:\n  - url: /b/\n    since: 2026-11-22\n    reason: Old.\n  - {url: /c/, since: 2026-11-22, reason: Old}\nredirects:\n"
            + entry("/x/", "/y/")
            + "# end\n",
            "removed:\n  - {url: /c/, since: 2026-11-22, reason: Old}\nredirects:\n"
            + entry("/x/", "/y/")
            + entry("/a/", "/b/")
            + "# end\n",
        ),
    ],
)
def test_redirects_never_chain_and_never_lead_away_from_a_page(before: str, expected: str) -> None:
    after = redirected(before, "/a/", "/b/", DAY)
    assert after == expected
    found, problems = read_redirects(after)
    assert problems == []
    assert found.moved[-1].source == "/a/" or "/x/" in before


def test_the_ledger_keeps_what_was_promised() -> None:
    text = recorded("/a/\n/a/#x\n", "/a/", "/b/")
    assert [line for line in text.split("\n") if line.startswith("/")] == ["/a/", "/a/#x", "/b/"]
    assert recorded(text, "/a/", "/b/") == text


def test_the_real_articles_can_each_be_moved() -> None:
    import pelicanconf

    project = Project(ROOT, pelicanconf)
    article = next(iter(sorted((ROOT / "content" / "articles").glob("*/*.md"))))
    changes = plan(project, article.relative_to(ROOT).as_posix(), "a-name-of-its-own")
    assert Path(changes[0].path).name != "a-name-of-its-own.md"
    assert any(change.path.endswith("/a-name-of-its-own.md") for change in changes)


def test_a_disk_without_room_for_the_rehearsal_is_named_once(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copy2", full)
    assert main(["mind/low-mood", "feeling-low", "--yes"]) == 1
    said = capsys.readouterr().err
    assert said.count("No space left on device. Nothing was changed.") == 1
    assert said.count("\n") == 1
    assert (project.root / MOOD).is_file()
