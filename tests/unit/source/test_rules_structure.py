"""Lengths, headings, sections, blocks, opt-outs, and rules across pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.source.rules import RULES, check_documents, check_text
from sitekit.source.rules.sections import REQUIRED, REQUIRED_BLOCKS, SECTIONS


def found(text: str, **front: object) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in check_text("a.md", text, front)]


def words(count: int) -> str:
    return " ".join(["rest"] * (count - 1)) + " on."


def test_lengths_are_inclusive() -> None:
    assert found(words(20)) == []
    assert found(words(21)) == [("long-sentence", 1)]
    assert found(words(25)) == [("long-sentence", 1)]
    assert found(words(26)) == [("sentence-length", 1)]
    assert found("One. Two. Three.") == []
    assert found("\n".join(f"1. step {number}" for number in range(7))) == []


def test_items_of_a_list_in_a_list_are_counted_on_their_own() -> None:
    assert found("\n".join(f"- thing {number}\n    - inner" for number in range(7))) == []
    assert found("- thing\n" + "\n".join(f"    - inner {number}" for number in range(8))) == [("list-length", 2)]


def test_reference_pages_may_be_long() -> None:
    text = "## Terms\n\n" + "\n".join(f"- {words(15)}" for _ in range(20))
    assert {code for code, _ in found(text)} == {"mean-sentence", "section-length", "list-length"}
    assert {code for code, _ in found(text, type="reference")} == {"mean-sentence"}


def test_tables_and_resources_do_not_count_for_the_length_of_a_section() -> None:
    rows = "\n".join(f"| {words(15)} |" for _ in range(15))
    table = f'::: table "T"\nHow to read this: down.\n\n| A |\n| --- |\n{rows}\n:::\n'
    resources = "::: resources\n" + "- id\n" * 30 + ":::\n"
    assert found(f"## Section\n\n{table}\n{resources}") == []


def test_the_first_heading_is_of_the_second_level() -> None:
    assert found("### Sleep\n\nRest.") == [("heading-order", 1)]
    assert found("## Sleep\n\n### Naps\n\nRest.\n\n## Food\n\nEat.") == []


@pytest.mark.parametrize("kind", sorted(REQUIRED))
def test_a_page_with_all_its_sections_and_blocks_passes(kind: str) -> None:
    blocks = {
        "key-points": "::: key-points\n- a\n- b\n- c\n:::",
        "short": "::: short\nRest.\n:::",
        "steps": "::: steps\n1. Rest.\n2. Call.\n:::",
        "questions": "::: questions\n- Why?\n- How?\n:::",
        "resources": "::: resources\n- 988\n:::",
    }
    inside = {"What you can do": "steps", "Questions to ask": "questions", "More help": "resources"}
    parts = [
        f"---\ntype: {kind}\n---",
        *(blocks[name] for name in ("key-points", "short") if name in REQUIRED_BLOCKS[kind]),
    ]
    for title in REQUIRED[kind]:
        parts += [f"## {title}", blocks[inside[title]] if title in inside else "Rest."]
    complete = "\n\n".join(parts)
    assert found(complete, type=kind) == []
    for title in REQUIRED[kind]:
        assert ("section-missing", 2) in found(complete.replace(f"## {title}", "## Else"), type=kind)


def test_other_headings_may_stand_between_the_fixed_ones() -> None:
    text = "\n\n".join(f"## {title}\n\nRest.\n\n## Then {number}\n\nRest." for number, title in enumerate(SECTIONS))
    assert found(text) == []


def test_a_fixed_heading_is_written_as_the_guide_writes_it() -> None:
    assert found("## What You Can Do\n\nRest.") == [("section-order", 1)]


def test_a_block_stands_in_the_section_where_readers_look_for_it() -> None:
    text = "---\ntype: guide\n---\n::: key-points\n- a\n- b\n- c\n:::\n\n::: short\nRest.\n:::\n\n::: resources\n- 988\n:::\n\n"
    assert found(text + "## What you can do\n\nRest.\n\n## More help\n\nCall.\n", type="guide") == [
        ("block-missing", 14)
    ]


def test_each_level_of_care_card_has_its_own_call_to_action() -> None:
    assert found('::: care crisis "Call 911 now if:"\n- you fall\n:::') == [("care-card", 1)]
    assert found('::: care urgent "Call your doctor or clinic today if:"\n- you fall\n:::') == []
    assert found('::: care routine "Book a visit"\n- you fall\n:::') == [("care-card", 1)]


def test_an_emergency_card_may_hold_phone_links_only() -> None:
    card = '::: care emergency "Call 911 now if:"\n- you fall {}\n:::\n\n## More\n\nSee [more](b.md).'
    assert found(card.format("(or [text 988](resource:988))")) == []
    assert found(card.format("[see more](b.md)")) == [("care-card-link", 2)]


def test_a_table_has_its_form() -> None:
    table = '::: table "T"\n{}\n\n{}\n:::'
    good = "| A | B |\n| --- | --- |\n| 1 | 2 |"
    wide = "| A | B | C | D | E | F |\n| - | - | - | - | - | - |\n| 1 | 2 | 3 | 4 | 5 | 6 |"
    assert found(table.format("How to read this: across.", good)) == []
    assert found(table.format("Rest.", good)) == [("table-form", 1)]
    assert found(table.format("How to read this: across.", wide)) == [("table-form", 4)]
    assert found(table.format("How to read this: across.", "Rest.")) == [("table-form", 1)]


class TestOptOuts:
    def test_it_covers_the_next_block_only(self) -> None:
        text = "<!-- allow: should the law says so -->\nYou should rest. You should sleep.\n\nYou should eat.\n"
        assert found(text) == [("should", 4)]

    def test_it_covers_a_whole_list_or_block(self) -> None:
        assert found(
            "Rest.\n\n<!-- allow: should the law says so -->\n- you should a\n- you should b\n\nYou should c.\n"
        ) == [("should", 7)]
        card = '<!-- allow: should the law says so -->\n::: callout "You should"\nYou should.\n\nYou should.\n:::\n\nYou should.\n'
        assert found(card) == [("should", 8)]

    def test_between_two_items_it_covers_the_next_item(self) -> None:
        text = "- you should a\n<!-- allow: should the law says so -->\n- you should b\n- you should c\n"
        assert found(text) == [("should", 1), ("should", 4)]

    def test_at_the_top_it_covers_the_page_and_its_front_matter(self) -> None:
        text = "---\ntype: guide\ntitle: You should\n---\n\n{}\n\nRest.\n"
        front = {"type": "guide", "title": "You should"}
        silent = "<!-- allow: section-missing a page of one line -->\n<!-- allow: block-missing the same -->"
        assert [code for code, _ in found(text.format(silent), **front)] == ["should"]
        assert found(text.format(f"{silent}\n<!-- allow: should the title of a law -->"), **front) == []

    @pytest.mark.parametrize(
        ("comment", "code"),
        [
            ("<!-- allow: should -->", "allow-without-reason"),
            ("<!-- allow: should because -->", "allow-without-reason"),
            ("<!-- allow: shuold the law says so -->", "allow-unknown-rule"),
            ("<!-- allow -->", "allow-unknown-rule"),
            ("<!-- allow: hype the law says so -->", "allow-unused"),
            ("<!-- allow: shared-sentence the law says so -->", ""),  # only check_documents can tell
        ],
    )
    def test_an_opt_out_that_says_too_little_or_does_nothing_is_a_problem(self, comment: str, code: str) -> None:
        assert [name for name, _ in found(f"Rest.\n\n{comment}\nSleep.\n")] == ([code] if code else [])

    def test_a_typing_error_gets_a_suggestion(self) -> None:
        (problem,) = check_text("a.md", "<!-- allow: shuold the law says so -->", {})
        assert problem.hint == "Did you mean should?"

    def test_other_comments_are_left_alone(self) -> None:
        assert found("<!-- we allow this page to be short -->\n\nRest.\n") == []

    def test_comments_in_code_are_left_alone(self) -> None:
        assert found("```\n<!-- allow: nothing -->\n```\n") == []


SHARED = "You can rest for a while, then move a little, then rest once more."


def test_a_sentence_on_two_pages_is_found_on_the_second_with_the_place_of_the_first() -> None:
    same = SHARED.replace(" a ", " *a* ").replace(",", "")
    (problem,) = check_documents([("a.md", f"One.\n\n{SHARED}\n", {}), ("b.md", f"- Two. {same} [@key]\n", {})])
    assert (problem.path, problem.line, problem.column, problem.code) == ("b.md", 1, 8, "shared-sentence")
    assert "a.md:3" in problem.message


def test_short_sentences_and_repetition_on_one_page_are_fine() -> None:
    assert check_documents([("a.md", "Call or text 988.\n", {}), ("b.md", "Call or text 988.\n", {})]) == []
    assert check_documents([("a.md", f"{SHARED}\n\n- {SHARED}\n", {})]) == []


def test_an_opt_out_reaches_rules_across_pages() -> None:
    allowed = f"<!-- allow: shared-sentence the wording is fixed -->\n{SHARED}\n"
    assert check_documents([("a.md", f"{SHARED}\n", {}), ("b.md", allowed, {})]) == []
    (problem,) = check_documents([("a.md", "Rest.\n", {}), ("b.md", allowed, {})])
    assert (problem.code, problem.path) == ("allow-unused", "b.md")


def test_the_same_page_gives_the_same_problems_in_order() -> None:
    text = "You should rest.\n\n## Overview\n\nAn addict.\n"
    assert check_text("a.md", text, {}) == check_text("a.md", text, {}) == sorted(check_text("a.md", text, {}))


ALPHABET = [
    *'ab .?!\n-#>|*_[]()@,;:%0123"“”{}<>',
    "::: care emergency ",
    "<!-- allow: ",
    "-->",
    "may ",
    "should ",
    "\n\n- ",
    "1 in 4",
    "[@key, low]",
]


@given(
    st.lists(st.sampled_from(ALPHABET), max_size=80).map("".join), st.sampled_from(["", "guide", "treatment", None, 3])
)
def test_no_text_makes_the_rules_fail_and_every_problem_is_in_the_file(text: str, kind: object) -> None:
    lines = text.split("\n")
    for problem in [*check_text("a.md", text, {"type": kind, "title": kind}), *check_documents([("a.md", text, {})])]:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.code in RULES or problem.code.startswith("allow-")
        assert problem.hint


@pytest.mark.parametrize("piece", ["(", "[", "1,", "1.", '"', "'", "{", "a`", "a-", "if ", "\n- "])
def test_a_very_long_line_of_anything_is_read_to_its_end(piece: str) -> None:
    problems = check_text("a.md", piece * 10_000 + "\n\nYou should rest.\n", {})
    assert any(problem.code == "should" for problem in problems)
