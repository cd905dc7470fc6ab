"""Safe messaging on suicide and self-harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.rules.model import Finding, Page, rule
from sitekit.source.rules.wordlist import WordList

GROUP = "Safe messaging on suicide"
GUIDES = "Recommendations for Reporting on Suicide; WHO guidance for media; Framework for Successful Messaging"

_WORDING = WordList(
    {
        r"commit(?:s|ted|ting)?\s+suicides?": "died by suicide, or: ended his or her life",
        r"complet(?:e|es|ed|ing)\s+suicides?": "died by suicide",
        r"(?:un)?successful(?:ly)?\s+(?:suicides?|(?:suicide\s+)?attempt\w*)": "died by suicide, or: suicide attempt",
        r"fail(?:ed|s|ing)?\s+(?:suicide\s+)?attempt\w*|failed\s+suicides?": "suicide attempt",
        r"suicides?\s+(?:epidemic|wave|spree)|epidemic\s+of\s+suicides?": "say how many, with a source",
        r"suicide\s+victims?|victims?\s+of\s+suicide": "person who died by suicide",
        r"suicide\s+(?:threat|gesture)s?|threaten\w*\s+suicide": "spoke of suicide",
        r"cry\s+for\s+help|attention[- ]seeking": "a sign that someone needs help",
    }
)
_METHOD = re.compile(
    r"\b(?:lethal|fatal|deadly)\s+(?:dos(?:e|es|age)|amounts?|quantit\w+|overdose\s+of)\b"
    r"|\boverdos(?:e|ed|es|ing)\s+(?:of|on|with)\s+(?:about\s+)?\d"
    r"|\b\d[\d,.]{0,12}\s{0,2}(?:mg|g|grams?|milligrams?|pills?|tablets?)\b[^.!?]{0,60}\b(?:kill|die|death|lethal|fatal)"
    r"|\b(?:kill|die|death|lethal|fatal)\w*\b[^.!?]{0,40}\b\d[\d,.]{0,12}\s{0,2}(?:mg|grams?|milligrams?|pills?|tablets?)\b"
    r"|\bhang(?:s|ed|ing)?\s+(?:him|her|your|them|one)sel(?:f|ves)\b|\bsuicide\s+by\s+(?!people|adults|men|women|veterans|age|the|county|state|year)\w+"
    r"|\b(?:jump(?:s|ed|ing)?)\s+(?:off|from)\s+(?:a|the)\s+(?:bridge|building|roof|cliff)\b"
    r"|\b(?:slit|cut)(?:s|ting)?\s+(?:his|her|their|your)\s+wrists?\b|\bcarbon\s+monoxide\b|\bsuicide\s+(?:note|method)s?\b",
    re.I,
)
NEEDS_988 = ("racine2018suicide", "kwon2023suicide")
_LINE_988 = re.compile(r"\b988\b")


@rule(
    "suicide-wording",
    group=GROUP,
    summary="Words on suicide neither blame nor praise.",
    reason="'Commit' speaks of a crime, 'successful' and 'failed' of a test, 'epidemic' of something that cannot be stopped. More than"
    " 50 studies link the way suicide is written about to risk.",
    source=GUIDES,
    hint="Use the plain words in the message. To name such words, put them in double quotation marks.",
    bad="Some people with pain commit suicide.",
    good="Some people with pain die by suicide. You can call or text 988 at any hour.",
)
def suicide_wording(page: Page) -> Iterator[Finding]:
    yield from _WORDING.findings(page, "blames, praises or alarms")


@rule(
    "suicide-method",
    group=GROUP,
    summary="No page gives a method, a place or a dose that can kill.",
    reason="Details of methods raise risk in people who are in danger already. Advice on safe storage is welcome.",
    source=GUIDES,
    hint="Leave the detail out. Say what keeps people safe and where to get help.",
    bad="A lethal dose can be as little as a few pills.",
    good="Lock up medicines, and take unused ones back to a pharmacy.",
)
def suicide_method(page: Page) -> Iterator[Finding]:
    for match in page.find(_METHOD):
        yield match.finding(f"“{match.text}” tells of a method or a dose.")


@rule(
    "suicide-988",
    group=GROUP,
    summary=f"Where a page cites {' or '.join(NEEDS_988)}, 988 stands in the same section.",
    reason="A reader at risk must not have to look for help after reading how common the danger is.",
    source=GUIDES,
    hint="Add 'You can [call or text 988](resource:988) at any hour.' to the same section.",
    bad="## Risk\n\nPeople with pain may be at higher risk of suicide. [@racine2018suicide, low]",
    good="## Risk\n\nPeople with pain may be at higher risk of suicide. [@racine2018suicide, low]\n\nYou can call or text 988.",
)
def suicide_988(page: Page) -> Iterator[Finding]:
    for blocks in page.sections.values():
        marks = [mark for block in blocks for mark in block.citations if set(mark.keys) & set(NEEDS_988)]
        if marks and not any(_LINE_988.search(block.text) for block in blocks):
            key = next(key for key in marks[0].keys if key in NEEDS_988)
            yield Finding(marks[0].start, f"The section cites {key} and does not show 988.")
