"""Figures in Markdown: what an editor writes between the marks, made into a drawing with its words around it.

The drawing comes from sitekit.figures, the frame from a macro of the theme. Citations of a chart come from its data file, and are
put into the Markdown before it is parsed, so that they are numbered with all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

from sitekit.figures.bars import bar
from sitekit.figures.cycle import cycle
from sitekit.figures.difference import difference, sides
from sitekit.figures.people import people
from sitekit.markup.context import Context
from sitekit.source.charts import PERCENT, Bar, Chart
from sitekit.source.figures import Share, read_share

_DRAWINGS = {"cycle": cycle}


@dataclass(frozen=True, slots=True)
class DrawnShare:
    """One icon array and what it counts."""

    share: Share
    svg: Markup


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One bar: its data, the value for the eye ("about 39 in 100") and for the table ("39.3%"), the interval in words.

    ``svg`` is the drawing, and below the last difference of a group what its two sides mean."""

    bar: Bar
    about: str
    exact: str
    interval: str
    svg: Markup


def prepare(context: Context, name: str, argument: str, inside: str) -> str:
    """The Markdown of a figure without the lines that are data, and with the citations that its data calls for."""
    if name == "icons":
        return "\n".join(line for line in inside.split("\n") if read_share(line) is None)
    chart = context.charts.get(argument) if name == "chart" else None
    if chart:
        return f"{inside}\n\nSource: {' '.join(chart.citations)}"
    return inside


def render(
    context: Context,
    number: int,
    name: str,
    argument: str,
    caption: str,
    how_to_read: Markup,
    html: Markup,
    inside: str,
) -> str:
    """The finished HTML of one figure. ``inside`` is what the editor wrote, ``html`` what :func:`prepare` left of it.

    A chart or drawing that does not exist gives nothing: the checks have reported it, and nothing will be written.
    """
    frame = {"id": f"figure-{number}", "caption": caption, "how_to_read": how_to_read, "html": html}
    if name == "icons":
        shares = [share for line in inside.split("\n") if (share := read_share(line))]
        drawn = [
            DrawnShare(share, Markup(people(share.count, share.whole)))
            for share in shares
            if share.count <= share.whole
        ]
        return context.render("icons", shares=drawn, **frame)
    if name == "chart":
        chart = context.charts.get(argument)
        return context.render("chart", heads=chart.heads, groups=_groups(chart), **frame) if chart else ""
    if argument not in _DRAWINGS:
        return ""
    return context.render("drawing", svg=Markup(_DRAWINGS[argument](f"figure-{number}")), **frame)


def _groups(chart: Chart) -> list[tuple[str, list[DrawnBar]]]:
    """The bars under their group names, in the order of the file."""
    groups: dict[str, list[Bar]] = {}
    for one in chart.bars:
        groups.setdefault(one.group, []).append(one)
    if chart.sides:
        return [
            (name, [_draw_difference(one, chart, one is bars[-1]) for one in bars]) for name, bars in groups.items()
        ]
    return [(name, [_draw(one, chart) for one in bars]) for name, bars in groups.items()]


def _draw(one: Bar, chart: Chart) -> DrawnBar:
    exact = _amount(one.value, chart.unit)
    interval = f"{_amount(one.low, chart.unit)} to {_amount(one.high, chart.unit)}" if one.low else ""
    about = _about(one.value) if chart.unit == PERCENT else exact
    ends = (float(one.low), float(one.high)) if one.low else None
    label = f"{exact}, likely range {interval}" if interval else exact
    return DrawnBar(one, about, exact, interval, Markup(bar(float(one.value), chart.most, ends, label)))


def _draw_difference(one: Bar, chart: Chart, last: bool) -> DrawnBar:
    """A difference in words without signs. One whose interval holds 0 may be none, and says so where readers look first."""
    exact = _on_side(one.value, chart)
    clear = Decimal(one.low) * Decimal(one.high) > 0
    if clear:
        near, far = sorted((one.low, one.high), key=lambda number: abs(Decimal(number)))
        interval = f"{near.lstrip('-')} to {_on_side(far, chart)}"
    else:
        interval = f"{_on_side(one.low, chart)} to {_on_side(one.high, chart)}"
    ends = (float(one.low), float(one.high))
    drawing = difference(float(one.value), chart.most, ends, f"{exact}, likely range {interval}")
    about = exact if clear or not Decimal(one.value) else f"{exact}, or none"
    return DrawnBar(one, about, exact, interval, Markup(drawing + (sides(*chart.sides) if last else "")))


def _on_side(number: str, chart: Chart) -> str:
    """A difference without its sign: ``15.8 points less pain``."""
    if not Decimal(number):
        return "no difference"
    return f"{number.lstrip('-')} {chart.unit} {chart.sides[Decimal(number) > 0]}"


def _about(percent: str) -> str:
    """A percentage as people of 100, in whole numbers."""
    whole = Decimal(percent).quantize(Decimal(1), ROUND_HALF_UP)
    return f"about {whole} in 100" if whole or not Decimal(percent) else "fewer than 1 in 100"


def _amount(number: str, unit: str) -> str:
    return f"{number}%" if unit == PERCENT else f"{number} {unit}"
