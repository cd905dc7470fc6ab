"""Raw HTML in Markdown that would break the promises of the site: privacy, safety, one look.

The check is an allow list: what is not known to be harmless is refused, so a new way to load something from elsewhere is
refused before anybody has heard of it.
"""

from __future__ import annotations

import re
from html import unescape

from sitekit.problems import Problem
from sitekit.source.text import position

ALLOWED_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)(>?)", re.S)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_AUTOLINK = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)\Z")
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\)", re.I)
_LOADING = frozenset(
    [
        "src",
        "srcset",
        "data",
        "poster",
        "background",
        "action",
        "formaction",
        "manifest",
        "ping",
        "archive",
        "codebase",
        "classid",
        "xlink:href",
    ]
)
_LIST = re.compile(r"\{:?[ ]*([^}\n]*)\}")
_LIST_ITEM = re.compile(r"""([^\s"'={}]+)=(?:"[^"\n]*"|'[^'\n]*'|[^\s}"']*)""")
_LIST_KEYS = frozenset(["class", "id", "lang", "dir", "title", "start", "reversed", "width", "height"])
_MARKDOWN_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?((?:https?:)?//[^)\s>]+)", re.I)


def check(path: str, masked: str, first_line: int = 1) -> list[Problem]:
    """Every unsafe tag, attribute and remote image of a Markdown text whose code and comments have been masked."""
    problems: list[Problem] = []

    def wrong(offset: int, code: str, message: str, hint: str) -> None:
        line, column = position(masked, offset)
        problems.append(Problem(path, line + first_line - 1, column, code, message, hint))

    for match in _TAG.finditer(masked):
        closing, tag, attributes, end = match.groups()
        if not closing and _AUTOLINK.match((tag + attributes).strip()):
            continue
        # Markdown may not take what is around it for a tag, but then takes what is in it for one.
        if (hidden := attributes.find("<")) >= 0:
            hint = "Close the quotation mark before it, or write &lt; for a plain <."
            wrong(match.start(3) + hidden, "unsafe-html", f"A < stands inside the tag <{closing}{tag}.", hint)
        if tag.lower() not in ALLOWED_TAGS:
            hint = "Write it in Markdown; scripts, embeds, forms and styles are never part of an article."
            wrong(match.start(), "unsafe-html", f"<{tag.lower()}> is not allowed in content.", hint)
            continue
        if not end:
            wrong(
                match.start(),
                "unsafe-html",
                f"The tag <{tag} is not closed by >.",
                "Close it, or write &lt; for a plain <.",
            )
        for attribute in _ATTRIBUTE.finditer(attributes):
            name = attribute[1].lower()
            value = unescape((attribute[2] or "").strip("\"'"))
            offset = match.start(3) + attribute.start()
            if name.startswith("on"):
                wrong(offset, "unsafe-html", f"The event handler {name} would run a script.", "Delete the attribute.")
            elif name in ("style", "srcdoc"):
                wrong(
                    offset, "unsafe-html", f"The attribute {name} is not allowed in content.", "Delete the attribute."
                )
            elif name in _LOADING and _REMOTE.match(value) and not value.startswith("{"):
                hint = "Put the file into content/images and link it with {static}/images/…."
                wrong(offset, "remote-resource", f"{name} would load something from elsewhere: {value}", hint)
            elif name == "href" and re.match(
                r"\s*(?:javascript|data|vbscript)\s*:", re.sub(r"[\x00-\x20]", "", value), re.I
            ):
                wrong(offset, "unsafe-html", f"The link would run a script: {value}", "Link to a page.")
    for match in _LIST.finditer(masked):
        for item in _LIST_ITEM.finditer(match[1]):
            if item[1].lower() not in _LIST_KEYS:
                message = f"The attribute {item[1]} is not allowed in an attribute list."
                hint = f"Delete it; only these may stand there: {', '.join(sorted(_LIST_KEYS))}."
                wrong(match.start(1) + item.start(), "unsafe-html", message, hint)
    for match in _MARKDOWN_IMAGE.finditer(masked):
        hint = "Put the file into content/images and link it with {static}/images/…."
        wrong(match.start(1), "remote-resource", f"The image would load from elsewhere: {match[1]}", hint)
    return problems
