"""The drawings: what they show, and that they are well-formed SVG with nothing but shapes and classes."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from sitekit.figures.bars import bar
from sitekit.figures.cycle import cycle
from sitekit.figures.difference import difference, sides
from sitekit.figures.people import people
from sitekit.figures.svg import short

ATTRIBUTES = {
    "class",
    "d",
    "viewBox",
    "role",
    "aria-label",
    "aria-labelledby",
    "preserveAspectRatio",
    "x",
    "y",
    "width",
    "height",
    "rx",
    "cx",
    "cy",
    "r",
}


def heads(path: str) -> list[tuple[float, float]]:
    """Where each person of a crowd stands: the corner from which its strokes are drawn."""
    found, x, y = [], 0.0, 0.0
    for command, numbers in re.findall(r"([Mm])([-\d. ]+)|[A-Za-z][-\d. ]*", path):
        if command:
            values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
            if command == "m" and values == [5, 0.9]:
                found.append((round(x - 5, 2), round(y - 0.9, 2)))
    return found


@pytest.mark.parametrize(
    "drawing",
    [
        people(24, 100),
        bar(39.3, 100, (37.3, 41.1), "39.3%"),
        difference(-15.8, 40, (-32.1, 0.5), "15.8 points less pain"),
        cycle("caption"),
    ],
)
def test_a_drawing_is_named_and_leaves_color_to_the_style_sheet(drawing: str) -> None:
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img"
    assert root.get("aria-label") or root.get("aria-labelledby")
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
    assert all(element.get("class") for element in root.iter())


@pytest.mark.parametrize(("count", "whole"), [(24, 100), (0, 10), (10, 10), (13, 20), (1, 1), (20, 50)])
def test_as_many_people_are_drawn_as_there_are_each_in_a_place_of_its_own(count: int, whole: int) -> None:
    root = ElementTree.fromstring(people(count, whole))
    crowds = {path.get("class"): heads(path.get("d")) for path in root}
    counted, others = crowds.get("people__counted", []), crowds.get("people__others", [])
    assert (len(counted), len(others)) == (count, whole - count)
    assert counted + others == [(number % 10 * 10.0, number // 10 * 11.5) for number in range(whole)]
    _, _, width, height = map(float, root.get("viewBox").split())
    assert all(x + 10 <= width and y + 11.5 <= height for x, y in counted + others)


@pytest.mark.parametrize(("count", "whole"), [(-1, 10), (11, 10), (0, 0)])
def test_more_people_than_there_are_cannot_be_drawn(count: int, whole: int) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        people(count, whole)


def test_a_bar_is_as_long_as_its_share_of_the_axis() -> None:
    paths = {path.get("class"): path.get("d") for path in ElementTree.fromstring(bar(12.5, 50, None, "x"))}
    assert paths == {"bar__track": "M0 0h100v10H0z", "bar__value": "M0 0h25v10H0z"}


def test_the_interval_runs_from_its_low_to_its_high_end() -> None:
    paths = {path.get("class"): path.get("d") for path in ElementTree.fromstring(bar(39.3, 100, (37.3, 41.1), "x"))}
    assert paths["bar__interval"] == paths["bar__halo"] == "M37.3 2v6m0-3H41.1m0-3v6"


def test_the_label_of_a_bar_is_escaped() -> None:
    assert ElementTree.fromstring(bar(1, 2, None, 'a "b" <c>')).get("aria-label") == 'a "b" <c>'


@pytest.mark.parametrize(
    ("value", "most", "interval"), [(51, 50, None), (10, 50, (11, 12)), (10, 50, (5, 60)), (-1, 50, None), (0, 0, None)]
)
def test_a_value_outside_its_axis_or_interval_cannot_be_drawn(
    value: float, most: float, interval: tuple[float, float] | None
) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        bar(value, most, interval, "x")


def strokes(path: str) -> list[tuple[float, float]]:
    """The points at which the lines of a path begin and end."""
    found, x, y = [], 0.0, 0.0
    for command, text in re.findall(r"([MmvhH])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]
        if command in "Mm":
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
        elif command == "v":
            found.append((x, y))
            y += values[0]
        else:
            found.append((x, y))
            x = values[0] if command == "H" else x + values[0]
        if command not in "Mm":
            found.append((x, y))
    return found


@pytest.mark.parametrize(
    ("value", "interval", "places"),
    [
        (-15.8, (-32.1, 0.5), (9.88, 30.25, 50.62)),
        (0, (-40, 40), (0, 50, 100)),
        (20, (10, 30), (62.5, 75, 87.5)),
        (-20, (-30, -10), (12.5, 25, 37.5)),
    ],
)
def test_a_difference_stands_on_its_side_of_the_middle(
    value: float, interval: tuple[float, float], places: tuple[float, float, float]
) -> None:
    root = ElementTree.fromstring(difference(value, 40, interval, "x"))
    lines = [strokes(path.get("d")) for path in root if path.get("class") == "bar__interval"]
    (block,) = [strokes(path.get("d")) for path in root if path.get("class") == "bar__value"]
    no_difference, likely = lines
    assert {x for x, _ in no_difference} == {50}
    assert (min(y for _, y in no_difference), max(y for _, y in no_difference)) == (0, 10)
    middle = sum(x for x, _ in block[1:3]) / 2 - 1
    found = (min(x for x, _ in likely), round(middle, 2), max(x for x, _ in likely))
    assert found == pytest.approx(places, abs=0.01)


def test_the_dashes_of_no_difference_show_beyond_an_end_that_comes_close() -> None:
    root = ElementTree.fromstring(difference(-1, 40, (-2, 0), "x"))
    no_difference, likely = (strokes(path.get("d")) for path in root if path.get("class") == "bar__interval")
    assert min(y for _, y in likely) > min(y for _, y in no_difference) + 1
    assert max(y for _, y in likely) < max(y for _, y in no_difference) - 1


@pytest.mark.parametrize(
    ("value", "most", "interval"),
    [(-41, 40, (-41, 0)), (1, 40, (2, 3)), (1, 40, (-1, 41)), (0, 0, (0, 0)), (0, -1, (0, 0))],
)
def test_a_difference_outside_its_axis_or_interval_cannot_be_drawn(
    value: float, most: float, interval: tuple[float, float]
) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        difference(value, most, interval, "x")


def test_the_sides_of_a_difference_are_words_and_their_arrows_are_not_read_aloud() -> None:
    line = ElementTree.fromstring(f"<p>{sides('less <pain>', 'more pain')}</p>")
    assert "".join(line.itertext()) == "← less <pain> more pain →"
    hidden = [span.text for span in line.iter("span") if span.get("aria-hidden") == "true"]
    assert [text.strip() for text in hidden] == ["←", "→"]


def test_nothing_of_the_cycle_is_cut_off_and_words_and_beads_do_not_touch() -> None:
    root = ElementTree.fromstring(cycle("caption"))
    _, _, width, height = map(float, root.get("viewBox").split())
    boxes = [tuple(float(one.get(name)) for name in ("x", "y", "width", "height")) for one in root.iter("rect")]
    beads = [tuple(float(one.get(name)) for name in ("cx", "cy", "r")) for one in root.iter("circle")]
    assert (len(boxes), len(beads)) == (4, 5)
    assert all(x >= 2 and y >= 2 and x + w <= width - 2 and y + h <= height - 2 for x, y, w, h in boxes)
    for cx, cy, r in beads:
        for x, y, w, h in boxes:
            gap = math.hypot(max(x - cx, 0, cx - x - w), max(y - cy, 0, cy - y - h))
            assert gap > r + 3
    points = [
        tuple(map(float, pair))
        for path in root.iter("path")
        for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
    ]
    assert points
    assert all(math.hypot(px - cx, py - cy) > r for px, py in points for cx, cy, r in beads)
    assert not any(x < px < x + w and y < py < y + h for px, py in points for x, y, w, h in boxes)


@pytest.mark.parametrize(
    ("number", "text"), [(12.0, "12"), (0.5, "0.5"), (100 / 3, "33.33"), (-0.001, "0"), (10, "10")]
)
def test_numbers_are_short(number: float, text: str) -> None:
    assert short(number) == text
