"""Numbers that readers can see before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.rules.model import Finding, Page, rule

GROUP = "Numbers"
_COUNT = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|none|most|few|some)"
_PERCENT = re.compile(r"\d[\d,.]{0,12}\s{0,2}(?:%|percent\b|per\s+cent\b)", re.I)
_IN_WORDS = re.compile(
    rf"\b{_COUNT}\s+(?:people\s+|adults\s+)?(?:in|out\s+of|of)\s+(?:every\s+)?\d|\bhal(?:f|ves)\b"
    r"|\b(?:a|one|two|three|1|2|3)[\s-]+(?:third|quarter|fifth|tenth|half)s?\b",
    re.I,
)
_FRACTION = re.compile(
    r"\b\d+\s+(?:in|out\s+of)\s+(?:every\s+)?(?P<of>(?!(?:19|20)\d\d\b)\d[\d,]*)\b(?!\s*(?:%|percent|years?|months?|weeks?|days?))",
    re.I,
)
_RANGE = re.compile(r"(?<![\w.:/-])(?!\d{3}-\d{4}\b)\d[\d,.]{0,12}\s?[-–]\s?\d[\d,.]{0,12}(?![\w:/-])")
_SUM = re.compile(
    r"\b(?:multiply|subtract|divide)\b|\badd\s+(?:up|them\s+up|together|the\s+(?:numbers|scores|points))\b", re.I
)


@rule(
    "bare-percentage",
    group=GROUP,
    summary="A percentage stands beside words such as 'about 1 in 4'.",
    reason="A reader can picture 1 in 4 people, and cannot picture 24.3%.",
    source="NHS content guide ('1 in 7', not '14.3%'); CDC Clear Communication Index items 15, 16 and 20; PEMAT-P item U6",
    hint="Write 'about 1 in 4 (24.3%)' in the same sentence.",
    bad="In 2023, 24.3% of adults had chronic pain. [@lucas2024nchs, survey]",
    good="In 2023, about 1 in 4 adults (24.3%) had chronic pain. [@lucas2024nchs, survey]",
)
def bare_percentage(page: Page) -> Iterator[Finding]:
    in_words: dict[str, bool] = {}
    for match in page.find(_PERCENT):
        sentence = match.sentence.text
        if sentence not in in_words:
            in_words[sentence] = bool(_IN_WORDS.search(sentence))
        if not in_words[sentence]:
            yield match.finding(f"“{match.text}” stands without words such as 'about 1 in 4'.")


@rule(
    "mixed-denominators",
    severity="warning",
    group=GROUP,
    summary="A section, and where possible a page, counts in one measure: all in 10, or all in 100.",
    reason="'1 in 4' beside '15 in 100' makes readers calculate, and the larger number can look like the larger risk.",
    source="NHS content guide; PEMAT-P item U7; CDC Clear Communication Index item 17",
    hint="Use the same 'in 10' or 'in 100' for numbers that a reader may compare.",
    bad="## Risk\n\nAbout 1 in 4 felt sick. About 15 in 100 felt dizzy. [@key]",
    good="## Risk\n\nAbout 25 in 100 felt sick. About 15 in 100 felt dizzy. [@key]",
)
def mixed_denominators(page: Page) -> Iterator[Finding]:
    first = ""
    seen: set[str] = set()
    for match in page.find(_FRACTION):
        whole = match.match["of"]
        first = first or whole
        if whole != first and whole not in seen:
            seen.add(whole)
            yield match.finding(f"“{match.text}” on a page that also counts in {first}.")


@rule(
    "number-range",
    severity="warning",
    group=GROUP,
    summary="A range is written with 'to'.",
    reason="A screen reader may read '3-5' as 'three minus five', or as a date.",
    source="NHS content guide",
    hint="Write '3 to 5'.",
    bad="Try it for 3-5 days.",
    good="Try it for 3 to 5 days.",
)
def number_range(page: Page) -> Iterator[Finding]:
    for match in page.find(_RANGE):
        yield match.finding(f"“{match.text}” is a range with a dash.")


@rule(
    "calculation",
    severity="warning",
    group=GROUP,
    summary="Readers are never asked to calculate.",
    reason="Sums are hard with little sleep, and a wrong sum can do harm.",
    source="PEMAT-P item U7; CDC Clear Communication Index item 17; COGA: do not rely on calculation",
    hint="Give the result, or a table to read it from.",
    bad="Add up the numbers and divide by 3.",
    good="Find your answer in the table.",
)
def calculation(page: Page) -> Iterator[Finding]:
    for match in page.find(_SUM):
        yield match.finding(f"“{match.text}” asks the reader to calculate.")
