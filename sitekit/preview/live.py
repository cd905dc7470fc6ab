"""The live preview: build, serve, watch, build again, until somebody stops it.

Three parties: this loop, which watches and builds; a builder process, which is the only one that runs the site's code; and the
web server's threads, which show the last good site and tell open pages when they have changed. Content can break a build. It
cannot break the server.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watchfiles import watch

from sitekit.preview.builder import Builder
from sitekit.preview.handler import Context, PreviewHandler, PreviewServer
from sitekit.preview.mistakes import EditorLinks, read_mistakes
from sitekit.preview.redirects import Redirects
from sitekit.preview.state import Board
from sitekit.stamps import stamp

_STEP_MILLISECONDS = 12
"""A burst of events has ended when this long nothing more was heard."""

_LONGEST_BURST_MILLISECONDS = 1000
_POLL_MILLISECONDS = 300
_LOOK_MILLISECONDS = 500
"""How often the settings files are looked at. Editors replace a file, which a watch on the file itself does not survive."""

_WITHOUT_SEARCH = {"SITE_SEARCH": "off"}
"""The search index is made from all pages; making it anew after every edit would take longer than the rest of the build."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where everything of a project is. What is below ``root`` under other names is not watched."""

    root: Path
    settings: str = "pelicanconf.py"

    @property
    def content(self) -> Path:
        """What editors write."""
        return self.root / "content"

    @property
    def output(self) -> Path:
        """Where the preview builds: never into the output/ of a build."""
        return self.root / ".cache" / "preview" / "site"

    @property
    def folders(self) -> tuple[Path, ...]:
        """What is watched with all that is below."""
        return (self.content, self.root / "theme", self.code)

    @property
    def code(self) -> Path:
        """What the builder imports."""
        return self.root / "sitekit"

    @property
    def settings_files(self) -> tuple[Path, ...]:
        """What the builder imports besides."""
        return (self.root / "pelicanconf.py", self.root / "publishconf.py")


class Preview:
    """A preview of one project on a port of the loopback address; port 0 takes any free one.

    Raises OSError when the port is taken, OverflowError for a number that is no port, and ValueError when EDITOR_URL cannot be used.
    """

    def __init__(self, project: Project, port: int) -> None:
        self.project = project
        links = EditorLinks.from_environment(project.root)
        self._links = links
        self._settings = frozenset(map(str, project.settings_files))
        self._stop = threading.Event()
        self._waiting = threading.Condition()
        self._changes: set[str] = set()
        self._built_site = False
        self.board = Board(project.output)
        self.builder, self._describer = Builder(project.root), Builder(project.root)
        redirects = Redirects(project.content / "data" / "redirects.yaml")
        context = Context(project, self.board, self._describer, links.template, redirects)
        self.server = PreviewServer(("127.0.0.1", port), partial(PreviewHandler, context=context))
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def run(self) -> None:
        """Build, then build again after every change, until :meth:`stop` is called; then end every process."""
        threads = [
            threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.1}),
            threading.Thread(target=self._watch),
        ]
        for thread in threads:
            thread.start()
        try:
            self._build()
            while changed := self._next_changes():
                if any(Path(path).is_relative_to(self.project.code) or path in self._settings for path in changed):
                    self.builder.restart()
                    self._describer.restart()
                self._build()
        finally:
            self.stop()
            self.server.shutdown()
            for thread in threads:
                thread.join()
            self.server.server_close()

    def stop(self) -> None:
        """End the preview soon, from any thread."""
        self._stop.set()
        self.board.set(stopped=True)
        self.builder.close()
        self._describer.close()
        with self._waiting:
            self._waiting.notify_all()

    def _next_changes(self) -> set[str]:
        """Wait for changes. All that came while a build ran are one burst. Empty when the preview ends."""
        with self._waiting:
            self._waiting.wait_for(lambda: self._changes or self._stop.is_set())
            changes, self._changes = self._changes, set()
        return set() if self._stop.is_set() else changes

    def _build(self) -> None:
        self.board.set(building=True)
        self._built_site = False
        outcome = self.builder.build(self.project.settings, self.project.output, environment=_WITHOUT_SEARCH)
        if self._stop.is_set():
            return
        mistakes = tuple(read_mistakes(outcome.text, self._links)) if outcome.status else ()
        self._built_site = self._front_page.is_file()
        today = outcome.today or self.board.state.today
        self.board.set(building=False, built=self.board.state.built + 1, mistakes=mistakes, today=today)
        text = outcome.text.strip()
        print(text if outcome.status else text.rpartition("\n")[2], flush=True)

    @property
    def _front_page(self) -> Path:
        return self.project.output / "index.html"

    def _watch(self) -> None:
        try:
            self._collect(polling=False)
        except OSError as error:
            # Linux gives each user a number of watches; an editor with a large project open may have used them up.
            print(
                f"Files are looked at every {_POLL_MILLISECONDS} ms, because watching failed: {error}", file=sys.stderr
            )
            self._collect(polling=True)

    def _collect(self, polling: bool) -> None:
        folders = [folder for folder in self.project.folders if folder.is_dir()]
        known = _stamps(self._settings)
        events = watch(
            *folders,
            debounce=_LONGEST_BURST_MILLISECONDS,
            step=_STEP_MILLISECONDS,
            rust_timeout=_LOOK_MILLISECONDS,
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
            force_polling=polling,
            poll_delay_ms=_POLL_MILLISECONDS,
        )
        for found in events:
            now = _stamps(self._settings)
            changed = {path for _, path in found} | {path for path in known if now[path] != known[path]}
            known = now
            if self._built_site and not self._front_page.is_file():  # somebody deleted it, such as `invoke clean`
                changed.add(str(self._front_page))
            if changed:
                with self._waiting:
                    self._changes |= changed
                    self._waiting.notify_all()


def _stamps(files: Iterable[str]) -> dict[str, object]:
    return {file: stamp(Path(file)) for file in files}


def serve(root: Path, port: int) -> int:
    """Preview the project in ``root`` until Ctrl-C or SIGTERM. Returns the exit status: 0, or 2 when it could not start."""
    try:
        preview = Preview(Project(root.resolve()), port)
    except (OSError, OverflowError) as error:
        other = port + 1 if 1024 <= port < 65535 else 8001
        reason = getattr(error, "strerror", "") or "there is no such port"
        print(f"Port {port} cannot be used ({reason}). Choose another, such as {other}.", file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: threading.Thread(target=preview.stop).start())
    print(f"Preview at {preview.address} (stop with Ctrl-C)", flush=True)
    preview.run()
    print("The preview has ended.", flush=True)
    return 0
