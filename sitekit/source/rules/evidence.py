"""Claims: where they come from, and whether their wording fits how sure the evidence is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.plaintext import Block, CitationMark, Sentence
from sitekit.source.rules.model import Finding, Page, rule

GROUP = "Evidence"
GRADE = "GRADE guidelines 26: informative statements (Santesso 2020)"

_WORDS = {
    "moderate": (re.compile(r"\b(?:probably|(?:un)?likely)\b", re.I), "'probably' or 'likely'"),
    "low": (re.compile(r"\b(?:[Mm]ay\b(?!\s+\d)|[Mm]ight\b|[Cc]ould\b)"), "'may', 'might' or 'could'"),
    "very low": (
        re.compile(
            r"\b(?:do(?:es)?\s+not|don[’']t|doesn[’']t|cannot|can[’']t|not\s+yet)\s+(?:yet\s+|really\s+)?(?:know|say|tell)\b"
            r"|\b(?:not|no\s+one|nobody)\s+(?:yet\s+)?knows?n?\b|\bunknown\b|\buncertain\w*|\bnot\s+sure\b|\bunsure\b|\bunclear\b|\bnot\s+clear\b",
            re.I,
        ),
        "'we do not know', 'uncertain', 'not sure' or 'unclear'",
    ),
}
_HEDGE = re.compile(r"\b(?:may|might|perhaps|possibly)\b(?!\s+\d)", re.I)
_NUMBER = r"\d[\d,]{0,12}(?:\.\d{1,6})?"
_STATISTIC = re.compile(
    rf"{_NUMBER}\s{{0,2}}(?:%|percent\b|per\s+cent\b)"
    rf"|\b{_NUMBER}\s+(?:in|out\s+of)\s+(?:every\s+)?(?!(?:19|20)\d\d\b){_NUMBER}\b(?!\s*(?:days?|weeks?|months?|years?))"
    rf"|\b{_NUMBER}\s+(?:times|percent)\s+(?:as|more|less|higher|lower)\b|\b(?:twice|half)\s+as\s+(?:likely|many|much|often|common)\b"
    rf"|\b{_NUMBER}\s+(?:million|billion)\b|\b(?:\d{{3,}}|\d{{1,3}},\d{{3}})\s+(?:\w+\s+)?(?:people|adults|patients|participants|women|men|veterans)\b",
    re.I,
)
_RESEARCH = re.compile(
    r"\b(?:(?<!no )(?<!your )stud(?:y|ies)\s+(?:\w+\s+){0,2}(?:found|find|finds|show|shows|showed|suggest\w*|compared|tested|followed|looked|asked)"
    r"|(?:in|one|two|a|large|small|\d+)\s+(?:\w+\s+)?(?:stud(?:y|ies)|trials?|reviews?|surveys?)\s+(?:\w+\s+){0,2}(?:of\s+\d|found|with\s+\d|had|compared|tested|looked|followed|asked|pooled)"
    r"|trials?\s+(?:\w+\s+){0,2}(?:found|show\w*|compared|tested|reported)|reviews?\s+(?:\w+\s+){0,2}(?:found|looked|concluded|pooled|showed)"
    r"|research(?:ers)?\s+(?:has\s+|have\s+)?(?:found|shows?|showed|suggests?|shown)|meta-analys[ei]s|surveys?\s+(?:found|asked|showed))\b",
    re.I,
)
_NAMES = {"paragraph": "paragraph", "item": "list item", "table": "table row"}
_OWN_LIMIT = re.compile(r"\b(?:our\s+sources|we\s+found\s+no|no\s+study\s+(?:we|that\s+we)|we\s+print\s+no)\b", re.I)
_TESTIMONIAL = re.compile(
    r"\b(?:he|she|they|(?:one|a)\s+(?:man|woman|patient|reader|veteran|mother|father)|[A-Z][a-z]+,\s+\d\d,)\s+"
    r"(?:said|says|told\s+us|swears|tells\s+us)\b[^.?!]{0,80}\b(?:work\w*|help\w*|cured?|saved|changed|better|gone|life|relief)\b"
    r"|\b(?:it|this)\s+(?:worked\s+for\s+me|changed\s+my\s+life|saved\s+my\s+life|gave\s+me\s+my\s+life\s+back)\b"
    r"|\b(?:success\s+stor(?:y|ies)|real\s+patients?\s+(?:say|stories|results)|testimonials?)\b",
    re.I,
)


def _supported(block: Block) -> Iterator[tuple[CitationMark, Sentence, str]]:
    """Each citation with the sentence before it, and the whole claim: all since the citation before, in the same cell."""
    if block.kind == "figure":
        return  # "Source: [@key, low]" names where the numbers are from; the text around the figure makes the claim
    since = 0
    for mark in block.citations:
        sentence = next((one for one in block.sentences if one.start < mark.end <= one.end), None)
        if sentence:
            claim = block.text[min(since, sentence.start) : sentence.end]
            yield mark, sentence, claim.rpartition("|")[2] if block.kind == "table" else claim
        since = mark.end


_CLAIM_HINT = "Change the words of the sentence before the citation, or the certainty if it is wrong."


@rule(
    "certainty-wording",
    group=GROUP,
    summary="The words of a claim fit its certainty: moderate 'probably', low 'may', very low 'we do not know', high no 'may'.",
    reason="The verb is the promise; a label after it comes too late. The same words for the same certainty let readers compare.",
    source=GRADE,
    hint=_CLAIM_HINT,
    bad="Exercise eases back pain a little. [@verville2023exercise, moderate]",
    good="Exercise probably eases back pain a little. [@verville2023exercise, moderate]",
)
def certainty_wording(page: Page) -> Iterator[Finding]:
    for block in page.blocks:
        for mark, sentence, claim in _supported(block):
            if mark.certainty in _WORDS:
                pattern, words = _WORDS[mark.certainty]
                if not pattern.search(claim):
                    yield Finding(
                        mark.start, f"The claim before a citation of {mark.certainty} certainty lacks {words}."
                    )
            elif mark.certainty == "high" and (match := _HEDGE.search(sentence.text)):
                yield Finding(mark.start, f"The claim is cited with high certainty and says “{match[0]}”.")


@rule(
    "certainty-near",
    severity="warning",
    group=GROUP,
    summary="The very sentence before the citation has the words of its certainty.",
    reason="'It may help. It will not take the pain away.' is sure about the second half, and the evidence is not.",
    source=GRADE,
    hint=_CLAIM_HINT + " Leave it if this sentence only reports what a study counted.",
    bad="It may help pain. It will not take pain away. [@selvanathan2021cbti, low]",
    good="It may help pain. It may not take pain away. [@selvanathan2021cbti, low]",
)
def certainty_near(page: Page) -> Iterator[Finding]:
    for block in page.blocks:
        for mark, sentence, claim in _supported(block):
            if mark.certainty in _WORDS:
                pattern, words = _WORDS[mark.certainty]
                counted = _STATISTIC.search(sentence.text)
                if pattern.search(claim) and not pattern.search(sentence.text) and not counted:
                    yield Finding(mark.start, f"Only an earlier sentence of the claim has {words}.")


@rule(
    "citation-needed",
    group=GROUP,
    summary="Every paragraph, list item or table row with a statistic or a study carries a citation.",
    reason="A number without a source cannot be checked by the reader, the doctor or the next editor.",
    source="DISCERN items 4 and 5; JAMA benchmark 2 (attribution)",
    hint="Add [@key, certainty] after the sentence, or leave the number out.",
    bad="About 1 in 4 adults lives with chronic pain.",
    good="About 1 in 4 adults lives with chronic pain. [@lucas2024nchs, survey]",
)
def citation_needed(page: Page) -> Iterator[Finding]:
    lead: Block | None = None
    previous: Block | None = None
    for block in page.blocks:
        is_header = block.kind == "table" and (previous is None or previous.kind != "table")
        previous = block
        if block.kind != "item":
            lead = block if block.kind == "paragraph" else None
        # The items of a list may rest on the citation of the paragraph that leads into them.
        covered = block.citations or (block.kind == "item" and lead and lead.citations)
        if block.kind not in _NAMES or covered or is_header or block.within("questions", "care"):
            continue
        if match := _statistic_or_study(block):
            sentence, found = match
            index = block.source_index(sentence.start + found.start())
            yield Finding(index, f"“{found[0]}” needs a citation in the same {_NAMES[block.kind]}.")


def _statistic_or_study(block: Block) -> tuple[Sentence, re.Match[str]] | None:
    """The first sentence of a block that states a statistic or the result of a study, and the words that tell."""
    for sentence in block.sentences:
        if (
            sentence.text.endswith("?")
            or sentence.text.startswith("How to read this")
            or _OWN_LIMIT.search(sentence.text)
        ):
            continue
        match = _STATISTIC.search(sentence.text) or (block.kind != "table" and _RESEARCH.search(sentence.text))
        if match:
            return sentence, match
    return None


@rule(
    "testimonial",
    group=GROUP,
    summary="No page says that a treatment works because somebody said so.",
    reason="A story can weigh more with a reader than a trial, and proves nothing.",
    source="HON principle 5 (justifiability); DISCERN item 6",
    hint="Cite a study, or leave it out. Stories of living with pain are welcome where they claim no effect.",
    bad="She said the shots gave her relief in a week.",
    good="The shots may ease pain for a week. [@key, low]",
)
def testimonial(page: Page) -> Iterator[Finding]:
    for match in page.find(_TESTIMONIAL):
        yield match.finding(f"“{match.text}” claims an effect on somebody's word.")
