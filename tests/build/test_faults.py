"""Every kind of mistake is reported at its exact place, stops the build, and leaves the former output as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT, run_pelican, snapshot
from tests.pictures import animation, as_bytes, photo

ARTICLE = "articles/mind/insomnia-and-pain.md"
OTHER = "articles/mind/anxiety-and-pain.md"


@dataclass(frozen=True)
class Fault:
    """``plant`` breaks a copy of the content and returns (path, line, column) where the report must point."""

    code: str
    plant: Callable[[Path], tuple[str, int, int]]


def _where(content: Path, path: str, needle: str) -> tuple[str, int, int]:
    for number, line in enumerate((content / path).read_text(encoding="utf-8").split("\n"), 1):
        if needle in line:
            return f"content/{path}", number, line.index(needle) + 1
    raise AssertionError(f"{needle!r} is not in {path}")


def added(text: str, needle: str | None = None, path: str = ARTICLE) -> Callable[[Path], tuple[str, int, int]]:
    """Add a paragraph at the end of an article; the report points at ``needle`` in it."""

    def plant(content: Path) -> tuple[str, int, int]:
        with (content / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")
        return _where(content, path, needle or text)

    return plant


def front(old: str, new: str, needle: str | None = None, path: str = ARTICLE) -> Callable[[Path], tuple[str, int, int]]:
    """Replace one line of the front matter that starts with ``old``; the report points at ``needle``, or line 1 column 1."""

    def plant(content: Path) -> tuple[str, int, int]:
        file = content / path
        lines = file.read_text(encoding="utf-8").split("\n")
        index = next(number for number, line in enumerate(lines) if line.startswith(old))
        lines[index : index + 1] = new.split("\n") if new else []
        file.write_text("\n".join(lines), encoding="utf-8")
        return _where(content, path, needle) if needle else (f"content/{path}", 1, 1)

    return plant


def new_file(path: str, source: str = ARTICLE, **replace: str) -> Callable[[Path], tuple[str, int, int]]:
    """Add a copy of an article under another name; the report is about the file as a whole."""

    def plant(content: Path) -> tuple[str, int, int]:
        text = (content / source).read_text(encoding="utf-8")
        text = text.replace("title: ", "title: Another ").replace("description: ", "description: Another ")
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, encoding="utf-8")
        return f"content/{path}", 0, 0

    return plant


def same_title(content: Path) -> tuple[str, int, int]:
    title = next(
        line for line in (content / OTHER).read_text(encoding="utf-8").split("\n") if line.startswith("title: ")
    )
    return front("title: ", title, "title: ")(content)


def bad_byte(content: Path) -> tuple[str, int, int]:
    file = content / ARTICLE
    text = file.read_bytes() + b"\nGood words, then \xff a byte.\n"
    file.write_bytes(text)
    return f"content/{ARTICLE}", text.count(b"\n"), len("Good words, then ") + 1


def bad_phone(content: Path) -> tuple[str, int, int]:
    file = content / "data" / "resources.yaml"
    text = file.read_text(encoding="utf-8").replace("'tel:988'", "'988'", 1)
    file.write_text(text, encoding="utf-8")
    line = next(number for number, line in enumerate(text.split("\n"), 1) if "href: '988'" in line)
    return "content/data/resources.yaml", line - 1, 1


def doubled_reference(content: Path) -> tuple[str, int, int]:
    file = content / "data" / "references.bib"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text + "\n@misc{raja2020iasp,\n  title = {Twice},\n  year = {2020},\n  url = {https://example.org},\n}\n",
        encoding="utf-8",
    )
    return "content/data/references.bib", text.count("\n") + 2, 1


def picture(name: str, data: bytes) -> Callable[[Path], tuple[str, int, int]]:
    """Add a picture and an article's paragraph that shows it; the report points at its name there."""

    def plant(content: Path) -> tuple[str, int, int]:
        (content / "images" / name).write_bytes(data)
        target = f"{{static}}/images/{name}"
        return added(f"A view:\n\n![Waves on sand](<{target}>)", target)(content)

    return plant


