"""The editors' report says what the sources say, and loads nothing."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from sitekit.editing.project import Project
from sitekit.links.external.history import Memory, Streak, write_history
from sitekit.report import plots
from sitekit.report.__main__ import main
from sitekit.report.facts import ArticleFacts, SiteFacts, gather
from sitekit.report.history import Moment, readability_history
from sitekit.report.outside import LinkHealth, Visit, read_health
from sitekit.report.page import render
from tests.unit.editing.conftest import project, write_article

__all__ = ["project"]

DAY = datetime.date(2027, 11, 1)
GIT = {
    **os.environ,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def facts_of(project: Project, day: datetime.date = DAY) -> tuple[SiteFacts, dict[str, ArticleFacts]]:
    facts = gather(project.read(), day)
    return facts, {one.relative.rpartition("/")[2]: one for one in facts.articles}


def test_reviews_are_overdue_due_or_later(project: Project) -> None:
    for day, review, days in (
        (DAY, "due", 21),
        (datetime.date(2027, 11, 23), "overdue", -1),
        (datetime.date(2027, 1, 1), "later", 325),
    ):
        facts, by_name = facts_of(project, day)
        assert (by_name["worry.md"].review, by_name["worry.md"].days) == (review, days)
        assert facts.today == day


def test_orphans_are_articles_that_no_text_or_list_leads_to(project: Project) -> None:
    _, by_name = facts_of(project)
    assert [name for name, one in by_name.items() if one.orphan] == ["dreams.md"]
    assert by_name["low-mood.md"].linked_from == ("articles/mind/worry.md", "articles/sleep/naps.md", "pages/hello.md")


def test_articles_stand_in_the_order_of_the_navigation(project: Project) -> None:
    facts, _ = facts_of(project)
    assert [one.relative for one in facts.articles] == [
        "articles/mind/low-mood.md", "articles/mind/worry.md", "articles/sleep/naps.md", "articles/sleep/dreams.md",
    ]  # fmt: skip
    assert [(title, len(group)) for title, group in facts.by_topic] == [("Mind", 2), ("Sleep", 2)]


def test_claims_are_counted_by_certainty_and_drafts_do_not_make_a_source_used(project: Project) -> None:
    body = "It may help. [@finan2013sleep, low] It is. [@kroenke2001phq9] It may not. [@finan2013sleep; @kroenke2009scamp, low]"
    write_article(project, "sleep/dreams.md", "Dreams", body)
    facts, by_name = facts_of(project)
    assert by_name["dreams.md"].claims == {"low": 2, "none": 1}
    assert by_name["dreams.md"].sources == 3
    assert "finan2013sleep" not in facts.unused_references
    write_article(project, "sleep/dreams.md", "Dreams", body, "status: draft\n")
    facts, by_name = facts_of(project)
    assert by_name["dreams.md"].status == "draft"
    assert {"finan2013sleep", "kroenke2001phq9", "kroenke2009scamp"} <= set(facts.unused_references)


def test_an_article_of_a_later_day_is_scheduled(project: Project) -> None:
    _, by_name = facts_of(project, datetime.date(2026, 11, 21))
    assert by_name["naps.md"].status == "scheduled"


def test_outside_links_are_gathered_with_the_files_that_name_them(project: Project) -> None:
    write_article(
        project,
        "sleep/dreams.md",
        "Dreams",
        "[a](https://one.example/x#y) [b](https://one.example/x) <https://two.example/>",
    )
    facts, _ = facts_of(project)
    path = "content/articles/sleep/dreams.md"
    assert facts.outside["https://one.example/x"] == (path,)
    assert facts.outside["https://two.example/"] == (path,)
    assert dict(facts.hosts)["one.example"] == 1


def test_the_page_is_whole_and_loads_nothing(project: Project) -> None:
    write_article(project, "sleep/dreams.md", "<b>Dreams</b> & “more”", "Words.")
    facts, _ = facts_of(project, datetime.date(2028, 1, 1))
    moment = Moment("abc", datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC), 4, 5.1, 7.9)
    health = LinkHealth({"https://doi.org/x": Visit("https://doi.org/x", "2026-11-22", "broken", "404 Not Found", 3)})
    html = render(facts, [moment, moment], health, "Untangled")
    tree = LexborHTMLParser(html)
    assert "<b>Dreams</b>" not in html
    assert len(tree.css("#reviews tbody tr")) == 4
    assert "overdue" in tree.css_first("#reviews .pill").text()
    assert "404 Not Found" in tree.css_first("#links table").text()
    assert len(tree.css("svg")) == 5
    assert not tree.css("script, link, img, iframe, object, embed, [src], [style], form")
    assert [a.attributes["href"] for a in tree.css("a") if not a.attributes["href"].startswith("#")] == []
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    assert {a.attributes["href"][1:] for a in tree.css("a")} <= ids
    assert "default-src 'none'" in tree.css_first("meta[http-equiv]").attributes["content"]
    assert "url(" not in html
    assert "@import" not in html


def test_a_site_without_articles_or_history_has_a_report(tmp_path: Path) -> None:
    facts = SiteFacts(DAY, (), {}, (), (), 0, {})
    html = render(facts, [], LinkHealth(), "Untangled")
    assert "Nothing is due" in html
    assert "there is no trend" in html
    assert "Nobody has visited them yet" in html


def test_bars_are_as_long_as_their_values(tmp_path: Path) -> None:
    svg = LexborHTMLParser(str(plots.bars([("a", 5, "good"), ("b", 10, "bad")], 10, {"limit": 7.5}, "grade", "Bars")))
    one, two = (float(rect.attributes["width"]) for rect in svg.css("rect"))
    assert two == pytest.approx(2 * one)
    stacks = LexborHTMLParser(str(plots.stacks([("a", {"low": 1, "very low": 3})], ("low", "very low"), "Stacks")))
    widths = {rect.attributes["class"]: float(rect.attributes["width"]) for rect in stacks.css("rect")}
    assert widths["c-very-low"] == pytest.approx(3 * widths["c-low"], abs=0.3)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits: one easy article, a hard one beside it, then one that changes nothing below the folder."""

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "commit.gpgsign=false", *arguments], cwd=tmp_path, env=GIT, check=True, capture_output=True
        )

    git("init", "-q")
    articles = tmp_path / "content" / "articles" / "mind"
    articles.mkdir(parents=True)
    (articles / "easy.md").write_text("---\ntitle: A\n---\n\nYou can rest. You can walk. You can eat.\n")
    git("add", ".")
    git("commit", "-qm", "one")
    hard = "Comprehensive multidisciplinary rehabilitation necessitates considerable organizational accommodation."
    (articles / "hard.md").write_text(f"---\ntitle: B\n---\n\n{hard}\n")
    (articles / "broken.md").write_bytes(b"[" * 5_000)
    git("add", ".")
    git("commit", "-qm", "two")
    (tmp_path / "README.md").write_text("x")
    git("add", ".")
    git("commit", "-qm", "three")
    return tmp_path


