"""Links of HTML pages: which attributes are links, what a server answers, which fragments exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from .sites import Files, advice, broken, checked, page, urls

# One page, and the URLs on it that are broken. The files about.html, docs/index.html, ok.png and ok.css exist.
OTHERS: Files = {
    "about.html": page('<h2 id="team">Team</h2>'),
    "docs/index.html": page('<h2 id="team">Team</h2>'),
    "docs/page.html": page("<p>x"),
    "noindex/x.txt": "x",
    "ok.png": "x",
    "ok.css": "p{}",
    "sprite.svg": '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="star"/><g xml:id="xid"/></svg>',
    "file.pdf": "x",
    "no-extension": "x",
    "my file.html": page("x"),
    "caf\u00e9.html": page("x"),
    "50%.html": page("x"),
    "a?b.html": page("x"),
    "c:d.html": page("x"),
    "a;b,c=d&e.html": page("x"),
    "None/real.html": page("x"),
}

BODIES: dict[str, tuple[str, set[str]]] = {
    "plain": ('<a href="about.html">x</a><a href="gone.html">x</a>', {"gone.html"}),
    "folders": (
        '<a href="docs">x</a><a href="docs/">x</a><a href="noindex">x</a><a href="noindex/">x</a><a href="docs/index">x</a>',
        {"noindex", "noindex/", "docs/index"},
    ),
    "slash after a file": ('<a href="about.html/">x</a><a href="no-extension">x</a>', {"about.html/"}),
    "no extensionless resolution": ('<a href="about">x</a>', {"about"}),
    "letter case": ('<a href="About.html">x</a><a href="/DOCS/">x</a>', {"About.html", "/DOCS/"}),
    "query": ('<a href="about.html?x=y">x</a><a href="?x">x</a><a href="gone?about.html">x</a>', {"gone?about.html"}),
    "percent": (
        '<a href="my%20file.html">x</a><a href="my file.html">x</a><a href="50%25.html">x</a><a href="50%.html">x</a>'
        '<a href="a%3Fb.html">x</a><a href="a?b.html">x</a><a href="caf%c3%a9.html">x</a><a href="caf%E9.html">x</a>',
        {"a?b.html", "caf%E9.html"},
    ),
    "separators in names": (
        '<a href="./c:d.html">x</a><a href="c:d.html">x</a><a href="a;b,c=d&amp;e.html">x</a><a href="docs%2Fpage.html">x</a>',
        {"c:d.html", "docs%2Fpage.html"},
    ),
    "nul and endless names": (
        f'<a href="a%00b">x</a><a href="{"x" * 5000}.html">x</a><a href="{"../" * 3000}about.html">x</a>',
        {"a%00b", "x" * 5000 + ".html"},
    ),
    "white space": (
        '<a href=" about.html ">x</a><a href="\n ab\tout.html\n">x</a><a href="go ne.html">x</a><a href=" \n gone.html ">x</a>',
        {"go ne.html", "gone.html"},
    ),
    "schemes": (
        '<a href="mailto:a@b.example">x</a><a href="tel:1">x</a><a href="sms:1">x</a><a href="javascript:void(0)">x</a>'
        '<img src="data:image/gif;base64,R0lGOD"><a href="about:blank">x</a><a href="urn:isbn:1">x</a><a href="web+x:y">x</a>',
        set(),
    ),
    "machine-local": (
        '<a href="file:///home/me/x.html">x</a><a href="http://localhost:8000/x">x</a><a href="//127.0.0.1/x">x</a>'
        '<a href="http://[::1]/">x</a><a href="C:\\site\\x.html">x</a><img src="http://app.localhost/x.png">'
        '<a href="http://0.0.0.0:4000/">x</a><a href="https://localhost.example/">x</a><a href="http://127.1/">x</a>',
        {"file:///home/me/x.html", "http://localhost:8000/x", "//127.0.0.1/x", "http://[::1]/", "C:\\site\\x.html"}
        | {"http://app.localhost/x.png", "http://0.0.0.0:4000/", "http://127.1/"},
    ),
    "leftovers": (
        '<a href="{{ page.url }}">x</a><a href="{% url x %}">x</a><a href="https://other.example/{{ slug }}">x</a>'
        '<a href="%7B%7B%20url%20%7D%7D">x</a><a href="None/about.html">x</a><a href="/None">x</a><a href="undefined">x</a>'
        '<a href="${base}/x">x</a><a href="{filename}x.md">x</a><a href="|static|x.png">x</a><a href="None/real.html">x</a>'
        '<a href="about.html?u={{ x }}">x</a><a href="mailto:{{ mail }}">x</a><a href="javascript:f({{a:1}})">x</a>'
        '<a href="https://other.example/{id}">x</a><a href="https://None/x">x</a>',
        {
            "{{ page.url }}",
            "{% url x %}",
            "https://other.example/{{ slug }}",
            "%7B%7B%20url%20%7D%7D",
            "None/about.html",
        }
        | {"/None", "undefined", "${base}/x", "{filename}x.md", "|static|x.png", "about.html?u={{ x }}"}
        | {"mailto:{{ mail }}", "https://None/x"},
    ),
    "own host in other words": (
        '<a href="https://example.org/gone1">x</a><a href="http://example.org/gone2">x</a><a href="//example.org/gone3">x</a>'
        '<a href="https://EXAMPLE.org:443/gone4">x</a><a href="https://u:p@example.org/gone5">x</a>'
        '<a href="https:gone6">x</a><a href="https:/gone7">x</a><a href="https://ex%61mple.org/gone8">x</a>'
        '<a href="http://example.org:80/gone9">x</a><a href="\\\\example.org\\gone10">x</a>'
        '<a href="https://example.org:8443/no">x</a><a href="http://example.org:443/no">x</a><a href="https://www.example.org/no">x</a>'
        '<a href="//about.html">x</a><a href="https://example.org">x</a><a href="https://example.org?x#">x</a>',
        {
            "https://example.org/gone1",
            "http://example.org/gone2",
            "//example.org/gone3",
            "https://EXAMPLE.org:443/gone4",
        }
        | {"https://u:p@example.org/gone5", "https:gone6", "https:/gone7", "https://ex%61mple.org/gone8"}
        | {"http://example.org:80/gone9", "\\\\example.org\\gone10"},
    ),
    "fragments": (
        '<p id="here">x<a name="named">x</a><input name="field"><map name="m"></map><img usemap="#m" src="ok.png" alt="">'
        '<a href="#here">x</a><a href="#named">x</a><a href="#Here">x</a><a href="#field">x</a><a href="#m">x</a>'
        '<a href="#">x</a><a href="#top">x</a><a href="#TOP">x</a><a href="#t%6Fp">x</a><a href="about.html#">x</a>'
        '<a href="about.html#team">x</a><a href="about.html#Team">x</a><a href="docs#team">x</a><a href="docs/?x#gone">x</a>'
        '<a href="https://example.org/about.html#gone">x</a><a href="file.pdf#page=2">x</a><a href="ok.css#x">x</a>'
        '<a href="noindex/x.txt#x">x</a><a href="https://other.example/#x">x</a>',
        {"#Here", "#field", "#m", "about.html#Team", "docs/?x#gone", "https://example.org/about.html#gone"},
    ),
    "encoded fragments": (
        '<p id="caf\u00e9"><p id="a%20b"><p id="x&amp;y"><p id="\u65e5\u672c"><p id="100%"><p id="a#b">'
        '<a href="#caf\u00e9">x</a><a href="#caf%C3%A9">x</a><a href="#cafe\u0301">x</a><a href="#a%20b">x</a><a href="#a%2520b">x</a>'
        '<a href="#x&amp;y">x</a><a href="#%E6%97%A5%E6%9C%AC">x</a><a href="#100%">x</a><a href="#100%25">x</a><a href="#a#b">x</a>'
        '<a href="#a%23b">x</a><a href="#%zz">x</a>',
        {"#cafe\u0301", "#%zz"},
    ),
    "fragments in quotes": (
        '<p id="a b"><a href="#a b">x</a><a href="#a%20b">x</a><a href="#a&nbsp;b">x</a>',
        {"#a\u00a0b"},
    ),
    "text directives": (
        '<p id=a><a href="#:~:text=x">x</a><a href="#a:~:text=x">x</a><a href="#b:~:text=x">x</a>'
        '<a href="about.html#:~:text=x">x</a>',
        {"#b:~:text=x"},
    ),
    "empty addresses": (
        '<a href="">x</a><form action=""></form><img src="" alt=""><iframe src=""></iframe><q cite="">x</q><video poster=""></video>',
        {""},
    ),
    "media": (
        '<picture><source srcset="g1.png 1x, ok.png 2x"><img src="ok.png" srcset="g2.png 2x" alt=""></picture>'
        '<video src="g3.mp4" poster="g4.png"><source src="g5.webm"><track src="g6.vtt"></video><audio src="g7.mp3"></audio>'
        '<embed src="g8"><object data="g9"><param name="movie" value="g10.swf"></object><iframe src="g11.html"></iframe>'
        '<input type="image" src="g12.png"><input type="text" src="ignored.png"><input type="IMAGE" src="g13.png">',
        {f"g{n}" for n in (8, 9)}
        | {"g1.png", "g2.png", "g3.mp4", "g4.png", "g5.webm", "g6.vtt", "g7.mp3"}
        | {"g10.swf", "g11.html", "g12.png", "g13.png"},
    ),
    "forms, citations, pings": (
        '<form action="g1"><button formaction="g2">x</button><input type=submit formaction="g3"></form><form method=dialog action="no">'
        '</form><blockquote cite="g4"></blockquote><q cite="g5"></q><ins cite="g6"></ins><del cite="g7"></del>'
        '<a href="about.html" ping="g8 about.html\n g9">x</a><map><area href="g10" ping="g11" alt=""></map>',
        {f"g{n}" for n in range(1, 12)},
    ),
    "svg": (
        '<svg><symbol id="s"/><linearGradient id="lg"/><use href="#s"/><use href="#g1"/><use xlink:href="sprite.svg#star"/>'
        '<use href="sprite.svg#g2"/><use href="sprite.svg#xid"/><image href="g3.png"/><a href="g4">x</a><a xlink:href="g5">x</a>'
        '<rect fill="url(#lg)"/><rect fill="url(#g6)" clip-path="url(#g7)"/><script href="g8.js"></script>'
        '<use href="#s" xlink:href="#ignored"/><textPath href="#g9"/><image href="sprite.svg#xywh=0,0,1,1"/>'
        '<image href="sprite.svg#svgView(viewBox(0,0,1,1))"/></svg><use href="not-svg">',
        {"#g1", "sprite.svg#g2", "g3.png", "g4", "g5", "#g6", "#g7", "g8.js", "#g9"},
    ),
    "styles": (
        '<style>@import "g1.css";a{b:url(g2.png)}</style><p style="background:url(g3.png)"><p style="fill:url(#g4)">'
        '<p style="background:url(&quot;g5.png&quot;)"><p style="color:red;/* url(no.png) */"><p style="behavior:url(#default#VML)">',
        {"g1.css", "g2.png", "g3.png", "#g4", "g5.png"},
    ),
    "what is not a link": (
        '<!-- <a href="no1"> --><!--[if IE]><img src="no2"><![endif]--><template><a href="no3"></template>'
        '<script>"<a href=no4>"</script><textarea><a href="no5"></textarea><xmp><a href="no6"></xmp>'
        '<p data-src="no7" data-href="no8" src="no9" href="no10"><a xlink:href="no11">x</a><img href="no12" alt="" src="ok.png">'
        "<noembed><a href=no13></noembed><iframe src=about.html><a href=no14></iframe><a name=no15></a>"
        '<input value="no16.png"><button value="no17"></button><li value="3">',
        set(),
    ),
    "noscript is content": ('<noscript><img src="g1.png" alt=""><a href="g2">x</a></noscript>', {"g1.png", "g2"}),
    "srcdoc": (
        "<iframe srcdoc=\"<a href='g1.html'>x</a><img src=ok.png><p id=in><a href='#in'>x</a><a href='#g2'>x</a>"
        '<iframe srcdoc=&quot;<a href=g3.html>&quot;></iframe>"></iframe>',
        {"g1.html", "#g2", "g3.html"},
    ),
    "declarative shadow root": (
        '<div><template shadowrootmode="open"><a href="g1">x</a><p id="inner"></template></div><a href="#inner">x</a>',
        {"g1", "#inner"},
    ),
    "template ids are no anchors": ('<template><p id="t"></template><a href="#t">x</a>', {"#t"}),
    "character references": (
        '<a href="about.html?a=1&amp;b=2">x</a><a href="about&#46;html">x</a><a href="gone?a&copy=1">x</a><a href="a&eacute;.html">x</a>',
        {"gone?a&copy=1", "a\u00e9.html"},
    ),
    "attribute syntax": (
        "<A HREF=gone1>x</A><a href='gone2'>x</a><a\nhref\n=\ngone3\n>x</a><a href=about.html href=no>x</a><a/href=gone4/>x</a>",
        {"gone1", "gone2", "gone3", "gone4/"},
    ),
    "legacy": (
        '<table background="g1.gif"><tr background="g2.gif"><td background="g3.gif">x</table><img src="ok.png" longdesc="g4" lowsrc="g5">'
        '<bgsound src="g6.mid">',
        {"g1.gif", "g2.gif", "g3.gif", "g4", "g5", "g6.mid"},
    ),
    "import maps and speculation rules": (
        '<script type="importmap">{"imports":{"a":"/g1.js","b/":"/lib/","c":"https://x.example/c.js"}}</script>'
        '<script type="speculationrules">{"prefetch":[{"source":"list","urls":["g2.html","about.html"]}]}</script>',
        {"/g1.js", "g2.html"},
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_body(name: str, tmp_path: Path) -> None:
    body, expected = BODIES[name]
    assert broken(checked(tmp_path, {**OTHERS, "index.html": page(body)})) == {("index.html", url) for url in expected}


HEADS: dict[str, tuple[str, set[str]]] = {
    "link": (
        '<link rel=stylesheet href="g1.css"><link rel="icon" href="g2.ico"><link rel=preload as=image imagesrcset="g3.png 1x, ok.png 2x">'
        '<link rel="preconnect" href="/no/"><link rel="dns-prefetch" href="//other.example"><link rel="alternate" hreflang=de href="/de/">'
        '<link rel="modulepreload" href="g4.js"><link rel="shortcut icon" href="g5.ico"><link rel="next" href="g6">'
        '<link rel="manifest" href="g7.webmanifest">',
        {"g1.css", "g2.ico", "g3.png", "/de/", "g4.js", "g5.ico", "g6", "g7.webmanifest"},
    ),
    "meta": (
        '<meta property="og:image" content="/g1.png"><meta name="twitter:image" content="https://example.org/g2.png">'
        '<meta property="og:url" content="https://example.org/g3/"><meta property="og:image:width" content="600">'
        '<meta name="description" content="no.html"><meta name="msapplication-config" content="none">'
        '<meta name="msapplication-TileImage" content="g4.png"><meta itemprop="image" content="g5.png">'
        '<meta name="image" content="words"><meta property="og:title" content="no.html"><meta property="OG:Video:Secure_URL" content="g6.mp4">',
        {"/g1.png", "https://example.org/g2.png", "https://example.org/g3/", "g4.png", "g5.png", "g6.mp4"},
    ),
    "refresh": ('<meta http-equiv="Refresh" content="0; URL=\'g1.html\'">', {"g1.html"}),
    "refresh without a URL": ('<meta http-equiv="refresh" content="30">', set()),
    "json-ld": (
        '<script type="application/ld+json">{"@context":{"image":"no1"},"@graph":[{"@type":"X","@id":"/no2","url":"/g1/",'
        '"image":{"@type":"ImageObject","url":"g2.png","contentUrl":["g3.png"]},"name":"/no3","license":"CC BY",'
        '"potentialAction":{"@type":"SearchAction","target":"https://example.org/s?q={q}"},'
        '"itemListElement":[{"item":{"@id":"https://example.org/g4/","name":"n"}},{"item":"https://example.org/g5/"}],'
        '"author":[{"sameAs":["/g6"]}],"isPartOf":{"url":"/about.html#gone"},"publisher":"https://example.org/g7"}]}</script>',
        {"/g1/", "g2.png", "g3.png", "https://example.org/g4/", "https://example.org/g5/", "/g6", "/about.html#gone"}
        | {"https://example.org/g7"},
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_head(name: str, tmp_path: Path) -> None:
    head, expected = HEADS[name]
    assert broken(checked(tmp_path, {**OTHERS, "index.html": page("", head)})) == {
        ("index.html", url) for url in expected
    }


BASES: dict[str, tuple[str, str, set[str]]] = {
    "folder": ('<base href="docs/">', '<a href="page.html">x</a><a href="about.html">x</a>', {"about.html"}),
    "file": ('<base href="docs/x.html">', '<a href="page.html">x</a>', set()),
    "root": ('<base href="/">', '<a href="about.html">x</a>', set()),
    "own host": ('<base href="https://example.org/docs/">', '<a href="page.html">x</a><a href="gone">x</a>', {"gone"}),
    "other host": (
        '<base href="https://cdn.example/">',
        '<a href="gone">x</a><a href="/gone">x</a><a href="#x">x</a>',
        set(),
    ),
    "first wins": ('<base target=_top><base href="docs/"><base href="/no/">', '<a href="page.html">x</a>', set()),
    "in the body": ("", '<a href="page.html">x</a><base href="docs/">', set()),
    "empty": ('<base href="">', '<a href="about.html">x</a><a href="gone">x</a>', {"gone"}),
    "invalid": ('<base href="https://">', '<a href="about.html">x</a>', set()),
    "data is refused": ('<base href="data:x,">', '<a href="about.html">x</a>', set()),
    "fragment means the base": (
        '<base href="docs/">',
        '<p id=here><a href="#here">x</a><a href="#team">x</a>',
        {"#here"},
    ),
    "svg use means the page": (
        '<base href="docs/">',
        '<svg><g id=here /><use href="#here"/><use href="#team"/></svg>',
        {"#team"},
    ),
    "in a template": ("<template><base href='/no/'></template>", '<a href="about.html">x</a>', set()),
    "for styles and srcset": (
        '<base href="docs/">',
        '<img src="../ok.png" srcset="ok.png 2x" alt="" style="x:url(g.png)">',
        {"ok.png", "g.png"},
    ),
}


@pytest.mark.parametrize("name", BASES)
def test_base(name: str, tmp_path: Path) -> None:
    head, body, expected = BASES[name]
    assert urls(checked(tmp_path, {**OTHERS, "index.html": page(body, head)})) == expected


def test_a_relative_link_is_judged_from_its_own_page(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {**OTHERS, "index.html": page('<a href="page.html">x</a>'), "docs/a.html": page('<a href="page.html">x</a>')},
    )
    assert broken(report) == {("index.html", "page.html")}


def test_every_occurrence_is_reported_on_its_own_line(tmp_path: Path) -> None:
    report = checked(
        tmp_path, {"index.html": '<a href="x">1</a>\n<a class="x" href="x">2</a>\r\n<a href=x>3</a>\r<img src=x>'}
    )
    assert [(finding.line, finding.column) for finding in report.problems] == [(1, 10), (2, 20), (3, 9), (4, 10)]


def test_places_are_those_of_the_address_itself(tmp_path: Path) -> None:
    body = (
        '<p title="g1.html">g1.html</p>\n<a href="g1.html">\n<img srcset="ok.png 1x,\n  g2.png 2x" src=ok.png>\n'
        "<style>\n.a { b: url(\n g3.png) }</style>\n<iframe srcdoc='<a href=\"g4.html\">'></iframe>\n"
        '<script type="application/ld+json">\n{"url":\n"\\/g5\\/"}</script>\n<a href="a&amp;b">\n<a href="\n  g6">'
    )
    report = checked(tmp_path, {"index.html": body, "ok.png": "x"})
    places = {finding.url: (finding.line, finding.column) for finding in report.problems}
    assert places == {
        "g1.html": (2, 10),
        "g2.png": (4, 3),
        "g3.png": (7, 2),
        "g4.html": (8, 26),
        "/g5/": (11, 2),
        "a&b": (12, 10),
        "g6": (14, 3),
    }


@pytest.mark.parametrize(
    "base_url", ["https://example.org/docs/", "https://example.org/docs", "HTTPS://Example.org/d%6Fcs/"]
)
def test_deployment_prefix(base_url: str, tmp_path: Path) -> None:
    body = (
        '<a href="/docs/about.html">x</a><a href="/docs">x</a><a href="/docs/">x</a><a href="about.html">x</a><a href="./">x</a>'
        '<a href="https://example.org/docs/about.html#gone">x</a><a href="/about.html">x</a><a href="/">x</a><a href="../about.html">x</a>'
        '<a href="https://example.org/">x</a><a href="/docsx/about.html">x</a><a href="/Docs/about.html">x</a><a href="/d%6Fcs/about.html">x</a>'
    )
    expected = {"https://example.org/docs/about.html#gone", "/about.html", "/", "../about.html", "https://example.org/"}
    expected |= {"/docsx/about.html", "/Docs/about.html"}
    assert urls(checked(tmp_path, {"index.html": page(body), "about.html": page("x")}, base_url)) == expected


def test_other_encodings(tmp_path: Path) -> None:
    link = '<a href="caf\u00e9.html#\u00e9">x</a><a href="gone-\u00e9.html">y</a>'
    target = page('<p id="\u00e9">')
    report = checked(
        tmp_path,
        {
            "caf\u00e9.html": target,
            "latin.html": ("<meta charset=latin1>" + link).encode("latin-1"),
            "undeclared.html": link.encode("latin-1"),
            "utf16.html": ("\ufeff" + link).encode("utf-16-be"),
            "bom.html": ("\ufeff<meta charset=latin1>" + link).encode(),
            "late.html": ("<p>" + "x" * 2000 + "<meta charset=latin1>" + link).encode(),
        },
    )
    pages = ("latin.html", "undeclared.html", "utf16.html", "bom.html", "late.html")
    assert broken(report) == {(name, "gone-\u00e9.html") for name in pages}


def test_xhtml_is_read_as_xml(tmp_path: Path) -> None:
    xhtml = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title><script src="g1.js"/>'
        '<base href="docs/"/></head><body><a id="here"/><a href="page.html">x</a><a href="../p.xhtml#here">x</a><img src="g2.png"/></body></html>'
    )
    assert urls(checked(tmp_path, {**OTHERS, "p.xhtml": xhtml, "index.html": page("x")})) == {"g1.js", "g2.png"}


def test_advice_is_kept_apart_from_broken_links(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "index.html": page(
                '<p id=a><p id=a><a href="b.html">B</a><img src="http://other.example/x.png" alt=""><a href="c.html">click here</a>'
                '<a href="b.html"></a><a href="b.html#x">B</a><a href="d//e.html">E</a><a href="http://example.org/b.html">Same</a>'
            ),
            "b.html": page('<p id="x"><a href="b.html"><img src="p.png" alt="Pic"></a>'),
            "c.html": '<meta http-equiv=refresh content="0;url=b.html">',
            "d/e.html": page('<a href="/loop1.html">x</a>'),
            "loop1.html": '<meta http-equiv=refresh content="0;url=loop2.html">',
            "loop2.html": '<meta http-equiv=refresh content="0;url=loop1.html">',
            "chain.html": '<meta http-equiv=refresh content="0;url=c.html">',
            "lost.html": page("x"),
            "p.png": "x",
            "unused.png": "x",
            "404.html": page('<a href="b.html">B</a><a href="/b.html">B</a><a href="#x">x</a><p id=x>'),
            "bad.xml": "<a><b></a>",
        },
    )
    assert not report.problems
    assert advice(report) == {
        ("index.html", "duplicate-id", "a"),
        ("index.html", "mixed-content", "http://other.example/x.png"),
        ("index.html", "vague-link-text", "c.html"),
        ("index.html", "empty-link-text", "b.html"),
        ("index.html", "ambiguous-link-text", "b.html#x"),
        ("index.html", "double-slash", "d//e.html"),
        ("index.html", "insecure-own-link", "http://example.org/b.html"),
        ("loop1.html", "redirect-loop", "loop1.html"),
        ("loop2.html", "redirect-loop", "loop2.html"),
        ("chain.html", "redirect-chain", "chain.html"),
        ("lost.html", "orphan", "lost.html"),
        ("unused.png", "unused-file", "unused.png"),
        ("bad.xml", "unused-file", "bad.xml"),
        ("404.html", "relative-in-404", "b.html"),
        ("bad.xml", "malformed-xml", "bad.xml"),
    }


def test_relative_links_of_a_404_page_with_a_rooted_base_are_fine(tmp_path: Path) -> None:
    files = {
        "404.html": page('<a href="b.html">B</a>', '<base href="/">'),
        "b.html": page("x"),
        "index.html": page("x"),
    }
    assert "relative-in-404" not in {code for _, code, _ in advice(checked(tmp_path, files))}


def test_the_same_text_for_the_same_page_written_twice_is_not_ambiguous(tmp_path: Path) -> None:
    files = {
        "index.html": page('<a href="b.html">B</a><a href="./b.html">B</a><a href="/b.html">b</a>'),
        "b.html": page("x"),
    }
    assert not {code for _, code, _ in advice(checked(tmp_path, files))} - {"orphan"}
