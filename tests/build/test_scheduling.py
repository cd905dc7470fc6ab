"""What is not out yet stays in: drafts, pages whose day has not come, and the files that only they use."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitekit.preview.builder import Builder
from tests.build.test_incremental import Project
from tests.conftest import ROOT, run_pelican, snapshot

Build = Callable[..., subprocess.CompletedProcess[str]]
BEFORE, DAY, AFTER = "2026-12-24", "2026-12-25", "2026-12-26"
ARTICLE = "articles/mind/insomnia-and-pain.md"
PUBLISH = ("-s", str(ROOT / "publishconf.py"))
CHART = """\
# unit: percent
# heads: Care; People whose depression halved
group,label,value,low,high,cite,certainty,fact
,Chartword care,37.4,,,kroenke2009scamp,moderate,F2.13
,usual care,16.5,,,kroenke2009scamp,moderate,F2.13
"""


def copy_of(content: Path, path: str, name: str, body: str, **front: str) -> Path:
    """A new source made from the front matter of another, with a text of its own."""
    head, _, _ = (content / path).read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    keys = [line for line in head.split("\n") if line[:1].isalpha()]
    values = dict(line.split(": ", 1) for line in keys if ": " in line)
    values |= {"title": f"Title of {name}", "description": f"{name} in short.", **front}
    values.pop("start", None)
    file = (content / path).with_name(f"{name}.md")
    text = "".join(f"{key}: {value}\n" for key, value in values.items())
    file.write_text(f"---\n{text}---\n\n{body}\n", encoding="utf-8")
    return file


def picture(content: Path, name: str) -> None:
    (content / "images").mkdir(exist_ok=True)
    (content / "images" / f"{name}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {name} --></svg>')


@pytest.fixture
def hidden(content: Path) -> Path:
    """Sources with a draft, a scheduled article and a scheduled page. Each word that must stay in holds the word ``secret``."""
    for name in ("secretdraft", "secretdated", "open", "nobodys"):
        picture(content, name)
    settings = "\nEDITORIAL_RULES = False\n"
    (content.parent / "publish.py").write_text(f"from publishconf import *\n{settings}")
    (content.parent / "preview.py").write_text(f"from pelicanconf import *\n{settings}")
    words = "Words.\n\n![A picture]({{static}}/images/{}.svg)\n\n![Open](../../images/open.svg)\n"
    copy_of(content, ARTICLE, "secret-draft", words.format("secretdraft"), status="draft")
    copy_of(content, ARTICLE, "secret-article", words.format("secretdated"), published=DAY, modified=DAY)
    copy_of(content, "pages/about.md", "secret-page", "Words.", published=DAY, modified=DAY)
    with (content / ARTICLE).open("a", encoding="utf-8") as file:
        file.write("\n![Open]({static}/images/open.svg)\n")
    return content


def build(content: Path, settings: str, day: str) -> dict[str, bytes]:
    output = content.parent / f"{settings}-{day}"
    place = str(content.parent / f"{settings}.py")
    done = run_pelican(content, output, "-s", place, SITE_TODAY=day, SITE_SEARCH="off", PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr
    return {name: data for name, (data, _) in snapshot(output).items()}


def test_nothing_of_what_is_hidden_is_published_before_its_day(hidden: Path) -> None:
    before, on = build(hidden, "publish", BEFORE), build(hidden, "publish", DAY)
    assert [name for name, data in before.items() if b"secret" in data.lower() or "secret" in name] == []
    assert "images/open.svg" in before
    assert "images/nobodys.svg" not in before
    assert on.keys() - before.keys() == {
        "mind/secret-article/index.html",
        "secret-page/index.html",
        "images/secretdated.svg",
    }
    for name in ("sitemap.xml", "feeds/all.atom.xml", "feeds/all.rss.xml", "mind/index.html"):
        assert b"/mind/secret-article/" in on[name]
        assert b"secret-draft" not in on[name]
    assert b"/secret-page/" in on["sitemap.xml"]


def test_the_preview_shows_what_is_hidden_and_lists_what_is_public(hidden: Path) -> None:
    found = build(hidden, "preview", BEFORE)
    pages = {"mind/secret-article/index.html", "secret-page/index.html", "drafts/secret-draft/index.html"}
    assert {name for name in found if "secret" in name and name.endswith(".html")} == pages
    assert {"images/secretdraft.svg", "images/secretdated.svg"} <= found.keys()
    for name in pages:
        assert b'<meta name="robots" content="noindex' in found[name]
    assert [name for name, data in found.items() if b"secret-" in data and name not in pages] == []


def test_a_link_to_a_page_that_comes_later_is_a_problem_at_its_place(hidden: Path) -> None:
    article = hidden / ARTICLE
    text = article.read_text(encoding="utf-8")
    article.write_text(f"{text}\nSee [it](secret-article.md).\n", encoding="utf-8")
    line = f"{text}\nSee".count("\n") + 1
    place = hidden.parent / "publish.py"
    done = run_pelican(hidden, hidden.parent / "x", "-s", str(place), SITE_TODAY=BEFORE, PYTHONPATH=str(ROOT))
    assert done.returncode == 1
    assert f"content/{ARTICLE}:{line}:10: link-to-scheduled:" in done.stderr
    assert DAY in done.stderr
    assert any(
        "mind/secret-article/" in data.decode() for data in build(hidden, "publish", DAY).values() if data[:1] == b"<"
    )


def test_pages_that_come_out_together_may_link_to_each_other(hidden: Path) -> None:
    for name, published in (("second", DAY), ("third", AFTER)):
        copy_of(hidden, ARTICLE, name, "See [it](secret-article.md).", published=published, modified=published)
    assert "mind/second/index.html" not in build(hidden, "publish", BEFORE)
    assert "mind/second/index.html" in build(hidden, "publish", DAY)


def test_a_chart_that_only_a_draft_shows_is_in_no_file(hidden: Path) -> None:
    (hidden / "data" / "charts" / "secretchart.csv").write_text(CHART, encoding="utf-8")
    with (hidden / "articles" / "mind" / "secret-draft.md").open("a", encoding="utf-8") as file:
        file.write('\n::: chart secretchart "Chart"\nHow to read this: longer bars mean more.\n:::\n')
    assert [name for name, data in build(hidden, "publish", BEFORE).items() if b"Chartword" in data] == []
    assert [name for name, data in build(hidden, "preview", BEFORE).items() if b"Chartword" in data] == [
        "drafts/secret-draft/index.html"
    ]


def test_a_day_that_is_none_is_said_and_nothing_is_written(content: Path, tmp_path: Path) -> None:
    done = run_pelican(content, tmp_path / "out", SITE_TODAY="soon")
    assert done.returncode == 1
    assert "SITE_TODAY is 'soon'" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    made = Builder(tmp_path)
    yield made
    made.close()


def test_quick_builds_see_the_day_and_new_pictures(tmp_path: Path, builder: Builder) -> None:
    import random

    project = Project(tmp_path, random.Random(1))
    with (tmp_path / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write("WITH_DRAFTS = False\n")
    picture(project.content, "one")
    name = sorted(path.relative_to(project.content).as_posix() for path in project.content.glob("articles/*/*.md"))[0]
    article = copy_of(project.content, name, "dated", "Words.", published=DAY, modified=DAY)
    output = tmp_path / "output"

    def built(day: str) -> set[str]:
        environment = {"SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off", "SITE_TODAY": day}
        outcome = builder.build("pelicanconf.py", output, environment=environment)
        assert outcome.status == 0, outcome.text
        return set(snapshot(output))

    page = f"{article.parent.name}/{article.stem}/index.html"
    assert page not in built(BEFORE)
    assert page not in built(BEFORE)
    assert page in built(DAY)
    source = article.read_text(encoding="utf-8")
    article.write_text(f"{source}\n![One]({{static}}/images/one.svg)\n", encoding="utf-8")
    assert "images/one.svg" in built(DAY)
    article.write_text(source, encoding="utf-8")
    assert "images/one.svg" not in built(DAY)
    assert page not in built(BEFORE)
