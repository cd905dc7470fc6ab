"""The readability meter as rules, and the active voice."""

from __future__ import annotations

from collections.abc import Iterator

from sitekit.source import readability
from sitekit.source.rules.model import PAGE_AS_A_WHOLE, Finding, Page, rule

GROUP = "Reading level"
MOST_PASSIVE = 0.10
FEWEST_PASSIVES = 3
FEWEST_WORDS = 100
"""A page with fewer words than this has no stable grade; one long word would decide it."""
FEWEST_WORDS_IN_PART = 20

_HARD = (
    "Modification of environmental considerations facilitates rehabilitation opportunities. Individualized communication"
    " with experienced professionals facilitates identification of alternative possibilities. "
)

_EASY = "\n\n".join(["Rest when you need to. Then move a little. You can do this at home."] * 7)


def _grade(page: Page, above: float, limit: float) -> Iterator[Finding]:
    found = page.figures
    if found.words >= FEWEST_WORDS and above < found.grade_adjusted <= limit:
        hardest = readability.measure_page(page.plain, hardest=3).hardest
        lines = ", ".join(str(hard.line) for hard in hardest)
        message = (
            f"The page reads at grade {found.grade_adjusted} (raw {found.grade}); hardest sentences in lines {lines}."
        )
        yield Finding(PAGE_AS_A_WHOLE, message)


@rule(
    "reading-grade",
    group=GROUP,
    summary=f"No page reads above grade {readability.PAGE_GRADE_LIMIT:g}.",
    reason="Measured the same way, the best patient sites read at grade 5 to 6 and local clinics at 14 to 18. Pain and lack of sleep lower what a"
    " reader can take in.",
    source="NHS content guide (reading age 9 to 11); PEMAT-P item U3; WCAG 2.2 criterion 3.1.5",
    hint="Use shorter words and shorter sentences; python -m sitekit.source.readability FILE shows where.",
    bad=_HARD * 6,
    good=_EASY,
)
def reading_grade(page: Page) -> Iterator[Finding]:
    yield from _grade(page, readability.PAGE_GRADE_LIMIT, 100)


@rule(
    "reading-grade-target",
    severity="warning",
    group=GROUP,
    summary=f"A page reads at grade {readability.PAGE_GRADE:g} or below.",
    reason="MedlinePlus reads at 5.4 and NHS at 5.5 by the same meter.",
    source="NHS content guide; PEMAT-P item U3",
    hint="Use shorter words and shorter sentences; python -m sitekit.source.readability FILE shows where.",
    bad="\n\n".join(["Over some months, gentle activity helps more than rest alone."] * 11),
    good=_EASY,
)
def reading_grade_target(page: Page) -> Iterator[Finding]:
    yield from _grade(page, readability.PAGE_GRADE, readability.PAGE_GRADE_LIMIT)


@rule(
    "short-grade",
    group=GROUP,
    summary=f"Key points and the short version read at grade {readability.SHORT_GRADE:g} or below.",
    reason="They are for the worst hour: a reader who can take in nothing else must be able to take in these.",
    source="WCAG 2.2 criterion 3.1.5; COGA: a summary for long documents in simpler words",
    hint="Use the plainest words you can; leave details to the page below.",
    bad=f"::: short\n{_HARD * 2}\n:::",
    good="::: short\nPain that lasts can get you down. That is not your fault.\n\nThere is help. You can call someone now, and you can"
    " start with one small step.\n:::",
)
def short_grade(page: Page) -> Iterator[Finding]:
    for container in page.plain.containers:
        if container.name in ("key-points", "short"):
            texts = [sentence.text for block in page.plain.inside(container) for sentence in block.sentences]
            found = readability.measure(texts)
            if found.words >= FEWEST_WORDS_IN_PART and found.grade_adjusted > readability.SHORT_GRADE:
                message = f"The {container.name} block reads at grade {found.grade_adjusted} (raw {found.grade})."
                yield Finding(container.start, message)


@rule(
    "mean-sentence",
    severity="warning",
    group=GROUP,
    summary=f"The mean sentence of a page has {readability.MEAN_SENTENCE:g} words or fewer.",
    reason="The mean decides how the whole page feels to read.",
    source="EQIP item 27 (fewer than 15 words); NHS content guide",
    hint="Split the longest sentences; python -m sitekit.source.readability FILE names them.",
    bad="You can rest for a while and then you can move a little and then rest again. " * 8,
    good=_EASY,
)
def mean_sentence(page: Page) -> Iterator[Finding]:
    found = page.figures
    if found.words >= FEWEST_WORDS and found.mean_sentence > readability.MEAN_SENTENCE:
        yield Finding(PAGE_AS_A_WHOLE, f"The mean sentence has {found.mean_sentence} words.")


@rule(
    "passive-voice",
    severity="warning",
    group=GROUP,
    summary=f"At most {MOST_PASSIVE:.0%} of the sentences of a page are passive.",
    reason="'Your doctor gives you' says who does what; 'you are given' leaves the reader to guess.",
    source="PEMAT-P item U5; CDC Clear Communication Index item 6",
    hint="Say who does it: 'A nurse gives you the medicine.'",
    bad="The medicine is given by a nurse. The dose was changed. You are asked to wait.\n\nYou go home.",
    good="A nurse gives you the medicine. Your doctor may change the dose. You wait a while.\n\nYou go home.",
)
def passive_voice(page: Page) -> Iterator[Finding]:
    sentences = [(block, sentence) for block in page.prose for sentence in block.sentences]
    passive = [(block, sentence) for block, sentence in sentences if readability.is_passive(sentence.text)]
    if len(passive) >= FEWEST_PASSIVES and len(passive) > MOST_PASSIVE * len(sentences):
        share = f"{len(passive)} of {len(sentences)} sentences on the page are passive"
        for block, sentence in passive:
            verb = readability.passive_words(sentence.text)
            yield Finding(block.source_index(sentence.start), f"{share}; here: “{verb}”.")


@rule(
    "main-message",
    severity="warning",
    group=GROUP,
    summary="The main message is one short sentence in the active voice, and `helps` says what the page does for the reader.",
    reason="They are the first things a reader sees, and for some the only ones.",
    source="CDC Clear Communication Index items 1, 2 and 6; PEMAT-P item U1; DISCERN item 1",
    hint="Write one active sentence; begin helps with 'This page helps you'.",
    bad="---\ntype: reference\nmain_message: Pain is treated in many ways. Ask for help.\nhelps: Pain explained.\n---\n",
    good="---\ntype: reference\nmain_message: You can do a lot about pain.\nhelps: This page helps you choose a first step.\n---\n",
)
def main_message(page: Page) -> Iterator[Finding]:
    message = page.field("main_message")
    if message:
        if readability.is_passive(message.text):
            verb = readability.passive_words(message.text)
            yield Finding(message.start, f"The main message is in the passive voice: “{verb}”.")
        if message.text.rstrip(".").count(". "):
            yield Finding(message.start, "The main message is more than one sentence.")
    helps = page.field("helps")
    if page.type and helps and not helps.text.startswith("This page helps you"):
        yield Finding(helps.start, "helps does not begin with 'This page helps you'.")
