"""Whatever an editor does between two builds, the second gives the bytes that a clean build gives."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pelicanconf
from benchmarks.build import corpus
from sitekit.cache import Cache
from sitekit.compiler import environment_key
from sitekit.preview.builder import Builder
from sitekit.render import macro_renderer
from sitekit.site import read_site
from sitekit.today import content_day
from sitekit.views import Reference
from tests.conftest import ROOT, snapshot
from tests.pictures import photo

ARTICLES = 8
STEPS = 4
DAYS = ("2026-12-24", "2026-12-25")


class Project:
    """A small project of generated articles, and the things that editors and engineers do to it."""

    def __init__(self, folder: Path, draw: random.Random) -> None:
        self.folder, self.draw = folder, draw
        self.content = folder / "content"
        self.environment = {"SITE_TODAY": DAYS[0]}
        self.count = ARTICLES
        self.undo: Callable[[], object] | None = None
        corpus.write_ours(self.content, ARTICLES)
        for name in ("theme", "sitekit"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pelicanconf.py", "publishconf.py"):
            shutil.copy(ROOT / name, folder / name)
        with (folder / "pelicanconf.py").open("a", encoding="utf-8") as settings:
            settings.write("\nEDITORIAL_RULES = False\n")

    def article(self) -> Path:
        return self.draw.choice(sorted((self.content / "articles").rglob("*.md")))

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def front(self, key: str, value: str) -> None:
        path = self.article()
        lines = path.read_text(encoding="utf-8").split("\n")
        lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in lines]
        path.write_text("\n".join(lines), encoding="utf-8")

    def step(self) -> str:
        """Do one thing, and say what. What broke the site is mended by the next step."""
        if self.undo:
            self.undo()
            self.undo = None
            return "repaired"
        name = self.draw.choice([name for name in dir(self) if name.startswith("do_")])
        getattr(self, name)()
        return name

    def do_body(self) -> None:
        with self.article().open("a", encoding="utf-8") as file:
            file.write(f"\nOne more thought, number {self.draw.randrange(1000)}.\n")

    def do_two_bodies(self) -> None:
        self.do_body()
        self.do_body()

    def do_page_body(self) -> None:
        with (self.content / "pages" / "privacy.md").open("a", encoding="utf-8") as file:
            file.write(f"\nAnother line {self.draw.randrange(1000)}.\n")

    def do_heading(self) -> None:
        self.edit(self.article(), "\n## ", f"\n## New {self.draw.randrange(1000)} ")

    def do_term(self) -> None:
        with self.article().open("a", encoding="utf-8") as file:
            file.write("\nKetamine and an opioid. [@raja2020iasp, consensus]\n")

    def do_title(self) -> None:
        self.front("title", f"Another title {self.draw.randrange(10_000)}")

    def do_date(self) -> None:
        self.front("published", f"2026-01-{self.draw.randrange(1, 29):02d}")

    def do_modified(self) -> None:
        self.front("modified", f"2026-03-{self.draw.randrange(1, 29):02d}")

    def do_tags(self) -> None:
        self.front("tags", f"[{', '.join(self.draw.sample(['sleep', 'mood', 'work', 'rest', 'cost'], 2))}]")

    def do_new(self) -> None:
        self.count += 1
        source = self.article()
        text = source.read_text(encoding="utf-8").replace("title: ", f"title: New {self.count} ", 1)
        text = text.replace("description: ", f"description: New {self.count} ", 1)
        (source.parent / f"new-{self.count}.md").write_text(text, encoding="utf-8")

    def do_delete_new(self) -> None:
        for path in sorted((self.content / "articles").rglob("new-*.md"))[:1]:
            path.unlink()

    def do_rename_new(self) -> None:
        for path in sorted((self.content / "articles").rglob("new-*.md"))[:1]:
            path.rename(path.with_name(f"{path.stem}-moved.md"))

    def do_draft(self) -> None:
        for path in sorted((self.content / "articles").rglob("new-*.md"))[:1]:
            self.edit(path, "\ntype:", "\nstatus: draft\ntype:")

    def do_template(self) -> None:
        with (self.folder / "theme" / "templates" / "partials" / "footer.html").open("a", encoding="utf-8") as file:
            file.write(f"<!-- {self.draw.randrange(1000)} -->")

    def do_macro(self) -> None:
        macro = self.folder / "theme" / "templates" / "macros" / "blocks.html"
        self.edit(macro, "visually-hidden", f"visually-hidden x{self.draw.randrange(1000)}")

    def do_stylesheet(self) -> None:
        with (self.folder / "theme" / "static" / "css" / "base.css").open("a", encoding="utf-8") as file:
            file.write(f"\n.x{self.draw.randrange(1000)} {{ color: red }}\n")

    def do_data(self) -> None:
        self.edit(self.content / "data" / "topics.yaml", "title: ", f"title: New {self.draw.randrange(1000)} ")

    def do_glossary(self) -> None:
        self.edit(self.content / "data" / "glossary.csv", "A ", "One ")

    def do_setting(self) -> None:
        self.environment |= {"SITE_URL": f"https://{self.draw.choice(['a', 'b'])}.example"}

    def do_day(self) -> None:
        self.environment |= {"SITE_TODAY": self.draw.choice(DAYS)}

    def do_schedule(self) -> None:
        self.do_new()
        path = max((self.content / "articles").rglob(f"new-{self.count}.md"))
        lines = path.read_text(encoding="utf-8").split("\n")
        dated = ("published", "modified")
        lines = [f"{one.split(':')[0]}: {DAYS[1]}" if one.startswith(dated) else one for one in lines]
        path.write_text("\n".join(lines), encoding="utf-8")

    def do_picture(self) -> None:
        name = self.draw.choice(["one", "two"])
        svg = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {self.draw.randrange(1000)} --></svg>'
        (self.content / "images" / f"{name}.svg").write_text(svg, encoding="utf-8")
        with self.article().open("a", encoding="utf-8") as file:
            file.write(f"\n![A picture]({{static}}/images/{name}.svg)\n")

    def do_photo(self) -> None:
        name = self.draw.choice(["three.jpg", "four.jpg"])
        (self.content / "images" / name).write_bytes(photo(self.draw.randrange(20, 60), 40, self.draw.randrange(1, 9)))
        link = self.draw.choice(["![A picture]({{static}}/images/{0})", "[A picture](../../images/{0})"])
        with self.article().open("a", encoding="utf-8") as file:
            file.write(f"\n{link.format(name)}\n")

    def do_broken_photo(self) -> None:
        if file := min((self.content / "images").glob("*.jpg"), default=None):
            former = file.read_bytes()
            file.write_bytes(former[: len(former) // 2])
            self.undo = lambda: file.write_bytes(former)

    def do_no_pictures(self) -> None:
        for path in sorted((self.content / "articles").rglob("*.md")):
            lines = path.read_text(encoding="utf-8").split("\n")
            path.write_text("\n".join(line for line in lines if "[A picture]" not in line), encoding="utf-8")

    def do_broken_link(self) -> None:
        path = self.article()
        former = path.read_text(encoding="utf-8")
        path.write_text(f"{former}\n[Gone]({{filename}}nothing.md)\n", encoding="utf-8")
        self.undo = lambda: path.write_text(former, encoding="utf-8")

    def do_broken_front_matter(self) -> None:
        path = self.article()
        former = path.read_text(encoding="utf-8")
        path.write_text(former.replace("type: ", "tpye: ", 1), encoding="utf-8")
        self.undo = lambda: path.write_text(former, encoding="utf-8")

    def do_rename_what_others_link_to(self) -> None:
        path = self.article()
        moved = path.with_name("moved-away.md")
        path.rename(moved)
        self.undo = lambda: moved.rename(path)

    def do_touch(self) -> None:
        self.article().touch()

    def do_spoil_output(self) -> None:
        for path in sorted((self.folder / "output").rglob("*.html"))[:2]:
            path.write_text("spoiled", encoding="utf-8")

    def do_damage_cache(self) -> None:
        for path in sorted((self.folder / ".cache").glob("*")):
            if path.is_file():
                data = path.read_bytes()
                path.write_bytes(data[: len(data) // 2])


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    with_root = Builder(tmp_path)
    yield with_root
    with_root.close()


def check_sequence(seed: int, folder: Path, builder: Builder) -> None:
    """Play one sequence of steps; after each, the incremental output equals a clean one, or stays as it was."""
    project = Project(folder, random.Random(seed))
    output = folder / "output"
    search = "on" if seed % 4 == 0 else "off"
    cache = {"SITE_CACHE": str(folder / ".cache"), "SITE_SEARCH": search}
    assert builder.build("pelicanconf.py", output, environment={**project.environment, **cache}).status == 0
    done: list[str] = []
    for number in range(STEPS + 1):
        before = snapshot(output)
        done.append(project.step())
        spoiled = done[-1] == "do_spoil_output"
        if done[-1] in ("do_macro", "do_template", "do_stylesheet"):
            before = snapshot(output)
        clean = {"SITE_CACHE": str(folder / f"clean-{number}"), "SITE_SEARCH": search}
        environment = project.environment
        ours = builder.build("pelicanconf.py", output, environment={**environment, **cache})
        theirs = builder.build("pelicanconf.py", folder / f"site-{number}", environment={**environment, **clean})
        assert ours.status == theirs.status, f"seed {seed}, {done}: {ours.text}\n{theirs.text}"
        if ours.status:
            assert snapshot(output) == before or spoiled, f"seed {seed}, {done}"
            continue
        mine = {name: data for name, (data, _) in snapshot(output).items()}
        expected = {name: data for name, (data, _) in snapshot(folder / f"site-{number}").items()}
        assert mine.keys() == expected.keys(), f"seed {seed}, {done}"
        assert [name for name in mine if mine[name] != expected[name]] == [], f"seed {seed}, {done}"


@pytest.mark.parametrize("seed", range(10))
def test_a_random_sequence_of_edits(seed: int, tmp_path: Path, builder: Builder) -> None:
    check_sequence(seed, tmp_path, builder)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_many_random_sequences_of_edits(seed: int, tmp_path: Path, builder: Builder) -> None:
    check_sequence(seed, tmp_path, builder)


def test_a_change_of_text_alone_takes_the_quick_way(tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path, random.Random(1))
    environment = {**project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    output = tmp_path / "output"
    assert "Rendered" in builder.build("pelicanconf.py", output, environment=environment).text
    assert "Nothing has changed" in builder.build("pelicanconf.py", output, environment=environment).text
    project.do_body()
    text = builder.build("pelicanconf.py", output, environment=environment).text
    assert "1 changed" in text
    assert "Rendered" not in text


@pytest.mark.parametrize(
    "text",
    [
        "[Gone](https://untangled.example/nothing/)",
        "[Gone](//Untangled.example/nothing/)",
        "[Half](https://)",
        "[No port](https://example.org:99999/)",
        "[Ours](https://0x7f.1/)",
        "[Left over](https://example.org/{{place}})",
        "[Left over](mailto:&lbrace;{name}})",
        "<https://[::1>",
        '<a href="https://untangled.example/nothing/">Gone</a>',
        '<blockquote cite="https://untangled.example/nothing/">Gone</blockquote>',
    ],
)
def test_an_address_that_only_the_link_checker_can_judge_is_judged(text: str, tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path, random.Random(1))
    environment = {**project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    output = tmp_path / "output"
    assert builder.build("pelicanconf.py", output, environment=environment).status == 0
    before = snapshot(output)
    with project.article().open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")
    done = builder.build("pelicanconf.py", output, environment=environment)
    assert done.status == 1, done.text
    assert snapshot(output) == before


def test_plain_addresses_take_the_quick_way(tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path, random.Random(1))
    environment = {**project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    output = tmp_path / "output"
    assert builder.build("pelicanconf.py", output, environment=environment).status == 0
    with project.article().open("a", encoding="utf-8") as file:
        file.write(
            "\n[One](https://www.example.org/a?b=c&d=%20e#f), [two](mailto:us@example.org), [call](tel:+1-555).\n"
        )
    text = builder.build("pelicanconf.py", output, environment=environment).text
    assert "1 changed" in text
    assert "Rendered" not in text


def test_a_day_that_ends_during_a_build_is_another_day(tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path, random.Random(1))
    project.do_schedule()
    with (tmp_path / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write("from pelican.plugins import signals\n")
        settings.write(f"def midnight(*_):\n    os.environ['SITE_TODAY'] = '{DAYS[1]}'\n")
        settings.write("signals.all_generators_finalized.connect(midnight, weak=False)\n")
    environment = {"SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    output = tmp_path / "output"
    assert "1 of them scheduled" in builder.build("pelicanconf.py", output, environment=environment | {"SITE_TODAY": DAYS[0]}).text  # fmt: skip
    text = builder.build("pelicanconf.py", output, environment=environment | {"SITE_TODAY": DAYS[1]}).text
    assert "Rendered" in text
    assert "scheduled" not in text


def test_a_change_behind_a_symbolic_link_is_seen(tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path / "project", random.Random(1))
    shared, glossary = tmp_path / "glossary.csv", project.content / "data" / "glossary.csv"
    glossary.rename(shared)
    glossary.symlink_to(shared)
    environment = {**project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    with_project = Builder(project.folder)
    try:
        for expected in ("Rendered", "Nothing has changed"):
            assert expected in with_project.build("pelicanconf.py", project.folder / "output", environment=environment).text  # fmt: skip
        project.edit(shared, "A ", "One ")
        assert "Rendered" in with_project.build("pelicanconf.py", project.folder / "output", environment=environment).text  # fmt: skip
    finally:
        with_project.close()


@pytest.mark.parametrize("option", [("-e", 'SITENAME="Elsewhere"'), ("-t", "other"), ("elsewhere/content",)])
def test_what_options_of_pelican_changed_is_not_taken_for_the_site(option: tuple[str, ...], tmp_path: Path) -> None:
    Project(tmp_path, random.Random(1))
    shutil.copytree(tmp_path / "theme", tmp_path / "other")
    shutil.copytree(tmp_path / "content", tmp_path / "elsewhere" / "content")
    environment = {**os.environ, "SITE_TODAY": DAYS[0], "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    environment["PYTHONPATH"] = str(tmp_path)

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    run("pelican", "-q", "-s", "pelicanconf.py", *option)
    assert "Rendered" in run("sitekit.build")
    assert "Nothing has changed" in run("sitekit.build")


def test_links_that_lead_in_circles_are_problems_and_no_endless_build(tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path, random.Random(1))
    environment = {**project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    assert builder.build("pelicanconf.py", tmp_path / "output", environment=environment).status == 0
    for name in ("images/one", "images/two", "articles/three"):
        (project.content / name).symlink_to(project.content)
    done = builder.build("pelicanconf.py", tmp_path / "output", environment=environment)
    assert done.status == 1
    assert done.text.count("The link leads to a folder.") == 3


def test_a_picture_whose_name_is_no_unicode_may_change(tmp_path: Path, builder: Builder) -> None:
    project = Project(tmp_path, random.Random(1))
    environment = {**project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    picture = os.path.join(os.fsencode(project.content), b"images", b"f\xfcr.svg")
    for data in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"):
        with open(picture, "wb") as file:
            file.write(data)
        done = builder.build("pelicanconf.py", tmp_path / "output", environment=environment)
        assert done.status == 0, done.text
        assert "Rendered" in done.text


@pytest.mark.parametrize("folder", [".", "content", "content/site", "theme", "elsewhere"])
def test_a_folder_of_anything_else_never_becomes_the_output(folder: str, tmp_path: Path, builder: Builder) -> None:
    Project(tmp_path, random.Random(1))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "diary.txt").write_text("Mine.", encoding="utf-8")
    before = snapshot(tmp_path)
    done = builder.build("pelicanconf.py", tmp_path / folder, environment={"SITE_CACHE": f"{tmp_path}.cache"})
    assert done.status == 1
    assert "bad-output" in done.text
    after = {name: one for name, one in snapshot(tmp_path).items() if "__pycache__" not in name}
    assert after == before


def test_a_small_change_without_room_to_write_is_a_problem_with_a_place(tmp_path: Path) -> None:
    project = Project(tmp_path, random.Random(1))
    environment = {**os.environ, **project.environment, "SITE_CACHE": str(tmp_path / ".cache"), "SITE_SEARCH": "off"}
    command = [sys.executable, "-m", "sitekit.build"]

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

    assert subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True).returncode == 0
    before = snapshot(tmp_path / "output")
    project.do_body()
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, preexec_fn=no_room)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "file-error" in done.stderr
    assert snapshot(tmp_path / "output") == before


def test_a_scored_article_shows_its_scores_after_the_quick_way_too(tmp_path: Path, builder: Builder) -> None:
    """On the real texts, since generated ones are neither judged nor scored; with a search index, as editors build."""
    for name in ("content", "theme", "sitekit"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    output, clean = tmp_path / "output", tmp_path / "clean"
    environment = {"SITE_CACHE": str(tmp_path / ".cache"), "SITE_TODAY": content_day(ROOT / "content")}
    assert "Indexed" in builder.build("pelicanconf.py", output, environment=environment).text
    with (tmp_path / "content" / "articles" / "mind" / "insomnia-and-pain.md").open("a", encoding="utf-8") as file:
        file.write("\nOne more sentence.\n")
    text = builder.build("pelicanconf.py", output, environment=environment).text
    assert "Wrote" in text, text
    assert "Rendered" not in text
    assert builder.build("pelicanconf.py", clean, environment=environment).status == 0
    mine, expected = ({name: data for name, (data, _) in snapshot(folder).items()} for folder in (output, clean))
    assert [name for name in mine | expected if mine.get(name) != expected.get(name)] == []


def test_data_saved_while_they_are_read_leave_nothing_wrong_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path, random.Random(1))
    project.do_term()
    sources, theme = project.content / "data" / "references.bib", tmp_path / "theme"
    render, cache = macro_renderer(theme, pelicanconf.JINJA_ENVIRONMENT), Cache(tmp_path / "compiled.db")

    def cited() -> list[tuple[Reference, ...]]:
        site = read_site(
            project.content, "content", pelicanconf.MARKDOWN, render, theme=theme, editorial=False, cache=cache
        )
        return [one.converted.references for one in site.compiled.values()]

    def saved_before(*arguments: object) -> bytes:
        project.edit(sources, "title = {The", "title = {A")
        return environment_key(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("sitekit.site.environment_key", saved_before)
        former = cited()
    latter = cited()
    assert latter != former
    cache.close()
    cache = Cache(None)
    assert latter == cited()
