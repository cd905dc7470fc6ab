"""The command that editors and CI use takes the shortest way, and says what is wrong as Pelican's own command does."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build.test_incremental import Project
from tests.conftest import ROOT

SCRIPT = """
import sys
from pathlib import Path
from sitekit import ahead
root, name = Path.cwd(), sys.argv[1]
with ahead.reading(root, name):
    begun = ahead._begun[0].sources
    from pelican import get_instance, parse_arguments
    instance, _ = get_instance(parse_arguments(["-q", "-s", name, "-o", sys.argv[2]]))
    print(begun == instance._sources(instance._options()))
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a project of its own."""
    environment = {**os.environ, "SITE_CACHE": str(folder / ".cache"), "SITE_SEARCH": "off", "SITE_TODAY": "2026-12-24"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, random.Random(1))


@pytest.mark.parametrize("settings", ["pelicanconf.py", "publishconf.py"])
def test_what_begins_before_pelican_is_what_pelican_would_read(settings: str, tmp_path: Path) -> None:
    """Otherwise all sources would be read twice, which nobody would see but for the time it takes."""
    done = run(ROOT, "-c", SCRIPT, settings, str(tmp_path / "output"))
    assert done.stdout == "True\n", done.stderr


def test_first_all_then_nothing_then_one_page(project: Project) -> None:
    assert "Rendered" in run(project.folder, "-m", "sitekit.build").stdout
    assert "Nothing has changed" in run(project.folder, "-m", "sitekit.build").stdout
    project.do_body()
    done = run(project.folder, "-m", "sitekit.build")
    assert "1 changed" in done.stdout
    assert "Rendered" not in done.stdout


def test_many_articles_are_shared_out_and_none_is_lost(tmp_path: Path) -> None:
    project = Project(tmp_path, random.Random(1))
    text = project.article().read_text(encoding="utf-8")
    for number in range(150):
        body = text.replace("title: ", f"title: Copy {number} ", 1).replace(
            "description: ", f"description: {number} ", 1
        )
        (project.content / "articles" / "mind" / f"copy-{number}.md").write_text(body, encoding="utf-8")
    assert run(project.folder, "-m", "sitekit.build").returncode == 0
    alone = run(project.folder, "-m", "pelican", "-q", "-s", "pelicanconf.py", "-o", "alone")
    assert alone.returncode == 0, alone.stderr
    ours, theirs = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (project.folder / "output", project.folder / "alone")
    )
    assert len(ours) > 150
    assert ours == theirs


def test_settings_that_do_not_load_are_named_by_pelican(project: Project) -> None:
    with (project.folder / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("\nTHEME = Nowhere\n")
    done = run(project.folder, "-m", "sitekit.build")
    assert done.returncode == 1
    assert "Nowhere" in done.stdout + done.stderr


@pytest.mark.parametrize("command", [["-m", "sitekit.build"], ["-m", "pelican", "-q", "-s", "pelicanconf.py"]])
def test_what_pelican_only_warns_of_stops_a_build_that_is_told_to_be_quiet(
    command: list[str], project: Project
) -> None:
    with (project.folder / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("\nOUTPUT_SOURCES_EXTENSION = 5\n")
    done = run(project.folder, *command)
    assert done.returncode == 1
    assert "pelican-warning: Detected misconfigured OUTPUT_SOURCES_EXTENSION" in done.stderr
    assert not (project.folder / "output").exists()


def test_an_option_that_does_not_exist_is_used_wrongly(project: Project) -> None:
    assert run(project.folder, "-m", "sitekit.build", "--fast").returncode == 2
