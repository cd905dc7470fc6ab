"""The preview as editors run it: a process that builds, serves, watches, and never dies of content."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.preview.running import ROOT, Events, Running, make_project
from sitekit.preview.handler import with_own_script
from sitekit.preview.live import serve
from sitekit.preview.server import published_headers

pytestmark = pytest.mark.slow  # builds the site again and again


PAGE = "/mind/article-000001/"


def version(running: Running, page: str = PAGE) -> str:
    return re.search(rb'data-version="(\w+)"', running.get(page)[2])[1].decode()


def test_a_saved_body_is_on_the_page_and_other_pages_do_not_hear_of_it(running: Running, article: Path) -> None:
    other = "/treatments/article-000002/"
    with Events(running, PAGE, version(running)) as events, Events(running, other, version(running, other)) as others:
        events.until_ready()
        others.until_ready()
        article.write_text(article.read_text() + "\nA thought that is new.\n")
        assert events.wait("changed")[1] == version(running)
        assert b"A thought that is new." in running.get(PAGE)[2]
        heard = others.until_ready()
        assert heard == {"status": "ready"} or heard == {"status": "building"}


def test_a_mistake_is_told_with_its_place_and_the_last_good_page_stays(running: Running, article: Path) -> None:
    before = running.get(PAGE)[2]
    text = article.read_text()
    with Events(running, PAGE, version(running)) as events:
        events.until_ready()
        article.write_text(text + "\nSee [this]({filename}nowhere.md).\n")
        while not (heard := events.wait("mistakes")[1]):
            pass
        (mistake,) = heard
        assert mistake["path"] == "content/articles/mind/article-000001.md"
        assert mistake["code"] == "broken-link"
        assert mistake["hint"]
        assert mistake["editor"].endswith(f"article-000001.md:{mistake['line']}:{mistake['column']}")
        marked = next(line for line in mistake["excerpt"] if line["mark"] >= 0)
        assert marked["text"][marked["mark"] :].startswith("{filename}nowhere.md")
        assert running.get(PAGE)[2] == before
        article.write_text(text)
        assert events.wait("mistakes")[1] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("theme/templates/article.html", "{{ view.title }}", "{{ view.titel }}", "undefined-error"),
        ("theme/templates/article.html", "{% block main %}", "{% blok main %}", "template-syntax-error"),
        ("theme/static/css/base.css", "html {", "}} html {", "value-error"),
        ("sitekit/pages.py", "class PageBuilder:", "class PageBuilder(:", "syntax-error"),
        ("pelicanconf.py", "SITENAME = ", "SITENAME = = ", "syntax-error"),
        ("content/data/topics.yaml", "- id: mind", "- id: [mind", ""),
    ],
)
def test_mistakes_of_theme_code_settings_and_data_are_shown_and_mended(
    running: Running, name: str, old: str, new: str, code: str
) -> None:
    file = running.folder / name
    text = file.read_text()
    assert old in text
    with Events(running, PAGE) as events:
        events.until_ready()
        file.write_text(text.replace(old, new, 1))
        try:
            while not (heard := events.wait("mistakes")[1]):
                pass
            found = {mistake["path"]: mistake["code"] for mistake in heard}
            assert code in found["theme/static/css/main.css" if name.endswith(".css") else name]
            assert running.get(PAGE)[0] == 200
        finally:
            file.write_text(text)
        assert events.wait("mistakes")[1] == []


def test_a_setting_that_stops_every_build_is_told_and_the_builder_lives_on(running: Running) -> None:
    file = running.folder / "pelicanconf.py"
    text = file.read_text()
    with Events(running, PAGE) as events:
        events.until_ready()
        file.write_text(text.replace('TIMEZONE = "', 'TIMEZONE = "Mars/'))
        try:
            while not (heard := events.wait("mistakes")[1]):
                pass
            assert "Mars/" in heard[0]["message"]
            assert heard[0]["path"]
        finally:
            file.write_text(text)
        assert events.wait("mistakes")[1] == []


def test_a_burst_of_events_is_one_build(running: Running) -> None:
    files = sorted((running.folder / "content/articles").rglob("*.md"))
    texts = [file.read_bytes() for file in files]
    with Events(running, PAGE, version(running)) as events:
        events.until_ready()
        builds = sum(line.startswith("Wrote") for line in running.said)
        for file, text in zip(files, texts, strict=True):
            file.write_bytes(text + b"\nOne more line.\n")
        events.wait("changed")
        events.until_ready()
        for file, text in zip(files, texts, strict=True):
            file.write_bytes(text)
        events.wait("changed")
        events.until_ready()
    assert sum(line.startswith("Wrote") for line in running.said) - builds <= 4  # each burst, split at most once


def test_pages_come_with_published_headers_and_the_script_that_is_in_no_file(running: Running) -> None:
    status, headers, body = running.get(PAGE)
    assert status == 200
    assert "require-trusted-types-for 'script'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Published-Cache-Control"].startswith("public, max-age=300")
    policy = headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([\w-]{20,})' ", policy)
    assert policy.replace(nonce[0], "") == published_headers(PAGE)["Content-Security-Policy"]
    assert f'<script type="module" nonce="{nonce[1]}" src="/__preview/client.js" data-preview'.encode() in body
    assert b"__preview" not in (running.folder / f".cache/preview/site{PAGE}index.html").read_bytes()
    assert not (running.folder / "output").exists()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            "default-src 'none'; script-src 'self'; img-src x",
            "default-src 'none'; script-src 'nonce-n' 'self'; img-src x",
        ),
        ("script-src 'none'; img-src x", "script-src 'nonce-n' ; img-src x"),
        ("default-src 'none'", "default-src 'none'; script-src 'nonce-n'"),
    ],
)
def test_the_policy_lets_in_the_previews_script_alone(policy: str, expected: str) -> None:
    assert with_own_script(policy, "n") == expected


def test_the_preview_has_the_404_page_redirects_and_no_other_host(running: Running) -> None:
    status, _, body = running.get("/nowhere/")
    assert (status, b"data-preview" in body) == (404, True)
    (running.folder / "content/data/redirects.yaml").write_text(
        "redirects:\n  - from: /old/\n    to: /mind/\n    since: 2026-11-22\n"
    )
    assert running.get("/old/")[0] == 301
    assert running.get("/old/")[1]["Location"] == "/mind/"
    (running.folder / "content/data/redirects.yaml").unlink()
    assert running.get("/", host="evil.example")[0] == 421
    assert running.get("/__preview/panel", host="evil.example")[0] == 421


@pytest.mark.parametrize(
    "path", ["/__preview/", "/__preview/../handler.py", "/__preview/..%2fhandler.py", "/__preview/x"]
)
def test_the_previews_own_addresses_give_nothing_else(running: Running, path: str) -> None:
    assert running.get(path)[0] == 404


def test_a_draft_is_shown_with_its_banner(running: Running) -> None:
    draft = running.folder / "content/articles/mind/only-a-draft.md"
    source = (running.folder / "content/articles/mind/article-000001.md").read_text()
    front = source.replace("type: reference", "type: reference\nstatus: draft", 1).replace(
        "title: ", "title: Draft ", 1
    )
    with Events(running, "/drafts/only-a-draft/", version(running, "/nowhere/")) as events:
        events.until_ready()
        draft.write_text(front.replace("description: ", "description: Draft ", 1))
        events.wait("changed")
        body = running.get("/drafts/only-a-draft/")[2]
        draft.unlink()
        events.wait("changed")
    assert b'data-banner="Draft. Readers cannot see this page."' in body


def test_a_page_whose_day_has_not_come_is_shown_at_its_address_with_its_banner(running: Running) -> None:
    file = running.folder / "content/articles/mind/for-later.md"
    source = (running.folder / "content/articles/mind/article-000001.md").read_text()
    for key in ("title", "description"):
        source = source.replace(f"\n{key}: ", f"\n{key}: Later ", 1)
    source = re.sub(r"(published|modified): \S+", r"\1: 2029-12-31", source)
    with Events(running, "/mind/for-later/", version(running, "/nowhere/")) as events:
        events.until_ready()
        file.write_text(source)
        events.wait("changed")
        body = running.get("/mind/for-later/")[2]
        topic = running.get("/mind/")[2]
        panel = json.loads(running.get("/__preview/panel?page=/mind/")[2])
        file.unlink()
        events.wait("changed")
    assert b'data-banner="Scheduled. The date of this page, December 31, 2029, has not come yet."' in body
    assert b"/mind/for-later/" not in topic
    assert [page["url"] for page in panel["waiting"]] == ["/mind/for-later/"]
    assert panel["waiting"][0]["published"] == "2029-12-31"


def test_the_panel_knows_the_page(running: Running) -> None:
    found = json.loads(running.get(f"/__preview/panel?page={PAGE}")[2])
    assert found["source"]["path"] == "content/articles/mind/article-000001.md"
    assert found["dates"]["next_review"] == "2030-01-01"
    assert 0 < found["weight"]["html"] < found["weight"]["total"] < 100_000
    assert found["links"]["out"]
    assert all(link["url"].endswith("/") for link in found["links"]["out"])


def test_links_in_and_out_agree(running: Running) -> None:
    pages = [f"/{path.parent.name}/{path.stem}/" for path in (running.folder / "content/articles").rglob("*.md")]
    found = {page: json.loads(running.get(f"/__preview/panel?page={page}")[2])["links"] for page in pages}
    outward = {(page, link["url"]) for page, links in found.items() for link in links["out"]}
    inward = {(link["url"], page) for page, links in found.items() for link in links["in"]}
    assert outward == inward
    assert outward


@pytest.mark.parametrize("page", ["/nowhere/", "/../../etc/passwd", "x", "/mind/"])
def test_the_panel_of_anything_else_is_small_and_harmless(running: Running, page: str) -> None:
    status, _, body = running.get(f"/__preview/panel?page={page}")
    assert status == 200
    assert "source" not in json.loads(body)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_a_signal_in_the_middle_of_a_build_and_leaves_no_process(
    tmp_path: Path, sign: signal.Signals
) -> None:
    make_project(tmp_path, 2)
    with Running(tmp_path) as running:
        with Events(running, "/") as events:
            events.wait("status")
        deadline = time.monotonic() + 10
        while not (started := running.children()) and time.monotonic() < deadline:
            time.sleep(0.01)
        running.process.send_signal(sign)
        assert running.process.wait(20) == 0
    assert started
    assert [
        pid for pid in started if Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()
    ] == []


def test_a_site_that_cannot_be_built_yet_says_why(tmp_path: Path) -> None:
    make_project(tmp_path, 2)
    home = tmp_path / "content/pages/home.md"
    text = home.read_text()
    home.write_text("no front matter")
    with Running(tmp_path) as running, Events(running, "/") as events:
        while not (heard := events.wait("mistakes")[1]):
            pass
        assert heard[0]["path"] == "content/pages/home.md"
        status, _, body = running.get("/")
        assert (status, b"has not been built yet" in body) == (503, True)
        home.write_text(text)
        events.wait("changed")
        assert running.get("/")[0] == 200


def test_a_site_that_somebody_deletes_is_built_again(tmp_path: Path) -> None:
    make_project(tmp_path, 2)
    with Running(tmp_path) as running, Events(running, "/") as events:
        events.until_built()
        shutil.rmtree(tmp_path / ".cache")
        deadline = time.monotonic() + 30
        while running.get("/")[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running.get("/")[0] == 200


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(ROOT, port) == 2
    assert "Choose another, such as 8001" in capsys.readouterr().err


@pytest.mark.parametrize("environment", [{"EDITOR_URL": "javascript:{abs}"}, {}])
def test_what_cannot_be_started_says_what_to_do(tmp_path: Path, environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code = f"import sys; from pathlib import Path; from sitekit.preview.live import serve; sys.exit(serve(Path({str(tmp_path)!r}), {taken.getsockname()[1]}))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert ("EDITOR_URL" if environment else "Choose another") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_memory_stays_flat_over_500_edits(tmp_path: Path) -> None:
    make_project(tmp_path, 30)
    article = tmp_path / "content/articles/mind/article-000001.md"
    text = article.read_text()
    with Running(tmp_path) as running, Events(running, PAGE) as events:
        events.until_ready()
        memory = []
        for number in range(500):
            article.write_text(f"{text}\nEdit number {number}.\n")
            events.wait("changed", most=1000)
            events.wait("status", most=1000)
            if number % 50 == 49:
                memory.append(running.memory())
    assert max(memory[1:]) <= memory[0] * 1.1, memory
