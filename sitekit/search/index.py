"""Makes the search index of a built site with Pagefind (https://pagefind.app/), and the word list for its spelling help.

The index is split into small files: a browser loads only those parts that its words need. The same pages give the same
bytes, and the names of all parts but the entry hold a hash of their content.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pagefind_bin import get_executable

from sitekit.search.words import NOT_CONTENT, word_list

FOLDER = "pagefind"
"""Where the index stands below the site. The publisher's rules name the same folder."""

_ROOT = ".main:not(.main--error)"
_WANTED = ("pagefind.js", "pagefind-entry.json", "*.pf_meta", "wasm.en.pagefind", "index/*", "fragment/*")
"""Of what Pagefind writes: its own interfaces would break our security policy, and its worker too."""
_TIME_LIMIT = 300


class SearchIndexError(RuntimeError):
    """Pagefind could not index the site; the text says what it said."""


def build_index(folder: Path) -> int:
    """Write the index of the pages below ``folder`` to ``folder/pagefind/``, in place of an older one.

    Returns the number of pages indexed. Raises SearchIndexError when Pagefind fails or finds no page.
    """
    with tempfile.TemporaryDirectory(prefix="search-index-") as place:
        bundle = Path(place) / "bundle"
        _run_pagefind(folder, bundle)
        target = folder / FOLDER
        shutil.rmtree(target, ignore_errors=True)
        for pattern in _WANTED:
            for part in sorted(bundle.glob(pattern)):
                copy = target / part.relative_to(bundle)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(part.read_bytes())
    entry = json.loads((target / "pagefind-entry.json").read_bytes())
    pages = sum(language["page_count"] for language in entry["languages"].values())
    if not pages:
        raise SearchIndexError(f"{folder}: no page has an element that matches {_ROOT}.")
    words = word_list(path.read_bytes() for path in sorted(folder.rglob("*.html")))
    (target / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    return pages


def _run_pagefind(folder: Path, bundle: Path) -> None:
    command = [get_executable(), "--site", folder, "--output-path", bundle, "--root-selector", _ROOT]
    command += ["--force-language", "en", "--silent"]
    for selector in NOT_CONTENT:
        command += ["--exclude-selectors", selector]
    # Pagefind reads its options from the environment and from a file in the working directory, too: neither is wanted.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    try:
        done = subprocess.run(
            command, cwd=bundle.parent, env=environment, capture_output=True, text=True, timeout=_TIME_LIMIT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SearchIndexError(f"Pagefind could not run: {error}") from error
    if done.returncode or not (bundle / "pagefind-entry.json").is_file():
        raise SearchIndexError(f"Pagefind stopped with {done.returncode}: {(done.stderr or done.stdout).strip()}")
