"""The style guide says what the checks do, and shows every form."""

from __future__ import annotations

import re

import pytest

from sitekit.source import blocks
from sitekit.source.citations import CERTAINTIES, KINDS
from sitekit.source.rules import RULES, check_text, guide
from sitekit.source.rules.sections import SECTIONS

INTRODUCTION = guide.INTRODUCTION.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```markdown\n(.*?)^```$", INTRODUCTION, re.MULTILINE | re.DOTALL)


def test_the_committed_guide_is_up_to_date() -> None:
    assert guide.GUIDE.read_text(encoding="utf-8") == guide.render(), "run python -m sitekit.source.rules.guide"
    assert guide.main(["--check"]) == 0


def test_an_outdated_guide_is_a_problem(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "GUIDE", tmp_path / "docs" / "style-guide.md")
    assert guide.main(["--check"]) == 1
    assert guide.main([]) == 0
    assert guide.main(["--check"]) == 0


def test_every_rule_has_a_chapter_with_its_code() -> None:
    text = guide.render()
    for code in RULES:
        assert f"\n### {code}\n" in text


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_forms_keep_all_rules(example: str) -> None:
    assert check_text("guide.md", example, {}) == []
    assert blocks.scan(example)[1] == []


def test_every_block_section_and_certainty_is_shown() -> None:
    for name in blocks.FORMS:
        assert f"::: {name}" in INTRODUCTION
    for level in blocks.CARE_LEVELS:
        assert f"::: care {level} " in INTRODUCTION
    for words in (*CERTAINTIES, *KINDS):
        assert f"`{words}`" in INTRODUCTION
    flat = " ".join(INTRODUCTION.split())
    assert ", ".join(SECTIONS) in flat
