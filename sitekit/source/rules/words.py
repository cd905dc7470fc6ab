"""Words that hurt, promise too much or are hard to understand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.rules.model import Finding, Page, rule
from sitekit.source.rules.wordlist import NAMED, WordList

GROUP = "Words"


_STIGMA = WordList(
    {
        r"addicts?|junkies?|junky": "a person with a substance use disorder",
        r"alcoholics?(?!\s+Anonymous)": "a person with alcohol use disorder",
        r"(?:drug|substance|opioid|alcohol)\s+abuser?s?(?!\s+and\s+Mental\s+Health\s+Services)|abusers?": "use disorder, or: misuse",
        r"suffer(?:s|ed|ing|ers?)?\s+(?:from|with)|(?:pain|chronic\s+pain|depression|migraine)\s+sufferers?": "have, or: live with",
        r"mentally\s+ill|the\s+mentally\s+\w+|mental\s+(?:patients?|cases?)": "a person with a mental health condition",
        r"schizophrenics?|psychotics?|manic[- ]depressives?|depressives": "a person with the condition",
        r"insane|lunatics?|psychos?|crazy|nutcase|madness": "say what happens, in plain words",
        r"afflicted\s+(?:with|by)|stricken\s+(?:with|by)|victims?\s+of\s+(?:pain|depression|illness)": "have, or: live with",
        r"wheelchair[- ]bound|confined\s+to\s+a\s+wheelchair|the\s+disabled|cripple\w*": "uses a wheelchair; disabled people",
        r"non-?complian(?:t|ce)|drug[- ]seek(?:ing|ers?)|frequent\s+flyers?|malinger\w*": "say what happened, without blame",
        r"(?:patients?|people|who)\s+fail(?:s|ed|ing)?\s+(?:treatment|therapy|medicines?|to\s+respond)": "the treatment did not help",
        r"(?:pain|chronic\s+pain)\s+patients": "people with pain",
        r"the\s+elderly|old\s+folks": "older adults",
        r"clean\s+(?:and\s+sober|urine)|dirty\s+urine": "not using drugs; a negative or positive test",
        r"complain(?:s|ed|ing)?\s+of\s+pain": "say that they have pain, or: report pain",
    }
)


@rule(
    "stigma",
    group=GROUP,
    summary="A person is never a condition, and is never blamed.",
    reason="Words such as 'addict' and 'suffering from' can shame readers and keep them from asking for help.",
    source="NHS content guide; VA content guide (person-first language); NIDA, Words Matter; PIF TICK criterion 6",
    hint="Put the person first, and say what is so without judging.",
    bad="Many sufferers of pain fear to be seen as an addict.",
    good="Many people with pain fear to be seen as a person who misuses drugs.",
)
def stigma(page: Page) -> Iterator[Finding]:
    yield from _STIGMA.findings(page, "hurts or blames")


_HYPE = re.compile(
    r"\bcur(?:e|es|ed|ing)\b|\bbreakthroughs?\b|\bmirac(?:le|les|ulous\w*)\b|\b(?:clinically\s+|scientifically\s+)?proven\b"
    r"|\brevolutionary\b|\bgame[- ]chang\w+|\bguarantee\w*|\b(?:completely|totally|perfectly|100%)\s+safe\b"
    r"|\b(?:is|are|as|both|was|were)\s+(?:very\s+|quite\s+|generally\s+)?safe\b|\bsafe\s+and\s+effective\b|\bsafely\s+(?:treats?|cures?)\b"
    r"|\brisk[- ]free\b|\bno\s+side[- ]effects\b|\bwithout\s+(?:any\s+)?(?:risks?|side[- ]effects)\b|\bwonder\s+drugs?\b|\bcutting[- ]edge\b"
    r"|\bbest\s+(?:clinic|doctor|treatment)s?\s+in\b|\bworld[- ]class\b",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:no|not|never|nor|neither|cannot|can[’']t|isn[’']t|aren[’']t|doesn[’']t|don[’']t|nothing|without|rarely|if|whether|how|until|when|where|while"
    r"|promises?|claims?|beware|unless|so\s+that)\b[^.!?;]{0,60}$",
    re.I,
)


@rule(
    "hype",
    group=GROUP,
    summary="No cure, breakthrough, miracle or proof is promised, and nothing is called safe.",
    reason="Readers in pain are offered miracles every day. Every treatment has risks, and few things are proven.",
    source="DISCERN item 6; FTC, Health Products Compliance Guidance",
    hint=f"Say how many people it helps, how much, and how sure we are. {NAMED}",
    bad="This breakthrough is safe and proven.",
    good="It may help a little. We do not know how safe it is over years, and it is not a cure.",
)
def hype(page: Page) -> Iterator[Finding]:
    for match in page.find(_HYPE, skip_quotes=True):
        if not match.sentence.text.endswith("?") and not _DENIED.search(match.before):
            yield match.finding(f"“{match.text}” promises too much.")


_SHOULD = re.compile(r"\b(?:should(?:n[’']t)?|ought\s+to|have\s+got\s+to)\b", re.I)


@rule(
    "should",
    severity="warning",
    group=GROUP,
    summary="'Should' and 'ought to' are rare.",
    reason="'You should' sounds like blame to a reader who cannot, and leaves open whether it is an order or advice.",
    source="NHS content guide (avoid 'should')",
    hint="Write the step itself ('Call your doctor'), or 'you can', 'it helps to', 'the law says'.",
    bad="You should walk every day.",
    good="Try a short walk every day.",
)
def should(page: Page) -> Iterator[Finding]:
    for match in page.find(_SHOULD, skip_quotes=True):
        if not match.sentence.text.endswith("?"):
            yield match.finding(f"“{match.text}” sounds like an order or like blame.")


_METAPHORS = WordList(
    {
        r"battl(?:e|es|ed|ing)|fight(?:s|ing)?\s+(?:(?:with|against|your|the|off)\s+)*(?:pain|depression|anxiety)": "live with, or: treat",
        r"(?:your|a|the|healing|pain|recovery)\s+journeys?": "say what happens, step by step",
        r"tool\s?(?:box|kit)s?": "things you can try",
        r"road\s?maps?|road\s+to\s+recovery": "plan",
        r"war\s+on|warriors?|conquer\w*|defeat\w*\s+(?:pain|depression)": "treat, or: live with",
        r"roller\s?-?coasters?|vicious\s+(?:cycle|circle)s?": "say what follows from what",
        r"(?:silver|magic)\s+bullets?|holy\s+grail": "one answer for everyone",
        r"light\s+at\s+the\s+end|tip\s+of\s+the\s+iceberg|double-?edged\s+sword|uphill\s+\w+": "say it in plain words",
        r"ton\s+of\s+bricks|black\s+(?:dog|hole|cloud)s?|drowning\s+in": "say how it feels, in plain words",
        r"unlock\w*|empower(?:s|ed|ing)?(?!\s+Relief)|holistic(?:ally)?|wellness\s+\w+": "say what it does",
    },
    names_pass=True,
)


@rule(
    "metaphor",
    severity="warning",
    group=GROUP,
    summary="Words mean what they say: no battles, journeys or toolboxes.",
    reason="Metaphors are harder to understand with brain fog or in a second language, and 'battle' makes losers of those who hurt.",
    source="COGA pattern 'Use literal language'; NHS content guide",
    hint="Say it in plain words.",
    bad="Your pain journey is a battle.",
    good="Living with pain takes time and effort.",
)
def metaphor(page: Page) -> Iterator[Finding]:
    yield from _METAPHORS.findings(page, "is a metaphor")


_DOUBLE_NEGATIVE = re.compile(
    r"\bnot\s+(?:un(?!der|til|less|ion|ique|it|iform|iversal)\w{3,}|impossible|infrequent\w*|insignificant|without|never|nothing)\b"
    r"|\b(?:never|cannot|can[’']t|don[’']t|do\s+not|does\s+not)\s+(?:not|without|never|nothing|no\s+one)\b",
    re.I,
)


@rule(
    "double-negative",
    severity="warning",
    group=GROUP,
    summary="No double negatives.",
    reason="A reader has to turn the sentence around to understand it.",
    source="COGA pattern 'Use literal language', which names double negatives",
    hint="Say it the positive way: 'common' for 'not uncommon'.",
    bad="Side effects are not uncommon.",
    good="Side effects are common.",
)
def double_negative(page: Page) -> Iterator[Finding]:
    for match in page.find(_DOUBLE_NEGATIVE, skip_quotes=True):
        yield match.finding(f"“{match.text}” is a double negative.")


_PLAIN = WordList(
    {
        r"utili[sz](?:e|es|ed|ing|ation)": "use",
        r"administer(?:s|ed|ing)?": "give",
        r"physicians?": "doctor",
        r"prior\s+to": "before",
        r"in\s+order\s+to": "to",
        r"due\s+to\s+the\s+fact\s+that": "because",
        r"adverse\s+(?:events?|effects?|reactions?)": "side effects",
        r"contra-?indicat\w+": "not for people who",
        r"efficac(?:y|ious)": "how well it works",
        r"etiolog\w+|pathophysiolog\w+": "cause",
        r"comorbid\w*": "both at once",
        r"exacerbat(?:e|es|ed|ing|ions?)": "make worse; flare-up",
        r"alleviat(?:e|es|ed|ing)|ameliorat(?:e|es|ed|ing)": "ease",
        r"modalit(?:y|ies)|interventions?": "treatment",
        r"sub-?sequent(?:ly)?": "later, after",
        r"initiat(?:e|es|ed|ing)|commenc(?:e|es|ed|ing)": "start",
        r"terminat(?:e|es|ed|ing)|discontinu(?:e|es|ed|ing)": "stop",
        r"sufficient(?:ly)?": "enough",
        r"approximately": "about",
        r"facilitat(?:e|es|ed|ing)": "help",
        r"monotherapy|polypharmacy": "one medicine; many medicines",
        r"ambulat(?:e|es|ory|ion)": "walk; outside the hospital",
    },
    names_pass=True,
)


@rule(
    "plain-word",
    severity="warning",
    group=GROUP,
    summary="The everyday word comes first.",
    reason="A plain word is quick to read, and more people know it.",
    source="PEMAT-P item U3; CDC, Everyday Words for Public Health Communication; EQIP item 25",
    hint="Use the everyday word.",
    bad="Utilize heat prior to activity.",
    good="Use heat before you are active.",
)
def plain_word(page: Page) -> Iterator[Finding]:
    yield from _PLAIN.findings(page, "has a plainer word")


_PATIENTS = re.compile(
    r"\b(?:patients?|sufferers?|individuals?)\s+(?:should|must|need\s+to|can|are\s+(?:advised|encouraged)|may\s+want)\b",
    re.I,
)


@rule(
    "speak-to-reader",
    severity="warning",
    group=GROUP,
    summary="The page speaks to the reader as 'you'.",
    reason="'Patients should' is about somebody else.",
    source="PEMAT-P item A21; EQIP item 28",
    hint="Write 'you', or the step itself.",
    bad="Patients can ask for a copy.",
    good="You can ask for a copy.",
)
def speak_to_reader(page: Page) -> Iterator[Finding]:
    for match in page.find(_PATIENTS, skip_quotes=True):
        yield match.finding(f"“{match.text}” does not speak to the reader.")
