"""What readers get is checked, the CDN is told, and nothing of that is forgotten by a run that died."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest

from sitekit.publish.encode import SUFFIXES
from sitekit.publish.errors import PublishError
from sitekit.publish.plan import read_state
from sitekit.publish.push import Inputs, begin
from sitekit.publish.rules import Redirect, load_rules
from sitekit.publish.settle import Settled, settle, verify_all
from tests.unit.publish.conftest import Stage
from tests.unit.publish.web import Answer, Asked, Web


class Front:
    """A CDN in front of a published directory: right in everything, until a test makes it wrong."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.cached: dict[str, Answer] = {}
        self.caching = False
        self.change: Callable[[Asked, Answer], Answer] = lambda asked, answer: answer
        self.purged: list[Asked] = []
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if asked.method == "POST":
            self.purged.append(asked)
            self.cached.clear()
            return Answer(201)
        key = f"{asked.path} {asked.headers['accept-encoding']}"
        if self.caching and key in self.cached:
            return self.cached[key]
        self.cached[key] = answer = self.change(asked, self.origin(asked))
        return answer

    def origin(self, asked: Asked) -> Answer:
        """The right answer."""
        manifest = read_state(self.stage.target).live
        path = unquote(asked.path).lstrip("/")
        path += "index.html" if path.endswith("/") or not path else ""
        coding = asked.headers["accept-encoding"]
        file = manifest.files.get(path + SUFFIXES.get(coding, "")) or manifest.files.get(path)
        status = 200 if file else 404
        file = file or manifest.files["404.html"]
        headers = {"Content-Type": file.type, "Cache-Control": file.cache, **load_rules().response_headers(asked.path)}
        if file.encoding:
            headers["Content-Encoding"] = file.encoding
        return Answer(status, self.stage.read(file.path), headers)


@pytest.fixture
def front(stage: Stage) -> Iterator[Front]:
    """The stage behind a CDN that is also the CDN's API."""
    made = Front(stage)
    with Web(made) as web:
        stage.config = replace(stage.config, public_url=web.url)
        yield made


def settle_it(stage: Stage, **options: object) -> Settled:
    """Verifies and tells the CDN, as the command line does after a push."""
    with begin(stage.target, stage.config, "settle", 0) as lease:
        return settle(stage.target, stage.config, lease, sleep=lambda seconds: None, **options)


