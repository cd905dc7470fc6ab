"""Text that an editor still has to write: welcome in a draft, a mistake anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitekit.source.mask import mask_code
from sitekit.source.rules.model import Finding, Page, rule

MARK = "TODO"
_UNWRITTEN = re.compile(rf"\b{MARK}\b(?: \([^()\n]*\))?")


def todo(what: str) -> str:
    """The text that stands for one still to be written."""
    return f"{MARK} ({what})"


@rule(
    "unwritten-text",
    group="Sections",
    summary=f"No {MARK} is left in a page that is not a draft.",
    reason="A new article says where text is still missing. A reader who finds such a place trusts the rest less.",
    source="House style",
    hint="Write the text, or set status: draft in the front matter until it is written.",
    bad=f"## What helps\n\n{todo('one or two short paragraphs')}.",
    good="## What helps\n\nA short walk every day. <!-- TODO: ask a reader how far. -->",
)
def unwritten_text(page: Page) -> Iterator[Finding]:
    if page.front.get("status") == "draft":
        return
    masked = mask_code(page.plain.text)  # notes in comments and code may say what they like
    for match in _UNWRITTEN.finditer(masked):
        yield Finding(match.start(), f"Text is still to be written: {match[0]}")
