"""What cannot be read in the data makes nothing else wrong, and hides nothing else that is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import pelicanconf
from sitekit.problems import Problem, errors
from sitekit.render import macro_renderer
from sitekit.site import SiteSource, read_site
from tests.conftest import ROOT

ARTICLE = "articles/treatments/antidepressants.md"
WRONG = """
Nobody said so. [@nobody2020, survey] Call [them](resource:nobody). See [all of it]({category}nobody).

::: chart nobody "Nothing"
How to read this: Longer is more.
:::
"""
"""What is wrong in a text whatever the data hold."""
CODES = {"unknown-citation", "unknown-resource", "broken-link", "unknown-chart", "unknown-term"}


def read(content: Path, editorial: bool = False) -> SiteSource:
    theme = ROOT / pelicanconf.THEME
    render = macro_renderer(theme, pelicanconf.JINJA_ENVIRONMENT)
    plain = tuple(pelicanconf.PAGE_EXCEPTIONS)
    return read_site(content, "content", pelicanconf.MARKDOWN, render, plain=plain, editorial=editorial)


def wrong(content: Path, editorial: bool = False) -> list[Problem]:
    return errors(read(content, editorial).problems)


def mistaken(content: Path) -> None:
    """Give an article every mistake that only the data can show."""
    file = content / ARTICLE
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^glossary_off: .*\n", "", text).replace("\ntags:", "\nglossary_off: [Nothing]\ntags:", 1)
    file.write_text(f"{text}\n{WRONG}", encoding="utf-8")


def edited(path: str, old: str, new: str) -> Callable[[Path], object]:
    def edit(content: Path) -> None:
        file = content / "data" / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def gone(path: str) -> Callable[[Path], object]:
    return lambda content: (content / "data" / path).unlink()


WHOLE = {
    "bibliography": (edited("references.bib", "  author = {Raja", "  author = Raja"), {"unknown-citation"}),
    "no bibliography": (gone("references.bib"), {"unknown-citation"}),
    "resources": (edited("resources.yaml", "- id: '911'", "- id: '911"), {"unknown-resource"}),
    "no resources": (gone("resources.yaml"), {"unknown-resource"}),
    "topics": (edited("topics.yaml", "- id:", "- id: [:"), {"broken-link"}),
    "no topics": (gone("topics.yaml"), {"broken-link"}),
    "glossary": (edited("glossary.csv", "term,aliases", "term;aliases"), {"unknown-term"}),
    "quote in the glossary": (edited("glossary.csv", "\nAcupuncture,", '\n"Acupuncture,'), {"unknown-term"}),
    "no glossary": (gone("glossary.csv"), {"unknown-term"}),
    "bytes": (lambda content: (content / "data" / "topics.yaml").write_bytes(b"- id: \xff\n"), {"broken-link"}),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_file_that_cannot_be_read_is_one_problem(case: str, content: Path) -> None:
    spoil, hidden = WHOLE[case]
    spoil(content)
    found = wrong(content)
    assert len(found) == 1, [str(one) for one in found]
    assert found[0].path.startswith("content/data/")
    mistaken(content)
    assert {one.code for one in wrong(content) if one.path.endswith(ARTICLE)} == CODES - hidden


ENTRIES = {
    "a doubled reference": edited("references.bib", "\n@", "\n@misc{Raja2020IASP,\n  title = {Twice}\n}\n\n@"),
    "a reference without a year": edited("references.bib", "  year = {2020},\n", ""),
    "a wrong number": edited("resources.yaml", "'tel:988'", "'988'"),
    "a wrong kind": edited("resources.yaml", "kind: crisis", "kind: crises"),
    "a topic without a title": edited("topics.yaml", "title:", "titel:"),
    "a topic with a wrong order": edited("topics.yaml", "id: mind", "id: [mind]"),
    "a term without an end": edited("glossary.csv", "Acceptance and commitment therapy,ACT,", 'FDA approved,ECT,No end,,\n"Other, term",,'),
    "a chart": edited("charts/care-for-both.csv", "group,label", "group;label"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENTRIES)
def test_an_entry_that_cannot_be_read_hides_nothing_else(case: str, content: Path) -> None:
    ENTRIES[case](content)
    found = wrong(content)
    assert found
    assert {one.path.split("/")[1] for one in found} == {"data"}, [str(one) for one in found]
    mistaken(content)
    expected = CODES - ({"broken-link"} if case == "a topic with a wrong order" else set())  # it may have any name
    assert {one.code for one in wrong(content) if one.path.endswith(ARTICLE)} == expected


def test_a_chart_whose_source_cannot_be_read_is_not_wrong(content: Path) -> None:
    edited("references.bib", "  author = {Raja", "  author = Raja")(content)
    edited("charts/care-for-both.csv", "group,label", "group;label")(content)
    assert {one.path.rsplit("/", 1)[1] for one in wrong(content)} == {"references.bib", "care-for-both.csv"}


def test_criteria_that_cannot_be_read_are_one_problem(content: Path) -> None:
    edited("scores/criteria.yaml", "- id:", "- id: [:")(content)
    found = wrong(content, editorial=True)
    assert [one.path for one in found] == ["content/data/scores/criteria.yaml"]
