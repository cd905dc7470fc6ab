"""Every rule keeps the promise of its own examples, which the style guide prints."""

from __future__ import annotations

import re

import pytest
import yaml

from sitekit.problems import SEVERITIES
from sitekit.source.rules import RULES, check_documents, check_text
from sitekit.source.rules.across import PAGE_TWO

CODES = sorted(RULES)


def codes_found(text: str) -> set[str]:
    front = yaml.safe_load(text.split("---")[1]) if text.startswith("---\n") else {}
    pages = [(f"example-{number}.md", part, front) for number, part in enumerate(text.split(PAGE_TWO))]
    problems = [*check_text("example.md", text, front), *check_documents(pages)]
    return {problem.code for problem in problems}


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_breaks_the_rule(code: str) -> None:
    assert code in codes_found(RULES[code].bad)


@pytest.mark.parametrize("code", CODES)
def test_the_good_example_keeps_every_rule(code: str) -> None:
    # An example of one type of page does not repeat all the sections and blocks of that type.
    of_a_type = {"section-missing", "block-missing"} - {code}
    assert codes_found(RULES[code].good) <= of_a_type


@pytest.mark.parametrize("code", CODES)
def test_every_rule_says_why_and_who_says_so_and_what_to_do(code: str) -> None:
    rule = RULES[code]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code)
    assert rule.severity in SEVERITIES
    for words in (rule.group, rule.summary, rule.reason, rule.source, rule.hint):
        assert words.strip() == words
        assert len(words) > 3


def test_a_problem_names_the_place_of_the_words_as_the_editor_wrote_them() -> None:
    text = '---\ntitle: Pain\n---\n\nOne line.\n\n- **Bold** and a [link](x.md "t") to an\n  addict. [@key]\n'
    (problem,) = [
        problem for problem in check_text("content/a.md", text, {"title": "Pain"}) if problem.code == "stigma"
    ]
    assert (problem.path, problem.line, problem.column) == ("content/a.md", 8, 3)


@pytest.mark.parametrize("code", CODES)
def test_an_opt_out_with_a_reason_silences_the_rule_and_nothing_else(code: str) -> None:
    bad = RULES[code].bad
    comment = f"<!-- allow: {code} an example that is right here -->\n\n"
    head, body = re.match(r"(---\n.*?\n---\n)?(.*)", bad, re.DOTALL).groups()
    silenced = codes_found((head or "") + comment + body)
    # Where the words stand below the first block, the opt-out does not reach them, and says so.
    assert code not in silenced or "allow-unused" in silenced
    assert silenced - {"allow-unused"} <= codes_found(bad)
