"""Which sections and blocks each type of article has, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

from sitekit.source.rules.model import Finding, Page, rule

GROUP = "Sections"
SECTIONS = (
    "What you can do",
    "How it may work",
    "How well it works",
    "Risks and side effects",
    "If you do nothing",
    "Daily life and cost",
    "What we do not know",
    "Questions to ask",
    "More help",
)
"""The second-level headings with a fixed name, in their fixed order. Other headings may stand before and between them."""

REQUIRED = {
    "condition": ("What you can do", "If you do nothing", "What we do not know", "Questions to ask", "More help"),
    "treatment": SECTIONS,
    "overview": ("What you can do", "More help"),
    "guide": ("What you can do", "More help"),
    "reference": (),
}
REQUIRED_BLOCKS = {
    "condition": ("key-points", "short", "steps", "questions", "resources"),
    "treatment": ("key-points", "short", "steps", "questions", "resources"),
    "overview": ("key-points", "short", "resources"),
    "guide": ("key-points", "short", "resources"),
    "reference": (),
}
BLOCK_HOMES = {"steps": "What you can do", "questions": "Questions to ask", "resources": "More help"}

_KNOWN = {title.casefold(): title for title in SECTIONS}
_TYPE = "---\ntype: {}\n---\n\n"
_GUIDE = _TYPE.format("guide")
_BLOCKS = "::: key-points\n- a\n- b\n- c\n:::\n\n::: short\nRest.\n:::\n\n"


@rule(
    "section-missing",
    group=GROUP,
    summary="Each type of article has its sections.",
    reason="What happens without treatment is what patient material most often leaves out. A fixed set makes sure that nothing is.",
    source="DISCERN items 7 to 15; PEMAT-P item A20; CDC Clear Communication Index items 11, 12 and 19",
    hint="Add the heading and its section, or change the type in the front matter.",
    bad=_GUIDE + "## What you can do\n\nRest.",
    good=_GUIDE + "## What you can do\n\nRest.\n\n## More help\n\nCall.",
)
def section_missing(page: Page) -> Iterator[Finding]:
    present = {heading.text.casefold() for heading in page.headings if heading.level == 2}
    for title in REQUIRED.get(page.type, ()):
        if title.casefold() not in present:
            index = page.front_index("type")
            yield Finding(index, f"A page of type {page.type} needs the section “## {title}”.")


@rule(
    "section-order",
    group=GROUP,
    summary="The sections with fixed names stand in their fixed order, spelled as in this guide.",
    reason="Who has read one page finds the same things in the same place on the next.",
    source="PEMAT-P item U10; COGA: be consistent",
    hint=f"The order is: {', '.join(SECTIONS)}.",
    bad="## More help\n\nCall.\n\n## What you can do\n\nRest.",
    good="## What you can do\n\nRest.\n\n## More help\n\nCall.",
)
def section_order(page: Page) -> Iterator[Finding]:
    last = -1
    for heading in page.headings:
        title = _KNOWN.get(heading.text.casefold())
        if title is None:
            continue
        if heading.text != title or heading.level != 2:
            yield Finding(heading.start, f"“{heading.text}” is written “## {title}”.")
        place = SECTIONS.index(title)
        if place < last:
            yield Finding(heading.start, f"“{title}” stands after “{SECTIONS[last]}”.")
        last = max(last, place)


@rule(
    "block-missing",
    group=GROUP,
    summary="Each type of article has its blocks, in the section where readers look for them.",
    reason="A summary, steps and people to call are what turns knowing into doing.",
    source="PEMAT-P items U11 and A22; DISCERN items 7 and 15; COGA: a summary for long documents",
    hint="The section 'Each Markdown form' of the style guide shows how to write the block.",
    bad=_GUIDE + "## What you can do\n\nRest.\n\n## More help\n\nCall.",
    good=_GUIDE + _BLOCKS + "## What you can do\n\nRest.\n\n## More help\n\n::: resources\n- 988\n:::",
)
def block_missing(page: Page) -> Iterator[Finding]:
    for name in REQUIRED_BLOCKS.get(page.type, ()):
        homes = [container for container in page.plain.containers if container.name == name]
        if not homes:
            yield Finding(page.front_index("type"), f"A page of type {page.type} needs a block “::: {name}”.")
        elif name in BLOCK_HOMES and not any(_section(page, one.start) == BLOCK_HOMES[name] for one in homes):
            yield Finding(
                homes[0].start, f"No “::: {name}” stands in the section “{BLOCK_HOMES[name]}”.", "Move it there."
            )


@rule(
    "summary-first",
    group=GROUP,
    summary="Key points and the short version stand before everything else.",
    reason="They are shown under the title; written there, an editor sees the page as a reader does.",
    source="CDC Clear Communication Index items 2 and 10",
    hint="Move the block to the top of the body: key-points first, then short.",
    bad="## Rest\n\nRest.\n\n::: short\nRest.\n:::",
    good="::: short\nRest.\n:::\n\n## Rest\n\nRest.",
)
def summary_first(page: Page) -> Iterator[Finding]:
    summaries = ("key-points", "short")
    first = min((block.start for block in page.blocks if not block.within(*summaries)), default=len(page.plain.text))
    for container in page.plain.containers:
        if container.name in summaries and container.start > first:
            yield Finding(container.start, f"The block {container.name} does not stand at the top.")


def _section(page: Page, index: int) -> str:
    """The second-level heading above an index."""
    titles = [heading.text for heading in page.headings if heading.level == 2 and heading.start < index]
    return titles[-1] if titles else ""
