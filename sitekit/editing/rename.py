"""``invoke rename OLD NEW``: an article or page moves, and everything that leads to it follows.

Links in every Markdown file, ``related`` lists, the reading order, data files, the redirect and the ledger of addresses change in
one step, shown as a diff first. Exit status 0: moved (or shown, with --dry-run); 1: refused, nothing changed; 2: used wrongly.
"""

from __future__ import annotations

import argparse
import posixpath
import sys
from collections.abc import Callable, Iterator, Sequence

from sitekit.editing.addresses import address_changes, address_of
from sitekit.editing.changes import Change, NotApplied, apply, diff
from sitekit.editing.mentions import data_mentions, fixed_mentions, other_mentions
from sitekit.editing.order import reorder
from sitekit.editing.project import Project
from sitekit.editing.relink import relink, relink_outside
from sitekit.problems import errors, format_text
from sitekit.source.documents import SLUG, Document
from sitekit.source.text import MAX_BYTES
from sitekit.today import BadDay


class Refused(Exception):
    """The move cannot be made. ``status`` is the exit status that says whose fault it is."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def plan(project: Project, old: str, new: str) -> list[Change]:
    """Every change of the move. ``old`` and ``new`` are paths, with or without ``content/``, ``articles/`` and ``.md``.

    Raises Refused when the move would break something, with the places.
    """
    site = project.read()
    document = _find(site.by_path, old)
    target = _target(document, new)
    _check(project, site.by_path, set(site.topics), document, target)
    changes = [*_content_changes(project, site.documents, document, target), *_outside(project, document, target)]
    if not document.hidden(project.today):  # what never came out has had no address that anybody could know
        changes += address_changes(project, address_of(document.relative), address_of(target), project.today)
    known = {(problem.code, problem.message.replace(document.relative, target)) for problem in site.problems}
    found = project.rehearse(changes)
    broken = [problem for problem in errors(found) if (problem.code, problem.message) not in known]
    if broken:
        raise Refused(f"After the move, this would be wrong:\n{format_text(broken)}")
    return changes


def _find(documents: dict[str, Document], name: str) -> Document:
    for relative in _readings(name):
        if relative in documents:
            return documents[relative]
    slug = posixpath.basename(name).removesuffix(".md")
    near = sorted(path for path in documents if posixpath.basename(path) == f"{slug}.md")
    raise Refused(f"There is no article or page {name}.{f' Did you mean {near[0]}?' if near else ''}", 2)


def _readings(name: str) -> Iterator[str]:
    """The paths below content/ that a name may stand for."""
    path = name.removeprefix("./").removeprefix("content/").removesuffix(".md") + ".md"
    yield path
    yield f"articles/{path}"
    yield f"pages/{path}"


def _target(document: Document, name: str) -> str:
    """Where ``name`` sends a document; a name without a folder keeps it in its own."""
    path = name.removeprefix("./").removeprefix("content/").removesuffix(".md")
    if "/" not in path:
        return f"{posixpath.dirname(document.relative)}/{path}.md"
    return f"{path}.md" if path.startswith(("articles/", "pages/")) else f"articles/{path}.md"


def _check(project: Project, documents: dict[str, Document], topics: set[str], document: Document, target: str) -> None:
    parts = target.split("/")
    slug = parts[-1].removesuffix(".md")
    if target == document.relative:
        raise Refused("That is its name already.", 2)
    if (parts[0] == "articles") != (document.kind == "article"):
        raise Refused("An article cannot become a page, nor a page an article: their front matter differs.", 2)
    if len(parts) != (3 if document.kind == "article" else 2):
        raise Refused(f"{target} lies too deep or too shallow: use topic/name for an article, name for a page.", 2)
    if not SLUG.match(slug):
        raise Refused(f"{slug!r} cannot be an address: use small letters, digits and single hyphens.", 2)
    if document.kind == "article" and parts[1] not in topics:
        raise Refused(f"There is no topic {parts[1]}. Use one of: {', '.join(sorted(topics))}.", 2)
    if target in documents or (project.content / target).exists():
        raise Refused(f"content/{target} exists already.")
    fixed = fixed_mentions(project, document)
    if fixed:
        raise Refused(f"The site's code counts on this address:\n{format_text(fixed)}")


def _content_changes(
    project: Project, documents: Sequence[Document], moving: Document, target: str
) -> Iterator[Change]:
    old = moving.relative
    for document in documents:
        before = (project.content / document.relative).read_bytes()
        text = relink(document.text, document.relative, old, target)
        after = text.encode() if text != document.text else before
        if after != before and "\ufffd" in text:
            raise Refused(f"{document.path} holds bytes that are not UTF-8. Mend them first; invoke check says where.")
        if document is moving:
            yield Change(f"{project.label}/{old}", before, None)
            yield Change(f"{project.label}/{target}", None, after)
        elif after != before:
            yield Change(f"{project.label}/{document.relative}", before, after)
    for file in sorted((project.content / "data").rglob("*")):
        path = file.relative_to(project.root).as_posix()
        if file.is_file() and not file.name.startswith(".") and file.stat().st_size <= MAX_BYTES:
            before = file.read_bytes()
            after = _data(path, before, old, target)
            place = _data_path(path, moving, target)
            if place != path:
                yield Change(path, before, None)
                yield Change(place, None, after)
            elif after != before:
                yield Change(path, before, after)


def _data_path(path: str, moving: Document, target: str) -> str:
    """Where a data file belongs after the move: the scores of an article bear its name."""
    folder, name = posixpath.split(path)
    if moving.kind == "article" and folder.endswith("data/scores") and name == f"{moving.slug}.yaml":
        return f"{folder}/{posixpath.basename(target).removesuffix('.md')}.yaml"
    return path


def _data(path: str, before: bytes, old: str, new: str) -> bytes:
    """A data file with its mentions of the article renewed; addresses and binary files are not looked at here."""
    try:
        text = before.decode()
    except UnicodeDecodeError:
        return before
    if path.endswith("data/topics.yaml") and old.startswith("articles/"):
        (topic, slug), (new_topic, new_slug) = (name.removesuffix(".md").split("/")[1:] for name in (old, new))
        return reorder(text, (topic, slug), (new_topic, new_slug)).encode()
    return data_mentions(text, old, new).encode()


def _outside(project: Project, document: Document, target: str) -> Iterator[Change]:
    """Files elsewhere in the project: Markdown that links to the source file, and the tables of facts that name it."""
    for file in (*sorted(project.root.glob("*.md")), *sorted((project.root / "docs").rglob("*.md"))):
        home = file.relative_to(project.root).as_posix()
        before = file.read_bytes()
        text = before.decode("utf-8", "surrogateescape")
        after = relink_outside(text, home, f"{project.label}/{document.relative}", f"{project.label}/{target}")
        if after != text:
            yield Change(home, before, after.encode("utf-8", "surrogateescape"))
    for file in sorted((project.root / "docs" / "facts").glob("*.csv")):  # each number of an article with its fact
        before = file.read_bytes()
        text = before.decode("utf-8", "surrogateescape")
        after = data_mentions(text, document.relative, target)
        if after != text:
            yield Change(file.relative_to(project.root).as_posix(), before, after.encode("utf-8", "surrogateescape"))


def main(arguments: Sequence[str] | None = None, ask: Callable[[str], str] = input) -> int:
    """Show the move as a diff, ask, make it, and return the exit status."""
    parser = argparse.ArgumentParser(prog="invoke rename", description="Move an article or page.")
    parser.add_argument("old", help="for example mind/insomnia-and-pain")
    parser.add_argument("new", help="for example mind/sleep-and-pain; without a folder, the file stays where it is")
    parser.add_argument("--dry-run", action="store_true", help="show what would change and change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    project = Project.here()
    try:
        changes = plan(project, options.old, options.new)
        gone, made = _ends(changes, project)
        print(diff(changes, (gone, made)), end="")
        if options.dry_run:
            return 0
        if not options.yes and not _agreed(ask):
            print("Nothing was changed.", file=sys.stderr)
            return 1
        apply(project.root, changes)
    except BadDay as error:
        print(error, file=sys.stderr)
        return 2
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.status
    except NotApplied as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:  # such as a full disk in the rehearsal
        print(f"{error.filename or project.root}: {error.strerror or error}. Nothing was changed.", file=sys.stderr)
        return 1
    print(f"Moved {gone} to {made}; {len(changes) - 2} more files changed with it.")
    notes = other_mentions(project.root, gone.removeprefix(f"{project.label}/"))
    if notes:
        print(f"Change these by hand if they mean the article:\n{format_text(notes)}")
    return 0


def _ends(changes: Sequence[Change], project: Project) -> tuple[str, str]:
    """The paths of the moved file before and after."""
    folders = (f"{project.label}/articles/", f"{project.label}/pages/")
    gone = next(change.path for change in changes if change.after is None and change.path.startswith(folders))
    made = next(change.path for change in changes if change.before is None and change.path.startswith(folders))
    return gone, made


def _agreed(ask: Callable[[str], str]) -> bool:
    try:
        return ask("Make these changes? [y/N] ").strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        print()
        return False


if __name__ == "__main__":
    sys.exit(main())
