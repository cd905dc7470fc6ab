"""From a dead link on a page back to the place in the Markdown, the data or the template where it was written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import markdown
import pytest

from sitekit.links import check
from sitekit.links.source import RecordError, read_record
from sitekit.links.source.locate import locate
from sitekit.source.markdown_links import scan

from .sites import page, write

EXTENSIONS = ["attr_list", "tables", "footnotes", "def_list", "admonition", "fenced_code", "md_in_html"]

# Twenty-four dead links, one of each way to write one; @n@ marks where link n stands.
ARTICLE = """---
title: A page
image: @1@/front.png
---
Text with [a link](@2@gone-02.html "and (a) title"), an ![image](@3@gone-03.png) and `[code](gone-02.html)`.

[![nested](@4@gone-04.png)](@5@gone-05.html) then [one over
two lines](@6@gone-06.html) and [brackets [in] text](<@7@gone 07.html>).

A [reference][ref], the [same again][ref], and <@8@https://example.org/gone-08> as an autolink.

<p>Raw HTML with <a class="x"
   href="@9@gone-09.html">a link</a> and <img alt="" srcset="ok.png 1x,
   @10@gone-10.png 2x" src="@11@gone-11.png"></p>

| Table | Cell |
| ----- | ---- |
| x     | [in a cell](@12@gone-12.html) |

A note.[^1] And another.[^2]

[^1]: A footnote with [a link](@13@gone-13.html).
[^2]: First paragraph.

    Second paragraph with [a link](@14@gone-14.html).

Term
:   Definition with [a link](@15@gone-15.html)

!!! note
    Admonition with [a link](@16@gone-16.html)

    And [another](@17@gone-17.html)

![With a list](ok.png){: longdesc="@18@gone-18.html" }

- A list
    - nested with [a link](@19@gone-19.html)

> A quote with [a link](@20@gone-20.html)

## A [heading](@21@{filename}/articles/gone-21.md#part)

Twice [here](@22@twice.html) and [there](@23@twice.html), an [anchor](@24@#nowhere).

<!-- [comment](gone-02.html) -->

[ref]: @25@gone-25.html "Reference"
"""


def authored() -> tuple[str, dict[int, tuple[int, int]]]:
    """The article without its marks, and the line and column of each mark."""
    places: dict[int, tuple[int, int]] = {}
    lines = []
    for number, line in enumerate(ARTICLE.splitlines(), 1):
        while mark := re.search(r"@(\d+)@", line):
            places[int(mark[1])] = (number, mark.start() + 1)
            line = line[: mark.start()] + line[mark.end() :]
        lines.append(line)
    return "\n".join(lines) + "\n", places


def rewritten(destination: str) -> str:
    return re.sub(r"\{filename\}/articles/([\w-]+)\.md", r"/\1/", destination)


def built(root: Path) -> tuple[Path, dict[int, tuple[int, int]]]:
    """A project with one article, built the way a site generator does it, with its record."""
    text, places = authored()
    html = markdown.markdown(text.split("---\n", 2)[2], extensions=EXTENSIONS)
    html = rewritten(html) + '<img src="/front.png" alt="">'
    links = [[link.destination, rewritten(link.destination)] for link in scan(text)]
    record = {
        "version": 1,
        "pages": {
            "mind/sleep/index.html": {
                "source": "content/mind/sleep.md",
                "template": "theme/article.html",
                "links": links,
            },
            **{f"p{n}/index.html": {"source": f"content/p{n}.md", "template": "theme/article.html"} for n in range(3)},
        },
    }
    footer = '<footer><a href="/sub/about-gone/">About</a></footer>'
    write(
        root,
        {
            "content/mind/sleep.md": text,
            "content/data/resources.yaml": "- id: x\n  url: https://example.org/gone-resource\n",
            **{f"content/p{n}.md": "Text\n" for n in range(3)},
            "theme/article.html": "{% extends 'base.html' %}\n",
            "theme/base.html": '<main>{{ body }}</main>\n<footer>\n <a href="{{ site.base }}/about-gone/">About</a></footer>\n',
            "output/mind/sleep/index.html": page(html + footer),
            "output/mind/sleep/ok.png": "x",
            **{f"output/p{n}/index.html": page(footer) for n in range(3)},
            "output/index.html": page('<a href="https://example.org/gone-resource">x</a>'),
            ".cache/build-record.json": json.dumps(record),
        },
    )
    return root, places


def test_every_way_to_write_a_link_is_traced_to_its_line_and_column(tmp_path: Path) -> None:
    root, places = built(tmp_path)
    report = check(root / "output", "https://example.org/")
    record = read_record(root / ".cache/build-record.json")
    findings = locate(report.problems, root / "content", record)
    found = [
        (f.source_line, f.source_column) for f in findings if f.source == "content/mind/sleep.md" and f.source_line
    ]
    assert {number: place for number, place in places.items() if place not in found} == {}
    assert len(found) == len(set(found)) == len(places) == 25


def test_a_finding_from_a_template_is_told_once_with_the_number_of_pages(tmp_path: Path) -> None:
    root, _ = built(tmp_path)
    report = check(root / "output", "https://example.org/")
    findings = locate(report.problems, root / "content", read_record(root / ".cache/build-record.json"))
    footer = [finding for finding in findings if finding.url == "/sub/about-gone/"]
    assert [(f.source, f.source_line, f.source_column, f.pages) for f in footer] == [("theme/base.html", 3, 26, 4)]


def test_a_finding_from_data_names_the_data_file(tmp_path: Path) -> None:
    root, _ = built(tmp_path)
    report = check(root / "output", "https://example.org/")
    findings = locate(report.problems, root / "content", read_record(root / ".cache/build-record.json"))
    data = [finding for finding in findings if finding.url.endswith("gone-resource")]
    assert [(f.source, f.source_line, f.source_column) for f in data] == [("content/data/resources.yaml", 2, 8)]


def test_without_a_record_the_file_is_found_by_its_name(tmp_path: Path) -> None:
    root, places = built(tmp_path)
    report = check(root / "output", "https://example.org/")
    findings = {(f.source, f.source_line, f.source_column) for f in locate(report.problems, root / "content")}
    assert {("content/mind/sleep.md", *places[number]) for number in (2, 3, 12, 21, 25)} <= findings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"pages": []}',
        '{"pages": {"a": 1}}',
        '{"version": 2, "pages": {}}',
        '{"pages": {"a": {"links": [["x"]]}}}',
    ]
    + ['{"pages": {"a": {"source": 1}}}', "\x00"],
)
def test_a_damaged_record_is_refused_with_its_name(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, {"build-record.json": text}) / "build-record.json"
    with pytest.raises(RecordError, match=r"build-record\.json"):
        read_record(path)


def test_a_record_survives_writing_and_reading(tmp_path: Path) -> None:
    root, _ = built(tmp_path)
    record = read_record(root / ".cache/build-record.json")
    (root / "again.json").write_text(record.as_json(), encoding="utf-8")
    assert read_record(root / "again.json") == record
