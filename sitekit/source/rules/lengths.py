"""How long a sentence, a paragraph, a list and a section may be."""

from __future__ import annotations

from collections.abc import Iterator

from sitekit.source.plaintext import Block
from sitekit.source.rules.model import Finding, Page, count_words, rule

GROUP = "Length"
LONGEST_SENTENCE, LONG_SENTENCE = 25, 20
MOST_SENTENCES = 3
MOST_PARAGRAPH_WORDS = 60
MOST_ITEMS = 7
MOST_SECTION_WORDS = 200


def _long_sentences(page: Page, shortest: int, longest: int) -> Iterator[Finding]:
    for block in (*page.fields, *page.prose):
        for sentence in block.sentences:
            words = count_words(sentence.text)
            if shortest < words <= longest:
                message = f"The sentence has {words} words: {_opening(sentence.text)}"
                yield Finding(block.source_index(sentence.start), message)


def _opening(text: str) -> str:
    words = text.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


@rule(
    "sentence-length",
    group=GROUP,
    summary=f"No sentence has more than {LONGEST_SENTENCE} words.",
    reason="Pain, poor sleep and low mood make it hard to hold a long sentence in mind until its end.",
    source="NHS content guide (20 words); VA content style guide (25 words at most); EQIP item 27",
    hint="Split it into two, one point for each.",
    bad="When you have had pain for a long time and you have tried many things, it can help to sit down with someone and write a short"
    " list of what matters most.",
    good="Have you had pain for a long time? Sit down with someone you trust. Write a short list of what matters most.",
)
def sentence_length(page: Page) -> Iterator[Finding]:
    yield from _long_sentences(page, LONGEST_SENTENCE, 10_000)


@rule(
    "long-sentence",
    severity="warning",
    group=GROUP,
    summary=f"A sentence of more than {LONG_SENTENCE} words is hard to read.",
    reason="The start of a long sentence has faded when its end comes.",
    source="NHS content guide: sentences of 20 words or fewer",
    hint="Look for an 'and', a 'which' or a comma at which it can be split.",
    bad="You can ask your doctor about the treatments on this page and then take some time at home to think about them.",
    good="Ask your doctor about the treatments on this page. Then take some time at home to think about them.",
)
def long_sentence(page: Page) -> Iterator[Finding]:
    yield from _long_sentences(page, LONG_SENTENCE, LONGEST_SENTENCE)


@rule(
    "paragraph-length",
    group=GROUP,
    summary=f"No paragraph has more than {MOST_SENTENCES} sentences.",
    reason="Short blocks of text let a tired reader stop, rest and find the place again.",
    source="NHS content guide; PEMAT-P item U8; COGA pattern 'Keep text succinct'",
    hint="Start a new paragraph where a new idea starts, or make a list.",
    bad="Pain is real. Pain is personal. Pain can change. You can learn about it.",
    good="Pain is real. Pain is personal.\n\nPain can change. You can learn about it.",
)
def paragraph_length(page: Page) -> Iterator[Finding]:
    for block in page.prose:
        if block.kind == "paragraph" and len(block.sentences) > MOST_SENTENCES:
            yield Finding(block.source_index(0), f"The paragraph has {len(block.sentences)} sentences.")


@rule(
    "paragraph-words",
    severity="warning",
    group=GROUP,
    summary=f"A paragraph of more than {MOST_PARAGRAPH_WORDS} words looks like a wall.",
    reason="On a phone, 60 words fill much of the screen, and a wall of text puts off readers with little energy.",
    source="COGA, Making Content Usable: short paragraphs, one idea each",
    hint="Split it.",
    bad=" ".join(["Rest, move a little and rest again through the whole of the long day."] * 5),
    good="Rest, move a little and rest again.",
)
def paragraph_words(page: Page) -> Iterator[Finding]:
    for block in page.prose:
        words = count_words(block.text)
        if block.kind == "paragraph" and words > MOST_PARAGRAPH_WORDS:
            yield Finding(block.source_index(0), f"The paragraph has {words} words.")


@rule(
    "item-length",
    severity="warning",
    group=GROUP,
    summary=f"An item of a list has at most {MOST_SENTENCES} sentences, a label at its start not counted.",
    reason="A list helps because each item holds one thing.",
    source="PEMAT-P item U8; COGA pattern 'Separate each instruction'",
    hint="Split the item, or give it a heading and a paragraph of its own.",
    bad="- Go for a walk. Take it slowly. Stop if it hurts more. Try again the next day.",
    good="- Go for a walk. Take it slowly.\n- If it hurts more, stop. Try again the next day.",
)
def item_length(page: Page) -> Iterator[Finding]:
    for block in page.prose:
        if block.kind == "item":
            count = len(block.sentences) - _has_label(page, block)
            if count > MOST_SENTENCES:
                yield Finding(block.source_index(0), f"The item has {count} sentences.")


def _has_label(page: Page, block: Block) -> bool:
    """Whether an item begins with a few words in bold that are a sentence of their own: "**Medicines.** Some …"."""
    start = block.source_index(0)
    in_bold = page.plain.text[max(0, start - 2) : start] in ("**", "__")
    return in_bold and count_words(block.sentences[0].text) <= 6


@rule(
    "list-length",
    group=GROUP,
    summary=f"No list has more than {MOST_ITEMS} items; reference pages may have more.",
    reason="A long list is hard to keep in mind. Two short ones with headings can be found again.",
    source="CDC Clear Communication Index item 8",
    hint="Break it into two lists with a heading each, or leave out what matters least.",
    bad="\n".join(f"- thing {number}" for number in range(1, 9)),
    good="\n".join(f"- thing {number}" for number in range(1, 8)),
)
def list_length(page: Page) -> Iterator[Finding]:
    if page.type == "reference":
        return
    for items in page.lists():
        if len(items) > MOST_ITEMS:
            yield Finding(items[0].start, f"The list has {len(items)} items.")


@rule(
    "section-length",
    group=GROUP,
    summary=f"No section below a ## heading has more than {MOST_SECTION_WORDS} words; tables and resources are not counted.",
    reason="Headings at short steps let readers find the part they need and skip the rest.",
    source="PEMAT-P item U8; CDC Clear Communication Index item 9; WCAG 2.2 criterion 2.4.10",
    hint="Split it with another ## heading, or shorten it.",
    bad="## What helps\n\n"
    + "\n\n".join(["Rest, move a little, rest again and be kind to yourself while you do."] * 15),
    good="## What helps\n\nRest, move a little, rest again and be kind to yourself while you do.",
)
def section_length(page: Page) -> Iterator[Finding]:
    if page.type == "reference":
        return
    for number, blocks in page.sections.items():
        if number:
            words = sum(count_words(block.text) for block in blocks if block.kind in ("paragraph", "item", "title"))
            if words > MOST_SECTION_WORDS:
                yield Finding(blocks[0].start, f"The section “{blocks[0].text}” has {words} words.")
