"""The command line with ``--external``, end to end over real connections to this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from sitekit.links import Report, check
from sitekit.links.cli import HISTORY, finish, main
from sitekit.links.external.history import read_history
from sitekit.links.model import ExternalCounts, Finding
from sitekit.links.settings import IgnoreRule, Settings

from ..sites import page, write
from .conftest import BASE, Outside
from .server import LOCAL, answer, redirect, silence

CONFIG = """[tool.sitekit.links.severity]
local-host = "off"
[tool.sitekit.links.external]
delay-per-host = 0
request-seconds = 2
failures = 1
failing-days = 0
attempts = 1
"""


@pytest.fixture
def project(outside: Outside, tmp_path: Path) -> Path:
    """A project whose article links to this machine: something fine, something gone, something moved, something shy."""
    here = f"{LOCAL}:{outside.port}"
    pages = {"ok": answer(), "gone": answer(404), "old": redirect("/ok", 301), "shy": answer(403)}
    outside.server.pages |= {f"{here}/{name}": handler for name, handler in pages.items()}
    article = "---\ntitle: T\n---\n" + "".join(f"- A [{name}](http://{here}/{name}) page.\n" for name in pages)
    links = "".join(f'<p>A <a href="http://{here}/{name}">{name} one</a> page.\n' for name in pages)
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="http://{here}/gone"/></entry></feed>'
    return write(
        tmp_path / "project",
        {
            "pyproject.toml": CONFIG,
            "content/a.md": article,
            "output/a/index.html": page(links),
            "output/index.html": page('<a href="/a/">Article</a><link href="/feed.xml" rel=alternate>'),
            "output/feed.xml": feed,
        },
    )


def run(project: Path, *more: object, external: bool = True) -> int:
    command = [project / "output", "--base-url", BASE, "--no-cache", "--source", project / "content"]
    command += ["--external", "--allow-private"] if external else []
    return main([str(argument) for argument in (*command, *more)])


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str, str]]:
    """Code, place and severity of each finding about another site, by the end of its address."""
    data = json.loads(capsys.readouterr().out)
    entries = [entry for entry in (*data["problems"], *data["advisories"]) if "://" in entry["url"]]
    named = {entry["url"].rpartition("/")[2]: (entry["code"], entry["source"], entry["severity"]) for entry in entries}
    assert len(named) == len(entries)
    return named


def test_findings_name_the_line_and_column_in_markdown_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "--format", "json") == 1
    assert found(capsys) == {
        "gone": ("external-broken", "content/a.md:5:12", "error"),
        "old": ("permanent-redirect", "content/a.md:6:11", "info"),
        "shy": ("unknown-target", "content/a.md:7:11", "info"),
    }


def test_counts_are_printed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(project)
    last = capsys.readouterr().out.splitlines()[-1]
    assert "4 addresses on other sites (4 asked in this run): 2 fine, 1 failing, 1 cannot tell, 0 left" in last
    run(project, "--format", "json")
    external = json.loads(capsys.readouterr().out)["external"]
    assert external == {"addresses": 4, "asked": 2, "fine": 2, "broken": 1, "unknown": 1, "skipped": 0}
    assert (project / ".cache/external-links.json").is_file()


def test_nothing_is_asked_unless_told(project: Path, outside: Outside, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "--format", "json", external=False) == 0
    assert "external" not in json.loads(capsys.readouterr().out)
    assert outside.server.log == []
    for option in (["--recheck"], ["--allow-private"], ["--history", "x"]):
        assert run(project, *option, external=False) == 2


def test_a_move_is_shown_as_a_diff_and_applied_to_the_markdown(
    project: Path, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (project / "content/a.md").read_text()
    run(project, "--diff")
    assert (project / "content/a.md").read_text() == before
    assert f"+- A [old](http://{LOCAL}:{outside.port}/ok) page." in capsys.readouterr().out
    run(project, "--fix")
    assert (project / "content/a.md").read_text() == before.replace("/old)", "/ok)")


def test_a_move_is_applied_to_the_data_file_that_holds_the_address_and_to_nothing_like_it(
    project: Path, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    here = f"http://{LOCAL}:{outside.port}"
    data = "a:\r\n  - url: {0}/old  # known\r\n  - near: {0}/older\nb: ['{0}/old-2', x]\nc: \"{0}/old/x\"\n"
    outside.server.pages |= {f"{LOCAL}:{outside.port}/old-2": redirect(f"{here}/ok?a='b'", 301)}
    write(
        project,
        {
            "content/a.md": "---\ntitle: T\n---\n",
            "content/data/places.yaml": data.format(here),
            "output/a/index.html": page(f'<a href="{here}/old">x</a><a href="{here}/old-2">y</a>'),
        },
    )
    run(project, "--fix")
    file = project / "content/data/places.yaml"
    assert file.read_bytes().decode() == data.format(here).replace("/old  #", "/ok  #")
    capsys.readouterr()


def test_an_ignore_rule_covers_other_sites_and_is_not_blamed_when_they_are_not_asked(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (project / "content/a.md").read_text()
    note = "<!-- links-ignore until 2999-01-31: known -->"
    (project / "content/a.md").write_text(text.replace("/gone) page.", f"/gone) page. {note}"))
    assert run(project, "--format", "json") == 0
    assert set(found(capsys)) == {"old", "shy"}
    assert run(project, "--format", "json", external=False) == 0
    assert "ignore-unused" not in capsys.readouterr().out
    (project / "content/a.md").write_text(f"{text}\nA [page](http://a.test/) that is fine. {note}\n")
    for asked in (None, ExternalCounts()):
        report = finish(Report(1, 1, external=asked), Settings(), project / "content")
        assert [finding.code for finding in report.findings] == (["ignore-unused"] if asked else [])


def test_rules_in_pyproject_that_are_about_other_sites_are_told_from_others(project: Path) -> None:
    rules = '[[tool.sitekit.links.ignore]]\nurl = "{}"\nreason = "r"\nexpires = 2999-01-01\n'
    for url, blamed in (("http://a.test/*", False), ("/nowhere/", True)):
        (project / "pyproject.toml").write_text(CONFIG + rules.format(url))
        from sitekit.links.settings import read_settings

        report = finish(check(project / "output", BASE), read_settings(project / "pyproject.toml"))
        assert ("ignore-unused" in {finding.code for finding in report.findings}) == blamed
    assert IgnoreRule("r", None).outside is False


def test_what_feeds_repeat_is_told_once_at_its_place(project: Path) -> None:
    url = "http://a.test/x"
    findings = (
        Finding("a/index.html", 5, 9, f"http://{LOCAL}", "external-broken", "m"),
        Finding("feed.xml", 1, 1, url, "external-broken", "m"),
    )
    (project / "content/b.md").write_text(f"[x]({url})\n")
    write(project, {"output/b/index.html": page(f'<a href="{url}">x</a>')})
    echo = Finding("b/index.html", 5, 10, url, "external-broken", "m")
    report = Report(1, 1, 1, 1, (*findings, echo), external=ExternalCounts())
    told = finish(report, Settings(), project / "content").findings
    assert [(one.page, one.source) for one in told if one.url == url] == [("b/index.html", "content/b.md")]


def test_a_machine_without_a_network_is_told_from_a_web_without_pages(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    links = "".join(f'<a href="http://127.0.0.{number}:9/">x{number}</a>' for number in range(1, 7))
    write(project, {"output/a/index.html": page(links), "output/feed.xml": "<feed/>"})
    assert run(project) == 2
    assert "None of 6 hosts could be reached" in capsys.readouterr().err
    assert not (project / ".cache/external-links.json").exists()


def test_ctrl_c_keeps_what_was_learned(project: Path, outside: Outside) -> None:
    outside.server.pages[f"{LOCAL}:{outside.port}/shy"] = silence
    (project / "pyproject.toml").write_text(CONFIG.replace("request-seconds = 2", "request-seconds = 60"))
    command = [sys.executable, "-m", "sitekit.links", "output", "--base-url", BASE, "--no-cache", "--external"]
    command += ["--allow-private", "--source", "content"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])}
    done = subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wanted = {("HEAD", "/ok"), ("GET", "/gone"), ("HEAD", "/old"), ("HEAD", "/shy")}
        limit = time.monotonic() + 20
        while time.monotonic() < limit and (
            not wanted <= {(request.method, request.path) for request in outside.server.log}
            or len(outside.server.asked(f"{LOCAL}:{outside.port}/ok")) < 2  # the second is where /old leads
        ):
            time.sleep(0.02)
        time.sleep(0.4)
        done.send_signal(signal.SIGINT)
        _, errors = done.communicate(timeout=20)
    finally:
        done.kill()
        done.wait()
    assert (done.returncode, errors) == (130, "Interrupted. What other sites had answered is kept.\n")
    outcomes = {address.rpartition("/")[2]: memory.outcome for address, memory in _history(project).items()}
    assert outcomes == {"ok": "fine", "gone": "broken", "old": "fine"}


def _history(project: Path) -> dict:
    return read_history(project / ".cache/external-links.json").memories


def test_the_nightly_workflow_asks_and_keeps_what_it_learned_for_the_next_night(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github/workflows/nightly.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["report"]["steps"]
    kept = next(index for index, step in enumerate(steps) if step.get("uses", "").startswith("actions/cache@"))
    asked = next(index for index, step in enumerate(steps) if "tasks.py links --external" in step.get("run", ""))
    assert kept < asked
    terms = steps[kept]["with"]
    assert terms["path"] == HISTORY.as_posix()
    assert terms["key"].startswith(terms["restore-keys"])
    assert "github.run_id" in terms["key"]  # a cache is never written twice under one key
    assert steps[asked]["run"].index("build --publish") < steps[asked]["run"].index("links --external")


def test_a_check_of_the_site_alone_does_not_load_the_http_client(project: Path) -> None:
    code = (
        "import sys; from sitekit.links.cli import main; "
        f"main(['output', '--base-url', '{BASE}', '--no-cache', '--source', 'content']); "
        "sys.exit(any(name in sys.modules for name in ('httpx', 'asyncio', 'brotli')))"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])}
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=project, env=environment, capture_output=True).returncode == 0
    )
