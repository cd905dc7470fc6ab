"""Links of a style sheet, by a real CSS tokenizer: ``url()``, ``src()``, ``@import`` in both forms, ``image-set()``.

Escapes are undone, comments and strings that are not URLs are left alone, and ``@import`` counts only where a browser obeys it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import tinycss2

IMPORT = "css @import"
URL = "css url()"
LATE_IMPORT = "css @import (ignored)"

_STRINGS_ARE_URLS = {"image-set", "-webkit-image-set", "image"}
_URL_FUNCTIONS = {"url", "src"}


class CssLink(NamedTuple):
    """A URL as it reads after unescaping, what it stands in, and its 1-based place in the text given."""

    url: str
    where: str
    line: int
    column: int


def may_link(css: str) -> bool:
    """Whether tokenizing can find anything: every form of link needs a parenthesis or an at-rule."""
    return "(" in css or "@" in css


def _tokens(css: str) -> list[Any]:
    import tinycss2  # many a site has no style sheet that needs it

    return tinycss2.parse_component_value_list(css, skip_comments=True)


def style_sheet_links(css: str) -> list[CssLink]:
    """Links of a whole style sheet or a ``<style>`` element."""
    if not may_link(css):
        return []
    tokens = _tokens(css)
    links: list[CssLink] = []
    imports_allowed = True
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.type in ("whitespace", "comment") or (token.type == "literal" and token.value in ("<!--", "-->")):
            continue
        if token.type != "at-keyword":
            imports_allowed = False
            links += _values([token])
            continue
        name = token.lower_value
        start = index
        while index < len(tokens) and not _ends_at_rule(tokens[index]):
            index += 1
        prelude = tokens[start:index]
        block = tokens[index] if index < len(tokens) and tokens[index].type == "{} block" else None
        index += 1
        if name == "import":
            links += _import(token, prelude, imports_allowed and block is None)
        elif name == "namespace":
            imports_allowed = False
        else:
            if name != "charset" and (name != "layer" or block is not None):
                imports_allowed = False
            links += _values(prelude)
            if block is not None:
                links += _values([block])
    return links


def declaration_links(css: str) -> list[CssLink]:
    """Links of a ``style`` attribute or of an SVG presentation attribute."""
    if "(" not in css:
        return []
    return list(_values(_tokens(css)))


def _ends_at_rule(token: tinycss2.ast.Node) -> bool:
    return token.type == "{} block" or (token.type == "literal" and token.value == ";")


def _import(keyword: tinycss2.ast.Node, prelude: list, allowed: bool) -> Iterator[CssLink]:
    where = IMPORT if allowed else LATE_IMPORT
    for token in prelude:
        if token.type == "whitespace":
            continue
        if token.type in ("string", "url"):
            yield CssLink(token.value, where, token.source_line, token.source_column)
        elif token.type == "function" and token.lower_name in _URL_FUNCTIONS:
            yield from (link._replace(where=where) for link in _url_function(token))
        break


def _url_function(token: tinycss2.ast.FunctionBlock) -> Iterator[CssLink]:
    for argument in token.arguments:
        if argument.type == "whitespace":
            continue
        if argument.type == "string":
            yield CssLink(argument.value, URL, argument.source_line, argument.source_column)
        break


def _values(tokens: list) -> Iterator[CssLink]:
    """Every URL in component values, to any depth. A stack and not recursion: nesting in the input has no limit."""
    stack: list[tuple[Iterator, bool]] = [(iter(tokens), False)]
    while stack:
        iterator, strings_are_urls = stack[-1]
        token = next(iterator, None)
        if token is None:
            stack.pop()
        elif token.type == "url" or (token.type == "string" and strings_are_urls):
            yield CssLink(token.value, URL, token.source_line, token.source_column)
        elif token.type == "function":
            if token.lower_name in _URL_FUNCTIONS:
                yield from _url_function(token)
            else:
                stack.append((iter(token.arguments), token.lower_name in _STRINGS_ARE_URLS))
        elif token.type in ("{} block", "() block", "[] block"):
            stack.append((iter(token.content), False))
