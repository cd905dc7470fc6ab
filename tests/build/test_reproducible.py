"""The same sources give the same bytes, and a build that changes nothing touches nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.conftest import ROOT, run_pelican, snapshot


def _copy_project(target: Path) -> Path:
    for name in ("content", "theme", "sitekit", "pelicanconf.py", "publishconf.py"):
        source = ROOT / name
        shutil.copytree(source, target / name) if source.is_dir() else shutil.copy(source, target / name)
    return target


def _build(project: Path, umask: int, **environment: str) -> dict[str, bytes]:
    import subprocess
    import sys

    script = f"import os, sys; os.umask({umask}); sys.path.insert(0, {str(project)!r}); from pelican import main; main(['-q'])"
    clean = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "PYTHONPATH")}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project, env={**clean, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return {name: data for name, (data, _) in snapshot(project / "output").items()}


def test_two_builds_in_different_places_give_identical_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "another place").mkdir()
    one = _build(_copy_project(tmp_path / "one"), 0o022, PYTHONHASHSEED="1", TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8")
    two = _build(_copy_project(tmp_path / "another place"), 0o077, PYTHONHASHSEED="2", TZ="America/Adak", LC_ALL="C")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert len(one) > 25


def test_files_can_be_read_by_a_web_server_whatever_the_umask(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    _build(_copy_project(tmp_path / "one"), 0o077)
    for path in (tmp_path / "one" / "output").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_a_second_build_touches_no_file(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    assert run_pelican(content, output).returncode == 0
    before = snapshot(output)
    assert run_pelican(content, output).returncode == 0
    assert snapshot(output) == before


def test_one_edit_changes_only_what_shows_it_and_a_deleted_page_goes(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    assert run_pelican(content, output, SITE_SEARCH="off").returncode == 0
    before = snapshot(output)
    page = content / "pages" / "privacy.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more thing.\n", encoding="utf-8")
    (output / "left-over.html").write_text("old")
    assert run_pelican(content, output, SITE_SEARCH="off").returncode == 0
    after = snapshot(output)
    assert {name for name in before if before[name] != after[name]} == {"privacy/index.html"}
    assert "left-over.html" not in after


def test_no_staging_folder_is_left_behind(content: Path, tmp_path: Path) -> None:
    leftover = tmp_path / ".untangled-stage-killed"
    leftover.mkdir()
    assert run_pelican(content, tmp_path / "output").returncode == 0
    assert not list(tmp_path.glob(".untangled-stage-*"))


def test_drafts_are_shown_in_a_preview_and_absent_from_what_goes_out(content: Path, tmp_path: Path) -> None:
    draft = """\
---
title: Words that are not ready
description: A page that nobody may see before it is finished.
type: reference
status: draft
published: 2026-11-22
modified: 2026-11-22
next_review: 2027-11-22
---

## What it will say

Nothing yet.
"""
    (content / "articles" / "mind" / "a-draft.md").write_text(draft, encoding="utf-8")
    done = run_pelican(content, tmp_path / "preview", "-e", "WITH_DRAFTS=true")
    assert (tmp_path / "preview" / "drafts" / "a-draft" / "index.html").is_file(), done.stderr
    run_pelican(content, tmp_path / "output", "-s", str(ROOT / "publishconf.py"))
    names = snapshot(tmp_path / "output")
    assert names
    assert not [name for name in names if "a-draft" in name]
    assert not [name for name, (data, _) in names.items() if b"a-draft" in data]
