"""Source files that nobody would write on purpose, made from real ones by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytes], bytes]
MOST_BYTES = 199_000
"""Longer files are refused by size alone long before anything reads them; the limit itself has a case of its own."""

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_ODD = (
    "\x00 \x01 \x02 \x03 \x07 \x08 \x0b \x0c \x1b[31m \x1f \x7f \x85 \xa0 \xad \u0300 \u200b \u200d \u2028 \u2029 \ufeff \ufffd \ufffe"
    " \U0001f469\u200d\U0001f9d1 \U000e0001 \U0010ffff wzxhzdk:0 klzzwxh:0000 \x02wzxhzdk:0\x03 \u0002klzzwxh:0\u0003 STX ETX"
).split(" ")
_MARKS = (
    "::: ", ":::\n", "\n::: care emergency \"", "\n::: table \"T\"\n", "\n::: resources\n- 988\n", "\n::: chart x \"T\"\n", "\n::: icons \"T\"\n9 of 10: x\n",
    "\n::: figure cycle \"T\"\n1. a\n2. b\n", "[@", "]", "[@finan2013sleep, low]", "[@;,]", "](", "[a]({filename}", "{filename}", "{static}", "|filename|",
    "resource:988", "![", "[x][y]", "\n[y]: ", "<", ">", "</", "<!--", "-->", "<!-- allow: should ", "<script>", "<a href=\"", "<div markdown=\"1\">", "<table>",
    "```\n", "~~~\n", "`", "``", "**", "__", "*_", "\n# ", "\n###### ", "\n---\n", "\n===\n", "\n- ", "\n1. ", "\n    ", "\n\t", "\n> ", "\n| a | b |\n| --- | --- |\n",
    "|", "\n[^1]: ", "[^1]", "\n: ", "{: #id .c a=\"b\" }", "{#x}", "&", "&#0;", "&#x110000;", "&amp;", "\\", "\\`", "http://", "https://[::1", "javascript:",
    "mailto:a@b", "(" , ")", "'", "\"", "%", "%ff", "..", "/../", "#", "?", "TODO", "24 in 100", "5%", "probably",
)  # fmt: skip
_FRONT = (
    "title: &a [*a, *a]", "title: *nothing", "title: !!python/object/apply:os.system [ls]", "title: !!binary x", "? complex\n: value", "<<: {a: b}",
    "title: |\n  two\n  lines", "title: >-\n  folded", "title: \"\\u0000\"", "title: \"\\ud800\"", "title: 'it''s'", "title:", "title: ~", "title: [", "title: {",
    "tags: [a, [b, {c: d}]]", "tags: [" + "[" * 50 + "]" * 50 + "]", "related: [mind/x.md, ../../etc/passwd]", "published: 0000-00-00", "published: 9999-99-99",
    "published: 2026-11-22T10:00:00Z", "next_review: !!timestamp 2026-11-22", "modified: \u0662\u0660\u0662\u0666-11-22", "status: draft", "status: [draft]",
    "type: condition", "type: treatment", "1: x", "- a\n- b", "...", "%YAML 1.1", "\ttitle: tab", "  title: indented", "title : spaced", "title:x", "Ti\u0307tle: x",
    "glossary_off: [CBT, nothing]", "key: value # comment", "\u2028: x", "start: " + "long " * 40,
)  # fmt: skip

_HARM = (
    "<script>x()</script>", "<iframe src=//a.b></iframe>", "<img src=x onerror=x()>", "<b onclick='x()'>b</b>", "<style>p{}</style>", "<p style='x'>p</p>",
    "[a](javascript:x())", "<a href='javascript:x()'>a</a>", "![a](https://a.b/c.png)", "<img src='//a.b/c.png' alt=''>", "<form action=x>", "<base href=x>",
    "{: onclick=x() }", "[a](https://a.b){: onclick=\"x()\" }", "<a href=\"data:text/html,x\">a</a>", "[a](java\nscript:x)", "<scr<b>ipt>", "<svg/onload=x()>",
)  # fmt: skip
_HIDING = (
    "`", "``", "```", "\n```\n", "\n~~~\n", "\n  ```\n", "\n``` a b\n", "<!--", "-->", "<!-- `", "` -->", "\n\n", "\n", "\n- ", "\n# ", "<div>", "</div>", "<p>",
    "\n    ", "\t", "\\", "\\`", "<", ">", "\"", "'", "a='", "<b title=\"", "\n::: short\n", "\n:::\n", "| `", "[", "](", "<a", "</", "&lt;", "\n\n<div markdown=1>\n",
    "<![CDATA[", "]]>", "<?", "?>", "<!x", "\n[^1]: ", "[^1]", "\n> ", "**", "\x02", "\x03",
)  # fmt: skip


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def flip_bytes(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    start, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    return rng.choice((data[:start], data[start:], data[:start] + data[end:], data[start:end]))


def repeat(rng: random.Random, data: bytes) -> bytes:
    start = rng.randint(0, len(data))
    piece = data[start : start + rng.choice((1, 3, 20, 200))]
    return data[:start] + piece * rng.choice((2, 50, 2_000)) + data[start:]


def insert(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.randint(1, 6)):
        place = rng.randint(0, len(data))
        data = (
            data[:place]
            + rng.choice((_MARKS, _MARKS, _ODD, tuple(_BIDI)))[0:][rng.randrange(8)].encode()
            + data[place:]
        )
    return data


def mark(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.randint(1, 12)):
        place = rng.randint(0, len(data))
        data = data[:place] + rng.choice(_MARKS).encode() + data[place:]
    return data


def odd_characters(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.randint(1, 12)):
        place = rng.randint(0, len(data))
        data = (
            data[:place]
            + rng.choice(
                (
                    rng.choice(_ODD),
                    rng.choice(_BIDI),
                    chr(rng.choice((rng.randint(0, 0xD7FF), rng.randint(0xE000, 0x10FFFF)))),
                )
            ).encode()
            + data[place:]
        )
    return data


def many_marks(rng: random.Random, data: bytes) -> bytes:
    """One mark thousands of times: where nested patterns turn slow."""
    count = rng.choice((100, 400, 900, 5_000))
    run = rng.choice(
        (rng.choice(_MARKS), rng.choice(_MARKS) + rng.choice(_MARKS), rng.choice("[]()<>*_`~!|:-#&\\ \"'{}"))
    )
    place = rng.choice((len(data), rng.randint(0, len(data))))
    return data[:place] + b"\n\n" + run.encode() * count + b"\n\n" + data[place:]


def nest(rng: random.Random, data: bytes) -> bytes:
    depth = rng.choice((5, 19, 60, 240, 1_500))
    form = rng.choice(("list", "quote", "brackets", "html", "blocks", "parentheses", "emphasis", "indent"))
    if form == "list":
        text = "".join(f"{'    ' * level}- item\n" for level in range(min(depth, 300)))
    elif form == "quote":
        text = ">" * depth + " words\n"
    elif form == "brackets":
        text = "[" * depth + "x" + "](a)" * depth + "\n"
    elif form == "html":
        text = "<div>" * depth + "x" + "</div>" * rng.choice((0, depth)) + "\n"
    elif form == "blocks":
        text = "::: short\n" * depth + "x\n" + ":::\n" * rng.choice((0, depth))
    elif form == "parentheses":
        text = "[x](" + "(" * depth + ")" * rng.choice((0, depth)) + ")\n"
    elif form == "emphasis":
        text = "*a _b " * depth + "x" + "_ c*" * depth + "\n"
    else:
        text = "".join(" " * level + "x\n\n" for level in range(min(depth, 300)))
    return data + b"\n\n" + text.encode()


def long_line(rng: random.Random, data: bytes) -> bytes:
    word = rng.choice(
        (
            "a",
            "word ",
            "1 ",
            "a.b ",
            "A1-",
            "é",
            "-",
            "=",
            "\t",
            "x_",
            "x*",
            "`a",
            "http://a.b/",
            "a@b.c ",
            "5% ",
            "(see) ",
            "\u202e",
        )
    )
    return (
        data
        + b"\n\n"
        + (word * (rng.choice((1_000, 4_000, 9_900, 30_000)) // len(word))).encode()
        + rng.choice((b"", b"\n"))
    )


def front_matter(rng: random.Random, data: bytes) -> bytes:
    lines = _lines(data)
    for _ in range(rng.randint(1, 4)):
        place = rng.randint(1, min(len(lines), 12))
        if rng.random() < 0.4 and place < len(lines):
            lines.pop(place)
        lines.insert(place, rng.choice(_FRONT).encode())
    return b"\n".join(lines)


def front_matter_ends(rng: random.Random, data: bytes) -> bytes:
    form = rng.choice(
        (b"---", b"", b"--- ", b" ---", b"+++", b"...", b"----", b"\xef\xbb\xbf---", b"---\r", b"---\x0c")
    )
    lines = [line if line.strip() != b"---" or rng.random() < 0.5 else form for line in _lines(data)]
    return b"\n".join(lines)


def shuffle(rng: random.Random, data: bytes) -> bytes:
    lines = _lines(data)
    start = rng.randint(0, len(lines))
    part = lines[start : start + 30]
    rng.shuffle(part)
    return b"\n".join(lines[:start] + part + lines[start + 30 :])


def line_ends(rng: random.Random, data: bytes) -> bytes:
    return data.replace(
        b"\n", rng.choice((b"\r\n", b"\r", b"\n\r", b"\x0b\n", b"\n\n\n", b"\x85", b"\xe2\x80\xa8", b" "))
    )


def encode(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        rng.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7", "shift_jis", "utf-8-sig")), "replace"
    )


def hide_harm(rng: random.Random, data: bytes) -> bytes:
    """What must never reach a page, between marks that might hide it from a check and not from a browser."""
    for _ in range(rng.randint(1, 4)):
        pieces = [rng.choice(_HARM)]
        for _ in range(rng.randint(1, 4)):
            pieces.insert(rng.randint(0, len(pieces)), rng.choice(_HIDING))
        place = rng.choice((len(data), data.rfind(b"\n", 0, rng.randint(0, len(data))) + 1))
        data = data[:place] + "".join(pieces).encode() + rng.choice((b"\n", b"\n\n", b"")) + data[place:]
    return data


def splice(rng: random.Random, data: bytes) -> bytes:
    half = rng.randint(0, len(data))
    return data[half:] + data[:half]


def random_bytes(rng: random.Random, data: bytes) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 10, 1_000, 20_000)))


def marks_alone(rng: random.Random, data: bytes) -> bytes:
    head = data[: data.find(b"\n---", 4) + 5]
    return (
        head
        + "".join(
            rng.choice(_MARKS) + rng.choice(("", "a", " ", "\n", "word")) for _ in range(rng.randint(1, 400))
        ).encode()
    )


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, cut, repeat, insert, mark, odd_characters, many_marks, nest, long_line, front_matter, front_matter, front_matter_ends, shuffle, line_ends, encode,
    splice, hide_harm, hide_harm, random_bytes, marks_alone,
)  # fmt: skip
_NAMES = (
    "a.md", "A B.md", "-.md", "..md.md", "a\n.md", "\u202egnp.md", "CON.md", "a" * 240 + ".md", "café.md", "%2e%2e.md", "{filename}.md", "[x](y).md", "'; rm.md",
    "a.MD.md", "\U0001f600.md", "a--b.md", "404.md",
)  # fmt: skip


def case(seed: int, index: int, sources: Sequence[bytes]) -> tuple[str, bytes]:
    """The name and bytes of one file; the same for the same numbers and sources."""
    rng = random.Random(f"{seed}/{index}")
    data = rng.choice(sources)
    for _ in range(rng.choice((1, 1, 2, 3))):
        data = rng.choice(MUTATIONS)(rng, data)[:MOST_BYTES]
    return (rng.choice(_NAMES) if rng.random() < 0.1 else "a-page.md"), data
