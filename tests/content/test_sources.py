"""The articles as a whole: nothing for the checks to say, and the reading level that we promise on every page."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

import pelicanconf as settings
from sitekit.cache import Cache
from sitekit.problems import errors, format_text
from sitekit.render import macro_renderer
from sitekit.site import read_site
from sitekit.source.plaintext import read
from sitekit.source.readability import (
    LONGEST_SENTENCE,
    MEAN_SENTENCE,
    PAGE_GRADE,
    PAGE_GRADE_LIMIT,
    SHORT_GRADE,
    PageReadability,
    measure_page,
)
from tests.content.number_table import ARTICLES


@pytest.fixture(scope="module")
def measured(root: Path) -> dict[str, PageReadability]:
    """The reading figures of each article by its path."""
    folder = root / ARTICLES
    return {
        file.relative_to(folder).as_posix(): measure_page(read(file.read_text(encoding="utf-8")))
        for file in sorted(folder.rglob("*.md"))
    }


def as_table(pages: dict[str, PageReadability]) -> str:
    """The figures of pages, one line each."""
    lines = [f"{'page':<58} grade points short mean longest"]
    for path, found in pages.items():
        points, short = (part.grade_adjusted if part else 0 for part in (found.key_points, found.short))
        page = found.page
        lines.append(
            f"{path:<58} {page.grade_adjusted:5} {points:6} {short:5} {page.mean_sentence:4} {page.longest_sentence:7}"
        )
    return "\n".join(["", *lines])


def test_the_checks_find_nothing_wrong_in_the_sources(root: Path, tmp_path: Path) -> None:
    """Among the checks: every paragraph, item and row with a statistic or a study carries a citation."""
    theme = root / settings.THEME
    render = macro_renderer(theme, settings.JINJA_ENVIRONMENT)
    cache = Cache(tmp_path / "compiled.db")
    site = read_site(
        root / settings.PATH, settings.PATH, settings.MARKDOWN, render,
        theme=theme, plain=settings.PAGE_EXCEPTIONS, cache=cache,
    )  # fmt: skip
    cache.close()
    assert site.documents
    assert not errors(site.problems), "\n" + format_text(errors(site.problems))


def test_articles_read_at_grade_6_on_average_and_none_above_the_limit(measured: dict[str, PageReadability]) -> None:
    grades = [found.page.grade_adjusted for found in measured.values()]
    hard = {path: found for path, found in measured.items() if found.page.grade_adjusted > PAGE_GRADE_LIMIT}
    assert not hard, as_table(hard)
    assert mean(grades) <= PAGE_GRADE, as_table(measured)


def test_key_points_and_short_versions_read_at_grade_5(measured: dict[str, PageReadability]) -> None:
    hard = {
        path: found
        for path, found in measured.items()
        if any(part is None or part.grade_adjusted > SHORT_GRADE for part in (found.key_points, found.short))
    }
    assert not hard, as_table(hard)


def test_sentences_are_short(measured: dict[str, PageReadability]) -> None:
    long = {
        path: found
        for path, found in measured.items()
        if found.page.mean_sentence > MEAN_SENTENCE or found.page.longest_sentence > LONGEST_SENTENCE
    }
    assert not long, as_table(long)
