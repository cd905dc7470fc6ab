"""The cycle of pain, sleep, mood and activity, and five numbered places where it can be broken.

A loop of thread joins four words; arrows at both ends of each stretch say that either may affect the other. Where the thread can
be cut, a numbered bead sits in a gap. What each number means stands in a list below the drawing, written by an editor.
"""

from __future__ import annotations

import math
from html import escape

from sitekit.figures.svg import short

_WIDTH, _HEIGHT = 352.0, 432.0
_CENTER = (_WIDTH / 2, _HEIGHT / 2)
_RADII = (112.0, 168.0)
_PILL = (124.0, 50.0)
_BEAD = 18.0
_GAP, _HEAD = 6.0, 14.0

_WORDS = {"Pain": -90, "Sleep": 0, "Mood": 90, "Activity": 180}
"""Each word and its place on the loop, in degrees clockwise from the right."""

_BEADS = (-33, 33, 147, 213)
"""Where the loop can be cut; the fifth place is the middle of the straight thread between pain and mood."""


def cycle(labelled_by: str) -> str:
    """The drawing as SVG, named by the element with the id ``labelled_by``."""
    threads, heads = [], []
    for start, end in _stretches():
        points = [_on_loop(start + (end - start) * step / 12) for step in range(13)]
        threads.append(_line(points))
        heads.append(_head(points[1], points[0]) if _at_word(start) else "")
        heads.append(_head(points[-2], points[-1]) if _at_word(end) else "")
    x, y = _CENTER
    top, bottom = y - _RADII[1] + _PILL[1] / 2 + _GAP, y + _RADII[1] - _PILL[1] / 2 - _GAP
    threads += [_line([(x, top), (x, y - _BEAD - _GAP)]), _line([(x, y + _BEAD + _GAP), (x, bottom)])]
    heads += [_head((x, top + 1), (x, top)), _head((x, bottom - 1), (x, bottom))]
    shapes = [f'<path class="cycle__thread" d="{"".join(threads)}"/><path class="cycle__head" d="{"".join(heads)}"/>']
    shapes += [_pill(word, *_on_loop(angle)) for word, angle in _WORDS.items()]
    places = [*(_on_loop(angle) for angle in _BEADS), _CENTER]
    shapes += [_bead(number, *place) for number, place in enumerate(places, 1)]
    size = f"0 0 {short(_WIDTH)} {short(_HEIGHT)}"
    return f'<svg class="cycle" viewBox="{size}" role="img" aria-labelledby="{escape(labelled_by)}">{"".join(shapes)}</svg>'


def _on_loop(angle: float) -> tuple[float, float]:
    turn = math.radians(angle)
    return _CENTER[0] + _RADII[0] * math.cos(turn), _CENTER[1] + _RADII[1] * math.sin(turn)


def _inside_word(x: float, y: float) -> bool:
    """Whether a point lies in or within a gap of one of the words."""
    for angle in _WORDS.values():
        left, top = _on_loop(angle)
        if abs(x - left) < _PILL[0] / 2 + _GAP and abs(y - top) < _PILL[1] / 2 + _GAP:
            return True
    return False


def _free(angle: float) -> bool:
    """Whether the thread shows at an angle: neither a word nor a bead lies there."""
    x, y = _on_loop(angle)
    near_bead = any(math.dist((x, y), _on_loop(bead)) < _BEAD + _GAP for bead in _BEADS)
    return not near_bead and not _inside_word(x, y)


def _stretches() -> list[tuple[float, float]]:
    """The stretches of the loop that are free, as angles in quarter degrees."""
    found: list[tuple[float, float]] = []
    start: float | None = None
    for quarter in range(-90 * 4, 270 * 4 + 1):
        angle = quarter / 4
        if _free(angle):
            start = angle if start is None else start
        elif start is not None:
            found.append((start, angle - 0.25))
            start = None
    return found


def _at_word(angle: float) -> bool:
    return any(_inside_word(*_on_loop(angle + step)) for step in (-0.5, 0.5))


def _line(points: list[tuple[float, float]]) -> str:
    (x, y), *rest = points
    return f"M{short(x)} {short(y)}L" + " ".join(f"{short(x)} {short(y)}" for x, y in rest)


def _head(before: tuple[float, float], tip: tuple[float, float]) -> str:
    """A triangle that ends at ``tip`` and points away from ``before``."""
    turn = math.atan2(tip[1] - before[1], tip[0] - before[0])
    tip = (tip[0] + math.cos(turn) * _HEAD / 3, tip[1] + math.sin(turn) * _HEAD / 3)
    corners = [tip] + [
        (tip[0] + _HEAD * math.cos(turn + side), tip[1] + _HEAD * math.sin(turn + side)) for side in (2.6, -2.6)
    ]
    return _line(corners) + "z"


def _pill(word: str, x: float, y: float) -> str:
    width, height = _PILL
    box = f'x="{short(x - width / 2)}" y="{short(y - height / 2)}" width="{short(width)}" height="{short(height)}"'
    return (
        f'<rect class="cycle__pill" {box} rx="{short(height / 2)}"/>'
        f'<text class="cycle__word" x="{short(x)}" y="{short(y + 8)}">{escape(word)}</text>'
    )


def _bead(number: int, x: float, y: float) -> str:
    return (
        f'<circle class="cycle__bead" cx="{short(x)}" cy="{short(y)}" r="{short(_BEAD)}"/>'
        f'<text class="cycle__number" x="{short(x)}" y="{short(y + 7)}">{number}</text>'
    )
