"""Front matter is read with the place of every key, and refuses what it does not know."""

from __future__ import annotations

import datetime

import jsonschema
import pytest

from sitekit.source.frontmatter import FIELDS, json_schema, parse

GOOD = """\
---
title: Pain: a guide, "quoted" & ünï
description: What this page is about.
type: overview
published: 2026-11-22
modified: 2026-11-22
next_review: 2027-11-22
tags: [one, two]
---

## Body
"""


def codes(text: str, kind: str = "article") -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in parse("a.md", text, kind).problems]


def test_a_good_file_is_read_whole() -> None:
    front = parse("a.md", GOOD, "article")
    assert front.problems == []
    assert front.values["title"] == 'Pain: a guide, "quoted" & ünï'
    assert front.values["published"] == datetime.date(2026, 11, 22)
    assert front.values["tags"] == ("one", "two")
    assert front.body_line == 10
    assert front.body == "\n## Body\n"


@pytest.mark.parametrize(
    "title", ["404", "yes", "2026-11-22", "No: never", "it's #1", "- dash", "@home", "100% sure", "a: b: c"]
)
def test_a_title_is_text_whatever_it_looks_like(title: str) -> None:
    front = parse("a.md", GOOD.replace('Pain: a guide, "quoted" & ünï', title), "article")
    assert front.problems == []
    assert front.values["title"] == title


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("type: overview", "type: overveiw", (4, 7, "bad-type")),
        ("published: 2026-11-22", "published: March 2024", (5, 12, "bad-published")),
        ("published: 2026-11-22", "published: 2026-11-31", (5, 12, "bad-published")),
        ("modified: 2026-11-22", "modified: 2020-01-01", (6, 1, "bad-modified")),
        ("tags: [one, two]", "tags: one", (8, 7, "bad-tags")),
        ("tags: [one, two]", "tags: [one, one]", (8, 7, "bad-tags")),
        ("tags: [one, two]", "tgas: [one, two]", (8, 1, "unknown-key")),
        ("tags: [one, two]", "title: Again", (8, 1, "duplicate-key")),
        ("description: What this page is about.\n", "", (1, 1, "missing-key")),
        ("description: What this page is about.", "description:", (3, 13, "bad-description")),
    ],
)
def test_a_wrong_line_is_named_where_it_is(old: str, new: str, expected: tuple[int, int, str]) -> None:
    assert codes(GOOD.replace(old, new)) == [expected]


def test_a_misspelled_key_comes_with_the_right_one() -> None:
    problem = parse("a.md", GOOD.replace("tags:", "tgas:"), "article").problems[0]
    assert problem.hint == "Did you mean tags?"


@pytest.mark.parametrize(
    "text", ["", "no front matter", "---\ntitle: never closed\n", "---\n- a\n- b\n---\n", "---\n[: \n---\n"]
)
def test_a_file_without_readable_front_matter_is_one_problem_at_its_top(text: str) -> None:
    found = [problem for problem in parse("a.md", text, "page").problems if problem.code == "front-matter"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [("tags: ", "tags: ["), ("type: ", "\ttype: "), ("description: ", "desciption: "), ("title: ", "Title: ")],
    ids=["open bracket", "tab", "misspelled", "capital"],
)
def test_one_slip_is_one_problem(old: str, new: str) -> None:
    assert old in GOOD
    assert len(codes(GOOD.replace(old, new, 1))) == 1


def test_keys_of_articles_are_not_keys_of_pages() -> None:
    assert (4, 1, "unknown-key") in codes(GOOD, "page")


@pytest.mark.parametrize("kind", ["article", "page"])
def test_the_json_schema_is_made_from_the_same_fields(kind: str) -> None:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == {known.name for known in FIELDS if kind in known.kinds}
