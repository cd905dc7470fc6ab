"""Asks for one address until there is an answer: HEAD, then GET; along redirects; again where that may help; never for ever."""

from __future__ import annotations

import asyncio
import datetime
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx

from ..whatwg_url import parse
from .anchors import is_html, look_for
from .body import ACCEPTED, Body, read_body
from .lanes import Closed, Lanes, Sleep, Unreachable
from .retry import backoff, retry_after
from .settings import ExternalSettings
from .targets import has_credentials, serialise
from .verdict import BROKEN, FINE, UNKNOWN, Verdict, judge_error, judge_status, shown

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_REACHED = Verdict(FINE)
_PEEK_BYTES, _PEEK_SECONDS = 1 << 16, 5.0  # of the body of an error, to tell a wall against robots
DOI_HOSTS = {"doi.org", "www.doi.org", "dx.doi.org"}
_NEVER_FOLLOWED = {"file", "javascript", "data", "blob", "about"}


@dataclass(frozen=True, slots=True)
class Answer:
    """``moved`` is where an address has moved for good; ``certain`` says that a link can be changed to it unseen.

    ``fragments`` has a verdict for each anchor that was looked for, where the page itself is fine. ``host`` was asked last.
    """

    verdict: Verdict
    moved: str = ""
    certain: bool = False
    fragments: dict[str, Verdict] = field(default_factory=dict)
    host: str = ""


@dataclass(frozen=True, slots=True)
class _Exchange:
    status: int
    headers: httpx.Headers
    body: Body = field(default_factory=Body)


@dataclass(slots=True)
class _Budget:
    """Seconds that one address may still cost, work and waiting; queueing for a place does not count."""

    left: float


class Fetcher:
    """Checks addresses over one transport. ``now`` is the wall clock, for dates in headers; ``chance`` spreads repeats."""

    def __init__(
        self,
        settings: ExternalSettings,
        transport: httpx.AsyncBaseTransport,
        user_agent: str,
        *,
        now: Callable[[], datetime.datetime],
        chance: random.Random,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._now = now
        self._chance = chance
        self._sleep = sleep
        self._clock = clock
        self._lanes = Lanes(settings, sleep, clock)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": ACCEPTED,
            "Accept-Language": "en-US,en;q=0.9",
        }

    async def check(self, address: str, fragments: list[str]) -> Answer:
        """The answer about one address. Raises nothing but cancellation: what a server provokes is part of the answer."""
        settings, budget = self._settings, _Budget(self._settings.url_seconds)
        method = "GET" if fragments else "HEAD"
        answer = Answer(Verdict(UNKNOWN, "It was not asked."))
        for attempt in range(1, settings.attempts + 1):
            method, answer = await self._attempt(method, address, fragments, budget)
            verdict = answer.verdict
            if verdict.wait is not None:
                self._lanes.hold(answer.host, verdict.wait)
            if not verdict.again or attempt == settings.attempts:
                break
            pause = verdict.wait
            if pause is None:
                pause = backoff(attempt, settings.backoff_seconds, settings.wait_seconds, self._chance)
            if pause > settings.wait_seconds or pause >= budget.left:
                break
            budget.left -= pause
            await self._sleep(pause)
        return answer

    async def _attempt(self, method: str, address: str, fragments: list[str], budget: _Budget) -> tuple[str, Answer]:
        """One try: by HEAD, and by GET where HEAD is refused, misunderstood or not believed. Also says what to try next time."""
        if method == "HEAD":
            answer = await self._chain("HEAD", address, [], budget)
            verdict = answer.verdict
            if verdict.outcome == FINE or not verdict.connected or verdict.busy or verdict.wait is not None:
                return "HEAD", answer
        return "GET", await self._chain("GET", address, fragments, budget)

    async def _chain(self, method: str, address: str, fragments: list[str], budget: _Budget) -> Answer:
        """Follow redirects to the end. Each hop is judged like a first address: its scheme, its host, its network."""
        visited = [address]
        permanent, cookies, own_fragment = True, False, ""
        while True:
            url = visited[-1]
            host = _host(url)
            try:
                exchange = await self._exchange(method, url, fragments, budget)
            except Closed as closed:
                hours = closed.args[0] / 3600
                return Answer(Verdict(UNKNOWN, f"The server asked for no requests for {hours:.1f} hours."), host=host)
            except Unreachable as known:
                return Answer(_after(visited, known.verdict), host=host)
            except Exception as error:  # whatever a hostile server provokes concerns this link alone
                verdict = judge_error(error)
                self._lanes.settle(host, verdict)
                return Answer(_after(visited, verdict), host=host)
            self._lanes.settle(host, _REACHED)
            location = exchange.headers.get("location", "") if exchange.status in _REDIRECTS else ""
            if not location:
                return self._final(exchange, visited, permanent, fragments, own_fragment)
            following = _next(url, location)
            if isinstance(following, Verdict):
                return Answer(_after(visited, following), host=host)
            target, fragment = following
            if host in DOI_HOSTS and _host(target) not in DOI_HOSTS:
                answer = self._final(replace(exchange, status=200), visited, permanent, [], "")
                return replace(answer, fragments={wanted: Verdict(FINE) for wanted in fragments})
            permanent &= exchange.status in _PERMANENT
            cookies |= "set-cookie" in exchange.headers
            own_fragment = fragment or own_fragment
            if target in visited or len(visited) > self._settings.redirects:
                return Answer(_endless(visited, target, cookies), host=host)
            visited.append(target)

    def _final(
        self, exchange: _Exchange, visited: list[str], permanent: bool, fragments: list[str], own_fragment: str
    ) -> Answer:
        host = _host(visited[-1])
        verdict = judge_status(exchange.status, exchange.headers, exchange.body.data)
        if verdict.outcome != FINE:
            wait = retry_after(exchange.headers.get("retry-after"), self._now()) if verdict.again else None
            return Answer(_after(visited, replace(verdict, wait=wait)), host=host)
        found: dict[str, Verdict] = {}
        kind = exchange.headers.get("content-type", "")
        if fragments and not own_fragment and is_html(kind):
            found = look_for(fragments, exchange.body, kind)
        else:
            found = {fragment: Verdict(FINE) for fragment in fragments}
        if len(visited) == 1 or not permanent:
            return Answer(verdict, fragments=found, host=host)
        moved = visited[-1] + (f"#{own_fragment}" if own_fragment else "")
        return Answer(verdict, moved, _same_page(visited[0], visited[-1]), found, host)

    async def _exchange(self, method: str, url: str, fragments: list[str], budget: _Budget) -> _Exchange:
        """One request and as much of its response as matters, in a place of its host's lane and within the budget."""
        settings = self._settings
        async with self._lanes.place(_host(url)):
            if budget.left <= 0:
                raise TimeoutError
            limit = min(settings.request_seconds, budget.left)
            started = self._clock()
            try:
                return await self._send(method, url, bool(fragments), limit)
            finally:
                budget.left -= self._clock() - started

    async def _send(self, method: str, url: str, wants_page: bool, limit: float) -> _Exchange:
        began = time.monotonic()
        times = {"connect": self._settings.connect_seconds, "read": limit, "write": limit, "pool": limit}
        target = url.split("/", 3)[3]
        request = httpx.Request(
            method, url, headers=self._headers, extensions={"timeout": times, "target": f"/{target}".encode("ascii")}
        )
        async with asyncio.timeout(limit):
            response = await self._transport.handle_async_request(request)
        try:
            status, headers = response.status_code, response.headers
            if method == "HEAD" or (status in _REDIRECTS and "location" in headers):
                return _Exchange(status, headers)
            assert isinstance(response.stream, httpx.AsyncByteStream)
            encoding = headers.get("content-encoding", "")
            left = max(0.01, limit - (time.monotonic() - began))
            if not 200 <= status < 300:
                body = await read_body(response.stream, encoding, _PEEK_BYTES, min(left, _PEEK_SECONDS))
            elif wants_page and is_html(headers.get("content-type", "")):
                body = await read_body(response.stream, encoding, self._settings.body_bytes, left)
            else:
                body = Body()
            return _Exchange(status, headers, body)
        finally:
            await response.aclose()


