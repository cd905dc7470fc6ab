"""A source that would keep an editor waiting is refused at the place where it holds too much."""

from __future__ import annotations

import pytest

from sitekit.source.limits import (
    MAX_BACKTICKS,
    MAX_INDENT,
    MAX_LINES_TOGETHER,
    MAX_LINKS,
    MAX_MARKS,
    MAX_PARAGRAPH,
    MAX_QUOTES,
    check_limits,
)


@pytest.mark.parametrize(
    ("most", "too_much", "code", "line", "column"),
    [
        (">" * MAX_QUOTES + " a", ">" * (MAX_QUOTES + 1) + " a", "nested-too-deep", 3, MAX_QUOTES + 2),
        (" " * MAX_INDENT + "- a", " " * (MAX_INDENT + 1) + "- a", "nested-too-deep", 3, MAX_INDENT + 2),
        ("[" * MAX_MARKS, "[" * (MAX_MARKS + 1), "paragraph-too-large", 3, 1),
        ("`" * MAX_BACKTICKS, "`" * (MAX_BACKTICKS + 1), "paragraph-too-large", 3, 1),
        ("a" * MAX_PARAGRAPH, "a\n" * (MAX_PARAGRAPH // 2 + 1), "paragraph-too-large", 3, 1),
        (
            "# a\n" * MAX_LINES_TOGETHER,
            "# a\n" * (MAX_LINES_TOGETHER + 1),
            "paragraph-too-large",
            MAX_LINES_TOGETHER + 3,
            1,
        ),
        ("[a](b)\n\n" * MAX_LINKS, "[a](b)\n\n" * (MAX_LINKS + 1), "too-many-links", 2 * MAX_LINKS + 3, 3),
    ],
)
def test_the_limit_may_be_reached_and_not_passed(most: str, too_much: str, code: str, line: int, column: int) -> None:
    assert check_limits("x.md", f"Words.\n\n{most.rstrip()}\n\nWords.") == []
    found = check_limits("x.md", f"Words.\n\n{too_much.rstrip()}\n\nWords.")
    assert {(one.code, one.line, one.column) for one in found} >= {(code, line, column)}
    assert {one.code for one in found} == {code}


def test_marks_are_counted_for_each_item_and_row_alone() -> None:
    rows = "\n".join("| [a](b) | *c* `d` [@e, low] |" for _ in range(500))
    items = "\n".join("- [a](b) and *c*" for _ in range(400))
    assert check_limits("x.md", f"{rows}\n\n{items}\n".replace("](", "] (").replace("[@", "[ @")) == []
