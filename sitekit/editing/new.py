"""``invoke new``: a new article with everything in place but its text.

Exit status 0: written; 1: refused, because something of that name exists; 2: used wrongly.
"""

from __future__ import annotations

import argparse
import datetime
import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sitekit.editing.changes import Change, NotApplied, apply
from sitekit.editing.project import Project
from sitekit.editing.skeleton import article, slug_of
from sitekit.source import frontmatter
from sitekit.source.documents import SLUG, Document, list_documents, read_document
from sitekit.source.text import CONTROL
from sitekit.source.topics import read_topics
from sitekit.today import BadDay

ATTEMPTS = 3
"""How often a question is asked before giving up."""


class Refused(Exception):
    """The article cannot be made. ``status`` is the exit status that says whose fault it is."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def plan(project: Project, kind: str, topic: str, title: str, slug: str, today: datetime.date) -> Change:
    """The file of a new article. Raises Refused for an unknown type or topic, or a title or name that is taken.

    An empty ``slug`` is made from the title.
    """
    title = " ".join(title.split())
    _check_title(title)
    topics, _ = read_topics(project.content / "data" / "topics.yaml", "topics.yaml")
    _check_known("type", kind, frontmatter.ARTICLE_TYPES)
    _check_known("topic", topic, tuple(topics))
    slug = slug or slug_of(title)
    if not slug:
        raise Refused("The title has no Latin letters for an address. Give one with --slug, such as sleep-and-pain.", 2)
    if not SLUG.match(slug):
        raise Refused(f"{slug!r} cannot be an address. Give one with --slug: small letters, digits, hyphens.", 2)
    files, _ = list_documents(project.content, project.label)
    documents = [read_document(*file, frozenset(topics))[0] for file in files]
    _check_free(documents, topic, title, slug)
    text = article(kind, title, today)
    path = f"{project.label}/articles/{topic}/{slug}.md"
    wrong = frontmatter.parse(path, text, "article").problems
    if wrong:
        raise Refused("\n".join(f"{problem.message} {problem.hint}" for problem in wrong), 2)
    return Change(path, None, text.encode())


def _check_title(title: str) -> None:
    if not title:
        raise Refused("The article needs a title.", 2)
    most = frontmatter.BY_NAME["title"].schema["maxLength"]
    if len(title) > most:
        raise Refused(f"The title has {len(title)} characters; {most} is the most. Shorten it.", 2)
    if CONTROL.search(title) or any("\ud800" <= letter <= "\udfff" for letter in title):
        raise Refused("The title holds an invisible control character. Type it anew.", 2)


def _check_known(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        near = difflib.get_close_matches(value, known, 1)
        guess = f"Did you mean {near[0]}? " if near else ""
        raise Refused(f"There is no {what} {value!r}. {guess}Use one of: {', '.join(known)}.", 2)


def _check_free(documents: Sequence[Document], topic: str, title: str, slug: str) -> None:
    for document in documents:
        if document.slug == slug and document.kind == "article":
            raise Refused(f"{document.path} has this name already. Choose another title, or give one with --slug.", 1)
        if str(document.values.get("title", "")).casefold() == title.casefold():
            raise Refused(f"{document.path} has this title already.", 1)


def main(arguments: Sequence[str] | None = None, ask: Callable[[str], str] = input) -> int:
    """Ask for what the arguments leave open, write the article, and return the exit status."""
    parser = argparse.ArgumentParser(prog="invoke new", description="Start a new article.")
    parser.add_argument("--type", default="", help=f"one of {', '.join(frontmatter.ARTICLE_TYPES)}")
    parser.add_argument("--topic", default="", help="a folder of content/articles")
    parser.add_argument("--title", default="", help="in words that readers use")
    parser.add_argument("--slug", default="", help="the last part of the address (default: made from the title)")
    options = parser.parse_args(arguments)
    project = Project.here()
    try:
        topics, _ = read_topics(project.content / "data" / "topics.yaml", "topics.yaml")
        kind = options.type or _choose("Type", frontmatter.ARTICLE_TYPES, ask)
        topic = options.topic or _choose("Topic", tuple(topics), ask)
        title = options.title or ask("Title: ")
        slug = options.slug or slug_of(title)
        if title.strip() and not slug and not options.title:
            slug = ask("Name for the address (small letters, digits, hyphens): ").strip()
        change = plan(project, kind, topic, title, slug, project.today)
        apply(project.root, [change])
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.status
    except BadDay as error:
        print(error, file=sys.stderr)
        return 2
    except NotApplied as error:
        print(error, file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nNothing was written. Give --type, --topic and --title to be asked nothing.", file=sys.stderr)
        return 2
    address = f"/drafts/{Path(change.path).stem}/"
    print(
        f"Wrote {change.path}\nIt is a draft, shown at {address} by python3 tasks.py serve. Write where it says TODO;"
    )
    print("then delete the line 'status: draft', or schedule it by a date of 'published' to come.")
    return 0


def _choose(what: str, choices: Sequence[str], ask: Callable[[str], str]) -> str:
    """One of ``choices``, by name or by number."""
    menu = "\n".join(f"  {number} {choice}" for number, choice in enumerate(choices, 1))
    for _ in range(ATTEMPTS):
        answer = ask(f"{what}:\n{menu}\nName or number: ").strip()
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1]
        if answer in choices:
            return answer
        near = difflib.get_close_matches(answer, choices, 1)
        print(f"That is none of them.{f' Did you mean {near[0]}?' if near else ''}")
    raise Refused(f"No {what.lower()} was chosen.", 2)


if __name__ == "__main__":
    sys.exit(main())