def _host(address: str) -> str:
    return address.split("/", 3)[2]


def _next(url: str, location: str) -> tuple[str, str] | Verdict:
    """The address and fragment a ``Location`` leads to, or why it is not followed."""
    parsed = parse(location, parse(url))
    there = f"The redirect leads to “{shown(location)}”"
    if parsed is None:
        return Verdict(BROKEN, f"{there}, which no browser can read.")
    if parsed.scheme in _NEVER_FOLLOWED:
        return Verdict(BROKEN, f"{there}, which no browser follows.")
    if parsed.scheme not in ("http", "https"):
        return Verdict(UNKNOWN, f"{there}, which is not a page of the web.")
    if has_credentials(location):
        return Verdict(UNKNOWN, "The redirect leads to an address with a password in it, which is not followed.")
    return serialise(parsed), parsed.fragment or ""


def _endless(visited: list[str], target: str, cookies: bool) -> Verdict:
    if target in visited:
        message = f"The redirects go round in a circle: {' → '.join([*visited, target][-4:])}."
    else:
        message = f"There are more than {len(visited) - 1} redirects: {visited[0]} → … → {target}."
    if cookies:
        return Verdict(UNKNOWN, f"{message} With cookies, which are not kept here, it may be otherwise.")
    return Verdict(BROKEN, message)


def _after(visited: list[str], verdict: Verdict) -> Verdict:
    if len(visited) == 1:
        return verdict
    return replace(verdict, message=f"It leads on to {visited[-1]}. {verdict.message}")


def _same_page(old: str, new: str) -> bool:
    """Whether what moved is surely the page itself: not sent to a home page, to a log-in, or to an address made for one visit."""
    before, after = parse(old), parse(new)
    if before is None or after is None or after.query != before.query:
        return False
    path, former = [part for part in after.segments if part], [part for part in before.segments if part]
    login = any(word in part.lower() for part in path for word in ("login", "signin", "sign-in", "consent", "error"))
    return not login and (bool(path) or not former)
