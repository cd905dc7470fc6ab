"""Reasons not to publish, all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sitekit.problems import Problem, ProblemsFound
from sitekit.publish.guards import Allowed
from sitekit.publish.manifest import Source
from sitekit.publish.push import Inputs
from sitekit.publish.rules import Redirect
from tests.unit.publish.conftest import NOTHING, Stage


def refusal(stage: Stage, inputs: Inputs = NOTHING) -> set[str]:
    """Codes of the errors with which a push is refused."""
    before = stage.target.read_pointer()[0].live
    with pytest.raises(ProblemsFound) as caught:
        stage.push(inputs)
    assert stage.target.read_pointer()[0].live == before
    assert all(problem.hint for problem in caught.value.problems if problem.code != "from-a-check")
    return {problem.code for problem in caught.value.problems if problem.severity == "error"}


def test_a_build_with_problems_is_refused(stage: Stage) -> None:
    found = Problem("content/a.md", 3, 1, "from-a-check", "is wrong")
    assert refusal(stage, Inputs(checks=(found,))) == {"from-a-check"}


def test_warnings_are_told_but_do_not_stop(stage: Stage) -> None:
    warning = Problem("content/a.md", 3, 1, "stale", "is old", severity="warning")
    assert stage.push(Inputs(checks=(warning,))).warnings == (warning,)


def test_a_build_without_home_page_or_error_page_is_refused(stage: Stage) -> None:
    (stage.folder / "404.html").unlink()
    assert refusal(stage) == {"incomplete-site"}


def test_an_empty_folder_is_refused(stage: Stage, tmp_path) -> None:
    stage.folder = tmp_path / "nothing"
    assert refusal(stage) == {"nothing-built"}


def test_a_url_that_was_promised_must_be_there_or_lead_on(stage: Stage) -> None:
    ledger = ("/mind/article-0/", "/gone/", "/moved/", "/404.html")
    moved = (Redirect("/moved/", "/mind/article-0/"),)
    assert refusal(stage, Inputs(ledger=ledger, redirects=moved)) == {"ledger-url-missing"}
    stage.push(Inputs(ledger=tuple(url for url in ledger if url != "/gone/"), redirects=moved))


def test_an_uncommitted_tree_is_refused_unless_that_is_meant(stage: Stage) -> None:
    source = Source("c0ffee", 100, ("content/a.md",))
    assert refusal(stage, Inputs(source=source)) == {"uncommitted"}
    stage.push(Inputs(source=source, allowed=Allowed(uncommitted=True)))


def test_too_many_vanishing_pages_are_refused_unless_that_is_meant(stage: Stage) -> None:
    stage.push()
    stage.site.withdrawn = {1, 2}
    stage.write()
    assert refusal(stage) == {"too-many-pages-dropped"}
    moved = tuple(Redirect("/" + stage.site.path(n).removesuffix("index.html"), "/") for n in (1, 2))
    assert stage.push(Inputs(redirects=moved)).plan.withdrawn
    stage.site.withdrawn = {1, 2, 3}
    stage.write()
    stage.push(Inputs(allowed=Allowed(drop=True)))


def test_a_share_of_pages_may_vanish(stage: Stage) -> None:
    stage.push()
    stage.site.withdrawn = {1}
    stage.write()
    stage.push(config=replace(stage.config, max_drop=0.2))


def test_an_older_commit_does_not_replace_a_newer_one_unless_that_is_meant(stage: Stage) -> None:
    stage.push(Inputs(source=Source("b", 200)))
    stage.site.edit(1)
    stage.write()
    assert refusal(stage, Inputs(source=Source("a", 100))) == {"older-build"}
    stage.push(Inputs(source=Source("a", 100), allowed=Allowed(older=True)))


def test_an_asset_with_new_content_under_an_old_name_is_refused(stage: Stage) -> None:
    stage.push()
    next(stage.folder.glob("assets/*.css")).write_text("changed in place")
    assert refusal(stage) == {"asset-changed"}
    stage.push(Inputs(allowed=Allowed(asset=True)))
    assert b"changed in place" in {place.read_bytes() for place in (stage.target.current / "assets").glob("*.css")}


def test_everything_wrong_is_named_at_once(stage: Stage) -> None:
    stage.push()
    next(stage.folder.glob("assets/*.css")).write_text("changed in place")
    (stage.folder / "404.html").unlink()
    (stage.folder / "bad\nname").touch()
    source = Source("c0ffee", 0, ("content/a.md",))
    found = refusal(stage, Inputs(source=source, ledger=("/gone/",)))
    assert found == {
        "asset-changed",
        "incomplete-site",
        "odd-name",
        "uncommitted",
        "ledger-url-missing",
        "too-many-pages-dropped",
    }