def through_cloudfront(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the front a CloudFront distribution."""
    stage.config = replace(stage.config, cloudfront_distribution="E123", cloudfront_api=stage.config.public_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-real-secret")


def test_every_changed_url_is_asked_for_in_every_coding(stage: Stage, front: Front) -> None:
    stage.push()
    settled = settle_it(stage)
    plain = [file for file in read_state(stage.target).live.files.values() if not file.encoding and not file.immutable]
    assert settled.verdict.right == len(plain)
    assert settled.verdict.problems == ()
    stage.site.edit(2)
    stage.write()
    stage.push()
    settled = settle_it(stage)
    assert [file.path for file in settled.changed] == ["feeds/all.atom.xml", "index.html", stage.site.path(2)][:2] + [
        stage.site.path(2)
    ]
    assert settle_it(stage).changed == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda asked, a: replace(a, body=b"<html>"), "serves other bytes"),
        (lambda asked, a: replace(a, status=403), "answers 403"),
        (
            lambda asked, a: replace(a, headers={**a.headers, "Cache-Control": "no-store"}),
            "Cache-Control is 'no-store'",
        ),
        (lambda asked, a: replace(a, headers={**a.headers, "Content-Type": "text/plain"}), "Content-Type is"),
        (
            lambda asked, a: replace(a, headers={k: v for k, v in a.headers.items() if k != "Referrer-Policy"}),
            "Referrer-Policy is ''",
        ),
        (
            lambda asked, a: replace(a, headers={**a.headers, "Content-Encoding": "gzip"}, body=gzip.compress(b"x")),
            "serves other bytes",
        ),
        (lambda asked, a: replace(a, headers={**a.headers, "Content-Encoding": "br"}, body=b"\xff"), "not valid br"),
    ],
)
def test_an_answer_that_is_wrong_stops_before_the_cdn_is_told(
    stage: Stage, front: Front, monkeypatch: pytest.MonkeyPatch, change: Callable, message: str
) -> None:
    through_cloudfront(stage, monkeypatch)
    stage.push()
    front.change = lambda asked, answer: change(asked, answer) if asked.path == "/robots.txt" else answer
    with pytest.raises(PublishError, match="the CDN was not told") as caught:
        settle_it(stage)
    assert message in str(caught.value)
    assert "rollback previous" in caught.value.hint
    assert front.purged == []
    front.change = lambda asked, answer: answer
    assert settle_it(stage).told["CloudFront"] > 0


def test_a_reader_that_accepts_no_coding_must_not_get_one(stage: Stage, front: Front) -> None:
    stage.push()

    def always_gzip(asked: Asked, answer: Answer) -> Answer:
        if asked.headers["accept-encoding"] != "identity":
            return answer
        return replace(answer, body=gzip.compress(answer.body), headers={**answer.headers, "Content-Encoding": "gzip"})

    front.change = always_gzip
    with pytest.raises(PublishError, match="to a reader that asks for none"):
        settle_it(stage)


def test_a_cdn_that_compresses_by_itself_is_noted_but_right(stage: Stage, front: Front) -> None:
    stage.push()

    def own_gzip(asked: Asked, answer: Answer) -> Answer:
        if asked.headers["accept-encoding"] != "gzip":
            return answer
        plain = gzip.decompress(answer.body)
        return replace(answer, body=gzip.compress(plain, 1))

    front.change = own_gzip
    verdict = settle_it(stage).verdict
    assert {problem.code for problem in verdict.problems} == {"variant-not-served"}


def test_an_old_answer_from_a_cache_is_asked_for_again_once_the_cdn_was_told(
    stage: Stage, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    through_cloudfront(stage, monkeypatch)
    front.caching = True
    stage.push()
    settle_it(stage)
    front.purged.clear()
    verify_all(stage.target, stage.config)
    stage.site.edit(1)
    stage.write()
    stage.push()
    settled = settle_it(stage)
    assert settled.verdict.stale == ()
    assert len(front.purged) == 1
    body = front.purged[0].body.decode()
    assert f"<Path>/{stage.site.path(1).removesuffix('index.html')}</Path>" in body
    assert "article-2" not in body


def test_a_cdn_that_keeps_the_old_page_is_a_problem_after_a_while(
    stage: Stage, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    through_cloudfront(stage, monkeypatch)
    stage.push()
    settle_it(stage)
    old = stage.read("index.html")
    stage.site.edit(1)
    stage.write()
    stage.push()
    front.change = lambda asked, a: (
        replace(a, body=old, headers={k: v for k, v in a.headers.items() if k != "Content-Encoding"})
        if asked.path == "/"
        else a
    )
    with pytest.raises(PublishError, match="1 URLs still show the old page"):
        settle_it(stage, patience=0.0)


def test_what_a_killed_run_did_not_tell_the_cdn_is_told_by_the_next(
    stage: Stage, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.push()
    settle_it(stage)
    stage.site.edit(1)
    stage.write()
    stage.push()  # and killed before it settled
    stage.site.edit(4)
    stage.write()
    stage.push()
    changed = {file.path for file in settle_it(stage).changed}
    assert {stage.site.path(1), stage.site.path(4)} <= changed
    assert stage.site.path(2) not in changed


def test_redirects_are_asked_for_in_place_of_the_pages_for_hosts_without_them(stage: Stage, front: Front) -> None:
    fallback = stage.folder / "old" / "index.html"
    fallback.parent.mkdir()
    fallback.write_text("<!doctype html><meta http-equiv=refresh content='0; url=/mind/'>")
    stage.push(Inputs(redirects=(Redirect("/old/", "/mind/"),)))
    right = front.change

    def moved(asked: Asked, answer: Answer) -> Answer:
        return Answer(301, b"", {"Location": "/mind/"}) if asked.path == "/old/" else right(asked, answer)

    front.change = moved
    assert settle_it(stage).verdict.problems == ()
    front.change = right
    verdict = verify_all(stage.target, stage.config)
    assert [(problem.code, problem.severity) for problem in verdict.problems] == [("redirect-not-deployed", "warning")]
    front.change = lambda asked, answer: (
        Answer(301, b"", {"Location": "/elsewhere/"}) if asked.path == "/old/" else answer
    )
    assert [problem.code for problem in verify_all(stage.target, stage.config).problems] == ["wrong-redirect"]


def test_without_an_edge_the_page_that_leads_on_is_asked_for(stage: Stage, front: Front) -> None:
    fallback = stage.folder / "old" / "index.html"
    fallback.parent.mkdir()
    fallback.write_text("<!doctype html><meta http-equiv=refresh content='0; url=/mind/'>")
    stage.push(Inputs(redirects=(Redirect("/old/", "/mind/"),)))
    stored = ("Content-Type", "Cache-Control", "Content-Encoding")
    front.change = lambda asked, answer: replace(
        answer, headers={name: value for name, value in answer.headers.items() if name in stored}
    )
    settle_it(stage, edge=False)
    assert "/old/" in {asked.path for asked in front.asked}


def test_verify_all_asks_for_assets_too(stage: Stage, front: Front) -> None:
    stage.push()
    verdict = verify_all(stage.target, stage.config)
    plain = [file for file in read_state(stage.target).live.files.values() if not file.encoding]
    assert verdict.right == len(plain)
    (stage.target.current / next(path for path in stage.site.files() if path.endswith(".css"))).write_text("broken")
    verdict = verify_all(stage.target, stage.config)
    assert [problem.code for problem in verdict.problems] == ["wrong-bytes"]


def test_an_address_that_does_not_answer_is_told_as_such(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.push()
    stage.config = replace(stage.config, public_url="http://127.0.0.1:9")
    monkeypatch.setattr("sitekit.publish.verify._TRIES", 1)
    with pytest.raises(PublishError, match="cannot be reached: ConnectError"):
        settle_it(stage)
