"""Reading a text form by form: front matter, autolinks, tags, definitions, brackets, attribute lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from operator import itemgetter

from .link import MarkdownLink
from .masking import (
    FRONT_MATTER,
    TAG,
    Region,
    blank,
    mask_code_spans,
    mask_escapes,
    mask_fences,
    mask_indented_code,
    mask_raw_text,
    raw_blocks,
    within,
)

_TAG_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_AUTOLINK = re.compile(r"<((?:https?|ftp|HTTPS?|FTP)://[^<>\s]*|(?:mailto:)?[^<>\s@:!/]+@[^<>\s@]+)>")
_ATTRIBUTE_LIST = re.compile(r"\{:?[ ]*((?:[^{}\n\"']|\"[^\"\n]*\"|'[^'\n]*')*)\}")
_KEY_VALUE = re.compile(r"""([A-Za-z][\w:-]*)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s}"']+))""")
_DEFINITION = re.compile(
    r"^[ \t>]*(?:[-*+] +|\d+\. +|: +)?\[([^\[\]^@][^\[\]]*)\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|[^\s<>][^\s]*)"
    r"[ \t]*(?:\n[ \t]*)?(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\))?[ \t]*$",
    re.M,
)
_LABEL = re.compile(r"\[[^\[\]^@][^\[\]]*+\]:")
# A link of the simplest form, a bracket, or the line end before an empty line. The masks leave "\x01" where escapes were.
_BRACKET = re.compile(r"\[([^\[\]\n]*+)\]\(([^\s()'\"<\[\]\x01]++)\)|\[|\]|\n(?=[ \t]*\n)")
_BLANK_LINE = re.compile(r"[ \t]*\n")
_IN_DESTINATION = re.compile(r"[\n\"'()]")
_SPACE = re.compile(r"\s*")
_CLOSED = re.compile(r"\s*\)")
_TITLE = re.compile(r"""\s+(?:"(?:[^\n]|\n(?![ \t]*\n))*"|'(?:[^\n]|\n(?![ \t]*\n))*')\s*\Z""")
_WRITTEN_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|<~:\"'])")
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:\([^)]*\)|[^,(])*")
_URL_ATTRIBUTES = frozenset(
    (
        *("href", "src", "srcset", "imagesrcset", "poster", "data", "action", "formaction", "cite", "longdesc"),
        *("background", "ping", "xlink:href"),
    )
)
_SRCSETS = {"srcset", "imagesrcset"}
_COMMENT_IN_FRONT_MATTER = re.compile(r"(?:^|\s)#.*")
_KEY = re.compile(r"\s*(?:- +)?([A-Za-z_][\w-]*):(?:\s|$)")
_URL_IN_FRONT_MATTER = re.compile(
    r"""(?:^|(?<=[\s"'\[,]))(?:(?:https?://|/|\.{1,2}/|[{|](?:filename|static|attach|tag|category|author|index)[}|])[^\s"']*"""
    r"""|[^\s"':,\[\]]+\.(?:md|html?|svg|png|jpe?g|webp|avif|gif|pdf|css|xml)(?:#[^\s"',\]]*)?)""",
)


def scan(text: str, front_matter: bool = False) -> list[MarkdownLink]:
    """Destinations of ``text`` in order of place. With ``front_matter``, also the URLs and paths among its values."""
    return _Scanner(text, front_matter).run()


