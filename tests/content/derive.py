"""Whether a number on a page follows from a figure in its source, by rounding or by another way to write it.

Allowed, and nothing else: digits for a number word; a percentage as a count out of 10, 20 or 100 or as "1 in N"; a whole
number for a decimal; a simple fraction in words for the nearest percentage; the sum of counts that the source lists; the same
for both ends of a range. Halves round up.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

WORDS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"twice": 2}
FRACTIONS = {
    "one tenth": Fraction(1, 10), "one fifth": Fraction(1, 5), "one quarter": Fraction(1, 4), "one third": Fraction(1, 3),
    "one half": Fraction(1, 2), "half": Fraction(1, 2), "halved": Fraction(1, 2),
}  # fmt: skip
_COUNT = re.compile(
    r"(?:(?P<fewer>fewer than) )?(?P<low>\d+)(?: to (?P<high>\d+))? (?:in|of) (?P<whole>\d+)", re.IGNORECASE
)
_VALUE = re.compile(r"(?<![\w.])(?P<digits>\d(?:[\d,]*\d)?(?:\.\d+)?)(?P<percent>%?)")


def stands(figure: str, text: str) -> bool:
    """Whether a figure stands in a text as it is: not as a part of a longer number, of a name or of a citation key."""
    end = "" if figure.endswith("%") else r"(?![\w%]|[.,]\d)"
    return re.search(rf"(?<![\w.,@])(?<![A-Za-z]-){re.escape(figure)}{end}", text) is not None


def stands_with(figure: str, unit: str, text: str) -> bool:
    """Whether a figure stands in a text with a unit after it: ``12`` and ``week`` in "12 weeks" or "12-week"."""
    return re.search(rf"(?<![\w.,@]){re.escape(figure)}[ -]{unit}", text) is not None


def follows(number: str, figure: str) -> bool:
    """Whether ``number``, as a page shows it, is ``figure`` rounded or written otherwise."""
    plain, values = number.casefold().replace("-", " "), _values(figure)
    if plain in FRACTIONS and len(values) == 1 and "%" in figure:
        gap = {name: abs(share - Fraction(values[0]) / 100) for name, share in FRACTIONS.items()}
        return gap[plain] == min(gap.values())
    if count := _COUNT.fullmatch(plain):
        return bool(values) and "%" in figure and _counts(count, values)
    shown = _values(plain)
    if "%" in number or not shown:
        return False
    if len(shown) == 1 and len(values) > 1:
        return shown[0] == sum(values)
    if len(shown) != len(values):
        return False
    return all(one == other or one == _whole(other) for one, other in zip(shown, values, strict=True))


def _values(text: str) -> list[Decimal]:
    """The numbers of a figure in digits or words."""
    found = [Decimal(match["digits"].replace(",", "")) for match in _VALUE.finditer(text)]
    return found or [Decimal(WORDS[word]) for word in re.findall(r"[a-z]+", text.casefold()) if word in WORDS]


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _counts(count: re.Match[str], percents: list[Decimal]) -> bool:
    whole, bounds = int(count["whole"]), [int(bound) for bound in (count["low"], count["high"]) if bound]
    if count["fewer"]:
        return all(percent * whole / 100 < bounds[0] for percent in percents)
    if len(bounds) != len(percents):
        return False
    if bounds == [1] and whole not in (10, 100):
        return percents[0] > 0 and _whole(100 / percents[0]) == whole
    return all(_whole(percent * whole / 100) == bound for bound, percent in zip(bounds, percents, strict=True))
