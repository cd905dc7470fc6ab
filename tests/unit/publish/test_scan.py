"""A folder becomes the files of a release; what must not be published is refused with its place."""

from __future__ import annotations

import os
from pathlib import Path

import brotli
import pytest

from sitekit.publish.encode import VariantCache, decode, encode
from sitekit.publish.rules import load_rules
from sitekit.publish.scan import Folder
from tests.publish.sites import Site


def scan(folder: Path, *encodings: str) -> Folder:
    """Scans with variants of everything."""
    return Folder(folder, load_rules(), VariantCache(folder.parent / "variants"), lambda kind: encodings).scan()


def codes(folder: Folder) -> dict[str, str]:
    """Path (from the site's root) to code of every problem."""
    return {problem.path.partition("/")[2]: problem.code for problem in folder.problems}


def test_every_file_of_a_site_has_a_class_a_type_and_a_cache_rule(tmp_path: Path) -> None:
    files = scan(Site(3).write(tmp_path / "output")).files
    kinds = {path: file.kind for path, file in files.items() if not path.startswith("assets/")}
    assert kinds == {
        "404.html": "page",
        "feeds/all.atom.xml": "feed",
        "images/figure.svg": "file",
        "index.html": "home",
        "mind/article-0/index.html": "page",
        "robots.txt": "feed",
        "site.webmanifest": "feed",
        "sitemap.xml": "feed",
        "treatments/article-1/index.html": "page",
        "understand/article-2/index.html": "page",
    }
    assert {file.kind for path, file in files.items() if path.startswith("assets/")} == {"asset"}
    assert "immutable" in next(file for file in files.values() if file.kind == "asset").cache
    assert all(file.type and file.cache for file in files.values())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("assets/site.0123456789.css", "asset"),
        ("assets/site.0123456.css", "file"),  # seven digits are too few for a fingerprint
        ("assets/site.css", "file"),
        ("pagefind/fragment/en_1.pf_fragment", "asset"),
        ("pagefind/pagefind-entry.json", "feed"),
        ("pagefind/pagefind.js", "file"),
        ("pagefind/wasm.en.pagefind", "file"),  # its name holds no hash: a new Pagefind changes it in place
        ("feeds/all.atom.xml", "feed"),
        ("index.html", "home"),
        ("mind/index.html", "page"),
        ("404.html", "page"),
    ],
)
def test_classes_follow_the_layout_of_the_site(path: str, kind: str) -> None:
    assert load_rules().classify(path).name == kind


def test_variants_of_compressible_files_decode_to_the_original(tmp_path: Path) -> None:
    folder = scan(Site(2).write(tmp_path / "output"), "br", "gzip")
    plain = [file for file in folder.files.values() if not file.encoding]
    assert all({file.path + ".br", file.path + ".gz"} <= set(folder.files) for file in plain)
    page = folder.files["mind/article-0/index.html.br"]
    assert (page.base, page.encoding, page.kind) == ("mind/article-0/index.html", "br", "page")
    assert brotli.decompress(folder.open(page)) == (tmp_path / "output/mind/article-0/index.html").read_bytes()


def test_pictures_are_not_compressed_again(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "a.png").write_bytes(b"\x89PNG")
    assert set(scan(tmp_path / "output", "br", "gzip").files) == {"a.png"}


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_compression_is_the_same_every_time(encoding: str) -> None:
    data = b"the same bytes " * 100
    assert encode(data, encoding) == encode(data, encoding)
    assert decode(encode(data, encoding), encoding) == data
    assert decode(encode(b"", encoding), encoding) == b""


def test_a_damaged_cache_entry_is_made_again(tmp_path: Path) -> None:
    cache = VariantCache(tmp_path)
    good = cache.get("ab" * 32, "br", b"content")
    (tmp_path / "ab" / ("ab" * 32 + ".br")).write_bytes(b"rubbish")
    assert cache.get("ab" * 32, "br", b"content") == good


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("new\nline.html", "odd-name"),
        ("back\\slash.html", "odd-name"),
        ("deco\u0308mposed.html", "odd-name"),
        ("_publish/pointer.json", "reserved-name"),
        ("/".join(["d" * 200] * 6) + ".html", "long-name"),
        ("thing.unheard-of", "unknown-type"),
        ("page/index.html", "empty-page"),
    ],
)
def test_a_file_that_cannot_be_published_right_is_refused(tmp_path: Path, name: str, code: str) -> None:
    place = tmp_path / "output" / name
    place.parent.mkdir(parents=True)
    place.touch()
    assert list(codes(scan(tmp_path / "output")).values()) == [code]


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / os.fsdecode(b"caf\xe9.html")).touch()
    folder = scan(tmp_path / "output")
    assert list(codes(folder).values()) == ["odd-name"]
    assert str(folder.problems[0]).isprintable()


def test_links_out_of_the_site_are_refused_and_links_inside_are_followed(tmp_path: Path) -> None:
    root = tmp_path / "output"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("private")
    (root / "real.txt").write_text("public")
    (root / "inside.txt").symlink_to("real.txt")
    (root / "outside.txt").symlink_to(tmp_path / "secret.txt")
    (root / "dangling.txt").symlink_to("nowhere")
    (root / "folder").symlink_to(tmp_path)
    folder = scan(root)
    assert set(folder.files) == {"real.txt", "inside.txt"}
    assert codes(folder) == {"outside.txt": "symlink-outside", "dangling.txt": "not-a-file", "folder": "linked-folder"}


def test_a_named_pipe_is_refused_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    os.mkfifo(tmp_path / "output" / "pipe.txt")
    assert codes(scan(tmp_path / "output")) == {"pipe.txt": "not-a-file"}


def test_a_file_with_the_name_of_a_variant_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "a.css").write_text("a{}")
    (tmp_path / "output" / "a.css.br").write_text("not brotli")
    assert "variant-clash" in codes(scan(tmp_path / "output", "br")).values()


def test_an_empty_file_that_is_no_page_is_published(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "empty.txt").touch()
    folder = scan(tmp_path / "output", "br")
    assert folder.problems == []
    assert folder.files["empty.txt"].size == 0
    assert decode(folder.open(folder.files["empty.txt.br"]), "br") == b""
