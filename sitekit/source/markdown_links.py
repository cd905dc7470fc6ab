"""Every link destination in a Markdown text, with its line and column, read the way Python-Markdown reads it.

``scan`` is a pure function on text. It knows code, comments, escapes, raw HTML blocks, front matter, nested brackets, titles,
reference definitions, autolinks, HTML attributes (``srcset`` included) and attribute lists. A place is where the destination
itself begins, so that an editor lands on what is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

KINDS = ("inline", "image", "definition", "autolink", "html", "attribute-list", "front-matter")


@dataclass(frozen=True, slots=True, order=True)
class MarkdownLink:
    """One destination. ``line`` and ``column`` count from 1 and point at its first character.

    ``destination`` is what the reader of the page gets as a URL: backslash escapes and character references undone, title and
    angle brackets removed. ``kind`` is one of KINDS; ``text`` is the link text, the alternative text of an image, the label of a
    definition, or the attribute or front matter key. ``start`` and ``end`` are offsets of the destination as written.
    """

    line: int
    column: int
    destination: str
    kind: str
    text: str
    start: int = 0
    end: int = 0


_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.S | re.M)
_FENCE = re.compile(r"^([ \t>]*(?:[-*+] +|\d+\. +)?)(`{3,}|~{3,})([^\n]*)$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_RAW_ELEMENT = re.compile(r"<(script|style|pre|textarea)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.S | re.I)
_CODE_SPAN = re.compile(r"(?<!\\)(`+)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.S)
_QUOTE_START = re.compile(r"(?:\A|^(?! {0,3}>)[^\n]*\n)(?= {0,3}>)", re.M)
_BLOCK_START = re.compile(r"^[ \t>]*(?:#|[-*+][ \t]|\d+\.[ \t]|\||:[ \t]|\[\^|\r?$)", re.M)
_ESCAPE = re.compile(r"\\[\\`*_{}\[\]()>#+\-.!|<~:\"']")
_TAG = re.compile(
    r"""</?([A-Za-z][A-Za-z0-9:-]*)((?:[\s/]+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*/?>"""
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
_TITLE = re.compile(r"""\s+(?:"(?:[^\n]|\n(?![ \t]*\n))*"|'(?:[^\n]|\n(?![ \t]*\n))*')\s*\Z""")
_CONTAINER = re.compile(r"(?:[-*+]|\d+[.)])[ \t]+|:[ \t]{1,3}|\[\^[^\]]+\]:|!!![ \t]|\?\?\?\+?[ \t]")
_SRCSET_URL = re.compile(r"[^\s,]\S*")
_URL_ATTRIBUTES = frozenset(
    [
        "href",
        "src",
        "srcset",
        "imagesrcset",
        "poster",
        "data",
        "action",
        "formaction",
        "cite",
        "longdesc",
        "background",
        "ping",
        "xlink:href",
    ]
)
_SRCSETS = {"srcset", "imagesrcset"}
_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "canvas",
        "center",
        "colgroup",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "html",
        "iframe",
        "li",
        "main",
        "map",
        "math",
        "menu",
        "nav",
        "noscript",
        "object",
        "ol",
        "output",
        "p",
        "section",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "video",
        "audio",
    ]
)
_URL_IN_FRONT_MATTER = re.compile(
    r"""(?:https?://|/|\.{1,2}/|[{|](?:filename|static|attach|tag|category|author|index)[}|])[^\s"']*"""
    r"""|[^\s"':,\[\]]+\.(?:md|html?|svg|png|jpe?g|webp|avif|gif|pdf|css|xml)(?:#[^\s"',\]]*)?""",
    re.I,
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
        self.links: list[MarkdownLink] = []
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def run(self) -> list[MarkdownLink]:
        self._front_matter()
        self._fences()
        self._mask(_COMMENT)
        self._mask(_RAW_ELEMENT)
        raw = self._raw_blocks()
        self._indented_code(raw)
        self._code_spans(raw)
        self._mask_escapes(raw)
        self._autolinks(raw)
        self._tags()
        for start, end in raw:
            self._blank(start, end)
        self._definitions()
        self._brackets()
        self._attribute_lists()
        return sorted(self.links)

    def _blank(self, start: int, end: int) -> None:
        blank = re.sub(r"[^\r\n]", " ", self.masked[start:end])
        self.masked = self.masked[:start] + blank + self.masked[end:]

    def _mask(self, pattern: re.Pattern[str]) -> None:
        self.masked = pattern.sub(lambda match: re.sub(r"[^\r\n]", " ", match[0]), self.masked)

    def _add(self, start: int, end: int, kind: str, text: str, destination: str | None = None) -> None:
        line = bisect_right(self._starts, start)
        column = start - self._starts[line - 1] + 1
        if destination is None:
            destination = _decode(self.text[start:end])
        self.links.append(MarkdownLink(line, column, destination, kind, text, start, end))

    def _front_matter(self) -> None:
        match = _FRONT_MATTER.match(self.masked)
        if not match:
            return
        if self.front_matter:
            self._front_matter_values(match.start(1), match.end(1))
        self._blank(0, match.end())

    def _front_matter_values(self, start: int, end: int) -> None:
        key = ""
        for line in re.finditer(r"[^\n]*\n?", self.text[start:end]):
            content = re.sub(r"(?:^|\s)#.*", "", line[0])
            named = re.match(r"\s*(?:- +)?([A-Za-z_][\w-]*):(?:\s|$)", content)
            if named:
                key = named[1]
            value_at = named.end() if named else len(content) - len(content.lstrip(" -"))
            for url in re.finditer(rf"""(?:^|(?<=[\s"'\[,]))(?:{_URL_IN_FRONT_MATTER.pattern})""", content[value_at:]):
                offset = start + line.start() + value_at + url.start()
                self._add(offset, offset + len(url[0].rstrip(",]")), "front-matter", key)

    def _fences(self) -> None:
        position = 0
        open_from: dict[str, int] = {}  # of each mark, the least length that nothing further down closes
        while match := _FENCE.search(self.masked, position):
            mark = match[2]
            if (mark[0] == "`" and "`" in match[3]) or len(mark) >= open_from.get(mark[0], len(self.masked)):
                position = match.end()
                continue
            close = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.M).search(
                self.masked, match.end()
            )
            if close is None:
                position = match.end()  # Python-Markdown takes an open fence for text
                open_from[mark[0]] = len(mark)
                continue
            self._blank(match.start(2), close.end())
            position = close.end()

    def _raw_blocks(self) -> list[tuple[int, int]]:
        """Regions of raw block HTML, where Markdown is not read, unless the tag says ``markdown="1"``."""
        regions = []
        position = 0
        opening = re.compile(r"^ {0,3}<([A-Za-z][A-Za-z0-9]*)\b", re.M)
        while match := opening.search(self.masked, position):
            tag = match[1].lower()
            start_tag = _TAG.match(self.masked, match.start() + match[0].index("<"))
            if tag not in _BLOCK_TAGS or start_tag is None or re.search(r"\smarkdown\s*=", start_tag[2]):
                position = match.end()
                continue
            end = self._closing(tag, start_tag)
            regions.append((start_tag.start(), end))
            position = end
        return regions

    def _closing(self, tag: str, start_tag: re.Match[str]) -> int:
        if start_tag[0].endswith("/>"):
            return start_tag.end()
        depth = 1
        for match in re.compile(rf"<(/?){tag}\b[^>]*>", re.I).finditer(self.masked, start_tag.end()):
            depth += -1 if match[1] else 1
            if depth == 0:
                return match.end()
        return len(self.masked)

    def _indented_code(self, raw: list[tuple[int, int]]) -> None:
        """Blank indented code: four spaces deeper than the list item, footnote or definition that holds the line."""
        containers: list[int] = []
        previous_blank, in_code = True, False
        for line in list(re.finditer(r"[^\n]*\n|[^\n]+\Z", self.masked)):
            content = line[0].expandtabs(4).rstrip()
            if not content.strip():
                previous_blank = True
                continue
            if any(start < line.end() and line.start() < end for start, end in raw):
                previous_blank = False
                continue
            indent = len(content) - len(content.lstrip(" "))
            if previous_blank:
                while containers and indent < containers[-1]:
                    containers.pop()
            inside = containers[-1] if containers else 0
            in_code = indent >= inside + 4 and (previous_blank or in_code)
            if in_code:
                self._blank(line.start(), line.end())
            else:
                marker = _CONTAINER.match(content.lstrip(" "))
                if marker:
                    while containers and indent < containers[-1]:
                        containers.pop()
                    containers.append(indent // 4 * 4 + 4)
            previous_blank = False

    def _code_spans(self, raw: list[tuple[int, int]]) -> None:
        """Blank code spans, each within its own block: a heading, a list item or a table row ends where its line ends."""
        starts = {0, len(self.masked)}
        for match in _BLOCK_START.finditer(self.masked):
            starts.add(match.start())
            if match[0].endswith("#"):
                line_end = self.masked.find("\n", match.end())
                starts.add(len(self.masked) if line_end == -1 else line_end + 1)
        starts.update(match.end() for match in _QUOTE_START.finditer(self.masked))
        for start, end in raw:
            starts.update((start, end))
        bounds = sorted(starts)
        raw_starts = {start for start, _ in raw}
        pieces = []
        for start, end in pairwise(bounds):
            piece = self.masked[start:end]
            inside_raw = start in raw_starts or any(first < start < last for first, last in raw)
            if "`" in piece and not inside_raw:
                piece = _CODE_SPAN.sub(lambda match: re.sub(r"[^\r\n]", " ", match[0]), piece)
            pieces.append(piece)
        self.masked = "".join(pieces)

    def _mask_escapes(self, raw: list[tuple[int, int]]) -> None:
        def neutral(match: re.Match[str]) -> str:
            return match[0] if any(start <= match.start() < end for start, end in raw) else "\x01\x01"

        self.masked = _ESCAPE.sub(neutral, self.masked)

    def _autolinks(self, raw: list[tuple[int, int]]) -> None:
        for match in list(_AUTOLINK.finditer(self.masked)):
            if any(start <= match.start() < end for start, end in raw):
                continue
            address = _decode(self.text[match.start(1) : match.end(1)])
            mail = "@" in address and "://" not in address and not address.startswith("mailto:")
            self._add(match.start(1), match.end(1), "autolink", address, f"mailto:{address}" if mail else address)
            self._blank(match.start(), match.end())

    def _tags(self) -> None:
        for match in list(_TAG.finditer(self.masked)):
            for attribute in _TAG_ATTRIBUTE.finditer(self.masked, match.start(2), match.end(2)):
                self._attribute(attribute, "html")
            self._blank(match.start(), match.end())

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
        for match in list(_DEFINITION.finditer(self.masked)):
            start, end = match.span(2)
            if self.text[start] == "<":
                start, end = start + 1, end - 1
            self._add(start, end, "definition", self.text[match.start(1) : match.end(1)])
            self._blank(match.start(), match.end())

    def _brackets(self) -> None:
        masked = self.masked
        open_brackets: list[int] = []
        for match in re.finditer(r"[\[\]]|\n[ \t]*(?=\n)", masked):
            if match[0] == "[":
                open_brackets.append(match.start())
            elif match[0] == "]":
                if not open_brackets:
                    continue
                opening = open_brackets.pop()
                if masked[match.end() : match.end() + 1] == "(":
                    self._inline(opening, match.start(), match.end() + 1)
            else:
                open_brackets.clear()

    def _inline(self, opening: int, closing: int, start: int) -> None:
        span = self._destination(start)
        if span is None:
            return
        kind = "image" if opening and self.masked[opening - 1] == "!" else "inline"
        self._add(*span, kind, self.text[opening + 1 : closing])

    def _destination(self, start: int) -> tuple[int, int] | None:
        """The span of a destination that begins after ``(``, without angle brackets and title; None where no ``)`` closes it."""
        masked = self.masked
        first = re.compile(r"\s*").match(self.text, start).end()
        if self.text[first : first + 1] == "<":
            # Tags and autolinks are blank by now, so the angle bracket shows in the text alone.
            close = self.text.find(">", first)
            if close != -1 and "\n" not in self.text[first:close]:
                return first + 1, close
        depth, position = 1, start
        quote = ""
        while position < len(masked):
            char = masked[position]
            if char == "\n" and re.compile(r"[ \t]*\n").match(masked, position + 1):
                return None
            if quote:
                if char == quote and re.compile(r"\s*\)").match(masked, position + 1):
                    quote = ""
            elif char in "\"'" and masked[position - 1] in " \t\n":
                quote = char if masked.find(char, position + 1) != -1 else ""
            elif char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
                if depth == 0:
                    return self._without_title(first, position)
            position += 1
        return None

    def _without_title(self, start: int, end: int) -> tuple[int, int]:
        title = _TITLE.search(self.masked[start:end])
        if title:
            end = start + title.start()
        return _strip(self.text, start, end)

    def _attribute_lists(self) -> None:
        for match in _ATTRIBUTE_LIST.finditer(self.masked):
            for attribute in _KEY_VALUE.finditer(self.masked, match.start(1), match.end(1)):
                self._attribute(attribute, "attribute-list")


def _decode(written: str) -> str:
    """Backslash escapes and character references undone, as they are by the time they reach an attribute."""
    return unescape(re.sub(r"\\([\\`*_{}\[\]()>#+\-.!|<~:\"'])", r"\1", written))


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _srcset_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the URLs in a ``srcset``: each candidate's first word."""
    position = start
    while match := re.compile(r"[\s,]*([^\s,]\S*)").match(text, position, end):
        url_start, url_end = match.span(1)
        if text[url_end - 1] == ",":
            yield url_start, url_start + len(match[1].rstrip(","))
            position = url_end
            continue
        yield url_start, url_end
        comma = re.compile(r"(?:\([^)]*\)|[^,(])*").match(text, url_end, end)
        position = comma.end()
