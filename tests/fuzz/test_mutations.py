"""No file, however broken, makes a reader of sources fall over, wait, or point where nothing is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitekit.problems import Problem, format_text
from sitekit.source.documents import list_documents, read_document
from tests.conftest import ROOT
from tests.fuzz.mutate import case
from tests.fuzz.run import Reader, limit, misplaced

REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.case"))
MOST_MEGABYTES = 400


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    made = Reader()
    file = tmp_path_factory.mktemp("warm") / "warm.md"
    file.write_bytes((ROOT / "content" / "pages" / "about.md").read_bytes())
    made.read(file)
    return made


@pytest.mark.parametrize("file", REGRESSIONS, ids=lambda file: file.stem)
def test_a_file_that_once_broke_something_is_read(file: Path, reader: Reader) -> None:
    assert reader.failure(file) == ""


def run(seed: int, start: int, count: int) -> subprocess.CompletedProcess[str]:
    """Cases in a process of their own, so that its memory can be limited and measured."""
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.run",
        "--seed",
        str(seed),
        "--start",
        str(start),
        "--count",
        str(count),
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )


def passed(done: subprocess.CompletedProcess[str], count: int) -> None:
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"{count} cases, 0 failed, ")
    assert int(done.stderr.split(", ")[2].split()[0]) < MOST_MEGABYTES


def test_200_mutated_files_are_read_or_refused_at_a_place() -> None:
    passed(run(20261122, 0, 200), 200)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_10000_mutated_files_are_read_or_refused_at_a_place(part: int) -> None:
    passed(run(6, part * 1_000, 1_000), 1_000)


def test_a_case_is_the_same_each_time_and_another_for_another_number() -> None:
    sources = [b"---\ntitle: A\n---\n\nWords.\n" * 20]
    assert case(1, 5, sources) == case(1, 5, sources)
    assert len({case(1, index, sources) for index in range(50)}) > 40


def test_the_harness_sees_what_it_looks_for(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.md"
    file.write_text("one\ntwo\n")
    path = "content/articles/mind/a-page.md"
    assert misplaced(Problem(path, 2, 4, "code", "m", "h"), file, path) == ""
    for wrong in (
        Problem(path, 2, 5, "code", "m", "h"),
        Problem(path, 4, 1, "code", "m", "h"),
        Problem("other", 1, 1, "code", "m", "h"),
        Problem(path, 1, 0, "code", "m", "h"),
        Problem(path, 1, 1, "code", "", "h"),
        Problem(path, 1, 1, "code", "m", ""),
    ):
        assert misplaced(wrong, file, path)
    monkeypatch.setattr(reader, "read", lambda *_: [][1])
    assert reader.failure(file).startswith("IndexError")

    def forever(*_: object) -> list[Problem]:
        with limit(0.05):
            while True:
                pass

    monkeypatch.setattr(reader, "read", forever)
    assert reader.failure(file).startswith("took more than")


def test_odd_names_links_and_folders_are_each_refused_or_read_once(tmp_path: Path) -> None:
    content = tmp_path / "content"
    mind = content / "articles" / "mind"
    mind.mkdir(parents=True)
    outside = tmp_path / "secret.md"
    outside.write_text("secret")
    good = (ROOT / "content" / "articles" / "mind" / "insomnia-and-pain.md").read_bytes()
    (mind / "good.md").write_bytes(good)
    (mind / "link-inside.md").symlink_to("good.md")
    (mind / "link-outside.md").symlink_to(outside)
    (mind / "link-to-nothing.md").symlink_to("nothing.md")
    (mind / "link-to-itself.md").symlink_to("link-to-itself.md")
    (mind / "folder.md").mkdir()
    (mind / "loop").symlink_to(mind, target_is_directory=True)
    (mind / "up").symlink_to("..", target_is_directory=True)
    (mind / "etc").symlink_to("/etc", target_is_directory=True)
    (mind / ".hidden.md").write_bytes(good)
    (mind / "picture.png").write_bytes(b"\x89PNG")
    for name in ("a\nb.md", "\u202egnp.md", "A B.md", "\udcff.md", "%2e.md", "x" * 250 + ".md"):
        (mind / name).write_bytes(good)
    os.mkfifo(mind / "pipe.md")
    found, problems = list_documents(content, "content")
    refused = {problem.path.rpartition("/")[2]: problem.code for problem in problems}
    for name in ("link-outside.md", "link-to-itself.md", "etc", "picture.png", "pipe.md"):
        assert refused[name] == "stray-file"
    for file, path, relative in found:
        with limit(2.0):
            document, wrong = read_document(file, path, relative, frozenset({"mind"}))
        assert "secret" not in document.text
        if wrong:
            refused[file.name] = wrong[0].code
    assert "good.md" not in refused
    assert "link-inside.md" not in refused
    assert refused["link-to-nothing.md"] == "unreadable"
    for name in ("a\nb.md", "\u202egnp.md", "A B.md", "%2e.md", "\udcff.md"):
        assert refused[name] == "bad-file-name"
    assert format_text(problems).encode()  # names that are no text can be printed, too


def test_what_could_run_is_named_where_it_stands(tmp_path: Path, reader: Reader) -> None:
    head = "---\ntitle: A\n---\n\n"
    for body, code, column in (
        ("See [it](javascript:x()).", "unsafe-link", 10),
        ("See *it*{: onclick=x() } here.", "unsafe-html", 12),
        ("` <!-- ` <script>x()</script> -->", "unsafe-html", 10),
    ):
        file = tmp_path / "x.md"
        file.write_text(f"{head}{body}\n", encoding="utf-8")
        found = {(problem.code, problem.line, problem.column) for problem in reader.read(file)}
        assert (code, 5, column) in found
