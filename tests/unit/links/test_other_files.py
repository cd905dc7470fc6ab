"""Links of everything that is not a page: style sheets, feeds, sitemaps, manifests, robots.txt, redirects."""

from __future__ import annotations

import gzip
from pathlib import Path

from .sites import advice, broken, checked, page, urls

HOME = {"index.html": page('<p id="here">x'), "a.html": page("x"), "ok.png": "x"}


def test_style_sheets(tmp_path: Path) -> None:
    css = "@import 'g1.css';@import url(ok.css);a{b:url(../ok.png);c:url(#any);d:url(g2.png);e:url('')}"
    report = checked(tmp_path, {**HOME, "css/s.css": css, "css/ok.css": "a{b:url(/g3.png)}\n.x{c:url(\n g4.png)}"})
    assert broken(report) == {
        ("css/s.css", "g1.css"),
        ("css/s.css", "g2.png"),
        ("css/ok.css", "/g3.png"),
        ("css/ok.css", "g4.png"),
    }
    assert {(f.url, f.line, f.column) for f in report.problems if f.page == "css/ok.css"} == {
        ("/g3.png", 1, 9),
        ("g4.png", 3, 2),
    }


def test_a_style_sheet_in_another_encoding(tmp_path: Path) -> None:
    css = '@charset "iso-8859-1";a{b:url(caf\u00e9.png);c:url(gone\u00e9.png)}'.encode("latin-1")
    assert urls(checked(tmp_path, {**HOME, "s.css": css, "caf\u00e9.png": "x"})) == {"gone\u00e9.png"}


def test_atom(tmp_path: Path) -> None:
    atom = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/blog/"><title>t</title><id>https://example.org/no-id</id>
<link rel="self" href="/feeds/atom.xml"/><link href="g1.html"/><icon>/g2.ico</icon><logo>/ok.png</logo>
<author><name>a</name><uri>/g3/</uri></author><generator uri="/g4">x</generator>
<entry><link href="post.html"/><link rel="enclosure" href="/g5.mp3"/><id>/no</id><category scheme="/no" term="t"/>
<content type="html">&lt;a href="g6.html"&gt;x&lt;/a&gt; &lt;img src="post.html"&gt;</content></entry>
<entry xml:base="sub/"><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="g7.html">x</a><a href="in.html">x</a>
<p xml:base="../"><a href="post.html">x</a><img srcset="g8.png 2x"/></p></div></content></entry>
<entry><content src="g9.html" type="text/html"/><summary type="text">&lt;a href="no.html"&gt;</summary><title type="html">&lt;a href=g10&gt;</title></entry>
</feed>"""
    files = {**HOME, "feeds/atom.xml": atom, "blog/post.html": page("x"), "blog/sub/in.html": page("x")}
    expected = {"g1.html", "/g2.ico", "/g3/", "/g4", "/g5.mp3", "g6.html", "g7.html", "g8.png", "g9.html", "g10"}
    report = checked(tmp_path, files)
    assert broken(report) == {("feeds/atom.xml", url) for url in expected}
    lines = {finding.url: finding.line for finding in report.problems}
    assert (lines["g1.html"], lines["g6.html"], lines["g8.png"]) == (3, 6, 8)


def test_rss(tmp_path: Path) -> None:
    rss = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>t</title><link>https://example.org/</link>
<image><url>https://example.org/g1.png</url><link>https://example.org/</link></image><itunes:image href="/g2.png"/>
<item><title>t</title><link>
   https://example.org/g3 </link><guid isPermaLink="false">https://example.org/no</guid><comments>https://example.org/g4</comments>
<enclosure url="https://example.org/g5.mp3" length="1" type="audio/mpeg"/><media:content url="/g6.png"/><category>x</category>
<description>&lt;a href="https://example.org/g7"&gt;x</description><content:encoded><![CDATA[<img src="/g8.png">]]></content:encoded>
<source url="https://example.org/g9.xml">x</source></item><item><guid>tag:example.org,2026:no</guid><guid>https://example.org/g10</guid>
<description>Plain a &lt; b text</description></item></channel></rss>"""
    expected = {"https://example.org/g1.png", "/g2.png", "https://example.org/g3", "https://example.org/g4"}
    expected |= {
        "https://example.org/g5.mp3",
        "/g6.png",
        "https://example.org/g7",
        "/g8.png",
        "https://example.org/g9.xml",
        "https://example.org/g10",
    }
    assert urls(checked(tmp_path, {**HOME, "rss.xml": rss})) == expected


