"""The grammar of care cards, lists of dos and don'ts, key points, callouts and tables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from sitekit.source.plaintext import Container
from sitekit.source.rules.model import Finding, Page, count_words, rule

GROUP = "Blocks"
MOST_CARDS, MOST_CALLOUTS = 3, 2
FEWEST_POINTS, MOST_POINTS = 3, 5
MOST_COLUMNS, MOST_HEADER_WORDS = 5, 5

_TITLES = {
    "emergency": (re.compile(r"Call 911\b.*\bif:"), "Call 911 or go to the emergency room now if:"),
    "crisis": (re.compile(r"Call or text 988\b.*\bif:"), "Call or text 988 now if:"),
    "urgent": (re.compile(r"Call (?!911|988).*\btoday if:"), "Call your doctor today if:"),
    "routine": (re.compile(r"(?:Book|Make|Plan) an? (?:visit|appointment)\b.*\bif:"), "Book a visit if:"),
}
CARD_TITLES = {level: title for level, (_, title) in _TITLES.items()}
"""The usual title of each level."""

_CARD = '::: care emergency "Call 911 or go to the emergency room now if:"\n'


def _containers(page: Page, *names: str) -> list[Container]:
    return [container for container in page.plain.containers if container.name in names]


@rule(
    "care-card",
    group=GROUP,
    summary="A care card has a call to action as its title and a list in it.",
    reason="In danger, a reader takes in one instruction and a list of signs to compare, nothing else.",
    source="NHS design system, care cards",
    hint="Titles: " + "; ".join(f"{level}: “{title}”" for level, (_, title) in _TITLES.items()) + ".",
    bad='::: care emergency "Emergency"\nChest pain needs help.\n:::',
    good=_CARD + "- you might act on thoughts of suicide\n:::",
)
def care_card(page: Page) -> Iterator[Finding]:
    for card in _containers(page, "care"):
        pattern, title = _TITLES.get(card.argument, (None, ""))
        if pattern and card.title and not pattern.fullmatch(card.title):
            message = f"The title of a card of level {card.argument} is not of the form “{title}”."
            yield Finding(card.start, message)
        inside = page.plain.inside(card)
        if not any(block.kind == "item" for block in inside):
            yield Finding(card.start, "The care card holds no list.", "Write one sign on each line, with - before it.")
        if any(block.kind == "heading" for block in inside):
            yield Finding(card.start, "The care card holds a heading.", "The title in quotes is its heading.")


@rule(
    "care-cards-on-page",
    group=GROUP,
    summary=f"A page has at most {MOST_CARDS} care cards, one of each level.",
    reason="Two red boxes compete; a reader in danger must see one.",
    source="NHS design system, care cards; PEMAT-P item U12",
    hint="Merge the lists, or keep the most serious.",
    bad=_CARD + "- you might act\n:::\n\n" + _CARD + "- you took too much\n:::",
    good=_CARD + "- you might act\n- you took too much\n:::",
)
def care_cards_on_page(page: Page) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, card in enumerate(_containers(page, "care"), 1):
        if card.argument in seen:
            yield Finding(card.start, f"The page has a second card of level {card.argument}.")
        elif number > MOST_CARDS:
            yield Finding(card.start, f"The page has {number} care cards.")
        seen.add(card.argument)


@rule(
    "care-card-link",
    group=GROUP,
    summary="Cards of level emergency and crisis hold no links to more reading.",
    reason="A link leads away from the one thing to do. Phone and text links are that one thing, and are fine.",
    source="NHS design system, care cards",
    hint="Put the link into the text below the card. [call or text 988](resource:988) is fine.",
    bad=_CARD + "- you feel [very low](low.md)\n:::",
    good=_CARD + "- you might act on dark thoughts; you can also [call or text 988](resource:988)\n:::",
)
def care_card_link(page: Page) -> Iterator[Finding]:
    for card in _containers(page, "care"):
        if card.argument in ("emergency", "crisis"):
            for start, words, target in page.plain.links:
                if card.start < start < card.end and not target.startswith(("resource:", "tel:", "sms:")):
                    yield Finding(start, f"The link “{words}” leads away from the card.")


@rule(
    "after-care-card",
    severity="warning",
    group=GROUP,
    summary="The text after the care cards begins with a heading.",
    reason="Without one, a screen-reader user cannot tell where the card ends and the page goes on.",
    source="NHS design system, care cards",
    hint="Put a ## heading after the card, or move the text above it.",
    bad=_CARD + "- you might act on thoughts of suicide\n:::\n\nPain is common.",
    good=_CARD + "- you might act on thoughts of suicide\n:::\n\n## How common pain is\n\nPain is common.",
)
def after_care_card(page: Page) -> Iterator[Finding]:
    for card in _containers(page, "care"):
        following = next((block for block in page.blocks if block.start >= card.end), None)
        if following and following.kind != "heading" and not following.container:
            yield Finding(following.start, "Text follows the care card without a heading.")


@rule(
    "do-and-dont",
    group=GROUP,
    summary="Lists of dos and don'ts have two items or more, and each don't begins with 'do not'.",
    reason="Heard one by one, without the title, a don't without 'do not' sounds like advice to do it.",
    source="NHS design system, do and don't lists",
    hint="Begin each item of a dont block with 'do not'; for a single item, write a sentence instead.",
    bad='::: dont "Do not"\n- stop on your own\n- drive\n:::',
    good='::: dont "Do not"\n- do not stop on your own\n- do not drive\n:::',
)
def do_and_dont(page: Page) -> Iterator[Finding]:
    for container in _containers(page, "do", "dont"):
        items = [block for block in page.plain.inside(container) if block.kind == "item"]
        if len(items) < 2:
            yield Finding(container.start, f"The {container.name} list has {len(items)} item{'s' * (len(items) != 1)}.")
        for item in items:
            if container.name == "dont" and not item.text.lower().startswith("do not "):
                yield Finding(item.source_index(0), f"The item does not begin with 'do not': {item.text[:40]}")
            if container.name == "do" and item.text.lower().startswith(
                ("do not ", "don't ", "don’t ", "never ", "avoid ")
            ):
                yield Finding(item.source_index(0), "A don't stands in a list of dos.", "Move it into a dont block.")


@rule(
    "dos-first",
    severity="warning",
    group=GROUP,
    summary="The dos stand before the don'ts.",
    reason="Readers need to know what they can do before they hear what to leave.",
    source="NHS design system, do and don't lists",
    hint="Move the do block up.",
    bad='::: dont "Do not"\n- do not stop\n- do not drive\n:::\n\n::: do "Do"\n- rest\n- ask\n:::',
    good='::: do "Do"\n- rest\n- ask\n:::\n\n::: dont "Do not"\n- do not stop\n- do not drive\n:::',
)
def dos_first(page: Page) -> Iterator[Finding]:
    lists = _containers(page, "do", "dont")
    for first, second in itertools.pairwise(lists):
        between = [heading for heading in page.headings if first.end <= heading.start < second.start]
        if first.name == "dont" and second.name == "do" and not between:
            yield Finding(second.start, "The list of dos stands after the list of don'ts.")


@rule(
    "key-points",
    group=GROUP,
    summary=f"The key points are a list of {FEWEST_POINTS} to {MOST_POINTS}.",
    reason="Five can be taken in at a glance, and fewer than three say too little.",
    source="USWDS summary box; PEMAT-P item U11; CDC Clear Communication Index item 10",
    hint="Keep what a reader must know if nothing else is read.",
    bad="::: key-points\n- Pain is real.\n- Pain can change.\n:::",
    good="::: key-points\n- Pain is real.\n- Pain can change.\n- There is help.\n:::",
)
def key_points(page: Page) -> Iterator[Finding]:
    for container in _containers(page, "key-points"):
        inside = page.plain.inside(container)
        points = [block for block in inside if block.kind == "item" and block.level == 1]
        if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
            yield Finding(container.start, f"There are {len(points)} key points.")
        for block in inside:
            if block.kind != "item":
                yield Finding(
                    block.start, "The key points hold something that is not a point.", "Make it an item of the list."
                )


@rule(
    "callouts",
    group=GROUP,
    summary=f"A page has at most {MOST_CALLOUTS} callouts.",
    reason="Where everything stands out, nothing does.",
    source="NHS design system, warning callout; PEMAT-P item U12",
    hint="Turn the least important into a paragraph.",
    bad="\n\n".join(f'::: callout "Note {number}"\nRest.\n:::' for number in (1, 2, 3)),
    good="\n\n".join(f'::: callout "Note {number}"\nRest.\n:::' for number in (1, 2)),
)
def callouts(page: Page) -> Iterator[Finding]:
    for number, container in enumerate(_containers(page, "callout"), 1):
        if number > MOST_CALLOUTS:
            yield Finding(container.start, f"This is callout {number} of the page.")


@rule(
    "steps",
    group=GROUP,
    summary="Steps are a numbered list of two or more; questions are a list of questions.",
    reason="One action for each number can be done, ticked off and come back to. A list of questions can be taken to a visit.",
    source="PEMAT-P item A22; COGA pattern 'Separate each instruction'; DISCERN item 15",
    hint="Write '1. ' before each step, and end each question with a question mark.",
    bad="::: steps\n- Rest.\n- Call.\n:::",
    good="::: steps\n1. Rest.\n2. Call.\n:::",
)
def steps(page: Page) -> Iterator[Finding]:
    for container in _containers(page, "steps", "questions"):
        items = [block for block in page.plain.inside(container) if block.kind == "item"]
        if len(items) < 2:
            yield Finding(
                container.start, f"The {container.name} block has {len(items)} item{'s' * (len(items) != 1)}."
            )
        for item in items:
            if container.name == "steps" and item.level == 1 and not item.ordered:
                yield Finding(item.start, "A step has no number.")
            if container.name == "questions" and "?" not in item.text:
                yield Finding(item.source_index(0), f"This is not a question: {item.text[:40]}")


@rule(
    "table-form",
    group=GROUP,
    summary=f"A table stands in a table block with a caption and a line 'How to read this', and has at most {MOST_COLUMNS} columns with"
    f" headers of {MOST_HEADER_WORDS} words at most.",
    reason="Wide tables do not fit a phone, and a table without words around it is understood by few.",
    source="PEMAT-P items U17, U19 and A25; WCAG 2.2 criterion 1.3.1",
    hint='Write ::: table "Caption", a line "How to read this: …", an empty line, then the table.',
    bad="| Option | Pain |\n| --- | --- |\n| Rest | Less |",
    good='::: table "What helps"\nHow to read this: find an option on the left.\n\n| Option | Pain |\n| --- | --- |\n| Rest | Less |\n:::',
)
def table_form(page: Page) -> Iterator[Finding]:
    previous = None
    for block in page.blocks:
        if block.kind == "table" and (previous is None or previous.kind != "table"):
            if not block.within("table"):
                yield Finding(block.start, "The table stands outside of a table block.")
            cells = [cell.strip() for cell in block.text.strip().strip("|").split("|")]
            if len(cells) > MOST_COLUMNS:
                yield Finding(block.start, f"The table has {len(cells)} columns.", "Split it into two tables.")
            for cell in cells:
                if count_words(cell) > MOST_HEADER_WORDS:
                    yield Finding(
                        block.start, f"A column header has {count_words(cell)} words: {cell}", "Shorten the header."
                    )
        previous = block
    for container in _containers(page, "table"):
        inside = page.plain.inside(container)
        if not any(block.text.startswith("How to read this") for block in inside if block.kind == "paragraph"):
            yield Finding(container.start, "The table block has no line 'How to read this: …'.")
        if not any(block.kind == "table" for block in inside):
            yield Finding(container.start, "The table block holds no table.", "Leave an empty line above the table.")
