"""What the publisher is told about a build: only the finished build of the sources as they are may go out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

_PARTS = ("content", "theme", "sitekit", "pelicanconf.py", "publishconf.py", ".gitignore")


class Checkout:
    """A committed copy of the project, and the commands that an editor or CI runs in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in _PARTS:
            place = ROOT / name
            copy = shutil.copytree if place.is_dir() else shutil.copy
            copy(place, root / name)
        for folder in list(root.rglob("__pycache__")):
            shutil.rmtree(folder)
        self.run("git", "init", "-q")
        self.commit()

    def commit(self) -> None:
        """Everything as it is becomes a commit."""
        self.run("git", "add", ".")
        person = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        self.run("git", *person, "commit", "-q", "-m", "all")

    def run(self, *command: str) -> str:
        """Runs what must work."""
        done = self.attempt(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def attempt(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in the checkout."""
        environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SITE_CACHE": str(self.root / ".cache")}
        return subprocess.run(
            command, cwd=self.root, env=environ, capture_output=True, text=True, timeout=120, check=False
        )

    def build(self, settings: str = "publishconf.py") -> None:
        """Builds output/."""
        self.run(sys.executable, "-m", "pelican", "-q", "-s", settings, "-o", "output")

    def publish(self) -> tuple[int, str]:
        """Hands over and publishes, as the task does; the exit code, and what it said."""
        self.run(sys.executable, "-m", "sitekit.handover")
        given = [f"--{name}=.cache/handover/{name}.json" for name in ("problems", "ledger", "redirects")]
        done = self.attempt(sys.executable, "-m", "sitekit.publish", "push", *given)
        return done.returncode, done.stdout + done.stderr

    def handed(self, name: str) -> list:
        """One of the lists."""
        return json.loads((self.root / ".cache" / "handover" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that was not built yet."""
    return Checkout(tmp_path)


def test_a_build_of_a_commit_goes_out_and_anything_else_is_refused_by_name(checkout: Checkout) -> None:
    code, text = checkout.publish()
    assert code == 1
    assert "there is no built site here" in text

    checkout.build("pelicanconf.py")
    code, text = checkout.publish()
    assert code == 1
    assert "built-for-writing" in text
    assert not (checkout.root / ".cache" / "published" / "current").exists()

    checkout.build()
    code, text = checkout.publish()
    assert code == 0, text
    assert "Live: " in text
    assert checkout.publish()[1].count("Nothing changed") == 1

    article = checkout.root / "content/articles/mind/insomnia-and-pain.md"
    article.write_text(article.read_text(encoding="utf-8") + "\nSleep can get better.\n", encoding="utf-8")
    code, text = checkout.publish()
    assert code == 1
    assert "content/articles/mind/insomnia-and-pain.md:0:0: changed-since-build" in text
    assert "content/articles/mind/insomnia-and-pain.md:0:0: uncommitted" in text

    checkout.build()
    code, text = checkout.publish()
    assert (code, "changed-since-build" in text, "uncommitted" in text) == (1, False, True)

    checkout.commit()
    assert checkout.publish()[0] == 0

    page = checkout.root / "output/index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- mended by hand -->", encoding="utf-8")
    code, text = checkout.publish()
    assert code == 1
    assert "output/index.html:0:0: output-changed" in text


def test_promised_pages_and_redirects_are_handed_over(checkout: Checkout) -> None:
    data = checkout.root / "content" / "data"
    (data / "urls.txt").write_text("/about/\n/old/\n/over/\n")
    (data / "redirects.yaml").write_text(
        "redirects:\n  - from: /old/\n    to: /about/\n    since: 2026-11-22\n"
        "removed:\n  - url: /over/\n    since: 2026-11-22\n    reason: It is over.\n"
    )
    checkout.commit()
    checkout.build()
    code, text = checkout.publish()
    assert code == 0, text
    assert checkout.handed("ledger") == ["/about/", "/old/"]
    assert checkout.handed("redirects") == [{"from": "/old/", "to": "/about/"}]
    assert "addresses of this build are not promised yet" in text

    shutil.rmtree(checkout.root / "output" / "about")
    code, text = checkout.publish()
    assert code == 1
    assert "output/about/:0:0: ledger-url-missing" in text
