"""Claims carry a source, and their words fit how sure it is."""

from __future__ import annotations

import pytest

from sitekit.source.rules import check_text


def found(text: str) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.column) for problem in check_text("a.md", text, {})]


@pytest.mark.parametrize(
    ("words", "certainty"),
    [
        ("It helps.", "high"),
        ("It probably helps.", "moderate"),
        ("It is likely to help.", "moderate"),
        ("It may help.", "low"),
        ("May help", "low"),
        ("It could help.", "low"),
        ("We do not know if it helps.", "very low"),
        ("It is unclear if it helps.", "very low"),
        ("No one knows if it helps.", "very low"),
        ("It was approved in 2010.", "approval"),
        ("It helps.", "consensus"),
    ],
)
def test_words_that_fit_their_certainty_pass(words: str, certainty: str) -> None:
    assert found(f"{words} [@key, {certainty}]") == []


@pytest.mark.parametrize(
    ("words", "certainty"),
    [
        ("It may help.", "high"),
        ("It helps.", "moderate"),
        ("It may help.", "moderate"),
        ("It helps.", "low"),
        ("It was tested in May 2024.", "low"),
        ("It may help.", "very low"),
    ],
)
def test_words_that_do_not_fit_are_found_at_the_citation(words: str, certainty: str) -> None:
    assert found(f"- {words} [@key, {certainty}]") == [("certainty-wording", 1, len(words) + 4)]


def test_a_claim_reaches_back_to_the_citation_before() -> None:
    assert found("It may help. So it is used. [@a, low]") == [("certainty-near", 1, 29)]
    assert found("It may help. [@a, low] It is used. [@b, low]") == [("certainty-wording", 1, 36)]


def test_a_sentence_that_only_counts_may_follow_the_sentence_that_judges() -> None:
    assert found("It probably helps. It was 37 in 100, and 17 in 100 with usual care. [@key, moderate]") == []


def test_a_citation_inside_a_sentence_speaks_for_the_whole_sentence() -> None:
    assert found("It may help pain [@a, low], and more.") == []


def test_the_source_of_a_figure_is_no_claim() -> None:
    assert (
        found(
            '::: icons "Low mood"\nHow to read this: each stands for 1 adult.\n\n4 of 10: adults\n\nSource: [@key, low]\n:::'
        )
        == []
    )


def test_each_cell_of_a_table_stands_for_itself() -> None:
    table = (
        '::: table "T"\nHow to read this: across.\n\n| A | B |\n| --- | --- |\n| May help | Helps [@key, low] |\n:::\n'
    )
    assert found(table) == [("certainty-wording", 6, 20)]


@pytest.mark.parametrize(
    "text",
    [
        "About 1 in 4 adults have pain.",
        "About a quarter (24.3%) have pain.",
        "A trial of 342 people ended.",
        "It is twice as likely.",
        "Researchers found that it helps.",
        "One large study compared the two.",
        "- Some 51.6 million adults have pain.",
        '::: table "T"\nHow to read this: across.\n\n| A |\n| --- |\n| 4 in 10 |\n:::',
    ],
)
def test_a_statistic_or_a_study_without_a_citation_is_found(text: str) -> None:
    assert [code for code, _, _ in found(text)] == ["citation-needed"]


@pytest.mark.parametrize(
    "text",
    [
        "Rate your pain from 0 to 10. Take 2 short walks in 1 day.",
        "Call 988 or 911 at any hour, 7 days a week.",
        "Ask about a trial of physical therapy, and a review of your medicines.",
        "Our sources give no figures. We found no study of both.",
        "::: questions\n- Did 1 in 4 get better?\n- Is there a study that compared them?\n:::",
        "In 1 trial, this helped: [@key]\n\n- MBSR: 4 in 10\n- CBT: 4 in 10",
        "It was about 4 in 10 (37.4%). [@key]",
        '::: table "T"\nHow to read this: when studies looked.\n\n| What studies found |\n| --- |\n| Rest |\n:::',
    ],
)
def test_text_that_needs_no_citation_passes(text: str) -> None:
    assert found(text) == []


def test_988_must_stand_in_the_section_that_tells_of_the_risk() -> None:
    risk = "Risk may be higher. [@kwon2023suicide, low]"
    assert found(f"## One\n\nCall 988.\n\n## Two\n\n{risk}\n") == [("suicide-988", 7, 21)]
    assert found(f"## One\n\n{risk}\n\n::: resources\n- 988\n:::\n") == []
    assert found(f"::: short\n{risk}\n:::\n\n[Call or text 988](resource:988).\n\n## More\n") == []
