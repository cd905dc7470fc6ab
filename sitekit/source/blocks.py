"""The ``:::`` blocks of a source text: where each opens and closes, its name, argument and title.

One scanner serves the checks (which need positions) and the Markdown extension (which needs lines).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitekit.problems import Problem

OPEN = re.compile(r"^:::[ \t]*([A-Za-z][\w-]*)(?:[ \t]+([A-Za-z][\w-]*))?(?:[ \t]+\"([^\"\n]*)\")?[ \t]*$")
CLOSE = re.compile(r"^:::[ \t]*$")
_MARK = re.compile(r"\n([ \t]*:::.*)")

CARE_LEVELS = ("emergency", "crisis", "urgent", "routine")


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of block is written: whether it takes a title, one of ``arguments``, or a name (``named`` says of what)."""

    title: bool
    arguments: tuple[str, ...] = ()
    once: bool = False
    named: str = ""


FORMS = {
    "key-points": Form(title=False, once=True),
    "short": Form(title=False, once=True),
    "care": Form(title=True, arguments=CARE_LEVELS),
    "do": Form(title=True),
    "dont": Form(title=True),
    "callout": Form(title=True),
    "steps": Form(title=False),
    "questions": Form(title=False, once=True),
    "table": Form(title=True),
    "resources": Form(title=False),
    "icons": Form(title=True),
    "chart": Form(title=True, named="a chart in content/data/charts"),
    "figure": Form(title=True, named="a drawing"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``line`` and ``end_line`` (from 1) are those of its opening and closing marks."""

    name: str
    argument: str
    title: str
    line: int
    end_line: int


def scan(masked: str, first_line: int = 1, path: str = "") -> tuple[list[Block], list[Problem]]:
    """Every block of a text whose code has been masked, and what is wrong with their marks.

    ``first_line`` is the line number of the first line of ``masked`` in its file.
    """
    blocks: list[Block] = []
    problems: list[Problem] = []
    opened: tuple[str, str, str, int] | None = None
    seen: set[str] = set()

    def wrong(line: int, code: str, message: str, hint: str) -> None:
        problems.append(Problem(path, line, 1, code, message, hint))

    masked, line, done = "\n" + masked, first_line - 1, 0
    for mark in _MARK.finditer(masked):
        text = mark[1]
        line += masked.count("\n", done, mark.start(1))
        done = mark.start(1)
        if CLOSE.match(text):
            if opened:
                blocks.append(Block(*opened, line))
                opened = None
            else:
                wrong(
                    line,
                    "block-not-open",
                    "A ::: closes a block that is not open.",
                    "Delete it, or open a block above.",
                )
            continue
        match = OPEN.match(text)
        if not match:
            wrong(
                line,
                "bad-block",
                f"This ::: line cannot be read: {text.strip()}",
                'Write ::: name, or ::: name "Title".',
            )
            continue
        name, argument, title = match[1], match[2] or "", match[3] or ""
        if opened:
            hint = "Close the first with a line ::: before opening the next."
            wrong(line, "block-in-block", f"::: {name} opens inside ::: {opened[0]} (line {opened[3]}).", hint)
        opened = (name, argument, title, line)
        form = FORMS.get(name)
        if form is None:
            wrong(line, "unknown-block", f"There is no block named {name}.", f"Use one of: {', '.join(FORMS)}.")
            continue
        if form.arguments and argument not in form.arguments:
            hint = f"Write ::: {name} and one of: {', '.join(form.arguments)}."
            wrong(line, "bad-block", f"::: {name} needs a level.", hint)
        elif form.named and not argument:
            hint = f'Write ::: {name} name "Title".'
            wrong(line, "bad-block", f"::: {name} needs the name of {form.named}.", hint)
        elif argument and not form.arguments and not form.named:
            wrong(line, "bad-block", f"::: {name} takes no word after its name: {argument}.", "Delete the word.")
        if form.title and not title:
            wrong(line, "bad-block", f"::: {name} needs a title.", f'Write ::: {name} "Title".')
        if title and not form.title:
            wrong(line, "bad-block", f"::: {name} takes no title.", "Delete the words in quotes.")
        if form.once and name in seen:
            wrong(line, "duplicate-block", f"::: {name} appears twice on the page.", "Make one block of the two.")
        seen.add(name)
    if opened:
        wrong(opened[3], "block-not-closed", f"::: {opened[0]} is never closed.", "Add a line ::: where it ends.")
    return blocks, problems
