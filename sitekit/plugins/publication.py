"""The build itself: Pelican, made strict.

``Publication`` is set as ``PELICAN_CLASS``, so the plain ``pelican`` command builds the same way as ``invoke build``:

1. every source is read, converted and checked, and every problem is shown at once;
2. Pelican runs into a staging folder, and anything it logs as a warning or worse is a problem too;
3. the staged site is proved by the link checker;
4. only then does ``output/`` change: new bytes replace old ones file by file, unchanged files keep their time stamps, and
   files that no longer belong go.

Whatever fails, the former ``output/`` stays as it was.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

import rich.live
from pelican import Pelican

from sitekit import ahead
from sitekit.ahead import Sources
from sitekit.images.store import PictureStore
from sitekit.memory import Frame, Memory, NewMemory, Options, Row
from sitekit.outputs import Written
from sitekit.pages import PageBuilder
from sitekit.plugins.proof import prove, read_addresses, write_fallbacks
from sitekit.plugins.strict import LOG
from sitekit.plugins.views import identity_of
from sitekit.problems import Problem, ProblemsFound, errors, format_text, summary
from sitekit.record import build_record
from sitekit.render import Renderer
from sitekit.rendering import Rendering
from sitekit.search.index import FOLDER, build_index
from sitekit.site import SiteSource, shown_files
from sitekit.staging import Staging, unfit
from sitekit.stamps import (
    Circumstances,
    Former,
    Stamp,
    keep_stamps,
    output_stamps,
    read_stamps,
    state_file,
    write_private,
)
from sitekit.today import BadDay, build_day

_SPINNER_SECONDS = 1

_PLACES = ("PATH", "OUTPUT_PATH", "CACHE_PATH", "THEME")
"""Settings that may differ from what the file says, and that Pelican makes absolute."""

ROOT = Path(__file__).resolve().parents[2]


class Publication(Pelican):
    """A Pelican run that publishes all of the site or changes nothing."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._expected = [str(plugin) for plugin in settings["PLUGINS"]]
        self._settings_name = _settings_name(settings)
        super().__init__(settings)

    def run(self) -> None:
        """Build the site for the command line: every problem is printed.

        The exit status is 1 if there is a problem, and 130, as shells have it, when Ctrl-C came before the end.
        """
        _stop_spinner()
        try:
            self.build()
        except ProblemsFound as found:
            print(format_text(found.problems), found, sep="\n", file=sys.stderr)
            raise SystemExit(found.exitcode) from None
        except KeyboardInterrupt:
            # Pelican would swallow it and exit as if all were well.
            print("Stopped. The output is whole: either as it was or all new.", file=sys.stderr)
            raise SystemExit(130) from None
        except OSError as error:
            where = error.filename or self.output_path
            hint = "See that there is room and that the place may be read and written, then build again."
            problem = Problem(str(where), 0, 0, "file-error", f"{error.strerror or error}.", hint)
            print(format_text([problem]), "The former output is untouched.", sep="\n", file=sys.stderr)
            raise SystemExit(1) from None

    def build(self) -> None:
        """Build the site. Raises ProblemsFound, with every problem, when anything is wrong."""
        started = time.perf_counter()
        try:
            options = self._options()
            self._stop_on(self._misplaced(options))
            # As they are before anything is read: a day that ends meanwhile, or a file that is saved, has the site built again.
            circumstances = dataclasses.replace(
                Circumstances.now(
                    self._settings_name, options.content, options.theme, options.output, options.timezone
                ),
                today=options.today.isoformat(),
            )
            with ahead.take(self._sources(options)) as begun:
                inputs = begun.inputs
                source = begun.finish(options.today, publishing=not options.drafts)
            ledger, redirects, problems = read_addresses(options.content, options.label)
            self._stop_on(self._unregistered() + source.problems + problems)
            source.forget_texts()
            self.settings["SITE_SOURCE"], self.settings["SITE_IDENTITY"] = source, options.identity
            shown = self.settings["SITE_FILES"] = shown_files(source, options.drafts)
            store = PictureStore(options.content, options.cache / "images.db")
            with Staging(Path(self.output_path)) as staging, store, contextlib.ExitStack() as ends:
                self._say("Read", f"{len(source.documents)} sources{_waiting(source)}", started)
                self.output_path = self.settings["OUTPUT_PATH"] = str(staging.folder)
                read = time.perf_counter()
                source.pictures = store.pictures(shown)
                if store.encoded:
                    self._say("Encoded", f"{store.encoded} pictures", read)
                pages, stamps = _former(options)
                builder = self.settings["SITE_BUILDER"] = PageBuilder(source, options.identity, options.drafts)
                renderer = Renderer(options.theme, options.jinja, options.cache / "templates")
                self.settings["SITE_RENDERER"] = renderer
                rendering = ends.enter_context(Rendering(builder, renderer, staging.folder, staging.target, pages))
                # Everything that needs no page is done while other processes render.
                self._generate()
                self._stop_on(self._logged() + self._unlike(rendering))
                store.write(staging.folder, staging.target, stamps)
                record = build_record(builder)
                memory = ends.enter_context(self._memory(options, builder, rendering.key))
                fingerprints = rendering.finish()
                write_fallbacks(staging.folder, redirects, options.identity.url)  # where no page is, so after all pages
                self._say("Rendered", f"{staging.count('*.html')} pages", started)
                rendered = time.perf_counter()
                if options.search:
                    same = {name: mark.fingerprint for name, mark in pages.items()} == fingerprints
                    if not (same and staging.keep(FOLDER, stamps)):
                        self._say("Indexed", f"{build_index(staging.folder)} pages for search", rendered)
                        rendered = time.perf_counter()
                report, problems = prove(
                    staging.folder, options.identity.url, options.content, record, ledger, redirects, options.cache
                )
                self._stop_on(problems)
                self._say("Checked", f"{report.links} links on {report.pages} pages", rendered)
                changed, kept, removed = staging.promote()
                outputs = output_stamps(options.output)
                written = {name: Written(mark, *outputs[name]) for name, mark in fingerprints.items()}
                write_private(options.cache / "build-record.json", record.as_json().encode())
                memory.finish(written)
                keep_stamps(options.cache, Former(circumstances, inputs, outputs, memory.token))
                self._say(
                    "Wrote", f"{staging.target.name}/: {changed} changed, {kept} unchanged, {removed} removed", started
                )
        finally:
            for name in (
                "SITE_FILES",
                "SITE_SOURCE",
                "SITE_IDENTITY",
                "SITE_TAGS",
                "SITE_WRITER",
                "SITE_BUILDER",
                "SITE_RENDERER",
            ):
                self.settings.pop(name, None)

    def _generate(self) -> None:
        """Pelican's own run, without its closing line: ours says more."""
        from pelican import console

        with console.capture():
            super().run()

    def _options(self) -> Options:
        settings, content = self.settings, Path(self.path)
        return Options(
            content=content,
            theme=Path(self.theme),
            cache=Path(settings["CACHE_PATH"]),
            output=Path(self.output_path).resolve(),
            label=content.name,
            markdown=settings["MARKDOWN"],
            jinja=settings["JINJA_ENVIRONMENT"],
            plain=tuple(settings["PAGE_EXCEPTIONS"]),
            editorial=settings["EDITORIAL_RULES"],
            drafts=settings["WITH_DRAFTS"],
            search=settings["SEARCH_INDEX"],
            identity=identity_of(settings),
            timezone=settings["TIMEZONE"],
            today=_build_day(settings["TIMEZONE"]),
        )

    @staticmethod
    def _sources(options: Options) -> Sources:
        places = (ROOT, options.content, options.theme, options.cache)
        return Sources(*places, options.label, options.markdown, options.jinja, options.plain, options.editorial)

    @staticmethod
    def _memory(options: Options, builder: PageBuilder, key: bytes) -> NewMemory:
        """What the next build need not find out again."""
        source = builder.source
        frame = Frame(
            site=builder.site,
            key=key,
            environment=source.environment,
            pictures=source.pictures,
            instruments=source.instruments,
            scores=source.scores,
            drafts=frozenset(path for path, one in source.by_path.items() if one.draft),
            scheduled={
                path: one.values["published"] for path, one in source.by_path.items() if one.scheduled(source.today)
            },
        )
        file, address = options.identity.file, options.identity.address
        rows = (
            (path, Row(file(one.document), address(one.document), one, builder.outlines.get(path)))
            for path, one in source.compiled.items()
        )
        return NewMemory(state_file(options.cache, options.output), options, source.data, frame, rows)

    @staticmethod
    def _misplaced(options: Options) -> list[Problem]:
        """A build removes from its output what is no part of the site; so it must not be a folder of anything else."""
        own = [ROOT / name for name in ("pelicanconf.py", "sitekit", ".git")]
        known = read_stamps(options.cache, options.output) is not None
        why = unfit(options.output, known, [options.content, options.theme, *own])
        hint = "Name a folder of its own, one that is new or empty or that a build has made: --output output"
        message = f"The site cannot be built here: {why}."
        return [Problem(str(options.output), 0, 0, "bad-output", message, hint)] if why else []

    def _unregistered(self) -> list[Problem]:
        """Pelican only logs a plugin that fails to load and builds the site without it; for us that is the end."""
        problems = self._logged()
        for name in self._expected:
            if name not in self.settings["PLUGINS"]:
                message = f"The plugin {name} did not register."
                hint = "See the message above; correct PLUGINS, or install what the plugin needs."
                problems.append(Problem("pelicanconf.py", 0, 0, "plugin-not-registered", message, hint))
        return problems

    def _unlike(self, rendering: Rendering) -> list[Problem]:
        """A problem for each page that Pelican would write and we do not render, or the other way round: then one of the two is wrong
        about what the site is."""
        hint = "Look for what decides the address of a page: pelicanconf.py, sitekit/identity.py and sitekit/plugins/reader.py."
        message = "Pelican and the views do not agree whether this page is there."
        names = sorted(self.settings["SITE_WRITER"].asked ^ set(rendering.names))
        return [Problem(name, 0, 0, "page-mismatch", message, hint) for name in names]

    def _logged(self) -> list[Problem]:
        """Everything logged since the last look, as problems."""
        records, LOG.records = LOG.records, []
        problems = []
        for record in records:
            code = f"pelican-{record.levelname.lower()}"
            hint = "Pelican would have gone on without it. Correct the source or the setting it names."
            problems.append(Problem("pelicanconf.py", 0, 0, code, " ".join(record.getMessage().split()), hint))
        return problems

    @staticmethod
    def _stop_on(problems: list[Problem]) -> None:
        """Raise when there is an error; say how much advice there is otherwise (`invoke check` prints it)."""
        wrong = errors(problems)
        if wrong:
            raise ProblemsFound(wrong, "The former output is untouched.")
        if problems:
            print(f"Advice    {summary(problems)} that need not stop a build; invoke check shows them")

    @staticmethod
    def _say(verb: str, what: str, since: float) -> None:
        print(f"{verb:9} {what} ({time.perf_counter() - since:.2f} s)", flush=True)