def test_the_trend_follows_the_commits_that_touched_articles(repository: Path) -> None:
    one, two = readability_history(repository, "content/articles", 10)
    assert (one.articles, two.articles) == (1, 2)
    assert two.highest > one.highest
    assert one.when <= two.when
    assert [moment.commit for moment in readability_history(repository, "content/articles", 1)] == [two.commit]


def test_the_trend_is_empty_without_git_and_ends_when_its_time_is_up(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert readability_history(tmp_path_factory.mktemp("plain"), "content/articles", 5) == []
    ticks = iter([0.0, 100.0])
    assert readability_history(repository, "content/articles", 5, clock=lambda: next(ticks)) == []


def test_what_the_link_checker_keeps_is_read(tmp_path: Path) -> None:
    file, now = tmp_path / "external-links.json", datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC)
    failing = Streak(now - datetime.timedelta(days=3), 4)
    known = {
        "https://a.example/": Memory("fine", now),
        "https://b.example/x#part": Memory("broken", now, message="The server answers 404.", broken=failing),
        "https://c.example/": Memory("unknown", now - datetime.timedelta(days=1), message="A wall."),
    }
    write_history(file, known, now)
    health = read_health(file)
    assert health.counts == {"fine": 1, "unknown": 1, "broken": 1}
    assert [visit.url for visit in health.ill] == ["https://b.example/x#part", "https://c.example/"]
    assert health.ill[0] == Visit("https://b.example/x#part", "2026-11-21", "broken", "The server answers 404.", 4)
    assert (health.last, health.damage) == ("2026-11-21", "")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "addresses": {}}', '{"version": 1, "addresses": 3}', "\xff"]
)
def test_what_cannot_be_read_of_the_visits_is_said(text: str, tmp_path: Path, project: Project) -> None:
    file = tmp_path / "external-links.json"
    file.write_bytes(text.encode("latin-1"))
    health = read_health(file)
    assert (health.visits, bool(health.damage)) == ({}, True)
    assert "could not be read" in render(gather(project.read(), DAY), [], health, "Site")
    assert read_health(tmp_path / "nothing") == LinkHealth()


def test_damaged_entries_cost_only_themselves(tmp_path: Path) -> None:
    file = tmp_path / "external-links.json"
    entries = {
        "a": {"outcome": "fine", "checked": "2026-11-20T00:00:00Z"},
        "b": 1,
        "c": {"outcome": "x", "checked": ""},
        "d": {},
    }
    file.write_text(json.dumps({"version": 1, "addresses": entries}))
    assert list(read_health(file).visits) == ["a"]


def test_the_command_writes_one_file(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "here", classmethod(lambda cls: project))
    assert main(["--output", "there/report.html", "--today", "2028-01-01"]) == 0
    assert "4 articles, 4 reviews overdue" in capsys.readouterr().out
    assert [path.name for path in (project.root / "there").iterdir()] == ["report.html"]
    assert (project.root / "there/report.html").stat().st_mode & 0o777 == 0o644
    assert main(["--commits", "-1"]) == 2
    (project.root / "file").write_text("")
    assert main(["--output", "file/report.html"]) == 2
