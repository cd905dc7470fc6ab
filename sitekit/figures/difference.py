"""One row of a chart of differences: a result and its likely range on both sides of a line that means "no difference".

The axis is as long to the left as to the right, so the line of no difference stands in the middle of every row, and rows can be
compared by eye. It is dashed, the result is a block and the range a line with ends: the three differ without color. Like the
bars beside which it may stand, the drawing is 100 wide and stretched to the line. The ends of the range are shorter than the
dashes, which show above and below an end that comes close.
"""

from __future__ import annotations

from html import escape

from sitekit.figures.svg import short

_HEIGHT = 10
_BLOCK = 2.0
_DASHES = "v2m0 2v2m0 2v2"


def difference(value: float, most: float, interval: tuple[float, float], label: str) -> str:
    """``value`` and its ``interval`` on an axis from ``-most`` to ``most``, as SVG; ``label`` says the same in words.

    Raises ValueError unless -most <= low <= value <= high <= most and most > 0.
    """
    low, high = interval
    if not -most <= low <= value <= high <= most or most <= 0:
        raise ValueError(f"cannot draw {value} ({low} to {high}) on an axis from {-most} to {most}")
    left, middle, right = (50 + 50 * number / most for number in (low, value, high))
    line = f"M{short(left)} 3v4m0-2H{short(right)}m0-2v4"
    shapes = [
        f'<path class="bar__track" d="M0 0h100v{_HEIGHT}H0z"/>',
        f'<path class="bar__halo" d="{line}"/>',
        f'<path class="bar__interval" d="M50 0{_DASHES}"/>',
        f'<path class="bar__interval" d="{line}"/>',
        f'<path class="bar__value" d="M{short(middle - _BLOCK / 2)} 2h{short(_BLOCK)}v6h-{short(_BLOCK)}z"/>',
    ]
    return (
        f'<svg class="bar" viewBox="0 0 100 {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{"".join(shapes)}</svg>'
    )


def sides(below: str, above: str) -> str:
    """What the two sides of the line mean, as HTML for the line under a drawing: ``← less pain`` and ``more pain →``."""
    return (
        f'<span><span aria-hidden="true">← </span>{escape(below)}</span> '
        f'<span>{escape(above)}<span aria-hidden="true"> →</span></span>'
    )
