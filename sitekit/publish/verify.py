"""What readers get: every changed URL, asked for through the public address.

A cache may still show what was there before; that is not wrong yet, so such answers are told apart (``stale``) and
asked for again once the CDN was told.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx

from sitekit.problems import Problem, errors
from sitekit.publish.encode import decode
from sitekit.publish.manifest import File, Manifest
from sitekit.publish.rules import Redirect, Rules

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a verification: how many answers were right, what is wrong, and which files are still stale."""

    right: int = 0
    problems: tuple[Problem, ...] = ()
    stale: tuple[File, ...] = ()


@dataclass(slots=True)
class Verifier:
    """Asks a public address. ``old`` are manifests whose bytes a cache may still hold."""

    public_url: str
    manifest: Manifest
    rules: Rules
    old: tuple[Manifest, ...] = ()
    #: False where nothing in front of the storage applies the rules: no security headers, no redirects (a bare bucket).
    edge: bool = True
    parallel: int = 16
    seconds: float = 20.0
    _client: httpx.Client = field(init=False)

    def verify(self, files: Iterable[File], *, redirected: bool = False) -> Verdict:
        """Asks for each file with every coding that readers use, and, if ``redirected``, for each redirect.

        A file at an address that the edge redirects is a page for hosts that cannot; here no reader gets it.
        """
        moved = {redirect.source: redirect for redirect in self.manifest.redirects if self.edge}
        files = [file for file in files if file.url_path not in moved]
        limits = httpx.Limits(max_connections=self.parallel)
        self._client = httpx.Client(timeout=self.seconds, limits=limits, follow_redirects=False)
        right, problems, stale = 0, [], []
        with self._client, ThreadPoolExecutor(self.parallel) as pool:
            checked = pool.map(self._check_file, files)
            followed = pool.map(self._check_redirect, moved.values() if redirected else ())
            for file, found, is_stale in checked:
                problems += found
                stale += [file] if is_stale else []
                right += not errors(found) and not is_stale
            for found in followed:
                problems += found
                right += not errors(found)
        return Verdict(right, tuple(sorted(set(problems))), tuple(stale))

    def url(self, path: str) -> str:
        """The public URL of a root-relative path."""
        return self.public_url.rstrip("/") + quote(path, safe="/~!$&'()*+,;=:@")

    def _check_file(self, file: File) -> tuple[File, list[Problem], bool]:
        problems, stale = [], False
        variants = {found.encoding: found for found in self.manifest.files.values() if found.base == file.path}
        for accepted in ("identity", *sorted(variants)):
            found, old = self._check_answer(file, accepted, variants)
            problems += found
            stale = stale or old
        return file, problems, stale

    def _check_answer(self, file: File, accepted: str, variants: dict[str, File]) -> tuple[list[Problem], bool]:
        """One request; its problems, and whether it is what was there before."""
        url = self.url(file.url_path)
        answer, body = self._get(url, accepted)
        if answer is None:
            return [self._problem(file, "unreachable", f"{url} cannot be reached: {body}")], False
        coding = answer.headers.get("content-encoding", "")
        if answer.status_code != 200 and not (file.path == "404.html" and answer.status_code == 404):
            old = answer.status_code == 404 and any(file.path not in manifest.files for manifest in self.old)
            return (
                ([], True)
                if old
                else ([self._problem(file, "wrong-status", f"{url} answers {answer.status_code}")], False)
            )
        try:
            plain = hashlib.sha256(decode(body, coding)).hexdigest()
        except ValueError as error:
            return [self._problem(file, "wrong-encoding", f"{url} with Accept-Encoding {accepted}: {error}")], False
        if plain != file.sha256:
            if any(file.path in manifest.files and manifest.files[file.path].sha256 == plain for manifest in self.old):
                return [], True
            return [self._problem(file, "wrong-bytes", f"{url} serves other bytes than were published")], False
        problems = []
        if accepted == "identity" and coding:
            problems.append(
                self._problem(file, "wrong-encoding", f"{url} sends {coding} to a reader that asks for none")
            )
        if coding in variants and hashlib.sha256(body).hexdigest() != variants[coding].sha256:
            message = f"{url} sends another {coding} variant than was published"
            problems.append(self._problem(file, "variant-not-served", message, "warning"))
        expected = {"Content-Type": file.type, "Cache-Control": file.cache}
        if self.edge:
            expected |= self.rules.response_headers(file.url_path)
        for name, value in expected.items():
            got = answer.headers.get(name, "")
            if _normal(got) != _normal(value):
                problems.append(self._problem(file, "wrong-header", f"{url}: {name} is {got!r}, not {value!r}"))
        return problems, False

    def _check_redirect(self, redirect: Redirect) -> list[Problem]:
        url = self.url(redirect.source)
        answer, body = self._get(url, "identity")
        if answer is None:
            text = f"{url} cannot be reached: {body}"
        else:
            location = answer.headers.get("location", "")
            where = urlsplit(location).path if location.startswith(self.public_url) else location
            if answer.status_code == redirect.status and where == redirect.target:
                return []
            page = self.manifest.at(redirect.source)
            if page and answer.status_code == 200 and hashlib.sha256(body).hexdigest() == page.sha256:
                text = f"{url} is a page that leads on; the edge does not redirect yet"
                hint = "Render and deploy the rules."
                return [Problem(redirect.source, 0, 0, "redirect-not-deployed", text, hint, "warning")]
            text = f"{url} answers {answer.status_code} {location}, not {redirect.status} {redirect.target}"
        return [Problem(redirect.source, 0, 0, "wrong-redirect", text, "Render and deploy the rules again.")]

    def _get(self, url: str, accepted: str) -> tuple[httpx.Response | None, bytes | str]:
        """The answer and its body as sent, not decoded; None and a reason when there is none."""
        reason = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(0.5 * 2**attempt)
            try:
                with self._client.stream("GET", url, headers={"Accept-Encoding": accepted}) as answer:
                    body = b"".join(answer.iter_raw())
            except httpx.HTTPError as error:
                reason = type(error).__name__
                continue
            if answer.status_code < 500:
                return answer, body
            reason = f"status {answer.status_code}"
        return None, reason

    def _problem(self, file: File, code: str, message: str, severity: str = "error") -> Problem:
        hint = "Readers may be affected: look at it, then roll back or publish again."
        return Problem(file.path, 0, 0, code, message, hint, severity)


def _normal(value: str) -> str:
    """A header value without differences that mean nothing: spaces and letter case around parameters."""
    return ",".join(part.strip().replace("; ", ";").lower() for part in value.split(","))
