"""One bar of a bar chart, with the interval around its end.

Label and value are text beside the bar, not in it: they wrap, grow with the reader's font and never run into each other.
The drawing is 100 wide and stretched to the line, so a length is a share of the axis.
"""

from __future__ import annotations

from html import escape

from sitekit.figures.svg import short

_HEIGHT = 10


def bar(value: float, most: float, interval: tuple[float, float] | None, label: str) -> str:
    """A bar from 0 to ``value`` on an axis from 0 to ``most``, as SVG; ``label`` says the same in words.

    Raises ValueError unless 0 <= low <= value <= high <= most.
    """
    low, high = interval or (value, value)
    if not 0 <= low <= value <= high <= most or not most:
        raise ValueError(f"cannot draw {value} ({low} to {high}) on an axis of {most}")
    shapes = [
        f'<path class="bar__track" d="M0 0h100v{_HEIGHT}H0z"/>',
        f'<path class="bar__value" d="M0 0h{short(100 * value / most)}v{_HEIGHT}H0z"/>',
    ]
    if interval:
        left, right = short(100 * low / most), short(100 * high / most)
        line = f"M{left} 2v6m0-3H{right}m0-3v6"
        shapes += [f'<path class="bar__{name}" d="{line}"/>' for name in ("halo", "interval")]
    size = f"0 0 100 {_HEIGHT}"
    return (
        f'<svg class="bar" viewBox="{size}" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f"{''.join(shapes)}</svg>"
    )
