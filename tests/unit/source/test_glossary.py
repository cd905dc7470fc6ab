"""The glossary file: what is read, which forms of a name are found, and what is reported where."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.source.glossary import check_opt_outs, forms, read_glossary, slug

HEADER = "term,aliases,definition,see_also,kind\n"


def read(tmp_path: Path, text: str) -> tuple[dict, list[tuple[int, str]]]:
    file = tmp_path / "glossary.csv"
    file.write_text(text, encoding="utf-8")
    terms, problems = read_glossary(file, "data/glossary.csv")
    assert all((problem.path, problem.column) == ("data/glossary.csv", 1) and problem.hint for problem in problems)
    return terms, [(problem.line, problem.message) for problem in problems]


def test_the_site_s_own_glossary_has_no_problem(root: Path) -> None:
    terms, problems = read_glossary(root / "content/data/glossary.csv", "x")
    assert not problems
    assert len(terms) > 100
    assert len({term.id for term in terms.values()}) == len(terms)
    assert list(terms) == sorted(terms, key=str.casefold)


def test_an_entry_is_read(tmp_path: Path) -> None:
    text = HEADER + 'Beta,"two words ; BB","A, quoted.",Alpha,medicine\nAlpha (rare),,"First,\nsecond.",,\n'
    terms, problems = read(tmp_path, text.replace(",Alpha,", ",Alpha (rare),"))
    assert problems == []
    beta, alpha = terms["Beta"], terms["Alpha (rare)"]
    assert (beta.id, beta.aliases, beta.definition, beta.kind, beta.line) == (
        "beta",
        ("two words", "BB"),
        "A, quoted.",
        "medicine",
        2,
    )
    assert (alpha.id, alpha.names, alpha.definition, alpha.line) == ("alpha-rare", ("Alpha",), "First, second.", 3)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A,,One.,,\nB,,Two\n", [(3, "The line has 3 cells; 5 are expected.")]),
        ('A,,"One\nline.",,\nB,,,,\n', [(4, "B has no definition.")]),
        ("A,,One.,,drug\n", [(2, "drug is not a kind of term.")]),
        ("A,,One.,C,\n", [(2, "A points to C, which is not a term.")]),
        ("A,,No stop,,\n", [(2, "The definition of A does not end like a sentence.")]),
        ("Ax,b,One.,,\nC,B,Two.,,\n", [(3, "B already belongs to Ax (line 2).")]),
        ("A,," + "x" * 200 + ".,,\n", [(2, "The definition of A has 201 characters; 200 is the most.")]),
        (",,One.,,\n", [(2, "The entry has no term.")]),
        ('A,,"One,,\n', [(2, "Not valid CSV: unexpected end of data.")]),
    ],
)
def test_a_mistake_is_reported_at_the_line_where_its_entry_begins(
    tmp_path: Path, body: str, expected: list[tuple[int, str]]
) -> None:
    assert read(tmp_path, HEADER + body)[1] == expected


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    problems = read(tmp_path, HEADER + "A,,One,,drug\nB,,Two.,,\nC,,,Nobody,\n")[1]
    assert [line for line, _ in problems] == [2, 2, 4]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    terms, problems = read(tmp_path, "term,definition\nA,One.\n")
    assert (terms, [line for line, _ in problems]) == ({}, [1])


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    terms, problems = read_glossary(tmp_path / "none.csv", "none.csv")
    assert terms == {}
    assert [problem.code for problem in problems] == ["unreadable"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Opioid", {"Opioid", "opioid", "Opioids", "opioids"}),
        ("ACT", {"ACT", "ACTs"}),
        ("GAD-7", {"GAD-7"}),
        ("Medi-Cal", {"Medi-Cal", "Medi-Cals"}),
        ("OC Links", {"OC Links", "OC Link"}),
        ("Red flags", {"Red flags", "red flags", "Red flag", "red flag"}),
        ("Meta-analysis", {"Meta-analysis", "meta-analysis", "Meta-analyses", "meta-analyses"}),
        ("talking therapy", {"talking therapy", "Talking therapy", "talking therapies", "Talking therapies"}),
        ("weakness", {"weakness", "Weakness", "weaknesses", "Weaknesses"}),
        ("988", {"988"}),
    ],
)
def test_a_name_is_found_in_singular_and_plural_and_keeps_its_capitals(name: str, found: set[str]) -> None:
    assert set(forms(name)) == found


def test_the_fragment_of_a_term_holds_letters_digits_and_hyphens() -> None:
    assert slug("988 Suicide & Crisis Lifeline") == "988-suicide-crisis-lifeline"


def test_an_opt_out_names_a_term_of_the_glossary(tmp_path: Path) -> None:
    terms, _ = read(tmp_path, HEADER + "Response,reply,One.,,\n")
    assert check_opt_outs("a.md", (4, 1), ("response", "Reply"), terms) == []
    problem = check_opt_outs("a.md", (4, 1), ("Respons",), terms)[0]
    assert (problem.path, problem.line, problem.code, problem.hint) == (
        "a.md",
        4,
        "unknown-term",
        "Did you mean Response?",
    )
