"""The command line: what it prints, its exit codes, and what it never prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit.publish import cli
from sitekit.publish.provenance import read_source
from tests.unit.publish.conftest import Stage


@pytest.fixture
def run(stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs a command in the stage's folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(stage.root)

    def call(command: str, *arguments: str) -> tuple[int, str, str]:
        more = ["--no-git"] if command in ("push", "plan") and "--git" not in arguments else []
        rest = [argument for argument in arguments if argument != "--git"]
        try:
            code = cli.main([command, "--target", str(stage.root / "published"), *more, *rest])
        except SystemExit as error:
            code = error.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_a_dry_run_says_what_would_happen_and_does_nothing(stage: Stage, run) -> None:
    code, text, _ = run("push", "--dry-run")
    assert code == 0
    assert "to upload" in text
    assert "new: " in text
    assert not (stage.root / "published").exists()


def test_publishing_says_what_it_did_and_what_was_not_verified(stage: Stage, run) -> None:
    code, text, _ = run("push")
    assert code == 0
    assert "Live: 2" in text
    assert "Not verified" in text
    assert run("push")[1].startswith("Nothing changed")
    assert run("releases")[1].rstrip().endswith("live")


def test_rollback_and_collect_say_what_they_did(stage: Stage, run) -> None:
    run("push")
    stage.site.restyle()
    stage.write()
    run("push")
    assert "Live: " in run("rollback", "previous")[1]
    assert run("collect", "--dry-run")[1].startswith("Would remove 0 files")
    assert run("collect")[1].startswith("Removed 0 files")
    assert len(run("releases")[1].splitlines()) == 3


def test_the_summary_lists_what_readers_will_see_changed(stage: Stage, run) -> None:
    run("push")
    stage.site.edit(2)
    stage.write()
    run("push", "--summary", "summary.md")
    text = (stage.root / "summary.md").read_text()
    assert f"- `/{stage.site.path(2).removesuffix('index.html')}`" in text
    assert "article-3" not in text


def test_problems_of_checks_are_printed_with_their_remedy_and_refuse(stage: Stage, run) -> None:
    found = [{"path": "content/a.md", "line": 3, "column": 1, "code": "bad", "message": "is bad", "hint": "Mend it."}]
    (stage.root / "problems.json").write_text(json.dumps(found))
    (stage.root / "ledger.json").write_text('["/gone/"]')
    code, text, error = run("push", "--problems", "problems.json", "--ledger", "ledger.json")
    assert code == 1
    assert "content/a.md:3:1: bad: is bad\n    Mend it." in text
    assert "ledger-url-missing" in text
    assert "Nothing was published" in error
    assert run("plan", "--problems", "problems.json")[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("push", "--problems", "nowhere.json"),
        ("push", "--redirects", "not-a-list.json"),
        ("push", "--problems", "strings.json"),
        ("push", "--redirects", "strings.json"),
        ("push", "--no-such-option"),
        ("rollback",),
        ("publish",),
    ],
)
def test_wrong_use_is_exit_code_two(stage: Stage, run, arguments: tuple[str, ...]) -> None:
    (stage.root / "not-a-list.json").write_text("{}")
    (stage.root / "strings.json").write_text('["a string"]')
    code, _, error = run(*arguments)
    assert code == 2
    assert error


def test_a_mistake_in_the_publisher_is_told_without_secrets(stage: Stage, run, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI-secret")

    def fail(*_: object) -> None:
        raise RuntimeError("the server said: key wJalrXUtnFEMI-secret is wrong")

    monkeypatch.setattr(cli, "open_target", fail)
    code, text, error = run("push")
    assert code == 1
    assert "wJalrXUtnFEMI-secret" not in text + error
    assert "<AWS_SECRET_ACCESS_KEY>" in error
    assert "RuntimeError" in error


def test_the_rules_are_rendered_for_every_host(stage: Stage, run) -> None:
    (stage.root / "redirects.json").write_text('[{"from": "/old/", "to": "/mind/"}]')
    code, text, _ = run("rules", "--redirects", "redirects.json", "--into", "edge")
    assert code == 0
    written = {line.removeprefix("edge/") for line in text.splitlines()}
    assert {
        "cloudfront/viewer-request.js",
        "cloudflare/_headers",
        "cloudflare/_redirects",
        "nginx/site.conf",
    } <= written
    assert all("/old/" in (stage.root / "edge" / name).read_text() for name in written if "redirects" in name)


def git(project: Path, *arguments: str) -> None:
    """Git in a project, as a person without settings of their own."""
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(project), *options, *arguments], check=True, capture_output=True)


def test_what_git_does_not_hold_is_named(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a b.md").write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    source = read_source(tmp_path)
    assert len(source.commit) == 40
    assert source.time > 1_700_000_000
    assert source.uncommitted == ()
    (tmp_path / "a b.md").write_text("2")
    (tmp_path / "new.md").write_text("3")
    assert read_source(tmp_path).uncommitted == ("a b.md", "new.md")


def test_a_folder_without_a_commit_is_no_source(stage: Stage, run) -> None:
    git(stage.root, "init", "-q")
    code, _, error = run("push", "--git")
    assert code == 1
    assert "Publish from a git checkout" in error


def test_the_publisher_imports_neither_pelican_nor_its_neighbours() -> None:
    script = (
        "import sys, pkgutil, importlib, sitekit.publish as p\n"
        "for found in pkgutil.walk_packages(p.__path__, 'sitekit.publish.'):\n"
        "    if not found.name.endswith('__main__'): importlib.import_module(found.name)\n"
        "bad = [n for n in sys.modules if n.split('.')[0] == 'pelican' or n.startswith(('sitekit.plugins', 'sitekit.links'))]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
