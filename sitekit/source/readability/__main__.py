"""``python -m sitekit.source.readability FILE...``: the figures of pages and their hardest sentences."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sitekit.source.plaintext import read
from sitekit.source.readability.meter import (
    LONGEST_SENTENCE,
    MEAN_SENTENCE,
    PAGE_GRADE,
    PAGE_GRADE_LIMIT,
    SHORT_GRADE,
    PageReadability,
    measure_page,
)


def _report(name: str, found: PageReadability) -> tuple[str, bool]:
    """Lines for one file, and whether it meets every target."""
    page = found.page
    good = page.grade_adjusted <= PAGE_GRADE and page.mean_sentence <= MEAN_SENTENCE
    good = good and page.longest_sentence <= LONGEST_SENTENCE
    figures = f"grade {page.grade_adjusted:4.1f} adjusted, {page.grade:4.1f} raw"
    targets = f"(target {PAGE_GRADE}, limit {PAGE_GRADE_LIMIT})"
    lines = [name, f"  page        {figures} {targets} | SMOG {page.smog_adjusted} | ease {page.ease_adjusted}"]
    for label, part in (("key points", found.key_points), ("short", found.short)):
        if part is None:
            lines.append(f"  {label:<11} none")
            continue
        good = good and part.grade_adjusted <= SHORT_GRADE
        lines.append(
            f"  {label:<11} grade {part.grade_adjusted:4.1f} adjusted, {part.grade:4.1f} raw (target {SHORT_GRADE})"
        )
    lines.append(
        f"  sentences   mean {page.mean_sentence} words (target {MEAN_SENTENCE:g}), longest {page.longest_sentence}"
        f" (limit {LONGEST_SENTENCE}), passive {page.passive:.0%} | {page.words} words in {page.sentences} sentences"
    )
    lines.append("  hardest")
    lines += [
        f"    {name}:{hard.line}:{hard.column}: {hard.grade} ({hard.words} words) {hard.text}" for hard in found.hardest
    ]
    return "\n".join(lines), good


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of each file. Exit code 0: all targets met; 1: some missed; 2: a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.source.readability", description=main.__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--hardest", type=int, default=5, metavar="N", help="how many of the hardest sentences to show")
    options = parser.parse_args(arguments)
    all_good = True
    for file in options.files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            print(f"{file}: cannot be read: {error}", file=sys.stderr)
            return 2
        report, good = _report(str(file), measure_page(read(text), hardest=options.hardest))
        print(report)
        all_good = all_good and good
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
