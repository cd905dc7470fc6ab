"""``check --fix``: mends what can only be meant in one way, shows it as a diff, and touches nothing else.

A mend is kept only if, in a rehearsal on a copy, it ends a problem and begins none. Mending twice changes nothing more.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from sitekit.editing.changes import Change, apply, diff
from sitekit.editing.knowledge import Knowledge
from sitekit.editing.mends import MENDS, places
from sitekit.editing.project import Project
from sitekit.editing.relink import Edit, edited
from sitekit.problems import Problem
from sitekit.site import SiteSource
from sitekit.source import frontmatter
from sitekit.source.documents import Document
from sitekit.source.mask import mask_code
from sitekit.source.text import read_text

ROUNDS = 10
"""One mend can lay open the next; more rounds than this would be two mends that undo each other."""

_SPACE_AT_END = re.compile(r"[ \t]+$", re.M)


def plan(
    project: Project, site: SiteSource, only: Collection[Path] | None = None
) -> tuple[list[Change], list[Problem]]:
    """The changes that mend what is certain, and every problem that is left after them.

    ``only`` limits the changes to these files. A file whose mends would bring a new problem is left as it is.
    """
    known = Knowledge.of(project, site)
    changes = []
    for document in site.documents:
        file = project.content / document.relative
        if only is None or file.resolve() in only:
            change = _mended(document, file, known)
            if change:
                changes.append(change)
    return _harmless(project, site, changes)


def _harmless(project: Project, site: SiteSource, changes: list[Change]) -> tuple[list[Change], list[Problem]]:
    """Those changes that bring no new problem, in their own file or in another, and the problems left after them."""
    before = {(problem.path, problem.code, problem.message) for problem in site.problems}

    def tried(some: list[Change]) -> tuple[set[str], list[Problem]]:
        left = project.rehearse(some) if some else list(site.problems)
        return {one.path for one in left if (one.path, one.code, one.message) not in before}, left

    worse, left = tried(changes)
    if worse:
        changes = [change for change in changes if change.path not in worse]
        worse, left = tried(changes)
    if worse:  # a file that was not mended is worse for it; one after the other shows which mend did that
        kept: list[Change] = []
        for change in changes:
            if not tried([*kept, change])[0]:
                kept.append(change)
        changes, (_, left) = kept, tried(kept)
    return changes, left


def _mended(document: Document, file: Path, known: Knowledge) -> Change | None:
    """The change of one file, or None when there is nothing to mend or its bytes are not text."""
    before = file.read_bytes()
    try:
        before.decode()
    except UnicodeDecodeError:
        return None
    text = mended(document, known, _invisible(file, document))
    after = text.encode()
    return Change(document.path, before, after) if text and after != before else None


def _invisible(file: Path, document: Document) -> list[Problem]:
    """Problems of reading the file, which the document itself no longer knows."""
    return [problem for problem in read_text(file, document.path)[1] if problem.code in MENDS]


def mended(document: Document, known: Knowledge, reading: Sequence[Problem] = ()) -> str:
    """The text of a document with everything mended that is certain. Mending the result changes nothing."""
    for number in range(ROUNDS):
        found = [*known.problems(document), *(reading if number == 0 else ())]
        edits = _spaces(document.text)
        for place in places(document, known, found):
            edits += MENDS[place.problem.code](place)
        text = edited(document.text, _apart(edits))
        text = text.rstrip("\n") + "\n" if text.strip() else text
        if text == document.text:
            break
        front = frontmatter.parse(document.path, text, document.kind)
        document = dataclasses.replace(document, text=text, front=front)
    return document.text


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that do not overlap; the others come in the next round."""
    kept: list[Edit] = []
    for edit in sorted(set(edits)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _spaces(text: str) -> list[Edit]:
    """Spaces at the ends of lines, but for two that break a line on purpose, and what is code."""
    masked = mask_code(text, comments=False)
    edits = []
    for match in _SPACE_AT_END.finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        blank = line_start == match.start()
        following = text[match.end() + 1 : text.find("\n", match.end() + 1)] if match.end() < len(text) else ""
        breaks_line = not blank and match[0].endswith("  ") and following.strip()
        in_code = not blank and masked[match.start() - 1] != text[match.start() - 1]
        if not breaks_line and not in_code:
            edits.append(Edit(match.start(), match.end(), ""))
    return edits


def mend(project: Project, site: SiteSource, only: Collection[Path], dry_run: bool) -> tuple[str, list[Problem]]:
    """Mend these files, print the diff, and return what was done in words, and the problems that are left.

    With ``dry_run`` nothing is written. Raises NotApplied, with every file as it was, when one cannot be written.
    """
    changes, left = plan(project, site, only)
    print(diff(changes), end="")
    if not dry_run:
        apply(project.root, changes)
    files = f"{len(changes)} file{'' if len(changes) == 1 else 's'}"
    return f"{'Would mend' if dry_run else 'Mended'} {files}; ", left
