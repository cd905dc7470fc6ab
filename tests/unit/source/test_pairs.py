"""Front matter in plain forms is read without YAML, and as YAML reads it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitekit.source.frontmatter import FIELDS
from sitekit.source.pairs import Pair, Sequence, Value, plain_pairs, yaml_pairs

ONE_LINE = {known.name for known in FIELDS if known.schema.get("type") == "string"}
PIECES = [
    *(
        "title: ",
        "published:  ",
        "tags: ",
        "related:",
        "main_message: ",
        "type: ",
        "null: ",
        "Title: ",
        "a" * 41,
        "é: ",
    ),
    *(
        "Pain: a guide",
        "2026-01-02",
        "overview",
        "null",
        "404",
        "yes",
        "it's #1",
        "- dash",
        "a",
        "b/c.md",
        "B-2_x",
        "ü",
        "😀",
    ),
    *(
        "[",
        "]",
        ", ",
        ",",
        "[a, b]",
        "[a b, c/d.md]",
        "\n  - ",
        "\n  - a",
        "\n    - b c",
        "\n- ",
        "\n- a",
        "\n",
        "\n\n",
        "\n \n",
    ),
    *(
        " ",
        "  ",
        "\t",
        "\r",
        '"',
        "'",
        "|",
        ">",
        "{",
        "}",
        "&x ",
        "*x",
        "!t ",
        "# note",
        " #",
        ":",
        ": ",
        "%",
        "@",
        "`",
        "\\",
    ),
    *("\x85", "\xa0", "\u2028", "\ufeff", "\x07", "\ufffe", "\ue000", "...", "---", "?"),
]
LINES = [
    *(
        "title: Pain: a guide  ",
        'title: say "no" \\ yes',
        "published: 2026-01-02",
        "type: overview",
        "type:  null",
        "colour: red",
    ),
    *(
        "tags: [a, b c]",
        "tags:   [x]",
        "title: [a]",
        "related:\n  - a/b.md\n  - c d",
        "related:\n - x",
        "title:\n  - x",
    ),
]


def plainly(pairs: list[Pair]) -> list[object]:
    """All that is read from nodes: what they are, their values and their places."""

    def value(node: Value) -> object:
        return [value(item) for item in node.value] if isinstance(node, Sequence) else node._replace(start_mark=None)

    return [(value(key), key.start_mark, value(node), node.start_mark) for key, node in pairs]


def same(source: str) -> bool:
    """Whether ``source`` is plain, after a comparison of what is read with and without YAML if it is."""
    plain = plain_pairs(source, ONE_LINE)
    if plain is not None:
        problems: list[object] = []
        assert plainly(plain) == plainly(yaml_pairs("a.md", source, ONE_LINE, problems))
        assert problems == []
    return plain is not None


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@example("title: a\x85b")
@example("related:\n  - a\n   - b")
def test_whatever_counts_as_plain_is_read_as_yaml_reads_it(source: str) -> None:
    same(source)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=8).map("\n".join), st.sampled_from(["", "\n"]))
def test_plain_lines_are_read_as_yaml_reads_them(source: str, end: str) -> None:
    assert same(source + end)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_one_line_text_is_read_as_yaml_reads_it(text: str) -> None:
    same(f"title: {text}")


def test_nearly_all_front_matter_of_the_site_is_plain(root: Path) -> None:
    sources = [file.read_text(encoding="utf-8") for file in (root / "content").rglob("*.md")]
    plain = [same(source.split("---\n")[1]) for source in sources]
    assert sum(plain) > 0.8 * len(plain) > 0
