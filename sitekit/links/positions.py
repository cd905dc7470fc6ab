"""Where in a file a URL stands. Only files with findings are read for this, so the check itself keeps no positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from html import unescape

from .read.attributes import PLAIN, SPECIAL, special_links
from .read.css import style_sheet_links
from .read.encoding import decode_css, decode_html, decode_plain, decode_xml
from .read.names import HTML_SUFFIXES, XHTML_SUFFIXES, XML_SUFFIXES, suffix
from .read.tokens import Token, tokenize
from .resolve import clean

Place = tuple[int, int]
UNKNOWN: Place = (0, 0)
_CSS_LINE_END = re.compile(r"\r\n|\r|\n|\f")
_MAX_SEARCHES = 200
_WORD = re.compile(r"""[^\s"'<>]+""")
_LINE_END = re.compile(r"\r\n|\r|\n")
_AFTER_URL = "\"'<)]&;, \t\r\n\\"


class Places:
    """Finds the n-th occurrence of a URL in one file, in the order in which a reader meets them."""

    def __init__(self, path: str, data: bytes) -> None:
        self.offsets: dict[str, list[int]] = defaultdict(list)
        self.ids: dict[str, list[int]] = defaultdict(list)
        ending = suffix(path)
        self._words_indexed = False
        self._searches_left = _MAX_SEARCHES
        if ending in HTML_SUFFIXES:
            self.text = decode_html(data)
            self._index_lines()
            for token in tokenize(self.text):
                self._token(token)
        elif ending == "css":
            self.text = decode_css(data)
            self._index_lines()
            self._css(self.text, 0)
        else:
            xml = ending in XML_SUFFIXES or ending in XHTML_SUFFIXES
            self.text = decode_xml(data) if xml else decode_plain(data)
            self._index_lines()

    def _index_lines(self) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @property
    def line_count(self) -> int:
        """How many lines the file has."""
        return len(self._starts)

    def place(self, offset: int) -> Place:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of one line, for an excerpt."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")

    def nth(self, url: str, index: int) -> Place:
        """The place of occurrence ``index`` (from 0) of ``url`` as reported; UNKNOWN where it cannot be told."""
        if url not in self.offsets and url:
            self._index_words()
            if url not in self.offsets:
                self.offsets[url] = list(self._search(url))
        offsets = self.offsets.get(url)
        return self.place(offsets[min(index, len(offsets) - 1)]) if offsets else UNKNOWN

    def id_place(self, value: str, index: int = 0) -> Place:
        """The place of occurrence ``index`` of an id."""
        offsets = self.ids.get(value)
        return self.place(offsets[min(index, len(offsets) - 1)]) if offsets else UNKNOWN

    def _index_words(self) -> None:
        """Every run of text that could be a URL, decoded, by its place. Once for a file, so that many findings cost little."""
        if self._words_indexed:
            return
        self._words_indexed = True
        found: dict[str, list[int]] = defaultdict(list)
        for match in _WORD.finditer(self.text):
            word = match[0]
            if "&" in word:
                word = unescape(unescape(word))
            if "\\" in word:
                word = word.replace("\\/", "/")
            found[word].append(match.start())
        for word, offsets in found.items():
            if word not in self.offsets:
                self.offsets[word] = offsets

    def _search(self, url: str) -> list[int]:
        """Occurrences of a URL that holds spaces or brackets, as written or escaped. A last resort, so it has a limit."""
        if self._searches_left == 0:
            return []
        self._searches_left -= 1
        escaped = url.replace("&", "&amp;")
        for form in (url, escaped, escaped.replace("&", "&amp;"), url.replace("/", "\\/"), url.replace('"', '\\"')):
            found = []
            start = self.text.find(form)
            while start != -1:
                if self.text[start + len(form) : start + len(form) + 1] in _AFTER_URL:
                    found.append(start)
                start = self.text.find(form, start + len(form))
            if found:
                return found
        return []

    def _token(self, token: Token) -> None:
        attributes = token.attributes
        for name, value in attributes.items():
            start, end = token.spans[name]
            if name == "id":
                self.ids[value].append(start)
            elif name in PLAIN.get(token.tag, ()):
                self._add(value, start, end)
            elif name == "srcdoc":
                self._inner_html(value, start, end)
            elif name in SPECIAL:
                cursor = start
                found = [*special_links(token.tag, name, value, attributes, "", token.foreign)]
                if token.foreign and name in ("href", "xlink:href"):
                    found = [(value, "")]
                for url, _ in found:
                    offset = self.text.find(url, cursor, end) if url else start
                    self._add(url, offset if offset != -1 else start, end)
                    cursor = offset + len(url) if offset != -1 else cursor
        if token.tag == "style" and token.text:
            self._css(token.text, token.text_start)

    def _css(self, css: str, at: int) -> None:
        starts = [0, *(match.end() for match in _CSS_LINE_END.finditer(css))]
        for link in style_sheet_links(css):
            start = starts[min(link.line, len(starts)) - 1] + link.column - 1
            # The tokenizer gives the place of url( or of the quote; the address itself follows, unless it was escaped.
            inside = css.find(link.url, start, start + len(link.url) + 200)
            self.offsets[clean(link.url)].append(at + (inside if inside != -1 else start))

    def _inner_html(self, value: str, start: int, end: int) -> None:
        for token in tokenize(value):
            for name, inner in token.attributes.items():
                if name in PLAIN.get(token.tag, ()) or name in SPECIAL:
                    offset = self.text.find(inner, start, end) if inner else -1
                    self._add(inner, offset if offset != -1 else start, end)

    def _add(self, url: str, start: int, end: int) -> None:
        while start < end and self.text[start] in " \t\r\n\f":
            start += 1
        self.offsets[clean(url)].append(start)
