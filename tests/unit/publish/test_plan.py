"""What has to move, and in which order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sitekit.publish.manifest import File, Manifest
from sitekit.publish.plan import Plan, State, Upload, changed_immutable, make_plan
from sitekit.publish.pointer import Pointer, Span
from sitekit.publish.push import stages


def page(path: str, content: str, **changes: object) -> File:
    """A page whose hash is told by a letter."""
    made = File(path, content * 64, 10, "text/html", "public, max-age=300", "page")
    return replace(made, **changes)


def release(name: str, *files: File) -> Manifest:
    """A manifest."""
    return Manifest(name, "", {file.path: file for file in files})


def state(*manifests: Manifest, live: str = "", unfinished: tuple[str, ...] = (), there: dict | None = None) -> State:
    """A target on which the manifests were published in order."""
    spans = tuple(Span(m.release, str(n), "" if m.release == live else str(n + 1)) for n, m in enumerate(manifests))
    files = {path: file.size for manifest in manifests for path, file in manifest.files.items()}
    return State(
        Pointer(live=live, spans=spans, unfinished=unfinished),
        {manifest.release: manifest for manifest in manifests},
        files if there is None else there,
    )


def reasons(plan: Plan) -> dict[str, str]:
    """Why each file is sent."""
    return {upload.file.path: upload.reason for upload in plan.uploads}


def test_only_what_differs_is_sent() -> None:
    old = release("old", page("same", "a"), page("changes", "a"), page("headers", "a"), page("goes", "a"))
    new = release("new", page("same", "a"), page("changes", "b"), page("headers", "a", cache="x"), page("comes", "a"))
    plan = make_plan(new, state(old, live="old"))
    assert reasons(plan) == {"changes": "changed", "headers": "headers", "comes": "new"}
    assert plan.unchanged == 1
    assert [file.path for file in plan.withdrawn] == ["goes"]
    assert [file.path for file in plan.touched] == ["changes", "comes", "headers"]


def test_headers_do_not_matter_where_the_target_stores_none() -> None:
    old, new = release("old", page("a", "a")), release("new", page("a", "a", type="text/plain"))
    assert make_plan(new, state(old, live="old"), stores_headers=False).nothing


def test_what_is_gone_or_of_another_size_is_sent_again() -> None:
    old = release("old", page("lost", "a"), page("cut", "a"), page("there", "a"))
    plan = make_plan(replace(old, release="new"), state(old, live="old", there={"cut": 3, "there": 10}))
    assert reasons(plan) == {"lost": "missing", "cut": "missing"}


def test_after_an_interruption_only_what_every_release_agrees_on_is_trusted() -> None:
    old = release("old", page("same", "a"), page("maybe", "a"))
    cut = release("cut", page("same", "a"), page("maybe", "b"), page("comes", "b"))
    there = {"same": 10, "maybe": 10, "comes": 10}
    known = state(old, cut, live="old", unfinished=("cut",), there=there)
    assert reasons(make_plan(replace(cut, release="again"), known)) == {"maybe": "changed", "comes": "new"}
    assert reasons(make_plan(replace(old, release="back"), known)) == {"maybe": "changed"}


def test_an_asset_of_any_earlier_release_is_not_sent_again() -> None:
    asset = page("assets/a.0123456789.css", "a", kind="asset")
    known = state(release("first", asset), release("second", page("p", "a")), live="second")
    assert reasons(make_plan(release("third", asset, page("p", "a")), known)) == {}


def test_a_cache_rule_of_an_asset_that_changed_once_is_sent_once() -> None:
    asset = page("assets/a.0123456789.css", "a", kind="asset")
    newer = replace(asset, cache="other")
    first, second = release("first", asset), release("second", newer)
    assert reasons(make_plan(second, state(first, live="first"))) == {asset.path: "headers"}
    assert reasons(make_plan(release("third", newer), state(first, second, live="second"))) == {}


def test_files_of_strangers_are_named() -> None:
    plan = make_plan(release("new", page("ours", "a")), state(there={"ours": 10, "theirs": 3}))
    assert plan.foreign == ("ours",)


def test_an_asset_whose_content_changed_under_its_name_is_found() -> None:
    asset = page("assets/a.0123456789.css", "a", kind="asset")
    plan = make_plan(release("new", replace(asset, sha256="b" * 64)), state(release("old", asset), live="old"))
    assert changed_immutable(plan, [release("old", asset)]) == [asset.path]


_KINDS = ("asset", "file", "page", "feed", "home")
_uploads = st.lists(
    st.builds(
        lambda number, kind, old: Upload(page(f"{kind}-{number}", "a", kind=kind), "changed" if old else "new", old),
        st.integers(0, 99),
        st.sampled_from(_KINDS),
        st.booleans(),
    ),
    max_size=40,
)


@given(_uploads)
def test_the_order_never_lets_a_reader_meet_what_is_not_there_yet(uploads: list[Upload]) -> None:
    order = [upload for stage in stages(uploads) for upload in stage]
    assert sorted(order, key=repr) == sorted(uploads, key=repr)
    position = {kind: [n for n, upload in enumerate(order) if upload.file.kind == kind] for kind in _KINDS}
    for earlier, later in pairwise(_KINDS):
        assert max(position[earlier], default=-1) < min(position[later], default=len(order))
    pages = [upload.replaces for upload in order if upload.file.kind == "page"]
    assert pages == sorted(pages)  # new pages before those that may link to them


def test_stages_are_separate_so_that_one_is_whole_before_the_next_begins() -> None:
    kinds = [page(kind, "a", kind=kind) for kind in reversed(_KINDS)]
    found = stages(Upload(file, "new", False) for file in kinds)
    assert [[upload.file.kind for upload in stage] for stage in found] == [[kind] for kind in _KINDS]
