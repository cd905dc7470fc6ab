"""The report as one HTML page that loads nothing: its style is in it, its plots are drawn in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sitekit.report import plots
from sitekit.report.facts import DUE_DAYS, LABELS, ArticleFacts, SiteFacts
from sitekit.report.history import Moment
from sitekit.report.outside import LinkHealth
from sitekit.source.readability import MEAN_SENTENCE, PAGE_GRADE, PAGE_GRADE_LIMIT

MOST_BARS = 40
"""So many bars a plot shows; more would be a wall. The table has every article."""

_HERE = Path(__file__).resolve().parent


def render(facts: SiteFacts, history: Sequence[Moment], health: LinkHealth, name: str) -> str:
    """The whole page. ``name`` is that of the publication."""
    loader = FileSystemLoader(_HERE)
    jinja = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    articles = facts.articles
    live = [one for one in articles if not one.draft]
    return jinja.get_template("report.html").render(
        name=name,
        facts=facts,
        health=health,
        style=Markup((_HERE / "report.css").read_text(encoding="utf-8")),
        due_days=DUE_DAYS,
        counts=Counter(one.status for one in articles),
        reviews=sorted((one for one in live if one.review in ("overdue", "due")), key=lambda one: one.days),
        next_review=min((one.next_review for one in live if one.next_review), default=None),
        unreviewed=sum(not one.reviewed for one in live),
        orphans=[one for one in live if one.orphan],
        errors=sum(problem.severity == "error" for problem in facts.problems),
        warnings=sum(problem.severity == "warning" for problem in facts.problems),
        labels=LABELS,
        claims=Counter({label: sum(one.claims.get(label, 0) for one in live) for label in LABELS}),
        median_grade=_median([one.grade for one in live]),
        words=sum(one.words for one in live),
        shown=f"the first {MOST_BARS} of {len(articles):,} articles" if len(articles) > MOST_BARS else "",
        plots=_plots(facts, history, health),
        history=history,
        grade_class=_grade_class,
        sentence_class=lambda one: "over" if one.mean_sentence > MEAN_SENTENCE else "good",
        target=PAGE_GRADE,
        limit=PAGE_GRADE_LIMIT,
        mean_target=MEAN_SENTENCE,
    )


def _plots(facts: SiteFacts, history: Sequence[Moment], health: LinkHealth) -> dict[str, Markup]:
    articles = facts.articles
    grades = [(one.title, one.grade, _grade_class(one)) for one in articles]
    words = [(one.title, one.words, "plain") for one in articles]
    top = max([PAGE_GRADE_LIMIT + 1, *(one.grade for one in articles)])
    limits = {f"target {PAGE_GRADE:g}": PAGE_GRADE, f"limit {PAGE_GRADE_LIMIT:g}": PAGE_GRADE_LIMIT}
    claims = [(one.title, one.claims) for one in articles if one.claims]
    if len(claims) > MOST_BARS:
        claims = sorted(claims, key=lambda row: -sum(row[1].values()))[:MOST_BARS]
    most_words = max([1, *(one.words for one in articles)])
    kinds = {"fine": "good", "unknown": "plain", "broken": "bad"}
    visits = [
        ({"unknown": "cannot tell"}.get(name, name), number, kinds[name]) for name, number in health.counts.items()
    ]
    return {
        "health": plots.bars(visits, max([1, *health.counts.values()]), {}, "addresses", "Health of outside addresses"),
        "grades": plots.bars(_largest(grades), top, limits, "school grade", "Reading grade of each article"),
        "words": plots.bars(_largest(words), most_words * 1.05, {}, "words", "Words of each article"),
        "claims": plots.stacks(claims, LABELS, "Citations of each article by certainty"),
        "trend": plots.trend(history, limits, "Reading grade over time") if history else Markup(),
    }


def _largest(rows: Sequence[tuple[str, float, str]]) -> list[tuple[str, float, str]]:
    return sorted(rows, key=lambda row: -row[1])[:MOST_BARS]


def _grade_class(one: ArticleFacts) -> str:
    return "bad" if one.grade > PAGE_GRADE_LIMIT else "over" if one.grade > PAGE_GRADE else "good"


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
