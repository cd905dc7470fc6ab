"""Every kind of finding: its stable code, what it means, and how serious it is unless the project says otherwise.

``broken`` findings are links a reader or a machine follows to nothing. All others are advice: true, worth knowing, and kept apart.
"""

from __future__ import annotations

from typing import NamedTuple

SEVERITIES = ("error", "warning", "info", "off")


class Code(NamedTuple):
    """``broken`` marks a dead link; ``severity`` is one of SEVERITIES."""

    name: str
    title: str
    severity: str
    broken: bool = False


def _broken(name: str, title: str) -> Code:
    return Code(name, title, "error", True)


def _advice(name: str, title: str, severity: str = "warning") -> Code:
    return Code(name, title, severity)


CODES: dict[str, Code] = {
    code.name: code
    for code in (
        _broken("missing-file", "The target does not exist"),
        _broken("missing-index", "The target is a folder without index.html"),
        _broken("slash-after-file", "A slash follows the name of a file"),
        _broken("wrong-case", "The target exists in other upper or lower case"),
        _broken("wrong-unicode-form", "The target exists in another Unicode form"),
        _broken("wrong-encoding", "The target exists under another percent-encoding"),
        _broken("missing-fragment", "The page has no such anchor"),
        _broken("invalid-url", "The URL cannot be parsed"),
        _broken("empty-url", "The URL is empty where one is required"),
        _broken("leftover", "A placeholder of the generator was never filled in"),
        _broken("local-file", "The URL points into somebody's own file system"),
        _broken("local-host", "The URL points to the reader's own machine"),
        _broken("outside-deployment", "The target lies outside the folder the site is deployed in"),
        _broken("external-broken", "A page on another site does not answer"),
        _advice("duplicate-id", "Two elements share an id"),
        _advice("orphan", "No link leads to this page from the home page"),
        _advice("unused-file", "Nothing on the site uses this file", "info"),
        _advice("redirect-loop", "A redirect leads back to itself"),
        _advice("redirect-chain", "A redirect leads to another redirect"),
        _advice("mixed-content", "A secure page loads something over plain http"),
        _advice("relative-in-404", "A relative link on the 404 page works only at the root"),
        _advice("vague-link-text", "The text of the link says nothing about its target"),
        _advice("empty-link-text", "The link has no text at all"),
        _advice("ambiguous-link-text", "Links share a text but not a target", "info"),
        _advice("malformed-xml", "The file is not well-formed XML"),
        _advice("malformed-json", "The file is not the JSON it should be"),
        _advice("malformed-json-ld", "A JSON-LD block is not JSON"),
        _advice("ignored-import", "This @import comes too late, browsers ignore it"),
        _advice("double-slash", "The path holds an empty segment"),
        _advice("insecure-own-link", "A link to this site over plain http", "info"),
        _advice("unreadable-file", "The file cannot be read"),
        _broken("private-address", "The address is not on the public Internet"),
        _advice("external-failing", "A page on another site fails, but not for long yet"),
        _advice("external-fragment", "A page on another site has no such anchor"),
        _advice("unknown-target", "The page behind this link gives no clear answer", "info"),
        _advice("permanent-redirect", "The page has moved for good", "info"),
        _advice("ignore-unused", "An ignore rule matches nothing"),
        _advice("ignore-expired", "An ignore rule is past its date", "error"),
        _advice("ignore-invalid", "An ignore rule lacks a reason or a date", "error"),
        Code("lost-page", "A published page is gone", "error"),
        Code("lost-anchor", "A published heading id is gone", "error"),
        Code("redirect-target", "A redirect leads to nothing", "error"),
        Code("redirect-shadows-page", "A redirect starts at a page that exists", "error"),
    )
}

# Found only when other sites are asked.
EXTERNAL_CODES = frozenset(
    (
        "external-broken",
        "private-address",
        "external-failing",
        "external-fragment",
        "unknown-target",
        "permanent-redirect",
    )
)
