"""Everything that the language rules and the measures of readability say of one text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sitekit.problems import Problem
from sitekit.source import rules
from sitekit.source.plaintext import read as read_plaintext
from sitekit.source.readability import PageReadability, measure_page


def judge(path: str, text: str, values: Mapping[str, Any]) -> tuple[PageReadability, rules.Abstract, list[Problem]]:
    """How readable a text is, what rules that see all pages need of it, and its problems."""
    problems = rules.check_text(path, text, values)
    return measure_page(read_plaintext(text)), rules.abstract_of(path, text, values), problems