def test_sitemaps(tmp_path: Path) -> None:
    head = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    head += ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    sitemap = f"""{head}<url><loc>
  https://example.org/g1.html
</loc><xhtml:link rel="alternate" hreflang="de" href="https://example.org/g2/"/><image:image><image:loc>https://example.org/g3.png</image:loc>
</image:image></url><url><loc>https://example.org/a.html?x=1&amp;y=2</loc><lastmod>2026-01-01</lastmod></url>
<url><loc>https://example.org/g4?x&amp;y</loc></url></urlset>"""
    index = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://example.org/s1.xml</loc></sitemap>'
    index += "<sitemap><loc>https://example.org/gone.xml.gz</loc></sitemap></sitemapindex>"
    zipped = gzip.compress(f"{head}<url><loc>https://example.org/g5</loc></url></urlset>".encode())
    report = checked(
        tmp_path,
        {
            **HOME,
            "s1.xml": sitemap,
            "index.xml": index,
            "z.xml.gz": zipped,
            "sitemap.txt": "https://example.org/a.html\nhttps://example.org/g6\n",
        },
    )
    assert broken(report) == {
        *(("s1.xml", f"https://example.org/{name}") for name in ("g1.html", "g2/", "g3.png", "g4?x&y")),
        ("index.xml", "https://example.org/gone.xml.gz"),
        ("z.xml.gz", "https://example.org/g5"),
        ("sitemap.txt", "https://example.org/g6"),
    }
    assert {finding.url: finding.line for finding in report.problems}["https://example.org/g1.html"] == 2


def test_manifest(tmp_path: Path) -> None:
    manifest = """{"id":"/no","scope":"/no/","start_url":"../?source=pwa","icons":[{"src":"g1.png"},{"src":"../ok.png"}],
"screenshots":[{"src":"g2.png"}],"shortcuts":[{"url":"/g3","icons":[{"src":"g4.png"}]}],"share_target":{"action":"g5"},
"name":"x.png","related_applications":[{"url":"https://other.example/x"}]}"""
    assert urls(checked(tmp_path, {**HOME, "app/site.webmanifest": manifest})) == {
        "g1.png",
        "g2.png",
        "/g3",
        "g4.png",
        "g5",
    }
    assert urls(checked(tmp_path, {**HOME, "app/manifest.json": manifest})) == {
        "g1.png",
        "g2.png",
        "/g3",
        "g4.png",
        "g5",
    }


def test_a_manifest_under_any_name_is_read_where_a_page_links_it(tmp_path: Path) -> None:
    files = {
        **HOME,
        "b.html": page("x", '<link rel="manifest" href="/data/app.json">'),
        "data/app.json": '{"icons":[{"src":"g.png"}]}',
    }
    assert broken(checked(tmp_path, files)) == {("data/app.json", "g.png")}


def test_json_feed(tmp_path: Path) -> None:
    feed = '{"version":"https://jsonfeed.org/version/1.1","home_page_url":"/g1","items":[{"id":"/no","url":"/a.html","content_html":"<a href=/g2>"}]}'
    assert urls(checked(tmp_path, {**HOME, "feed.json": feed})) == {"/g1", "/g2"}


