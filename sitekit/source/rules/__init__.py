"""The language and structure rules of this site: pure functions from Markdown source to located problems.

``RULES`` names every rule with its reason, source and examples; ``docs/style-guide.md`` is made from it. A rule can be silenced
in one place with ``<!-- allow: rule-code reason -->``; see :mod:`sitekit.source.rules.allow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sitekit.problems import Problem
from sitekit.source.rules import (  # noqa: F401  importing a module of rules registers them
    across,
    cards,
    evidence,
    headings,
    lengths,
    numbers,
    reading,
    sections,
    suicide,
    terms,
    unwritten,
    words,
)
from sitekit.source.rules.across import Abstract
from sitekit.source.rules.allow import Allowance, read_allowances, unused
from sitekit.source.rules.model import PAGE_AS_A_WHOLE, RULES, Finding, Page, Rule

__all__ = ["RULES", "Abstract", "Page", "Rule", "abstract_of", "check_abstracts", "check_documents", "check_text"]


def check_text(path: str, text: str, front_matter: Mapping[str, Any]) -> list[Problem]:
    """Everything that the rules for single pages find wrong in one file, sorted.

    ``text`` is the whole file with its front matter and ``\\n`` line ends; ``front_matter`` its values. Rules that depend on the
    type of an article are silent when ``front_matter`` has no ``type``.
    """
    page = Page(path, text, front_matter)
    allowances, problems = read_allowances(path, page.plain)
    used: set[Allowance] = set()
    for one in RULES.values():
        if not one.across:
            problems += _problems(page, one, one.check(page), allowances, used)
    single = [allowance for allowance in allowances if not RULES[allowance.code].across]
    problems += unused(path, page.plain, single, used)
    return sorted(set(problems))


def abstract_of(path: str, text: str, front_matter: Mapping[str, Any]) -> Abstract:
    """What :func:`check_abstracts` needs of one file: small, and fit to be stored. Takes what :func:`check_text` takes."""
    return across.abstract(Page(path, text, front_matter))


def check_abstracts(abstracts: Sequence[Abstract], read: Callable[[str], Page]) -> list[Problem]:
    """What the rules across pages find wrong, sorted.

    ``read`` gives the page of a path; it is asked only about pages with findings, to place them and to honor opt-outs, so that
    a site without findings is checked from its abstracts alone.
    """
    found: dict[str, list[tuple[Rule, Finding]]] = {}
    for one in RULES.values():
        if one.across:
            for abstract, finding in one.check(abstracts):
                found.setdefault(abstract.path, []).append((one, finding))
    problems: list[Problem] = []
    for abstract in abstracts:
        if abstract.path not in found and not abstract.opts_out:
            continue
        page = read(abstract.path)
        used: set[Allowance] = set()
        allowances = [one for one in read_allowances(page.path, page.plain)[0] if RULES[one.code].across]
        for one, finding in found.get(abstract.path, ()):
            problems += _problems(page, one, [finding], allowances, used)
        problems += unused(page.path, page.plain, allowances, used)
    return sorted(set(problems))


def check_documents(documents: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Problem]:
    """What the rules across pages find wrong in documents given whole; each is what :func:`check_text` takes."""
    pages = {path: Page(path, text, front) for path, text, front in documents}
    return check_abstracts([across.abstract(page) for page in pages.values()], pages.__getitem__)


def _problems(
    page: Page, one: Rule, findings: Iterable[Finding], allowances: list[Allowance], used: set[Allowance]
) -> list[Problem]:
    """Findings as problems, without those that an opt-out silences."""
    problems = []
    for finding in findings:
        silencing = [allowance for allowance in allowances if allowance.covers(one.code, finding.index)]
        used.update(silencing)
        if not silencing:
            at = (1, 1) if finding.index == PAGE_AS_A_WHOLE else page.plain.position(finding.index)
            problems.append(Problem(page.path, *at, one.code, finding.message, finding.hint or one.hint, one.severity))
    return problems