class _Scanner:
    """``masked`` has the length of ``text``; what cannot hold Markdown links is blanked in it step by step."""

    def __init__(self, text: str, front_matter: bool) -> None:
        self.text = text
        self.masked = text
        self.front_matter = front_matter
        self.found: list[tuple[int, int, str, str, str]] = []

    def run(self) -> list[MarkdownLink]:
        self._front_matter()
        self.masked = mask_raw_text(mask_fences(self.masked))
        raw = raw_blocks(self.masked)
        self.masked = mask_code_spans(mask_indented_code(self.masked, raw), raw)
        self.masked = mask_escapes(self.masked, raw)
        if "<" in self.masked:
            self._autolinks(raw)
            self._tags()
            self.masked = blank(self.masked, raw)
        self._definitions()
        self._brackets()
        self._attribute_lists()
        return self._placed()

    def _placed(self) -> list[MarkdownLink]:
        text = self.text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in self.text else self.text
        links, line, done = [], 1, 0
        # The order of the records, found without comparing records.
        for start, end, kind, words, destination in sorted(self.found, key=itemgetter(0, 4, 2, 3, 1)):
            line += text.count("\n", done, start)
            done = start
            links.append(MarkdownLink(line, start - text.rfind("\n", 0, start), destination, kind, words, start, end))
        return links

    def _add(self, start: int, end: int, kind: str, text: str, destination: str | None = None) -> None:
        if destination is None:
            destination = _decode(self.text[start:end])
        self.found.append((start, end, kind, text, destination))

    def _front_matter(self) -> None:
        match = FRONT_MATTER.match(self.masked)
        if not match:
            return
        if self.front_matter:
            self._front_matter_values(match.start(1), match.end(1))
        self.masked = blank(self.masked, [match.span()])

    def _front_matter_values(self, start: int, end: int) -> None:
        key = ""
        for line in self.text[start:end].split("\n"):
            content = _COMMENT_IN_FRONT_MATTER.sub("", line) if "#" in line else line
            named = _KEY.match(content)
            if named:
                key = named[1]
            value_at = named.end() if named else len(content) - len(content.lstrip(" -"))
            if "." in content or "/" in content or "}" in content or "|" in content:
                for url in _URL_IN_FRONT_MATTER.finditer(content[value_at:]):
                    offset = start + value_at + url.start()
                    self._add(offset, offset + len(url[0].rstrip(",]")), "front-matter", key)
            start += len(line) + 1

    def _autolinks(self, raw: list[Region]) -> None:
        regions = []
        for match in _AUTOLINK.finditer(self.masked):
            if within(match.start(), raw):
                continue
            address = _decode(self.text[match.start(1) : match.end(1)])
            mail = "@" in address and "://" not in address and not address.startswith("mailto:")
            self._add(match.start(1), match.end(1), "autolink", address, f"mailto:{address}" if mail else address)
            regions.append(match.span())
        self.masked = blank(self.masked, regions)

    def _tags(self) -> None:
        regions = []
        for match in TAG.finditer(self.masked):
            for attribute in _TAG_ATTRIBUTE.finditer(self.masked, match.start(2), match.end(2)):
                self._attribute(attribute, "html")
            regions.append(match.span())
        self.masked = blank(self.masked, regions)

    def _attribute(self, match: re.Match[str], kind: str) -> None:
        name = match[1].lower()
        group = next((number for number in (2, 3, 4) if match[number] is not None), None)
        if name not in _URL_ATTRIBUTES or group is None:
            return
        start, end = match.span(group)
        if name in _SRCSETS:
            for url_start, url_end in _srcset_spans(self.text, start, end):
                self._add(url_start, url_end, kind, name, unescape(self.text[url_start:url_end]))
            return
        start, end = _strip(self.text, start, end)
        self._add(start, end, kind, name, unescape(self.text[start:end]))

    def _definitions(self) -> None:
        if not _LABEL.search(self.masked):
            return
        regions = []
        for match in _DEFINITION.finditer(self.masked):
            start, end = match.span(2)
            if self.text[start] == "<":
                start, end = start + 1, end - 1
            self._add(start, end, "definition", self.text[match.start(1) : match.end(1)])
            regions.append(match.span())
        self.masked = blank(self.masked, regions)

    def _brackets(self) -> None:
        masked = self.masked
        if "](" not in masked:
            return
        open_brackets: list[int] = []
        for match in _BRACKET.finditer(masked):
            position = match.start()
            if match[2]:
                self._add(*match.span(2), self._kind(position), self.text[position + 1 : match.end(1)])
            elif match[0] == "[":
                open_brackets.append(position)
            elif match[0] == "\n":
                open_brackets.clear()
            elif open_brackets:
                opening = open_brackets.pop()
                if masked[position + 1 : position + 2] == "(":
                    self._inline(opening, position, position + 2)

    def _kind(self, opening: int) -> str:
        return "image" if opening and self.masked[opening - 1] == "!" else "inline"

    def _inline(self, opening: int, closing: int, start: int) -> None:
        span = self._destination(start)
        if span is not None:
            self._add(*span, self._kind(opening), self.text[opening + 1 : closing])

    def _destination(self, start: int) -> Region | None:
        """The span of a destination that begins after ``(``, without angle brackets and title; None where no ``)`` closes it."""
        masked = self.masked
        first = _SPACE.match(self.text, start).end()
        if self.text[first : first + 1] == "<":
            # Tags and autolinks are blank by now, so the angle bracket shows in the text alone.
            close = self.text.find(">", first)
            if close != -1 and "\n" not in self.text[first:close]:
                return first + 1, close
        depth = 1
        quote = ""
        for match in _IN_DESTINATION.finditer(masked, start):
            char, position = match[0], match.start()
            if char == "\n":
                if _BLANK_LINE.match(masked, position + 1):
                    return None
            elif quote:
                if char == quote and _CLOSED.match(masked, position + 1):
                    quote = ""
            elif char in "\"'":
                if masked[position - 1] in " \t\n":
                    quote = char if masked.find(char, position + 1) != -1 else ""
            elif char == "(":
                depth += 1
            else:
                depth -= 1
                if depth == 0:
                    return self._without_title(first, position)
        return None

    def _without_title(self, start: int, end: int) -> Region:
        title = _TITLE.search(self.masked[start:end])
        if title:
            end = start + title.start()
        return _strip(self.text, start, end)

    def _attribute_lists(self) -> None:
        if "=" not in self.masked:
            return
        for match in _ATTRIBUTE_LIST.finditer(self.masked):
            for attribute in _KEY_VALUE.finditer(self.masked, match.start(1), match.end(1)):
                self._attribute(attribute, "attribute-list")


def _decode(written: str) -> str:
    """Backslash escapes and character references undone, as they are by the time they reach an attribute."""
    return unescape(_WRITTEN_ESCAPE.sub(r"\1", written) if "\\" in written else written)


def _strip(text: str, start: int, end: int) -> Region:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _srcset_spans(text: str, start: int, end: int) -> Iterator[Region]:
    """The places of the URLs in a ``srcset``: each candidate's first word."""
    position = start
    while match := _CANDIDATE.match(text, position, end):
        url_start, url_end = match.span(1)
        if text[url_end - 1] == ",":
            yield url_start, url_start + len(match[1].rstrip(","))
            position = url_end
            continue
        yield url_start, url_end
        position = _DESCRIPTORS.match(text, url_end, end).end()
