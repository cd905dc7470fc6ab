"""One fixed way to measure how hard a page is to read, so that figures can be compared between pages and over time.

Published meters put the same page anywhere from grade 4 to grade 12, so the method matters more than the number:

- Text: paragraphs and list items as :mod:`sitekit.source.plaintext` gives them. Headings, tables, code, citations and
  link targets are left out. A list item counts as a sentence, or as several if it holds several.
- A word is what stands between spaces, if it holds a letter or a digit (Flesch 1948); "long-term" is one word.
- Syllables: the shortest pronunciation in the Carnegie Mellon Pronouncing Dictionary; for words it lacks, vowel groups;
  abbreviations in capitals letter by letter; a number in digits counts one syllable.
- "Adjusted": names of medicines and therapies that the glossary explains count two syllables a word at most, because a
  reader meets them again and again and no plainer word exists. Both figures are always given.

Formulas: Flesch 1948 (reading ease), Kincaid 1975 (grade), McLaughlin 1969 (SMOG, validated on 30 sentences). A figure is a
guard against getting worse, never proof that a page is clear.
"""

from __future__ import annotations

from sitekit.source.readability.meter import (
    LONGEST_SENTENCE,
    MEAN_SENTENCE,
    PAGE_GRADE,
    PAGE_GRADE_LIMIT,
    SHORT_GRADE,
    HardSentence,
    PageReadability,
    Readability,
    measure,
    measure_page,
)
from sitekit.source.readability.passive import is_passive, passive_words
from sitekit.source.readability.syllables import syllables
from sitekit.source.readability.terms import Terms, default_terms, glossary_rows, load_terms

__all__ = [
    "LONGEST_SENTENCE",
    "MEAN_SENTENCE",
    "PAGE_GRADE",
    "PAGE_GRADE_LIMIT",
    "SHORT_GRADE",
    "HardSentence",
    "PageReadability",
    "Readability",
    "Terms",
    "default_terms",
    "glossary_rows",
    "is_passive",
    "load_terms",
    "measure",
    "measure_page",
    "passive_words",
    "syllables",
]
