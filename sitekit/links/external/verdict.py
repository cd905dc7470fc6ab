"""What an answer says about a link: fine, broken, or that nobody can tell from here.

A reader's browser gets past much that a program does not (a log-in, a wall against robots, a rate limit). Only what would stop the
reader too counts as broken. ``judge_status`` has an answer for every status and every header a server may think of.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import h2.events
import h2.exceptions
import httpcore

from .network import NoConnection, NotPublic, UnknownName

FINE, BROKEN, UNKNOWN = "fine", "broken", "unknown"

_GONE = {400, 404, 410, 414}
_COME_BACK = {408, 425, 429, 500, 502, 503, 504}  # may be otherwise in a moment
_SERVER_FAULT = {500, 502, 504, 521, 522, 523, 525, 526}  # 520 to 526: a CDN about the server behind it
_CHALLENGE_HEADERS = ("cf-mitigated", "x-amzn-waf-action", "x-vercel-mitigated")
# Only what the walls' own pages hold: their scripts are on ordinary pages too.
_CHALLENGE_MARKS = (
    b"_cf_chl_opt",
    b"Incapsula incident ID",
    b"captcha-delivery.com",
    b"sec-if-cpt-container",
    b"px-captcha",
    b"anubis_challenge",
    b"sucuri_cloudproxy_js",
)
_NOT_OUR_BUSINESS = "as some servers do to programs; a browser may get through"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``outcome`` is FINE, BROKEN or UNKNOWN; ``message`` is a sentence for an editor, empty where all is well.

    ``again`` says that it may be otherwise in a moment; ``wait`` is the server's own ``Retry-After`` in seconds. ``faulty`` marks a
    fault of the server, which counts as broken once it has lasted. ``busy`` says that every further request makes it worse;
    ``connected`` is False where no server was reached.
    """

    outcome: str
    message: str = ""
    again: bool = False
    wait: float | None = None
    faulty: bool = False
    busy: bool = False
    connected: bool = True


def judge_status(status: int, headers: Mapping[str, str], body: bytes = b"") -> Verdict:
    """The verdict on a final answer (no redirect that can be followed). ``body`` is its beginning, where it was read."""
    named = _named(status)
    if is_challenge(headers, body):
        return Verdict(UNKNOWN, f"A wall against robots stands before the page ({named}); a browser may get through.")
    if 200 <= status < 300:
        return Verdict(FINE)
    if status in _GONE:
        return Verdict(BROKEN, f"The server answers {named}.")
    if status == 429:
        return Verdict(UNKNOWN, f"The server asks for fewer requests ({named}).", again=True, busy=True)
    if status in (401, 407):
        return Verdict(UNKNOWN, f"The page asks for a log-in ({named}).")
    faulty = status in _SERVER_FAULT
    if status >= 500:
        return Verdict(UNKNOWN, f"The server has a fault of its own ({named}).", status in _COME_BACK, None, faulty)
    if status == 403:
        return Verdict(UNKNOWN, f"The server refuses ({named}), {_NOT_OUR_BUSINESS}.")
    if 300 <= status < 400:
        return Verdict(UNKNOWN, f"The server answers {named} and does not say where the page is.")
    if status < 200:
        return Verdict(UNKNOWN, f"The server answers {named}, which is no answer.")
    return Verdict(UNKNOWN, f"The server answers {named}, {_NOT_OUR_BUSINESS}.", status in _COME_BACK)


def is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this is a page that a robot wall shows instead of the one that was asked for."""
    return any(name in headers for name in _CHALLENGE_HEADERS) or any(mark in body for mark in _CHALLENGE_MARKS)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def judge_error(error: BaseException) -> Verdict:
    """The verdict on an exchange that did not come to an answer."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, NotPublic):
            return Verdict(UNKNOWN, f"Not asked: {cause}.", connected=False)
        if isinstance(cause, UnknownName):
            outcome = BROKEN if cause.final else UNKNOWN
            return Verdict(outcome, f"Not found: {cause}.", again=not cause.final, connected=False)
        if isinstance(cause, ssl.SSLError):
            return _judge_tls(cause)
        if isinstance(cause, ConnectionRefusedError):
            return Verdict(BROKEN, "The server refuses the connection.", again=True, connected=False)
        if isinstance(cause, OSError) and cause.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL):
            return Verdict(UNKNOWN, "There is no way to the server from here.", again=True, connected=False)
    for cause in causes:
        if isinstance(cause, (httpcore.ConnectTimeout, httpcore.PoolTimeout)):
            return Verdict(UNKNOWN, "The server does not answer in time.", again=True, connected=False)
        if isinstance(cause, (httpcore.TimeoutException, TimeoutError)):
            return Verdict(UNKNOWN, "The answer does not come to an end in time.", again=True)
        if isinstance(cause, (httpcore.ProtocolError, h2.exceptions.H2Error)):
            said = str(cause)
            if any(isinstance(detail, h2.events.Event) for detail in cause.args):  # a stream or connection was closed
                return Verdict(UNKNOWN, "The server breaks off its answer.", again=True)
            if "without sending" in said or "incomplete" in said or "disconnected" in said:
                return Verdict(UNKNOWN, "The server breaks off its answer.", again=True)
            return Verdict(UNKNOWN, f"The server does not speak HTTP{_because(said)}.", again=True, faulty=True)
        if isinstance(cause, (httpcore.ConnectError, ConnectionError)) and not isinstance(cause, ConnectionResetError):
            return Verdict(UNKNOWN, "No connection comes about.", again=True, connected=False)
        if isinstance(cause, (httpcore.NetworkError, OSError)):
            return Verdict(UNKNOWN, "The server breaks off the connection.", again=True)
    return Verdict(UNKNOWN, f"It could not be checked: {type(error).__name__}{_because(str(error))}.")


def _judge_tls(error: ssl.SSLError) -> Verdict:
    """A certificate that stops a reader's browser is broken; one that only this machine cannot judge is not."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return Verdict(UNKNOWN, "The server breaks off the secure connection.", again=True, connected=False)
        said = (getattr(error, "reason", None) or str(error)).replace("_", " ").lower()
        return Verdict(UNKNOWN, f"No secure connection comes about{_because(said)}.", again=True, connected=False)
    known = {
        9: "The certificate of the server is not valid yet.",
        10: "The certificate of the server has expired.",
        18: "The certificate of the server is signed by itself.",
        19: "The certificate of the server goes back to one that is signed by itself.",
        23: "The certificate of the server has been revoked.",
        62: "The certificate of the server is for another name.",
        64: "The certificate of the server is for another address.",
    }
    message = known.get(error.verify_code)
    if message:
        detail = shown(error.verify_message.rstrip(".")) if error.verify_code in (62, 64) else ""
        if detail:
            message = f"{message[:-1]} ({detail})."
        return Verdict(BROKEN, f"{message} A browser shows a warning instead of the page.", connected=False)
    said = _because(error.verify_message)
    return Verdict(UNKNOWN, f"The certificate of the server cannot be judged from here{said}.", connected=False)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all that led to it, outermost first; groups are opened. Limited, as chains may be circular."""
    found: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending and len(found) < 32:
        current = pending.pop(0)
        if current is None or any(current is one for one in found):
            continue
        found.append(current)
        if isinstance(current, NoConnection):
            pending.append(current.why)
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)
        pending.append(current.__cause__)
        if current.__cause__ is None and not current.__suppress_context__:
            pending.append(current.__context__)
    return found


def shown(text: str, limit: int = 120) -> str:
    """Text of others on one line, without what steers a terminal, and not too long."""
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _because(text: str) -> str:
    text = shown(text)
    return f": {text}" if text else ""
