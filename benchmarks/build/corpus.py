"""A corpus of N articles for every generator: about 900 words each, with tables, links, footnotes and tags.

The same text for each; only the front matter and the form of internal links differ. The same N and seed give the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WORDS = (
    "pain sleep mood rest walk doctor nurse friend morning evening week month plan step note breath body back knee neck hand "
    "help hope care talk listen read write ask answer begin again slowly often sometimes never always before after during "
    "between small large gentle calm quiet warm light heavy easy hard clear open early late same other more less much little"
).split()
_TAGS = (
    "sleep",
    "mood",
    "movement",
    "medicine",
    "therapy",
    "family",
    "work",
    "food",
    "stress",
    "rest",
    "plans",
    "cost",
)
TOPICS = ("understand", "mind", "treatments", "ketamine", "find-care")


@dataclass(frozen=True, slots=True)
class Article:
    """One generated article; ``body`` has ``@@n@@`` where a link to article n belongs."""

    number: int
    topic: str
    slug: str
    title: str
    tags: tuple[str, ...]
    body: str


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """The articles, in order."""
    for number in range(count):
        draw = random.Random(f"{seed}-{number}")
        title = " ".join(draw.choice(_WORDS) for _ in range(4)).capitalize() + f" {number}"
        tags = tuple(sorted(draw.sample(_TAGS, 3)))
        yield Article(
            number, TOPICS[number % len(TOPICS)], f"article-{number:06d}", title, tags, _body(draw, number, count)
        )


def _sentence(draw: random.Random, least: int = 6, most: int = 14) -> str:
    return " ".join(draw.choice(_WORDS) for _ in range(draw.randint(least, most))).capitalize() + "."


def _body(draw: random.Random, number: int, count: int) -> str:
    parts: list[str] = []
    for section in range(6):
        parts.append(f"## {' '.join(draw.choice(_WORDS) for _ in range(3)).capitalize()} {section}")
        for _ in range(3):
            sentences = [_sentence(draw) for _ in range(4)]
            sentences.insert(
                1,
                f"See [{draw.choice(_WORDS)} {draw.choice(_WORDS)}](@@{draw.randrange(count)}@@) and **{draw.choice(_WORDS)}**.",
            )
            parts.append(" ".join(sentences))
        if section == 1:
            rows = "\n".join(
                f"| {draw.choice(_WORDS)} | {draw.choice(_WORDS)} | {draw.randrange(100)} |" for _ in range(5)
            )
            parts.append(f"| First | Second | Third |\n| --- | --- | --- |\n{rows}")
        if section == 2:
            parts.append("\n".join(f"- {_sentence(draw, 3, 8)}" for _ in range(5)))
        if section == 3:
            parts.append(f"A note on *{draw.choice(_WORDS)}*.[^1]\n\n[^1]: {_sentence(draw)}")
    return "\n\n".join(parts) + "\n"


def _linked(body: str, form: str) -> str:
    """The body with its links written in one generator's form."""
    pieces = body.split("@@")
    pieces[1::2] = [form.format(topic=TOPICS[int(n) % len(TOPICS)], slug=f"article-{int(n):06d}") for n in pieces[1::2]]
    return "".join(pieces)


def write_ours(folder: Path, count: int) -> None:
    """A content folder for this project: articles by topic, one home page, data."""
    for name in ("data", "pages", "images"):
        (folder / name).mkdir(parents=True)
    for topic in TOPICS:
        (folder / "articles" / topic).mkdir(parents=True)
    source = Path(__file__).resolve().parents[2] / "content"
    for path in sorted((source / "data").iterdir()):
        if path.is_file() and path.name not in ("topics.yaml", "urls.txt", "redirects.yaml"):
            (folder / "data" / path.name).write_bytes(path.read_bytes())
    topics = "".join(
        f"- id: {topic}\n  title: {topic.capitalize()}\n  description: About {topic}.\n" for topic in TOPICS
    )
    (folder / "data" / "topics.yaml").write_text(topics)
    page = "---\ntitle: {0}\ndescription: The page {0}.\npublished: 2026-01-01\nmodified: 2026-01-01\n---\n\nText.\n"
    for name in ("home", "404", "search", "get-help-now", "editorial-policy", "about", "privacy", "accessibility"):
        (folder / "pages" / f"{name}.md").write_text(page.format(name))
    for article in articles(count):
        front = (
            f"---\ntitle: {article.title}\ndescription: About {article.title}.\ntype: reference\n"
            f"published: 2026-01-{article.number % 28 + 1:02d}\nmodified: 2026-02-01\nnext_review: 2030-01-01\n"
            f"tags: [{', '.join(article.tags)}]\n---\n\n"
        )
        body = _linked(article.body, "{{filename}}/articles/{topic}/{slug}.md")
        (folder / "articles" / article.topic / f"{article.slug}.md").write_text(front + body)


def write_pelican(folder: Path, count: int) -> None:
    """A content folder for stock Pelican."""
    for topic in TOPICS:
        (folder / topic).mkdir(parents=True)
    for article in articles(count):
        front = (
            f"Title: {article.title}\nDate: 2026-01-{article.number % 28 + 1:02d}\nTags: {', '.join(article.tags)}\n"
            f"Summary: About {article.title}.\n\n"
        )
        body = _linked(article.body, "{{filename}}/{topic}/{slug}.md")
        (folder / article.topic / f"{article.slug}.md").write_text(front + body)


def write_hugo(folder: Path, count: int, data_files: bool = False) -> None:
    """A content folder for Hugo or (``data_files``) Eleventy."""
    for topic in TOPICS:
        (folder / topic).mkdir(parents=True)
    for article in articles(count):
        layout = "layout: page.njk\n" if data_files else ""
        front = (
            f"---\ntitle: {article.title}\ndate: 2026-01-{article.number % 28 + 1:02d}\n{layout}tags: [{', '.join(article.tags)}]\n"
            f"description: About {article.title}.\n---\n\n"
        )
        body = _linked(article.body, "/{topic}/{slug}/")
        (folder / article.topic / f"{article.slug}.md").write_text(front + body)
