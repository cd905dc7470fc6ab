"""Markdown source to plain sentences that know their place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitekit.source.plaintext import PlainText, read
from sitekit.source.plaintext.sentences import split_sentences


def texts(plain: PlainText, *kinds: str) -> list[str]:
    return [block.text for block in plain.blocks if block.kind in kinds]


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


def test_what_a_reader_does_not_see_is_left_out() -> None:
    plain = read(
        "---\ntitle: Not this\n---\n\n"
        'Some *soft* and **strong** `code` [words](x.md "no") here.{: .no } <!-- nor this -->[@key, low]\n\n'
        "```\nnot code\n```\n\n![not alt](x.png) <b>Bold</b> snake_case 5\\* &nbsp;end\n"
    )
    assert texts(plain, "paragraph") == ["Some soft and strong words here.", "Bold snake_case 5* end"]


def test_every_sentence_has_the_line_and_column_at_which_it_was_written() -> None:
    plain = read("---\ntitle: x\n---\n\n- **One.** Two\n  wrapped. Three.\n")
    (block,) = plain.blocks
    places = [plain.position(block.source_index(sentence.start)) for sentence in block.sentences]
    assert [sentence.text for sentence in block.sentences] == ["One.", "Two wrapped.", "Three."]
    assert places == [(5, 5), (5, 12), (6, 12)]


@given(st.text(alphabet=st.sampled_from('ab Z.9\n\n-*_#:|[]()@{}<>!`"~,;é')).map(lambda text: text.replace("\r", "")))
def test_every_character_points_to_itself_in_the_source(text: str) -> None:
    plain = read(text)
    for block in plain.blocks:
        assert len(block.text) == len(block.offsets)
        assert list(block.offsets) == sorted(block.offsets)
        for character, offset in zip(block.text, block.offsets, strict=True):
            assert character in (text[offset], " ")
        for sentence in block.sentences:
            assert block.text[sentence.start : sentence.end] == sentence.text


def test_headings_items_titles_and_rows_are_told_apart() -> None:
    plain = read(
        '## Sleep {#s}\n\nText\nmore.\n\n1. a\n2. b\n   - inner\n\n::: care urgent "Call if:"\n* sign\n:::\n\n'
        '| A | B |\n| - | --- |\n| one. two | 3 |\n\n> quoted\n\n::: resources\n- id\n:::\n\n::: figure cycle "A"\n1. pain\n:::\n'
    )
    assert [(block.kind, block.text) for block in plain.blocks] == [
        ("heading", "Sleep"),
        ("paragraph", "Text more."),
        ("item", "a"),
        ("item", "b"),
        ("item", "inner"),
        ("title", "Call if:"),
        ("item", "sign"),
        ("table", "| A | B |"),
        ("table", "| one. two | 3 |"),
        ("paragraph", "quoted"),
        ("data", "id"),
        ("title", "A"),
        ("figure", "pain"),
    ]
    numbered = [block for block in plain.blocks if block.kind == "item"]
    assert [(block.level, block.ordered) for block in numbered] == [(1, True), (1, True), (2, False), (1, False)]
    assert [block.within("care") for block in numbered] == [False, False, False, True]
    assert [sentence.text for sentence in plain.blocks[8].sentences] == ["one. two", "3"]


def test_a_year_at_the_start_of_a_wrapped_line_is_no_list() -> None:
    assert texts(read("It was in\n2024. It is over.\n"), "paragraph", "item") == ["It was in 2024. It is over."]


def test_a_citation_belongs_to_the_sentence_before_it() -> None:
    (block,) = read("One. [@a, low] Two [@b] and three. Four.\n[@c; @d, very low]\n").blocks
    one, two, four = block.sentences
    assert [(mark.keys, mark.certainty) for mark in block.cites(one)] == [(("a",), "low")]
    assert [mark.keys for mark in block.cites(two)] == [("b",)]
    assert [(mark.keys, mark.certainty) for mark in block.cites(four)] == [(("c", "d"), "very low")]


def test_a_block_that_is_never_closed_runs_to_the_next_or_to_the_end() -> None:
    plain = read("::: short\nOne.\n\n::: steps\n1. Two.\n")
    assert [(block.container.name, block.text) for block in plain.blocks] == [("short", "One."), ("steps", "Two.")]


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert sentences("Dr. Who took 2.5 mg at 5 p.m. today, e.g. Tuesday. Then more.") == [
        "Dr. Who took 2.5 mg at 5 p.m. today, e.g. Tuesday.",
        "Then more.",
    ]
    assert sentences('It is common in the U.S. Ask here! Why? "Yes." He left… And back') == [
        "It is common in the U.S.",
        "Ask here!",
        "Why?",
        '"Yes."',
        "He left…",
        "And back",
    ]


def test_positions_count_from_one() -> None:
    plain = read("a\nbc\n")
    assert [plain.position(index) for index in range(5)] == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3)]