FAULTS = {
    "unknown key": Fault("unknown-key", front("tags: ", "mood: low", "mood:")),
    "misspelled key": Fault("unknown-key", front("description: ", "desciption: Words.", "desciption:")),
    "missing key": Fault("missing-key", front("next_review: ", "")),
    "doubled key": Fault("duplicate-key", front("tags: ", "type: overview", "type: overview")),
    "date in words": Fault("bad-published", front("published: ", "published: March 2024", "March 2024")),
    "date not in the calendar": Fault("bad-modified", front("modified: ", "modified: 2026-02-30", "2026-02-30")),
    "dates out of order": Fault("bad-next-review", front("next_review: ", "next_review: 2020-01-01", "next_review:")),
    "unknown type": Fault("bad-type", front("type: ", "type: conditon", "conditon")),
    "front matter not YAML": Fault("front-matter", front("tags: ", "tags: [sleep", None)),
    "unknown related article": Fault(
        "unknown-related", front("  - mind/depression", "  - mind/nothing.md", "related:")
    ),
    "unresolved filename": Fault(
        "broken-link", added("See [this]({filename}nothing.md) page.", "{filename}nothing.md")
    ),
    "unresolved static": Fault(
        "missing-file", added("See [this]({static}/images/nothing.pdf) file.", "{static}/images")
    ),
    "unresolved tag": Fault("broken-link", added("See [this]({tag}nothing) tag.", "{tag}nothing")),
    "unresolved category": Fault("broken-link", added("See [this]({category}nothing) topic.", "{category}nothing")),
    "fragment of another page": Fault(
        "broken-fragment",
        added("See [worry]({filename}anxiety-and-pain.md#nowhere).", "{filename}anxiety-and-pain.md#nowhere"),
    ),
    "fragment of this page": Fault("broken-fragment", added("See [above](#nowhere).", "#nowhere")),
    "link in a reference definition": Fault(
        "broken-link", added("[pills][1]\n\n[1]: {filename}gone.md", "{filename}gone.md")
    ),
    "hard-coded address": Fault(
        "hard-coded-link", added("See [this](/mind/anxiety-and-pain/).", "/mind/anxiety-and-pain/")
    ),
    "link that is not encrypted": Fault(
        "insecure-link", added("See [this](http://example.org/).", "http://example.org/")
    ),
    "unknown citation": Fault("unknown-citation", added("A claim. [@nobody1999, low]", "[@nobody1999")),
    "unreadable citation": Fault("bad-citation", added("A claim. [@finan2013sleep; ]", "[@finan2013sleep; ]")),
    "unknown certainty": Fault(
        "unknown-certainty", added("A claim. [@finan2013sleep, sure]", "[@finan2013sleep, sure")
    ),
    "duplicate title": Fault("duplicate-title", same_title),
    "duplicate slug": Fault("duplicate-slug", new_file("articles/understand/insomnia-and-pain.md")),
    "unknown topic": Fault("unknown-topic", new_file("articles/minds/worry.md")),
    "name that cannot be an address": Fault("bad-file-name", new_file("articles/mind/Worry & Pain.md")),
    "missing image": Fault(
        "missing-file", added("![A chart]({static}/images/nothing.svg)", "{static}/images/nothing.svg")
    ),
    "image without alternative text": Fault(
        "missing-alt", added("![]({static}/images/nothing.svg)", "{static}/images/nothing.svg")
    ),
    "damaged image": Fault("damaged-image", picture("sea.jpg", photo()[:-500])),
    "damaged drawing": Fault("damaged-image", picture("sea.svg", b"<svg")),
    "image of too many pixels": Fault(
        "image-too-large", picture("sea.png", as_bytes(Image.new("1", (8000, 7000)), "PNG"))
    ),
    "animated image": Fault("animated-image", picture("sea.webp", animation("WEBP"))),
    "image called what it is not": Fault("wrong-image-kind", picture("sea.png", photo())),
    "image of a kind that browsers do not show": Fault("wrong-image-kind", picture("sea.gif", animation("GIF"))),
    "image with a name that cannot be an address": Fault("bad-file-name", picture("IMG 12.JPG", photo())),
    "picture element": Fault("unsafe-html", added("<picture></picture>", "<picture>")),
    "script": Fault("unsafe-html", added("<script>track()</script>", "<script>")),
    "event handler": Fault("unsafe-html", added('Press <b onclick="x()">here</b>.', "onclick")),
    "embed": Fault("unsafe-html", added('<iframe src="https://example.org/"></iframe>', "<iframe")),
    "style element": Fault("unsafe-html", added("<style>p { color: red }</style>", "<style>")),
    "script in a link": Fault("unsafe-html", added('<a href="javascript:x()">here</a>', "href")),
    "remote image": Fault(
        "remote-resource", added("![Sea](https://example.org/sea.jpg)", "https://example.org/sea.jpg")
    ),
    "remote image in HTML": Fault(
        "remote-resource", added('<img src="//example.org/x.gif" alt="x">', 'src="//example.org')
    ),
    "block never closed": Fault("block-not-closed", added('::: callout "Care"\nWords.', "::: callout")),
    "unknown block": Fault("unknown-block", added("::: tip\nWords.\n:::", "::: tip")),
    "resource nobody verified": Fault(
        "unverified-resource", added("[call](resource:oc-warmline)", "resource:oc-warmline")
    ),
    "unknown resource": Fault("unknown-resource", added("[call](resource:nobody)", "resource:nobody")),
    "heading of the first level": Fault("heading-level", added("# Another title", "# Another title")),
    "byte that is not UTF-8": Fault("not-utf-8", bad_byte),
    "phone number without tel:": Fault("bad-data", bad_phone),
    "doubled reference": Fault("duplicate-reference", doubled_reference),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("good") / "output"
    done = run_pelican(ROOT / "content", output)
    assert done.returncode == 0, done.stderr
    return output


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_where_it_is_and_nothing_is_written(
    name: str, content: Path, good: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    shutil.copytree(good, output)
    before = snapshot(output)
    fault = FAULTS[name]
    path, line, column = fault.plant(content)
    done = run_pelican(content, output)
    lines = done.stderr.split("\n")
    place = f"{path}:{line}:{column}: {fault.code}: " if name != "front matter not YAML" else f"{path}:"
    found = [number for number, text in enumerate(lines) if text.startswith(place) and f" {fault.code}: " in text]
    assert found, f"expected {place}\n{done.stdout}{done.stderr}"
    assert lines[found[0] + 1].startswith("    "), "no remedy below the message"
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert snapshot(output) == before


def test_all_faults_are_reported_in_one_run(content: Path, tmp_path: Path) -> None:
    names = (
        "unresolved filename",
        "unknown citation",
        "script",
        "missing image",
        "block never closed",
        "phone number without tel:",
    )
    places = [(FAULTS[name].code, FAULTS[name].plant(content)) for name in names]
    done = run_pelican(content, tmp_path / "output")
    for code, (path, line, column) in places:
        assert f"{path}:{line}:{column}: {code}: " in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("plugin", ["no.such.plugin", "tests.build.broken_plugin"])
def test_a_plugin_that_does_not_register_stops_the_build(plugin: str, content: Path, tmp_path: Path) -> None:
    import pelicanconf

    plugins = '", "'.join([*pelicanconf.PLUGINS, plugin])
    done = run_pelican(content, tmp_path / "output", "-e", f'PLUGINS=["{plugins}"]')
    assert f"pelicanconf.py:0:0: plugin-not-registered: The plugin {plugin} did not register." in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "output").exists()


def test_a_warning_of_pelican_stops_the_build(content: Path, tmp_path: Path) -> None:
    done = run_pelican(content, tmp_path / "output", "-e", 'EXTRA_TEMPLATES_PATHS=["old"]')
    assert "pelicanconf.py:0:0: pelican-warning: EXTRA_TEMPLATES_PATHS is deprecated" in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "output").exists()


def test_a_template_that_fails_leaves_the_former_output(content: Path, good: Path, tmp_path: Path) -> None:
    theme, output = tmp_path / "theme", tmp_path / "output"
    shutil.copytree(ROOT / "theme", theme)
    shutil.copytree(good, output)
    before = snapshot(output)
    template = theme / "templates" / "base.html"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("</body>", "{{ no_such_name }}</body>"), encoding="utf-8")
    done = run_pelican(content, output, "-t", str(theme))
    assert done.returncode == 1, done.stdout
    assert snapshot(output) == before
