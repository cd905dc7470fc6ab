"""A site to measure link checkers on: equal pages of about 20 KB with 80 links each, and a few planted faults.

The same arguments always give the same bytes.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

BASE_URL = "https://bench.example/"
_TOPICS = 20
_SECTIONS = 16
_MENU = 16
_BODY_LINKS = 62  # with the menu and the two of <head>: 80
_WORDS = (
    "pain sleep mood care plan relief body mind clinic doctor night rest breath walk stretch evidence study trial "
    "moderate certainty outcome patient people help small steady change week month measure scale review question"
).split()


@dataclass(frozen=True)
class Fault:
    """A link that leads nowhere, as every checker of files and fragments must find it."""

    page: str
    url: str


def path_of(page: int) -> str:
    return f"topic-{page % _TOPICS}/page-{page}"


def generate(root: Path, pages: int = 2000, faults: int = 20, seed: int = 1) -> list[Fault]:
    """Write the site and return the faults in it. An existing folder is replaced."""
    shutil.rmtree(root, ignore_errors=True)
    dice = random.Random(seed)
    planted: list[Fault] = []
    step = max(1, pages // faults)
    for page in range(pages):
        folder = root / path_of(page)
        folder.mkdir(parents=True)
        fault = _fault(page, page // step) if page % step == step // 2 and len(planted) < faults else None
        if fault:
            planted.append(fault)
        (folder / "index.html").write_text(_page(dice, page, pages, fault), encoding="utf-8")
    (root / "site.css").write_text("body { margin: 0 }\n", encoding="utf-8")
    home = "".join(f'<li><a href="/{path_of(page)}/">Page {page}</a></li>\n' for page in range(pages))
    (root / "index.html").write_text(f"{_head('Home', '')}<ul>\n{home}</ul>\n</body>\n</html>\n", encoding="utf-8")
    return planted


def _fault(page: int, number: int) -> Fault:
    kinds = (
        f"/topic-3/no-page-{number}/",
        f"/{path_of(page // 2)}/#no-section-{number}",
        f"#nowhere-{number}",
        f"../no-neighbour-{number}/",
        f"/{path_of(page // 2).upper()}/",
    )
    return Fault(f"{path_of(page)}/index.html", kinds[number % len(kinds)])


def _head(title: str, path: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<link rel="stylesheet" href="/site.css">\n<link rel="next" href="/{path}">\n</head>\n<body>\n'
    )


def _page(dice: random.Random, page: int, pages: int, fault: Fault | None) -> str:
    parts = [_head(f"Page {page}", f"{path_of((page + 1) % pages)}/"), "<nav>\n<ul>\n"]
    parts += [f'<li><a href="/{path_of(item % pages)}/">Topic {item}</a></li>\n' for item in range(_MENU)]
    parts.append("</ul>\n</nav>\n<main>\n")
    per_section, extra = divmod(_BODY_LINKS, _SECTIONS)
    number = 0
    for section in range(_SECTIONS):
        parts.append(f'<h2 id="section-{section}">Section {section}</h2>\n')
        for _ in range(per_section + (section < extra)):
            target = dice.randrange(pages)
            fragment = f"#section-{dice.randrange(_SECTIONS)}" if number % 2 else ""
            url = fault.url if fault and number == _BODY_LINKS // 2 else f"/{path_of(target)}/{fragment}"
            before, after = (" ".join(dice.choices(_WORDS, k=16)) for _ in range(2))
            text = f"{dice.choice(_WORDS)} {number} of {target}"
            parts.append(f'<p id="p-{number}">{before} <a href="{url}">{text}</a> <em>{after}</em>.</p>\n')
            number += 1
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts)
