"""A small project to edit: four articles, a page and the real data files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import pelicanconf
from sitekit.editing.project import Project
from tests.conftest import ROOT

TOPICS = """\
# Kept as it is, comments included.
- id: mind
  title: Mind
  description: How mood and pain are linked.
  order:
    - low-mood  # read first
    - worry
- id: sleep
  title: Sleep
  description: Nights and naps.
  order:
    - naps
"""

ARTICLE = """\
---
title: {title}
description: {title} in short.
type: reference
published: 2026-11-22
modified: 2026-11-22
next_review: 2027-11-22
{more}---

## {title} today

{body}
"""


def write_article(project: Project, path: str, title: str, body: str, more: str = "") -> Path:
    file = project.content / "articles" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ARTICLE.format(title=title, body=body, more=more), encoding="utf-8")
    return file


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path, pelicanconf)
    shutil.copytree(ROOT / "content" / "data", made.content / "data")
    for scores in (made.content / "data" / "scores").glob("*.yaml"):
        if scores.name != "criteria.yaml":
            scores.unlink()
    for name in ("redirects.yaml", "urls.txt"):
        (made.content / "data" / name).unlink(missing_ok=True)
    (made.content / "data" / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    write_article(
        made,
        "mind/low-mood.md",
        "Low mood",
        "See [worry]({filename}worry.md#worry-today) and [naps](../sleep/naps.md).",
    )
    write_article(
        made,
        "mind/worry.md",
        "Worry",
        "Back to [low mood](low-mood.md 'Low'), <a href=\"{filename}/articles/mind/low-mood.md\">again</a>\n"
        "and [once more][1]. `[code](low-mood.md)` stays. See [above](#worry-today), [this page]({filename}worry.md).\n\n"
        "[1]: low%2Dmood.md#low-mood-today",
        "related:\n  - mind/low-mood.md\n  - sleep/naps.md\n",
    )
    write_article(
        made,
        "sleep/naps.md",
        "Naps",
        "After [low mood]({filename}../mind/low-mood.md?x=1#low-mood-today).",
        "related: [mind/low-mood.md]\n",
    )
    write_article(made, "sleep/dreams.md", "Dreams", "Nothing leads from here.")
    pages = made.content / "pages"
    pages.mkdir()
    (pages / "hello.md").write_text(
        "---\ntitle: Hello\ndescription: A page.\npublished: 2026-11-22\nmodified: 2026-11-22\n---\n\n"
        "Read on [low mood]({filename}/articles/mind/low-mood.md).\n",
        encoding="utf-8",
    )
    return made
