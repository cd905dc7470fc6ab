"""The command line, its formats, settings, ignore rules and corrections."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from sitekit.links import check
from sitekit.links.cli import finish, main
from sitekit.links.codes import CODES
from sitekit.links.model import Finding, Report
from sitekit.links.report import FORMATS, Excerpts, printer
from sitekit.links.settings import Settings, read_settings
from sitekit.links.site import UsageError

from .sites import page, write

BASE = "https://example.org/"
ARTICLE = """---
title: T
---
A [wrong case](/About/), a [wrong id](/about/#Team), a [lost](/nowhere/) page.

Do not touch [the same](/about/) or `/About/`, (/About/).\r
Odd bytes stay.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    html = '<p>A <a href="/About/">wrong case</a>, a <a href="/about/#Team">wrong id</a>, a <a href="/nowhere/">lost</a> page.<a href="/about/">the same</a>'
    return write(
        tmp_path,
        {
            "content/a.md": ARTICLE.encode().replace(b"Odd", b"Odd \xff"),
            "output/a/index.html": page(html),
            "output/about/index.html": page('<h2 id="team">x</h2>'),
            "output/index.html": page('<a href="/a/">A</a><a href="/about/">About</a>'),
        },
    )


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def options(project: Path, *more: object) -> tuple[object, ...]:
    return (project / "output", "--base-url", BASE, "--no-cache", *more)


def test_the_contract_of_the_json_format(project: Path) -> None:
    command = [sys.executable, "-m", "sitekit.links", *map(str, options(project)), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    data = json.loads(done.stdout)
    assert (done.returncode, data["pages"], data["links"]) == (1, 3, 6)
    assert {"page", "url", "line", "code", "message", "source", "suggestion"} <= set(data["problems"][0])
    assert [(p["page"], p["url"], p["line"], p["code"], p["suggestion"]) for p in data["problems"]] == [
        ("a/index.html", "/About/", 5, "wrong-case", "/about/"),
        ("a/index.html", "/about/#Team", 5, "missing-fragment", "/about/#team"),
        ("a/index.html", "/nowhere/", 5, "missing-file", ""),
    ]


def test_exit_status(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*options(project)) == 1
    (project / "output/a/index.html").write_text(page('<a href="/about/">x</a>'), encoding="utf-8")
    assert run(*options(project)) == 0
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", "--base-url", BASE) == 2
    write(tmp_path / "no-links", {"index.html": "<p>x"})
    assert run(tmp_path / "no-links", "--base-url", BASE) == 2
    assert run(tmp_path / "nowhere", "--base-url", BASE) == 2
    assert run(*options(project, "--format", "nonsense")) == 2
    assert run(*options(project, "--format", "json", "--format", "text")) == 2
    assert run(*options(project, "--fix")) == 2
    assert run(*options(project, "--jobs", "0")) == 2
    assert run(*options(project, "--config", "nowhere.toml")) == 2
    with pytest.raises(SystemExit, match="2"):
        run(project / "output")
    capsys.readouterr()


def test_several_formats_at_once(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "reports"
    files = [f"--format={name}={out / name}" for name in FORMATS if name != "text"]
    assert run(*options(project, "--format", "text", *files)) == 1
    assert "a/index.html:5:" in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == set(FORMATS) - {"text"}
    for name in FORMATS:
        if name != "text":
            assert "/nowhere/" in (out / name).read_text(encoding="utf-8")


def test_text_shows_the_line_and_points_at_the_address(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(*options(project, "--source", project / "content"))
    lines = capsys.readouterr().out.splitlines()
    start = lines.index("content/a.md:4:16: wrong-case: /About/")
    assert lines[start + 2] == "    | A [wrong case](/About/), a [wrong id](/about/#Team), a [lost](/nowhere/) page."
    assert lines[start + 3].index("^") == lines[start + 2].index("/About/")
    assert lines[start + 4] == "    Did you mean /about/ ?"
    assert lines[-1].startswith("3 pages, 6 links, 1 fragments, 3 files checked: 3 broken")


def report() -> Report:
    findings = [
        Finding("a b/c.html", 3, 7, "x?a|b&c<>", "missing-file", "No “file”,\n100% gone.", suggestion="y"),
        Finding("d.html", 0, 0, "", "orphan", "Nobody \x01 links here.", severity="warning", detail="d.html"),
        Finding(
            "e.html",
            1,
            1,
            "z",
            "unused-file",
            "m",
            severity="info",
            source="content/e.md",
            source_line=2,
            source_column=5,
            pages=7,
        ),
    ]
    return Report(3, 9, 2, 4, tuple(findings))


def test_junit_is_xml_with_one_failure_for_each_error(tmp_path: Path) -> None:
    root = ElementTree.fromstring(printer("junit")(report(), Excerpts(tmp_path)))
    assert (root.get("tests"), root.get("failures")) == ("4", "1")
    assert len(root.findall(".//failure")) == 1
    assert all(int(suite.get("tests")) == len(suite.findall("testcase")) for suite in root.findall("testsuite"))
    empty = ElementTree.fromstring(printer("junit")(Report(), Excerpts(tmp_path)))
    assert empty.get("failures") == "1"


def test_github_annotations_escape_what_the_runner_reads(tmp_path: Path) -> None:
    lines = printer("github")(report(), Excerpts(tmp_path)).splitlines()
    assert lines[0] == (
        "::error file=a b/c.html,line=3,col=7,title=missing-file::x?a|b&c<>: No “file”,%0A100%25 gone. Did you mean y ?"
    )
    assert lines[2].startswith("::notice file=content/e.md,line=2,col=5,")


def test_markdown_keeps_its_tables_whole(tmp_path: Path) -> None:
    for line in printer("markdown")(report(), Excerpts(tmp_path)).splitlines():
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") in (4, 5)


def test_fix_changes_what_is_certain_and_nothing_else(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = project / "content/a.md"
    before = article.read_bytes()
    run(*options(project, "--source", project / "content", "--diff"))
    assert article.read_bytes() == before
    assert "-A [wrong case](/About/)" in capsys.readouterr().out
    assert run(*options(project, "--source", project / "content", "--fix")) == 1
    assert article.read_bytes() == before.replace(b"(/About/), a", b"(/about/), a").replace(b"#Team", b"#team")
    assert "+A [wrong case](/about/), a [wrong id](/about/#team)" in capsys.readouterr().out


TODAY = datetime.date(2026, 11, 22)


def settings_of(tmp_path: Path, text: str) -> Settings:
    return read_settings(write(tmp_path, {"pyproject.toml": text}) / "pyproject.toml")


def codes(report: Report) -> list[tuple[str, str]]:
    return sorted((finding.code, finding.url) for finding in report.findings if finding.severity != "info")


def test_ignore_rules_of_pyproject(project: Path, tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path / "settings",
        """[tool.sitekit.links.severity]
orphan = "error"
[[tool.sitekit.links.ignore]]
url = "/nowhere/*"
page = "a/*"
reason = "comes back"
expires = 2027-01-31
[[tool.sitekit.links.ignore]]
url = "/elsewhere"
reason = "was removed"
expires = "2027-01-31"
[[tool.sitekit.links.ignore]]
url = "/About/"
reason = "over"
expires = 2026-11-21
[[tool.sitekit.links.ignore]]
code = "missing-fragment"
""",
    )
    result = finish(check(project / "output", BASE), settings, today=TODAY)
    assert codes(result) == [
        ("ignore-expired", "/About/"),
        ("ignore-invalid", ""),
        ("ignore-unused", "/elsewhere"),
        ("missing-fragment", "/about/#Team"),
        ("wrong-case", "/About/"),
    ]
    assert [finding.source_line for finding in result.findings if finding.code == "ignore-expired"] == [12]


def test_ignore_rules_beside_the_link(project: Path) -> None:
    article = project / "content/a.md"
    for comment, expected in {
        "<!-- links-ignore until 2027-01-31: all known -->": [],
        "<!-- links-ignore until 2026-01-31: all known -->": [
            "ignore-expired",
            "missing-file",
            "missing-fragment",
            "wrong-case",
        ],
        "<!-- links-ignore: no date -->": ["ignore-invalid", "missing-file", "missing-fragment", "wrong-case"],
        "<!-- links-ignore until 2027-01-31: -->": ["ignore-invalid", "missing-file", "missing-fragment", "wrong-case"],
    }.items():
        for text in (
            ARTICLE.replace(" page.", f" page. {comment}"),
            ARTICLE.replace("A [wrong", f"{comment}\nA [wrong"),
        ):
            article.write_text(text, encoding="utf-8")
            result = finish(check(project / "output", BASE), Settings(), project / "content", today=TODAY)
            assert [code for code, _ in codes(result)] == expected, text
    article.write_text(ARTICLE + "\n<!-- links-ignore until 2027-01-31: not here -->\nText\n", encoding="utf-8")
    result = finish(check(project / "output", BASE), Settings(), project / "content", today=TODAY)
    assert "ignore-unused" in [code for code, _ in codes(result)]


def test_a_severity_can_be_chosen(project: Path) -> None:
    settings = Settings(severities={"missing-file": "warning", "wrong-case": "off"})
    result = finish(check(project / "output", BASE), settings)
    assert [(finding.code, finding.severity) for finding in result.problems] == [
        ("missing-fragment", "error"),
        ("missing-file", "warning"),
    ]


def test_mistakes_in_the_settings_are_told_all_at_once(tmp_path: Path) -> None:
    text = '[tool.sitekit.links]\nnonsense = 1\n[tool.sitekit.links.severity]\nno-such = "error"\norphan = "fatal"\n'
    text += '[[tool.sitekit.links.ignore]]\nreason = "x"\n[[tool.sitekit.links.ignore]]\nurll = "x"\n'
    with pytest.raises(UsageError) as raised:
        settings_of(tmp_path, text)
    assert [word in str(raised.value) for word in ("nonsense", "no-such", "fatal", "line 6", "line 8")] == [True] * 5
    with pytest.raises(UsageError, match="not TOML"):
        settings_of(tmp_path, "[")


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "nowhere.toml") == Settings()
    assert settings_of(tmp_path, "[project]\nname='x'\n") == Settings()


def test_every_code_has_its_place_in_the_documentation(root: Path) -> None:
    text = (root / "docs/links/findings.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"## {code}\n" not in text] == []
