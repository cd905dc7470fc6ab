"""Rules of a ``_redirects`` file, ready to match: first rule wins, ``*`` and ``:name`` fill placeholders of the target."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .read.extract import Redirect
from .site import Site
from .whatwg_url import parse

_PLACEHOLDER = re.compile(r":([A-Za-z_]\w*)")


class Rule(NamedTuple):
    """One unconditional rule. ``pattern`` matches a decoded path below the deployment prefix, without a slash at its end."""

    pattern: re.Pattern[str]
    target: str
    status: int
    forced: bool

    def answer(self, segments: tuple[str, ...]) -> str | None:
        """The target for a path; empty where the rule says that the path is gone; None where the rule does not apply."""
        match = self.pattern.fullmatch("".join("/" + segment for segment in segments if segment))
        if match is None:
            return None
        if self.status in (404, 410):
            return ""
        groups = match.groupdict()
        return _PLACEHOLDER.sub(lambda name: (groups[name[1]] or "") if name[1] in groups else name[0], self.target)


def compile_rules(redirects: Iterable[Redirect], site: Site) -> list[Rule]:
    """Rules that hold for every visitor, in their order. Conditional ones (country, language, cookie) promise nothing."""
    return [rule for redirect in redirects if not redirect.conditional and (rule := _compile(redirect, site))]


def _compile(redirect: Redirect, site: Site) -> Rule | None:
    source = parse(redirect.source, site.base)
    if source is None or source.host != site.base.host:
        return None
    decoded = tuple(segment for segment in source.decoded_path() if segment)
    if decoded[: len(site.prefix)] != site.prefix:
        return None
    parts: list[str] = []
    names: set[str] = set()
    for segment in decoded[len(site.prefix) :]:
        placeholder = _PLACEHOLDER.fullmatch(segment)
        if segment == "*":
            parts.append("(?:/(?P<splat>.*))?" if "splat" not in names else "(?:/.*)?")
            names.add("splat")
        elif placeholder and placeholder[1] not in names:
            parts.append(f"/(?P<{placeholder[1]}>[^/]+)")
            names.add(placeholder[1])
        else:
            parts.append("/" + re.escape(segment))
    return Rule(re.compile("".join(parts), re.DOTALL), redirect.target, redirect.status, redirect.forced)
