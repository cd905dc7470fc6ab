"""Whether readers can see a page already, in the words of the banner that the preview puts above it."""

from __future__ import annotations

import datetime
from pathlib import Path

from sitekit.source import frontmatter
from sitekit.source.text import read_text
from sitekit.source.words import date_in_words

DRAFT = "Draft. Readers cannot see this page."
SCHEDULED = "Scheduled. The date of this page, {}, has not come yet."


def banner_for(content: Path, page: str, today: datetime.date) -> str:
    """The banner for the page at a root-relative address, or nothing for one that is published."""
    if page.startswith("/drafts/"):
        return DRAFT
    parts = page.strip("/").split("/")
    folder, kind = ("articles", "article") if len(parts) == 2 else ("pages", "page")
    file = content.joinpath(folder, *parts[:-1], f"{parts[-1]}.md")
    if len(parts) > 2 or ".." in parts or not parts[-1] or not file.is_file():
        return ""
    text, _ = read_text(file, file.name)
    values = frontmatter.parse(file.name, text, kind).values
    if values.get("status") == "draft":
        return DRAFT
    published = values.get("published")
    return SCHEDULED.format(date_in_words(published)) if published and published > today else ""
