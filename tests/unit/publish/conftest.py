"""A small site on disk, and a directory to publish it to."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.publish.config import Config, load_config
from sitekit.publish.push import Inputs, Pushed, begin, push, scan_folder
from sitekit.publish.rollback import rollback
from sitekit.publish.targets.local import LocalTarget
from tests.publish.sites import Site

#: A push about which nothing more is known.
NOTHING = Inputs()


class Stage:
    """A site, a directory target, and the commands between them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "output"
        self.config: Config = load_config(root, {}, target=str(root / "published"))
        self.target = LocalTarget(root / "published")
        self.site = Site(6, paragraphs=2)
        self.write()

    def write(self) -> None:
        """Puts the site on disk as a build would: nothing of an earlier build stays."""
        files = self.site.files()
        for place in [place for place in self.folder.rglob("*") if place.is_file()]:
            if place.relative_to(self.folder).as_posix() not in files:
                place.unlink()
        self.site.write(self.folder)

    def push(self, inputs: Inputs = NOTHING, config: Config | None = None) -> Pushed:
        """Publishes what is on disk."""
        config = config or self.config
        folder = scan_folder(self.folder, config, self.root / "variants")
        with begin(self.target, config, "push", 0) as lease:
            return push(folder, self.target, config, inputs, lease)

    def rollback(self, name: str = "previous") -> Pushed:
        """Returns to an earlier release."""
        with begin(self.target, self.config, "rollback", 0) as lease:
            return rollback(name, self.target, self.config, lease)

    def read(self, path: str) -> bytes:
        """What a reader gets."""
        return (self.target.current / path).read_bytes()

    def assert_live(self) -> None:
        """Readers get exactly the site as it is now."""
        for path, data in self.site.files().items():
            assert self.read(path) == data, path


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A site that was not published yet."""
    return Stage(tmp_path)
