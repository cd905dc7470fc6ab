"""The style guide, made from the rules: ``python -m sitekit.source.rules.guide`` writes docs/style-guide.md.

The words before the rules are in ``guide_introduction.md`` beside this file; everything else comes from ``RULES``, so the guide
cannot say anything that the checks do not do.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from sitekit.source.rules import RULES, Rule
from sitekit.source.rules.model import GROUPS

INTRODUCTION = Path(__file__).with_name("guide_introduction.md")
GUIDE = Path(__file__).parents[3] / "docs" / "style-guide.md"

_OPT_OUTS = {
    "allow-unknown-rule": "The opt-out names a rule that does not exist.",
    "allow-without-reason": "The opt-out gives no reason, or one of a single word.",
    "allow-unused": "The opt-out matches nothing in the next block.",
}


def render() -> str:
    """The whole style guide as Markdown."""
    rules = sorted(RULES.values(), key=lambda rule: GROUPS.index(rule.group))
    parts = [INTRODUCTION.read_text(encoding="utf-8").rstrip(), "## All rules", _contents(rules)]
    for group, members in groupby(rules, key=lambda rule: rule.group):
        parts.append(f"## {group}")
        parts += [_rule(rule) for rule in members]
    return "\n\n".join(parts) + "\n"


def _contents(rules: Sequence[Rule]) -> str:
    rows = ["| Code | Severity | Promise |", "| --- | --- | --- |"]
    rows += [f"| [`{rule.code}`](#{rule.code}) | {rule.severity} | {rule.summary} |" for rule in rules]
    rows += [f"| `{code}` | error | {summary} |" for code, summary in _OPT_OUTS.items()]
    return "\n".join(rows)


def _rule(rule: Rule) -> str:
    return "\n\n".join(
        (
            f"### {rule.code}",
            f"{rule.summary} ({rule.severity.capitalize()}.)",
            f"**Why:** {rule.reason}",
            f"**Source:** {rule.source}.",
            f"**What to do:** {rule.hint}",
            "Not like this:",
            _example(rule.bad),
            "Like this:",
            _example(rule.good),
        )
    )


def _example(text: str) -> str:
    """A fenced example, long ones cut where the point is made."""
    lines = text.strip("\n").split("\n")
    if len(lines) > 24:
        lines = [*lines[:16], "…"]
    return "\n".join(["```markdown", *lines, "```"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write docs/style-guide.md, or with --check say whether it is up to date (exit code 1 if not)."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.source.rules.guide", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file is out of date")
    options = parser.parse_args(arguments)
    text = render()
    if options.check:
        current = GUIDE.read_text(encoding="utf-8") if GUIDE.is_file() else ""
        if current != text:
            print("docs/style-guide.md is out of date: run python -m sitekit.source.rules.guide", file=sys.stderr)
        return int(current != text)
    GUIDE.parent.mkdir(parents=True, exist_ok=True)
    temporary = GUIDE.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, GUIDE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