def test_robots(tmp_path: Path) -> None:
    robots = "User-agent: *\nDisallow: /no/\nAllow: /no\n# Sitemap: /no.xml\nsitemap : https://example.org/g1.xml # x\nSITEMAP: /g2.xml\r\nSitemap:\n"
    report = checked(tmp_path, {**HOME, "robots.txt": robots, "sub/robots.txt": "Sitemap: /no.xml"})
    assert broken(report) == {("robots.txt", "https://example.org/g1.xml"), ("robots.txt", "/g2.xml")}
    assert [finding.line for finding in report.problems] == [5, 6]


def test_redirects(tmp_path: Path) -> None:
    rules = (
        "# /no /no\n/old /a.html 301\n/gone-old  /g1.html\n/blog/* /news/:splat 301!\n/u/:id /users/:id.html\n/ext https://other.example/\n"
        "/x id=:id /g2/:id 301\n/de /a.html 302 Language=de\n/one /two\n/two /a.html\n/l1 /l2\n/l2 /l1\n/* /404.html 404\n"
    )
    body = (
        '<a href="/old">x</a><a href="/old/">x</a><a href="/gone-old">x</a><a href="/blog/post.html">x</a><a href="/blog/g3">x</a>'
        '<a href="/u/7">x</a><a href="/u/8">x</a><a href="/ext">x</a><a href="/one">x</a><a href="/l1">x</a><a href="/g4">x</a><a href="/de">x</a>'
        '<a href="/old#here">x</a>'
    )
    files = {
        **HOME,
        "index.html": page(body),
        "_redirects": rules,
        "news/post.html": page("x"),
        "users/7.html": page("x"),
        "404.html": page("x"),
    }
    report = checked(tmp_path, files)
    assert broken(report) == {
        ("_redirects", "/g1.html"),
        *(("index.html", url) for url in ("/gone-old", "/blog/g3", "/u/8", "/g4", "/de", "/old#here")),
    }
    found = {(finding.code, finding.url, finding.line) for finding in report.findings if finding.page == "_redirects"}
    assert {
        ("redirect-chain", "/one", 9),
        ("redirect-loop", "/l1", 11),
        ("redirect-loop", "/l2", 12),
        ("missing-file", "/g1.html", 3),
    } == found


def test_a_rewrite_of_everything_answers_every_link(tmp_path: Path) -> None:
    files = {**HOME, "index.html": page('<a href="/app/x">x</a>'), "_redirects": "/* /index.html 200\n"}
    assert not checked(tmp_path, files).problems


def test_svg_files(tmp_path: Path) -> None:
    svg = """<?xml version="1.0"?><?xml-stylesheet href="g1.css" type="text/css"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><style>a{b:url(g2.png)}</style><g id="i"/>
<use href="#i"/><use xlink:href="#g3"/><image href="g4.png"/><a href="a.html">x</a><rect fill="url(#g5)" style="mask:url(#i)"/>
<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"><a href="g6">x</a></p></foreignObject></svg>"""
    assert urls(checked(tmp_path, {**HOME, "x.svg": svg})) == {"g1.css", "g2.png", "#g3", "g4.png", "#g5", "g6"}


def test_the_anchors_of_a_broken_svg_are_not_judged(tmp_path: Path) -> None:
    files = {**HOME, "index.html": page('<svg><use href="x.svg#i"/></svg>'), "x.svg": "<svg><g id='j'>"}
    report = checked(tmp_path, files)
    assert not report.problems
    assert ("x.svg", "malformed-xml", "x.svg") in advice(report)


def test_opensearch_and_browserconfig(tmp_path: Path) -> None:
    search = '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><Image>/g1.png</Image>'
    search += '<Url type="text/html" template="https://example.org/g2/?q={searchTerms}"/></OpenSearchDescription>'
    config = (
        '<browserconfig><msapplication><tile><square70x70logo src="/g3.png"/></tile></msapplication></browserconfig>'
    )
    assert urls(checked(tmp_path, {**HOME, "search.xml": search, "browserconfig.xml": config})) == {
        "/g1.png",
        "https://example.org/g2/",
        "/g3.png",
    }
