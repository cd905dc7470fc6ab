"""Marking the first use of a term in finished HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pelicanconf
from sitekit.markup.glossary import TermMarker
from sitekit.render import macro_renderer
from sitekit.source.glossary import Term

ROOT = Path(__file__).resolve().parents[3]
RENDER = macro_renderer(ROOT / "theme", pelicanconf.JINJA_ENVIRONMENT)


def term(name: str, *aliases: str) -> Term:
    return Term(re.sub(r"\W+", "-", name.lower()), name, aliases, f"About {name}.", (), "", 1)


TERMS = (
    term("Anxiety"),
    term("Generalized anxiety disorder", "GAD"),
    term("Acceptance and commitment therapy", "ACT"),
    term("Opioid", "pain & sleep pill"),
    term("CBT-I"),
    term("Cognitive behavioral therapy", "CBT"),
)
MARKER = TermMarker(
    TERMS, lambda name, opening, before, words, term, url: f"{opening}{before and before + ' '}[{words}|{term.id}]"
)

MARKER_OF_THE_THEME = TermMarker(TERMS, RENDER)


def mark(*parts: str, off: tuple[str, ...] = ()) -> str:
    return " / ".join(MARKER.mark(parts, "/glossary/", off))


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>An opioid. Opioids again.</p>", "<p>An [opioid|opioid]. Opioids again.</p>"),
        ("<p>Many OPIOIDS</p>", "<p>Many OPIOIDS</p>"),
        ("<p>To act is not ACT.</p>", "<p>To act is not [ACT|acceptance-and-commitment-therapy].</p>"),
        (
            "<p>Generalized\nanxiety disorder, or anxiety</p>",
            "<p>Generalized [anxiety disorder|generalized-anxiety-disorder], or [anxiety|anxiety]</p>",
        ),
        (
            "<p>GAD, GAD. Generalized anxiety disorder</p>",
            "<p>[GAD|generalized-anxiety-disorder], GAD. Generalized anxiety disorder</p>",
        ),
        ("<p>CBT-I and CBT</p>", "<p>[CBT-I|cbt-i] and [CBT|cognitive-behavioral-therapy]</p>"),
        ("<p>non-opioid, opioid-free, opioidx</p>", "<p>non-opioid, opioid-free, opioidx</p>"),
        ("<p>a pain &amp; sleep pill</p>", "<p>a [pain &amp; sleep pill|opioid]</p>"),
        ("<p>opioid's</p>", "<p>[opioid|opioid]'s</p>"),
        ('<p>They say "(opioid)".</p>', '<p>They say "([opioid|opioid])".</p>'),
        ("<p>(opioid) (opioid)</p>", "<p>([opioid|opioid]) (opioid)</p>"),
    ],
)
def test_a_term_is_found_as_it_is_written(html: str, marked: str) -> None:
    assert mark(html) == marked


@pytest.mark.parametrize(
    "inside",
    [
        "<h2>{}</h2>",
        "<h3 class='x'>A <em>b</em> {}</h3>",
        '<a href="x">the {}</a>',
        "<code>{}</code>",
        "<pre><code>{}</code></pre>",
        '<table><tr><th scope="col">{}</th></tr></table>',
        "<button>{}</button>",
        '<section class="care care--urgent"><div>x</div><ul><li>{}</li></ul></section>',
        '<section class="resource"><p>{}</p></section>',
        "<figure><svg><text>{}</text></svg><p>{}</p></figure>",
        "<!-- {} -->",
        '<p title="{}" data-x="a > {}">x</p>',
    ],
)
def test_some_places_are_left_alone_and_the_text_after_them_is_not(inside: str) -> None:
    html = inside.replace("{}", "opioid")
    assert mark(f"{html}<p>opioid</p>") == f"{html}<p>[opioid|opioid]</p>"


def test_data_cells_of_a_table_are_marked() -> None:
    assert mark("<td>opioid</td>") == "<td>[opioid|opioid]</td>"


def test_first_means_first_in_the_order_of_the_parts() -> None:
    assert mark("<p>x</p>", "<p>opioid</p>", "<p>opioids ACT</p>") == (
        "<p>x</p> / <p>[opioid|opioid]</p> / <p>opioids [ACT|acceptance-and-commitment-therapy]</p>"
    )


def test_nothing_is_remembered_from_one_page_to_the_next() -> None:
    assert mark("<p>opioid</p>") == mark("<p>opioid</p>")


def test_a_page_can_opt_out_by_term_or_alias() -> None:
    assert (
        mark("<p>opioid ACT CBT</p>", off=("opioid", "act")) == "<p>opioid ACT [CBT|cognitive-behavioral-therapy]</p>"
    )


def test_of_a_long_name_the_last_words_become_the_control() -> None:
    assert mark("<p>(acceptance and commitment therapy), opioid.</p>") == (
        "<p>(acceptance and [commitment therapy|acceptance-and-commitment-therapy]), [opioid|opioid].</p>"
    )
    html = TermMarker((term("Interdisciplinary-rehabilitation plan"),), RENDER).mark(
        ("<p>interdisciplinary-rehabilitation plan</p>",), "/glossary/"
    )
    assert html[0].startswith('<p><span class="term"><span>interdisciplinary-rehabilitation </span><button')


def test_an_empty_glossary_changes_nothing() -> None:
    assert TermMarker((), RENDER).mark(("<p>opioid</p>",), "/glossary/") == ("<p>opioid</p>",)


def test_the_macro_makes_a_control_with_its_meaning_and_a_way_to_the_glossary() -> None:
    html = TermMarker((term("A & B"),), RENDER).mark(("<p>A &amp; B</p>",), "/glossary/")[0]
    assert html == (
        '<p><span class="term"><button type="button" popovertarget="term-a-b">A &amp; B</button><span class="meaning" '
        'id="term-a-b" role="note" popover><dfn><a href="/glossary/#a-b">A &amp; B</a></dfn> '
        "<span>About A &amp; B.</span></span></span></p>"
    )


def test_an_opening_bracket_goes_where_its_word_goes() -> None:
    """Inside the box that does not break, so that it is never left behind at the end of a line."""
    html = MARKER_OF_THE_THEME.mark(('<p>medicines ("opioids")</p>',), "/glossary/")[0]
    assert '<p>medicines <span class="term">("<button' in html
    assert html.endswith('</span></span>")</p>')
