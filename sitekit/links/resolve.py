"""From an authored URL to what it reaches: a file of the site, another host, nothing at all.

A resolver belongs to one site and remembers what it has resolved; most links of a site repeat.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .read.extract import Redirect
from .read.names import HTML_SUFFIXES, XHTML_SUFFIXES, suffix
from .redirect_rules import compile_rules
from .site import INDEX, Site
from .whatwg_url import Url, parse

if TYPE_CHECKING:
    from .suggest import Suggester, Suggestion

_LEFTOVER = re.compile(
    r"\{\{|\{%|%7B%7B|<%|\$\{|(?:\{|%7B|\||%7C)"
    r"(?:filename|static|attach|tag|category|index|author|url|page|slug)(?:\}|%7D|\||%7C)",
    re.IGNORECASE,
)
# On other hosts single braces may be their own business; these can only be ours.
_LEFTOVER_ANYWHERE = re.compile(r"\{\{|\{%|%7B%7B|[{|](?:filename|static|attach)[}|]", re.IGNORECASE)
_EMPTY_VALUE = re.compile(r"(?:^|/)(?:None|undefined|null|nil|NaN|\[object%?2?0? ?Object\])(?=[/?#]|$)")
_MAY_BE_LEFTOVER = re.compile(r"[{|]|%7[BbCc]|<%")
_LOOPBACK = re.compile(r"(?:.+\.)?localhost\.?|127\.[0-9.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]+\]")
# A path that reads the same encoded and decoded, without dot segments or empty ones.
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?")
_NO_TARGET_SCHEMES = {"javascript", "data", "about", "blob"}
_WITH_ANCHORS = HTML_SUFFIXES | XHTML_SUFFIXES | {"svg"}
_MAX_REDIRECTS = 20


class Outcome(NamedTuple):
    """``path`` is the file reached; ``code`` and ``message`` say why none is. Neither: nothing on this site to check."""

    path: str | None = None
    code: str = ""
    message: str = ""
    note: str = ""
    suggestion: Suggestion | None = None
    id: int = 0
    has_anchors: bool = False


ELSEWHERE = Outcome()
INSECURE_ELSEWHERE = Outcome(note="insecure")


class Resolver:
    """Resolves URLs of one site. Not shared between threads or processes; each has its own."""

    def __init__(self, site: Site, redirects: list[Redirect] | None = None) -> None:
        self.site = site
        self.redirects = redirects or []
        self.rules = compile_rules(self.redirects, site)
        self._origin = (site.base.scheme, site.base.host, site.base.port)
        self._root = "/" + "".join(f"{segment}/" for segment in site.prefix)
        self._any_forced = any(rule.forced for rule in self.rules)
        self.from_root: dict[str, Outcome] = {}
        self.pages: dict[str, int] = {}

    @cached_property
    def suggester(self) -> Suggester:
        """What a dead link was meant to reach; loaded when the first one is found."""
        from .suggest import Suggester

        return Suggester(self.site)

    def resolve(self, url: str, base: Url) -> Outcome:
        """What ``url``, without its fragment, leads to from ``base``.

        Where the answer is the same from every page of the site it goes into ``from_root``, which callers look into first
        (only while their base is on the site's own origin). ``pages`` keeps the ids of those that have anchors and about which
        there is nothing more to say.
        """
        outcome = None
        if url[:1] == "/" and url[1:2] not in ("/", "\\"):
            if not self.on_own_origin(base):
                return self._resolve(clean(url), base)
            outcome = self._plainly(url)
        elif url[:8] != "https://":
            return self._resolve(clean(url), base)
        if outcome is None:
            outcome = self._resolve(clean(url), base)
        self.from_root[url] = outcome
        if outcome.has_anchors and not outcome.code and not outcome.note:
            self.pages[url] = outcome.id
        return outcome

    def on_own_origin(self, base: Url) -> bool:
        """Whether a path from the root means the same from ``base`` as from the site's own pages."""
        return (base.scheme, base.host, base.port) == self._origin

    def _plainly(self, url: str) -> Outcome | None:
        """The answer to a path from the root that nothing in it, no rule and no link in the file system makes special."""
        if self._any_forced or not url.startswith(self._root) or not _PLAIN_PATH.fullmatch(url):
            return None
        name = url[len(self._root) :]
        if name and name[-1] != "/" and name in self.site.files:
            return self._reached(name)
        index = f"{name.rstrip('/')}/{INDEX}" if name else INDEX
        return self._reached(index) if index in self.site.files else None

    def _resolve(self, url: str, base: Url) -> Outcome:
        leftover = _leftover(url)
        parsed = parse(url, base)
        if parsed is None:
            if leftover:
                return leftover
            return Outcome(None, "invalid-url", f"“{url}” is not a URL a browser can parse.")
        scheme = parsed.scheme
        if scheme in ("http", "https"):
            if self.is_own(parsed):
                return self._own(parsed, leftover)
            return _leftover(url, _LEFTOVER_ANYWHERE) or _other_host(parsed)
        if scheme in _NO_TARGET_SCHEMES:
            return ELSEWHERE
        if scheme == "file":
            return Outcome(None, "local-file", "A file: URL works on the writer's own machine only.")
        if len(scheme) == 1:
            return Outcome(None, "local-file", f"“{url}” is a path on somebody's drive, not a URL.")
        if scheme in ("ws", "wss", "ftp"):
            return _leftover(url, _LEFTOVER_ANYWHERE) or _other_host(parsed)
        return _leftover(url, _LEFTOVER_ANYWHERE) or ELSEWHERE

    def is_own(self, url: Url) -> bool:
        """Whether a URL is on the host the site is deployed on, over http or https at their usual ports."""
        base = self.site.base
        if url.host != base.host:
            return False
        if url.port is None and base.port is None:
            return True
        return url.scheme == base.scheme and url.port == base.port

    def _reached(self, path: str, note: str = "") -> Outcome:
        return Outcome(path, note=note, id=self.site.files[path], has_anchors=suffix(path) in _WITH_ANCHORS)

    def _own(self, url: Url, leftover: Outcome | None) -> Outcome:
        decoded = url.decoded_path()
        prefix = self.site.prefix
        length = len(prefix)
        note = "double-slash" if "" in decoded[:-1] else ""
        if length and decoded[:length] != prefix:
            if leftover:
                return leftover
            where = "/" + "/".join(prefix) + "/"
            return Outcome(None, "outside-deployment", f"The site is deployed under {where}, this leads outside it.")
        rest = decoded[length:] or ("",)
        path = None if self._forced(rest) else self.site.find(rest)
        if path is not None and not (leftover and ("{{" in (url.query or "") or "{%" in (url.query or ""))):
            if not note and url.scheme == "http" and self.site.base.scheme == "https":
                note = "insecure"
            return self._reached(path, note)
        if leftover:
            return leftover
        redirected = self._redirect(rest)
        if redirected is not None:
            return redirected
        empty = _EMPTY_VALUE.search("/".join(decoded))
        if empty:
            return Outcome(
                None, "leftover", f"“{empty[0].lstrip('/')}” is an empty value of the generator, not a path."
            )
        return self._explain(rest)

    def _explain(self, rest: tuple[str, ...]) -> Outcome:
        site = self.site
        name = "/".join(segment for segment in rest if segment)
        if rest[-1] == "" and name in site.files:
            message = f"{name} is a file; with a slash after it a server answers 404."
            return Outcome(None, "slash-after-file", message, suggestion=self.suggester.certain(name))
        meant = self.suggester.path(rest)
        if name in site.folders or name == "":
            return Outcome(None, "missing-index", f"The folder {name or '/'} holds no index.html.", suggestion=meant)
        message = f"There is no file /{'/'.join(rest)}."
        if meant and meant.why:
            message += f" {meant.why}"
        return Outcome(None, meant.code if meant and meant.code else "missing-file", message, suggestion=meant)

    def _forced(self, rest: tuple[str, ...]) -> bool:
        return any(rule.forced and rule.answer(rest) for rule in self.rules)

    def _redirect(self, rest: tuple[str, ...]) -> Outcome | None:
        """Where ``_redirects`` leads, to the end; None where no rule applies. Loops are reported elsewhere, once."""
        seen: set[tuple[str, ...]] = set()
        for _ in range(_MAX_REDIRECTS):
            key = tuple(segment for segment in rest if segment)
            if key in seen:
                return ELSEWHERE
            seen.add(key)
            target = next((target for rule in self.rules if (target := rule.answer(rest)) is not None), "")
            if not target:
                return self._explain(rest) if len(seen) > 1 else None
            parsed = parse(target.partition("#")[0], self.site.base)
            if parsed is None or parsed.scheme not in ("http", "https") or not self.is_own(parsed):
                return ELSEWHERE
            decoded = parsed.decoded_path()
            length = len(self.site.prefix)
            if decoded[:length] != self.site.prefix:
                return ELSEWHERE
            rest = decoded[length:] or ("",)
            path = self.site.find(rest)
            if path is not None:
                return self._reached(path)
        return ELSEWHERE


def clean(url: str) -> str:
    """The authored URL as reported: ASCII white space around it stripped, tabs and newlines inside it removed."""
    return url.strip("\t\n\f\r ").translate({0x09: None, 0x0A: None, 0x0D: None})


def _leftover(url: str, pattern: re.Pattern[str] = _LEFTOVER) -> Outcome | None:
    if not _MAY_BE_LEFTOVER.search(url) or not pattern.search(url):
        return None
    lowered = url.lstrip().lower()
    if lowered.startswith(("javascript:", "data:")):
        return None
    return Outcome(None, "leftover", "A placeholder of the generator was left in the page; nothing replaced it.")


def _other_host(url: Url) -> Outcome:
    host = url.host or ""
    if _LOOPBACK.fullmatch(host):
        return Outcome(None, "local-host", f"{host} is the reader's own machine.")
    if host in ("none", "undefined", "null"):
        return Outcome(None, "leftover", f"The host “{host}” is an empty value of the generator.")
    return INSECURE_ELSEWHERE if url.scheme == "http" else ELSEWHERE
