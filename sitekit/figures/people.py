"""Icon arrays: so many small people of a whole, filled, in rows of ten.

A picture of every person, the counted and the others, is understood better than a number alone (CDC Clear Communication Index,
item 20). The counted are filled, the others outlines, so that the two differ without color.
"""

from __future__ import annotations

from sitekit.figures.svg import short

_PER_ROW = 10
_WIDTH, _HEIGHT = 10.0, 11.5
# A head and shoulders from the upper left corner of a cell, then on to the corner of the next. Relative, so that the same text
# repeats and compresses to almost nothing.
_PERSON = "m5 .9a1.9 1.9 0 1 0 .01 0zm-3 9.2v-1.6a3 3 0 0 1 6 0v1.6zm8-10.1"
_NEW_ROW = f"m-{short(_PER_ROW * _WIDTH)} {short(_HEIGHT)}"


def people(count: int, whole: int) -> str:
    """``count`` filled people of ``whole``, as SVG. Raises ValueError unless 0 <= count <= whole and whole > 0."""
    if not 0 <= count <= whole or not whole:
        raise ValueError(f"cannot draw {count} of {whole} people")
    rows = -(-whole // _PER_ROW)
    size = f"{short(min(whole, _PER_ROW) * _WIDTH)} {short(rows * _HEIGHT)}"
    paths = [
        f'<path class="people__{name}" d="{_crowd(first, last)}"/>'
        for name, first, last in (("counted", 0, count), ("others", count, whole))
        if last > first
    ]
    label = f"{count} filled of {whole} people"
    return f'<svg class="people" viewBox="0 0 {size}" role="img" aria-label="{label}">{"".join(paths)}</svg>'


def _crowd(first: int, last: int) -> str:
    """The people from number ``first`` up to, without, ``last`` as one path."""
    row, column = divmod(first, _PER_ROW)
    parts = [f"M{short(column * _WIDTH)} {short(row * _HEIGHT)}"]
    for number in range(first, last):
        parts.append(_PERSON)
        if number + 1 < last and (number + 1) % _PER_ROW == 0:
            parts.append(_NEW_ROW)
    return "".join(parts)
