"""A failed build becomes records that say where, what, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitekit.preview.faults import located
from sitekit.preview.mistakes import MORE, MOST, EditorLinks, excerpt, read_mistakes
from sitekit.problems import Problem, format_text


@pytest.fixture
def links(tmp_path: Path) -> EditorLinks:
    (tmp_path / "content").mkdir()
    lines = [f"line {number}" for number in range(1, 10)]
    (tmp_path / "content" / "page one.md").write_text("\n".join(lines))
    return EditorLinks(tmp_path)


def test_each_problem_is_a_mistake_with_its_remedy(links: EditorLinks) -> None:
    found = [
        Problem("content/page one.md", 4, 3, "broken-link", "There is no page x: look.", "Did you mean y?"),
        Problem("content/page one.md", 0, 0, "no-content", "Nothing.", ""),
        Problem("content/page one.md", 2, 1, "long-sentence", "Advice.", "Cut it.", "warning"),
    ]
    text = f"Read      49 sources (0.47 s)\n{format_text(found)}\n2 problems in 1 file. The former output is untouched."
    whole, placed = read_mistakes(text, links)
    assert (whole.code, whole.hint, whole.excerpt) == ("no-content", "", ())
    assert (placed.line, placed.column, placed.code) == (4, 3, "broken-link")
    assert placed.message == "There is no page x: look."
    assert placed.hint == "Did you mean y?"
    assert [line.number for line in placed.excerpt] == [2, 3, 4, 5, 6]
    assert [line.mark for line in placed.excerpt] == [-1, -1, 2, -1, -1]
    assert placed.editor == f"vscode://file{links.root.as_posix()}/content/page%20one.md:4:3"


def test_output_without_a_problem_is_a_mistake_by_itself(links: EditorLinks) -> None:
    (found,) = read_mistakes("Traceback\nMemoryError", links)
    assert "MemoryError" in found.message
    assert found.editor == ""
    assert read_mistakes("", links)[0].message


def test_more_mistakes_than_anybody_mends_at_once_are_cut(links: EditorLinks) -> None:
    text = format_text([Problem("content/page one.md", 1, n, "x", "m") for n in range(1, MOST + 20)])
    *shown, last = read_mistakes(text, links)
    assert len(shown) == MOST
    assert (last.code, last.message) == (MORE, "And 19 more.")
    exactly = format_text([Problem("content/page one.md", 1, n, "x", "m") for n in range(1, MOST + 1)])
    assert MORE not in {one.code for one in read_mistakes(exactly, links)}


def test_a_broken_data_file_comes_before_the_texts_that_are_wrong_for_it(links: EditorLinks) -> None:
    texts = [Problem(f"content/articles/mind/a{n}.md", 1, 1, "unknown-resource", "m") for n in range(MOST)]
    reason = Problem("content/data/resources.yaml", 3, 1, "bad-data", "Not valid YAML.", "Check the quotes.")
    first = read_mistakes(format_text([*texts, reason]), links)[0]
    assert (first.path, first.hint) == (reason.path, reason.hint)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "content", "content/\0", "x" * 5000])
def test_only_files_of_the_project_are_opened_or_quoted(links: EditorLinks, path: str) -> None:
    assert links.file(path) is None
    assert links.url(path) == ""


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("vscode://file/{abs}:{line}:{column}", "vscode://file/{0}:1:2"),
        ("subl://open?url=file:///{abs}&line={line}", "subl://open?url=file:///{0}&line=1"),
        ("idea://open?file=/{abs}", "idea://open?file=/{0}"),
    ],
)
def test_other_editors_are_opened_by_their_own_addresses(links: EditorLinks, template: str, url: str) -> None:
    file = quoted(links.root / "content/page one.md")
    assert EditorLinks.from_environment(links.root, {"EDITOR_URL": template}).url(
        "content/page one.md", 1, 2
    ) == url.replace("{0}", file)


def quoted(path: Path) -> str:
    return path.as_posix().removeprefix("/").replace(" ", "%20")


@pytest.mark.parametrize(
    "template", ["javascript:alert('{abs}')", "vscode://file/", "{abs}", "x://{abs}{other}", "x://{abs.__class__}"]
)
def test_a_template_that_cannot_work_is_refused(tmp_path: Path, template: str) -> None:
    with pytest.raises(ValueError, match="EDITOR_URL"):
        EditorLinks(tmp_path, template)


def test_a_very_long_line_is_cut_around_the_mistake(tmp_path: Path) -> None:
    file = tmp_path / "long.md"
    file.write_text("a" * 900 + "X" + "b" * 900)
    (line,) = excerpt(file, 1, 901)
    assert len(line.text) < 500
    assert line.text[line.mark] == "X"


@given(text=st.text(), line=st.integers(-2, 9), column=st.integers(-2, 3000))
def test_an_excerpt_of_anything_marks_a_place_inside_itself(
    tmp_path_factory: pytest.TempPathFactory, text: str, line: int, column: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "anything.md"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    for found in excerpt(file, line, max(column, 0)):
        assert -1 <= found.mark <= len(found.text)


def test_an_exception_is_located_at_the_innermost_line_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def half(n):\n    return n / 0\n")
    namespace: dict[str, object] = {}
    exec(compile((tmp_path / "helper.py").read_text(), str(tmp_path / "helper.py"), "exec"), namespace)
    with pytest.raises(ZeroDivisionError) as caught:
        namespace["half"](1)
    (found,) = read_mistakes(located(caught.value, tmp_path), EditorLinks(tmp_path))
    assert (found.path, found.line, found.code) == ("helper.py", 2, "zero-division-error")


def test_a_syntax_error_names_its_own_place(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("a = 1\ndef broken(:\n")
    with pytest.raises(SyntaxError) as caught:
        compile(file.read_text(), str(file), "exec")
    (found,) = read_mistakes(located(caught.value, tmp_path), EditorLinks(tmp_path))
    assert (found.path, found.line, found.code) == ("broken.py", 2, "syntax-error")


def test_an_exception_from_outside_the_project_still_is_a_problem(tmp_path: Path) -> None:
    (found,) = read_mistakes(located(RuntimeError("gone\nwrong"), tmp_path), EditorLinks(tmp_path))
    assert (found.code, found.message) == ("runtime-error", "gone wrong")
