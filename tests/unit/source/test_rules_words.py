"""The rules on words and numbers find what they should, and pass over good plain text."""

from __future__ import annotations

import pytest

from sitekit.source.rules import check_text


def codes(text: str) -> list[str]:
    return [problem.code for problem in check_text("a.md", text, {})]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("stigma", "An opioid addict needs care."),
        ("stigma", "She suffers from pain."),
        ("stigma", "Drug abusers are people."),
        ("stigma", "## The mentally ill"),
        ("stigma", "| Who |\n| - |\n| Addicts |"),
        ("stigma", '::: callout "For pain patients"\nRest.\n:::'),
        ("hype", "It is a cure."),
        ("hype", "The method is proven."),
        ("hype", "Ketamine is safe and effective."),
        ("hype", "This is a breakthrough."),
        ("hype", "You get relief with no side effects."),
        ("should", "You should rest."),
        ("metaphor", "Win the battle against pain."),
        ("metaphor", "Fill your toolbox."),
        ("metaphor", "On your journey, rest."),
        ("double-negative", "This is not unusual."),
        ("plain-word", "Utilize heat."),
        ("plain-word", "Ask your physician."),
        ("speak-to-reader", "Patients should rest."),
        ("bare-percentage", "It helped 40 percent. [@key]"),
        ("bare-percentage", "One in many was 3.5 % better. [@key]"),
        ("number-range", "Wait 2–4 weeks."),
        ("mixed-denominators", "About 1 in 4 felt sick. Some 3 in 10 did not. [@key]"),
        ("calculation", "Add up the points."),
        ("abbreviation", "Ask for TENS."),
        ("suicide-wording", "He committed suicide."),
        ("suicide-wording", "She made a failed attempt."),
        ("suicide-wording", "It was a successful suicide."),
        ("suicide-wording", "We see an epidemic of suicide."),
        ("suicide-method", "A fatal dose is near."),
        ("suicide-method", "As few as 20 tablets can kill."),
        ("suicide-method", 'The words "lethal dose" are a detail, even in quotes.'),
        ("suicide-method", "It was suicide by overdose."),
        ("testimonial", "One woman told us it worked."),
        ("testimonial", "It changed my life."),
    ],
)
def test_a_breach_is_found(code: str, text: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        # naming a word is not using it
        'Words such as "addict" and "suffering from" hurt.',
        "Say “died by suicide”, not “committed suicide”.",
        # names
        "The Substance Abuse and Mental Health Services Administration runs a line.",
        "You can go to Alcoholics Anonymous.",
        "The American College of Physicians wrote a guide.",
        "Ask about Empowered Relief.",
        # promises denied, asked about or made conditional
        "There is no cure, and nothing is proven.",
        "Ketamine is not a cure.",
        "FDA has not found that it is safe and effective.",
        "Is it safe for me?",
        "Ask if it is safe to drive.",
        "Walk where it is safe. Stay safe.",
        "No one can guarantee relief.",
        "Should I rest?",
        # the right words on suicide
        "Some people have thoughts of suicide. Help is near.",
        "Call the 988 Suicide and Crisis Lifeline.",
        "Lock up medicines to keep lethal means away.",
        # numbers
        "About 1 in 4 adults (24.3%) have pain. [@key]",
        "It eased by half (50%). [@key]",
        "Two thirds (66%) felt better. [@key]",
        "Try it for 3 to 5 days.",
        "Call (855) 625-4657 on 2026-11-22, day 3-day or night.",
        "It was approved 2 years ago, and then 1 in 2019.",
        # abbreviations
        "Ask about nerve stimulation (TENS). TENS uses pads.",
        "TENS (nerve stimulation) uses pads.",
        "The Anxiety and Pain Study (APS for short) is over. APS was small.",
        "CBT and MBSR are in the glossary. So are NSAIDs.",
        "The FDA and the CDC are in the U.S., open from A to Z.",
        # plain speech
        "It is common. You are not alone.",
        "Do not stop on your own.",
        "Your doctor may give it to you.",
        "Antipsychotics and the medically safe dose.",
    ],
)
def test_good_plain_text_passes(text: str) -> None:
    assert codes(text) == []


def test_front_matter_that_readers_see_is_checked_where_it_stands() -> None:
    text = "---\ntitle: A miracle cure\ntags: [cure]\n---\n\nRest.\n"
    problems = check_text("a.md", text, {"title": "A miracle cure", "tags": ["cure"]})
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [(2, 10, "hype"), (2, 18, "hype")]


def test_a_folded_front_matter_value_is_located_at_its_key() -> None:
    text = "---\ntype: reference\nhelps: >-\n  This page helps you\n  on your journey.\n---\n"
    front = {"type": "reference", "helps": "This page helps you on your journey."}
    assert [(problem.line, problem.code) for problem in check_text("a.md", text, front)] == [(3, "metaphor")]


def test_only_the_first_use_of_an_abbreviation_is_reported() -> None:
    problems = check_text("a.md", "## TENS at home\n\nAsk for TENS. TENS may help.\n\n- TENS\n", {})
    assert [(problem.code, problem.line, problem.column) for problem in problems] == [("abbreviation", 3, 9)]
