"""Publishing to a directory: releases side by side, one atomic switch."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sitekit.publish.collect import collect
from sitekit.publish.errors import PointerMoved, PublishError, StorageError
from sitekit.publish.plan import read_state
from sitekit.publish.pointer import Pointer
from sitekit.publish.push import begin
from sitekit.publish.targets.local import LocalTarget
from tests.publish.sites import Site
from tests.unit.publish.conftest import Stage


def test_readers_get_the_site_with_its_variants(stage: Stage) -> None:
    stage.push()
    stage.assert_live()
    assert (stage.target.current / "index.html.br").is_file()
    assert (stage.target.current / "index.html").stat().st_mode & 0o777 == 0o644
    assert not (stage.target.current / "_publish").exists()


def test_the_same_build_makes_no_new_release(stage: Stage) -> None:
    first = stage.push().plan.manifest.release
    assert stage.push().plan.uploads == ()
    assert stage.target.read_pointer()[0].live == first
    assert len(os.listdir(stage.target.root / "releases")) == 1


def test_one_changed_article_shares_all_other_files_with_the_release_before(stage: Stage) -> None:
    stage.push()
    old = stage.target.current.resolve()
    stage.site.edit(3)
    stage.write()
    pushed = stage.push()
    plain = {upload.file.path for upload in pushed.plan.uploads if not upload.file.encoding}
    assert plain == {stage.site.path(3), "index.html", "feeds/all.atom.xml"}
    stage.assert_live()
    new = stage.target.current.resolve()
    assert new != old
    assert os.path.samefile(old / "404.html", new / "404.html")
    assert (old / "index.html").read_bytes() != (new / "index.html").read_bytes()


def test_assets_of_the_release_before_stay_for_pages_that_were_loaded_earlier(stage: Stage) -> None:
    stage.push()
    old = [path for path in stage.site.files() if path.startswith("assets/")]
    stage.site.restyle()
    stage.write()
    stage.push()
    assert all((stage.target.current / path).is_file() for path in old)
    stage.site.edit(1)
    stage.write()
    stage.push()
    assert all((stage.target.current / path).is_file() for path in old)


def test_rollback_brings_every_byte_back_and_keeps_the_assets_of_both(stage: Stage) -> None:
    first = stage.push().plan.manifest.release
    before = stage.site.files()
    stage.site.restyle().edit(2)
    stage.write()
    stage.push()
    newer = [path for path in stage.site.files() if path.startswith("assets/")]
    stage.rollback()
    assert stage.target.read_pointer()[0].live == first
    assert {path: stage.read(path) for path in before} == before
    assert all((stage.target.current / path).is_file() for path in newer)
    stage.rollback()
    stage.assert_live()


def test_rollback_names_the_releases_there_are_when_it_knows_no_such(stage: Stage) -> None:
    with pytest.raises(PublishError, match="no earlier release"):
        stage.rollback()
    name = stage.push().plan.manifest.release
    with pytest.raises(PublishError, match="not a kept release") as caught:
        stage.rollback("20200101")
    assert name in caught.value.hint


def test_readers_never_meet_a_missing_file_while_releases_change(stage: Stage) -> None:
    stage.push()
    over, failures, views = threading.Event(), [], []

    def read() -> None:
        while not over.is_set():
            page = stage.read(stage.site.path(len(views) % 6)).decode()
            views.append(page)
            named = page.partition('stylesheet" href="/')[2].partition('"')[0]
            if not (stage.target.current / named).is_file():
                failures.append(named)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(4):
            stage.site.restyle()
            stage.write()
            stage.push()
            stage.rollback()
    finally:
        over.set()
        reader.join()
    assert len(views) > 20
    assert failures == []


def test_what_an_interrupted_run_left_is_replaced(stage: Stage) -> None:
    stage.push()
    stage.site.edit(1)
    stage.write()

    class Killed(LocalTarget):
        def put(self, *arguments: object, **options: object) -> None:
            raise KeyboardInterrupt

    honest, stage.target = stage.target, Killed(stage.target.root)
    with pytest.raises(KeyboardInterrupt):
        stage.push()
    stage.target = honest
    assert list((honest.root / "releases").glob("*.partial"))
    assert read_state(honest).pointer.unfinished
    stage.push()
    stage.assert_live()
    assert not list((honest.root / "releases").glob("*.partial"))
    assert not read_state(honest).pointer.unfinished


def test_a_file_that_vanished_is_put_back(stage: Stage) -> None:
    stage.push()
    (stage.target.current / "robots.txt").unlink()
    assert [upload.reason for upload in stage.push().plan.uploads] == ["missing"]
    stage.assert_live()


def test_a_file_that_changes_while_it_is_published_stops_the_run(stage: Stage) -> None:
    class Late(LocalTarget):
        def begin(self, *arguments: object) -> None:
            (stage.folder / "robots.txt").write_text("written by another build")
            super().begin(*arguments)

    stage.target = Late(stage.target.root)
    with pytest.raises(StorageError, match=r"robots\.txt changed while it was published"):
        stage.push()
    assert not stage.target.current.exists()


def test_a_directory_that_holds_something_else_is_not_published_to(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "thesis.odt").touch()
    with pytest.raises(StorageError, match=r"holds other files \(thesis\.odt\)"):
        stage.push()
    assert os.listdir(tmp_path / "published") == ["thesis.odt"]


def test_the_pointer_is_written_only_by_whoever_read_it_last(stage: Stage) -> None:
    token = stage.target.swap_pointer(Pointer(serial=1), None)
    with pytest.raises(PointerMoved):
        stage.target.swap_pointer(Pointer(serial=2), None)
    newer = stage.target.swap_pointer(Pointer(serial=2), token)
    with pytest.raises(PointerMoved):
        stage.target.swap_pointer(Pointer(serial=3), token)
    assert stage.target.read_pointer() == (Pointer(serial=2), newer)


def test_a_damaged_pointer_is_told_with_its_place(stage: Stage) -> None:
    stage.push()
    (stage.target.root / "_publish" / "pointer.json").write_text("{}")
    with pytest.raises(StorageError, match=r"pointer\.json"):
        stage.push()


def test_collect_removes_what_is_over_and_nothing_else(stage: Stage) -> None:
    stage.config = type(stage.config)(target=stage.config.target, keep_releases=1)
    stage.push()
    old = [path for path in stage.site.files() if path.startswith("assets/")]
    stage.site.restyle()
    stage.write()
    stage.push()
    for days, there in ((1, True), (31, False)):
        with begin(stage.target, stage.config, "collect", 0) as lease:
            collect(stage.target, stage.config, lease, datetime.now(UTC) + timedelta(days=days))
        assert all((stage.target.current / path).is_file() == there for path in old)
        stage.assert_live()
    assert len(os.listdir(stage.target.root / "releases")) == 1
    assert len(read_state(stage.target).manifests) == 1


def test_a_release_whose_directory_was_deleted_cannot_be_returned_to_and_says_so(stage: Stage) -> None:
    first = stage.push().plan.manifest.release
    stage.site.edit(1)
    stage.write()
    stage.push()
    shutil.rmtree(stage.target.root / "releases" / first)
    with pytest.raises(StorageError, match="is gone"):
        stage.rollback()
    stage.assert_live()


def test_an_interrupted_push_sends_nothing_more_and_gives_the_target_free(stage: Stage) -> None:
    sent = []

    class Interrupted(LocalTarget):
        def put(self, file: object, *arguments: object, **options: object) -> None:
            sent.append(file)
            if len(sent) == 5:
                signal.raise_signal(signal.SIGINT)
            time.sleep(0.05)
            super().put(file, *arguments, **options)

    stage.site = Site(60, paragraphs=1)
    stage.write()
    stage.target = Interrupted(stage.target.root)
    with pytest.raises(KeyboardInterrupt):
        stage.push(config=replace(stage.config, parallel=2))
    assert len(sent) < 40
    assert stage.target.read_pointer()[0].holder is None
    stage.target = LocalTarget(stage.target.root)
    stage.push()
    stage.assert_live()
