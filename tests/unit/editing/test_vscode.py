"""What editors' tools complete from is made from the definitions, is current, and is right."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sitekit.editing.vscode import SNIPPETS, files, outdated, snippets
from sitekit.problems import Problem, format_text
from sitekit.source import blocks, rules
from sitekit.source.blocks import CARE_LEVELS, FORMS
from sitekit.source.citations import PATTERN, parse
from sitekit.source.frontmatter import FIELDS
from sitekit.source.frontmatter import parse as parse_front
from sitekit.source.mask import mask_code
from tests.conftest import ROOT


def expanded(body: list[str]) -> str:
    """A snippet as it stands when nothing but Tab is pressed."""
    text = "\n".join(body)
    day = dict(zip(("YEAR", "MONTH", "DATE"), ("2026", "11", "22"), strict=True))
    text = re.sub(r"\$\{CURRENT_(\w+)\}", lambda match: day[match[1]], text)
    text = re.sub(r"\$\{\d+\|([^,|]+)[^}]*\|\}", r"\1", text)
    text = re.sub(r"\$\{\d+:([^{}]*)\}", r"\1", text)
    return re.sub(r"\$\{\d+\}|\$0", "", text)


def test_the_generated_files_are_current() -> None:
    assert [change.path for change in outdated()] == [], "run python -m sitekit.editing.vscode"


def test_a_file_that_differs_is_told(tmp_path: Path) -> None:
    for path, text in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert outdated(tmp_path) == []
    (tmp_path / SNIPPETS).write_text("{}")
    assert [change.path for change in outdated(tmp_path)] == [SNIPPETS]


@pytest.mark.parametrize("kind", ["article", "page"])
def test_the_schema_is_valid_and_accepts_every_real_file(kind: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    sources = sorted((ROOT / "content" / f"{kind}s").rglob("*.md"))
    assert sources
    for source in sources:
        front = parse_front(source.name, source.read_text(encoding="utf-8"), kind)
        assert front.problems == []
        assert [error.message for error in validator.iter_errors(_plain(front.values))] == []


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime.date):
            return value.isoformat()
        return list(value) if isinstance(value, tuple) else value

    return {name: plain(value) for name, value in values.items()}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "conditon"},
        {"mood": "low"},
        {"published": "March"},
        {"title": "x" * 81},
        {"tags": "sleep"},
        {"title": None},
        {"tags": ["a", "a"]},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(change: dict[str, Any]) -> None:
    good = {
        "title": "A", "description": "B", "type": "guide", "published": "2026-11-22", "modified": "2026-11-22", "next_review": "2027-11-22",
    }  # fmt: skip
    schema = json.loads((ROOT / "schemas" / "article.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert validator.is_valid(good)
    wrong = {name: value for name, value in {**good, **change}.items() if value is not None}
    assert not validator.is_valid(wrong)
    text = f"---\n{yaml.safe_dump(wrong, sort_keys=False)}---\n".replace("'", "")
    assert parse_front("x.md", text, "article").problems


def test_every_key_block_and_citation_has_a_snippet() -> None:
    prefixes = {snippet["prefix"] for snippet in snippets().values()}
    assert {known.name for known in FIELDS} <= prefixes
    assert {f":::{name}" for name in FORMS if name != "care"} <= prefixes
    assert {f":::care {level}" for level in CARE_LEVELS} <= prefixes
    assert len(prefixes) == len(snippets())


@pytest.mark.parametrize("name", [name for name in snippets() if name.startswith("Block: ")])
def test_a_block_from_a_snippet_is_well_formed(name: str) -> None:
    text = expanded(snippets()[name]["body"])
    assert blocks.scan(mask_code(text))[1] == []
    grammar = {"care-card", "key-points", "do-and-dont", "steps", "table-form", "callouts"}
    wrong: list[Problem] = [one for one in rules.check_text("x.md", text, {}) if one.code in grammar]
    assert not wrong, format_text(wrong)


def test_citations_and_opt_outs_from_snippets_can_be_read() -> None:
    for name in ("Citation with certainty", "Citation", "Two citations"):
        match = PATTERN.fullmatch(expanded(snippets()[name]["body"]))
        assert not parse(match[1]).unreadable
    opt_out = expanded(snippets()["Opt out of a rule"]["body"])
    assert {one.code for one in rules.check_text("x.md", f"{opt_out}\nRest.\n", {})} <= {"allow-unused"}


def test_the_problem_matcher_reads_what_check_prints() -> None:
    tasks = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    whole, single = (task["problemMatcher"] for task in tasks if task["label"].startswith("check"))
    assert whole == single
    matchers = whole
    error = Problem(
        "content/articles/mind/x y.md", 3, 7, "unknown-key", "desciption is: no key.", "Did you mean: description?"
    )
    advice = Problem("content/a.md", 0, 0, "long-sentence", "The sentence has 21 words: a", "Split it.", "warning")
    lines = format_text([error, advice]).split("\n")
    for matcher, problem in zip(matchers, (error, advice), strict=True):
        pattern = matcher["pattern"][0]
        found = [match for line in lines if (match := re.match(pattern["regexp"], line))]
        assert len(found) == 1
        read = {name: found[0][pattern[name]] for name in ("file", "line", "column", "code", "message")}
        assert read == {
            "file": problem.path,
            "line": str(problem.line),
            "column": str(problem.column),
            "code": problem.code,
            "message": problem.message,
        }


def test_the_editor_and_forge_files_are_well_formed() -> None:
    for name in ("settings", "extensions", "tasks"):
        json.loads((ROOT / ".vscode" / f"{name}.json").read_text(encoding="utf-8"))
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
    assert len(forms) == 4
    for form in forms:
        data = yaml.safe_load(form.read_text(encoding="utf-8"))
        assert {"name", "description", "title", "labels", "body"} == data.keys()
        ids = [part["id"] for part in data["body"] if part["type"] != "markdown"]
        assert len(ids) == len(set(ids))
        assert all(part["attributes"]["label"] for part in data["body"] if part["type"] != "markdown")
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]


def test_each_line_of_the_code_owners_names_something_that_is_there() -> None:
    for line in (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            place, *owners = line.split()
            assert place == "*" or (ROOT / place.strip("/")).exists(), place
            assert owners
            assert all(re.fullmatch(r"@[\w-]+(?:/[\w.-]+)?|\S+@\S+", owner) for owner in owners), line
