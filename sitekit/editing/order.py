"""The reading order in topics.yaml, edited in place so that comments and spelling stay."""

from __future__ import annotations

import yaml

from sitekit.editing.relink import Edit, edited


def reorder(text: str, old: tuple[str, str], new: tuple[str, str]) -> str:
    """``text`` of topics.yaml after an article has gone from one (topic, slug) to another.

    Inside a topic it keeps its place. In another topic it comes last, and only if it was in an order before; articles that no
    order names follow by title. Text that is not a list of topics comes back unchanged.
    """
    orders = _orders(text)
    place = next((item for item in _items(orders.get(old[0])) if item.value == old[1]), None)
    if place is None:
        return text
    starts = _line_starts(text)
    if old[0] == new[0]:
        return edited(text, [Edit(_at(starts, place.start_mark), _at(starts, place.end_mark), new[1])])
    edits = [_removed(text, starts, orders[old[0]], place)]
    items = _items(orders.get(new[0]))
    if items:
        last = items[-1]
        if orders[new[0]].flow_style:
            edits.append(Edit(_at(starts, last.end_mark), _at(starts, last.end_mark), f", {new[1]}"))
        else:
            after = starts[last.end_mark.line + 1] if last.end_mark.line + 1 < len(starts) else len(text)
            indent = text[starts[last.start_mark.line] : _at(starts, last.start_mark)]
            newline = "" if text[after - 1 : after] == "\n" else "\n"
            edits.append(Edit(after, after, f"{newline}{indent}{new[1]}\n"))
    return edited(text, edits)


def _orders(text: str) -> dict[str, yaml.SequenceNode]:
    """The node of each topic's order."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return {}
    found = {}
    for topic in _items(root):
        pairs = {key.value: value for key, value in topic.value} if isinstance(topic, yaml.MappingNode) else {}
        if "id" in pairs and isinstance(pairs.get("order"), yaml.SequenceNode):
            found[pairs["id"].value] = pairs["order"]
    return found


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _removed(text: str, starts: list[int], order: yaml.SequenceNode, item: yaml.Node) -> Edit:
    start, end = _at(starts, item.start_mark), _at(starts, item.end_mark)
    if not order.flow_style:
        line = item.start_mark.line
        return Edit(starts[line], starts[line + 1] if line + 1 < len(starts) else len(text), "")
    if item is not order.value[-1]:
        following = order.value[order.value.index(item) + 1]
        return Edit(start, _at(starts, following.start_mark), "")
    if item is not order.value[0]:
        return Edit(_at(starts, order.value[-2].end_mark), end, "")
    return Edit(start, end, "")


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts[:-1]


def _at(starts: list[int], mark: yaml.Mark) -> int:
    return starts[mark.line] + mark.column
