"""The link-check suite over the built site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit.links import Report, check

BASE_URL = "https://untangled.example/"


@pytest.fixture(scope="session")
def report(site: Path) -> Report:
    return check(site, BASE_URL)


def test_no_link_is_broken(report: Report) -> None:
    broken = [
        f"{finding.page}:{finding.line}: {finding.code}: {finding.url}"
        for finding in report.findings
        if finding.severity == "error"
    ]
    if broken:
        pytest.fail("\n".join(broken), pytrace=False)


def test_the_checker_saw_the_whole_site(report: Report, site: Path) -> None:
    assert report.pages == len(list(site.rglob("*.html")))
    assert report.links > 40 * report.pages


@pytest.mark.parametrize(
    ("file", "planted", "url"),
    [
        ("mind/insomnia-and-pain/index.html", '<a href="/mind/nowhere/">x</a>', "/mind/nowhere/"),
        ("mind/insomnia-and-pain/index.html", '<a href="#nowhere">x</a>', "#nowhere"),
        ("index.html", '<a href="/mind/insomnia-and-pain/#nowhere">x</a>', "/mind/insomnia-and-pain/#nowhere"),
        ("index.html", '<img src="/gone.png" alt="">', "/gone.png"),
        ("index.html", '<img srcset="/gone2.png 2x" src="/favicon.ico" alt="">', "/gone2.png"),
        (
            "index.html",
            '<link rel="canonical" href="https://untangled.example/gone/">',
            "https://untangled.example/gone/",
        ),
        ("sitemap.xml", "<url><loc>https://untangled.example/lost/</loc></url>", "https://untangled.example/lost/"),
        ("feeds/all.atom.xml", '<link href="https://untangled.example/lost/"/>', "https://untangled.example/lost/"),
    ],
)
def test_a_planted_fault_is_found(site: Path, tmp_path: Path, file: str, planted: str, url: str) -> None:
    import shutil

    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    page = copy / file
    text = page.read_text(encoding="utf-8")
    for end in ("</body>", "</urlset>", "</feed>"):
        text = text.replace(end, f"{planted}{end}")
    page.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sitekit.links", str(copy), "--base-url", BASE_URL, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert {(problem["page"], problem["url"]) for problem in found["problems"]} == {(file, url)}


@pytest.mark.parametrize("folder", ["no-such-folder", "empty"])
def test_nothing_to_check_is_an_error(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-m", "sitekit.links", str(tmp_path / folder), "--base-url", BASE_URL]
    assert subprocess.run(command, capture_output=True).returncode == 2