def _stop_spinner() -> None:
    """Pelican shows a spinner that a thread draws. A process with a second thread is not forked (sitekit.processes), and forks are half
    the speed of a build."""
    for thread in threading.enumerate():
        if isinstance(thread, rich.live._RefreshThread):
            thread.stop()
            thread.join(_SPINNER_SECONDS)


def _former(options: Options) -> tuple[dict[str, Written], dict[str, Stamp]]:
    """The pages that the last build into the same folder wrote, and the stamps of all its files."""
    stamps = read_stamps(options.cache, options.output)
    memory = stamps and Memory.open(state_file(options.cache, options.output), stamps.token)
    if memory:
        with memory, contextlib.suppress(sqlite3.Error):
            return memory.written, stamps.outputs
    return {}, {}


def _settings_name(settings: dict[str, Any]) -> str:
    """The name of the settings file, with a remark where options of the ``pelican`` command say otherwise than the file, so that
    ``invoke build`` does not take what that left for its own."""
    name = settings["SETTINGS_NAME"]
    file = vars(sys.modules.get(Path(name).stem, object))
    same = all(settings.get(key) == value for key, value in file.items() if key.isupper() and key not in _PLACES)
    theme = Path(settings["THEME"]) == ROOT / file.get("THEME", "")
    return name if same and theme else f"{name} with other values"


def _waiting(source: SiteSource) -> str:
    """How many pages wait for their day, so that nobody wonders where they are."""
    days = [one.values["published"] for one in source.documents if one.scheduled(source.today)]
    return f", {len(days)} of them scheduled (first on {min(days)})" if days else ""


def _build_day(timezone: str) -> datetime.date:
    try:
        return build_day(timezone)
    except BadDay as error:
        raise ProblemsFound([Problem("the environment", 0, 0, "bad-day", str(error))]) from None


def register() -> None:
    """Entry point of Pelican's plugin loader. The work is done by the class; registering proves that this module loads."""
