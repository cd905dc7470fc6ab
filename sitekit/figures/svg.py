"""What every drawing needs: numbers as short text."""

from __future__ import annotations


def short(number: float) -> str:
    """A coordinate with at most two decimals and no superfluous zeros: ``12``, ``0.5``, ``33.33``."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
