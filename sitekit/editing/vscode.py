"""What editors' tools complete from: the JSON Schemas of front matter and the snippets of VS Code, made from the definitions.

``python -m sitekit.editing.vscode`` writes them, ``--check`` says whether they are current. Exit status 0: fine; 1: out of date.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sitekit.editing.changes import Change, apply
from sitekit.source.blocks import FORMS, Form
from sitekit.source.citations import LABELS
from sitekit.source.figures import PLACES
from sitekit.source.frontmatter import FIELDS, Field, json_schema
from sitekit.source.rules import RULES
from sitekit.source.rules.cards import CARD_TITLES

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ".vscode/untangled.code-snippets"

_TODAY = "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}"
_INSIDE = {
    "key-points": ("- ${1:What a reader must know first.}", "- ${2:What helps.}", "- ${3:When to get help.}"),
    "short": ("${1:Two to five very plain sentences.}",),
    "do": ("- ${2:rest}", "- ${3:ask for help}"),
    "dont": ("- do not ${2:stop all at once}", "- do not ${3:drive}"),
    "callout": ("${2:A short warning or note.}",),
    "steps": ("1. ${1:One small action.}", "2. ${2:The next one.}"),
    "questions": ("- ${1:What can I try first?}", "- ${2:What happens if I wait?}"),
    "table": ("How to read this: ${2:find an option on the left, then read across.}", "", "| ${3:Option} | ${4:Pain} |", "| --- | --- |", "| ${5:Rest} | ${6:May help} |"),
    "resources": ("- ${1:988}",),
    "icons": ("How to read this: ${2:each small person stands for 1 of 100 adults.}", "", "${3:24} of 100: ${4:adults with chronic pain}", "", "Source: [@${5:key}, ${6:survey}]"),
    "chart": ("How to read this: ${3:a longer bar means more people.}",),
    "figure": ("How to read this: ${3:start at any place and follow the arrows.}", "", "1. ${4:Pain}", "2. ${5:Poor sleep}", "3. ${6:Less energy}", "4. ${7:Low mood}", "5. ${8:More tension}"),
}  # fmt: skip


def files() -> dict[str, str]:
    """Every generated file: its path in the project and its text."""
    texts = {f"schemas/{kind}.json": _json(json_schema(kind)) for kind in ("article", "page")}
    return {**texts, SNIPPETS: _json(snippets())}


def snippets() -> dict[str, dict[str, Any]]:
    """Snippets for every front matter key, block, citation, link and opt-out."""
    found = {f"Front matter: {known.name}": _key(known) for known in FIELDS}
    for name, form in FORMS.items():
        for level in form.arguments or ("",):
            found[f"Block: {name} {level}".strip()] = _block(name, form, level)
    labels = f"${{2|{','.join(LABELS)}|}}"
    codes = ",".join(sorted(RULES))
    found |= {
        "Citation with certainty": _snippet(
            "cite", [f"[@${{1:key}}, {labels}]"], "After the full stop of what it supports."
        ),
        "Citation": _snippet("cite-plain", ["[@${1:key}]"], "A source for something that needs no certainty."),
        "Two citations": _snippet("cite-two", [f"[@${{1:key}}; @${{3:key}}, {labels}]"], "Two sources for one claim."),
        "Link to an article": _snippet(
            "link", ["[${1:words}]({filename}/articles/${2:mind}/${3:slug}.md)"], "A page of this site, by its file."
        ),
        "Link to a phone line": _snippet(
            "resource", ["[${1:call or text 988}](resource:${2:988})"], "By its id in content/data/resources.yaml."
        ),
        "Image": _snippet("image", ["![${1:what it shows}]({static}/images/${2:name}.svg)"], "From content/images/."),
        "Opt out of a rule": _snippet(
            "allow", [f"<!-- allow: ${{1|{codes}|}} ${{2:why it is right here}} -->"], "For the next block only."
        ),
    }
    return found


def _key(known: Field) -> dict[str, Any]:
    choices = known.schema.get("enum")
    if choices:
        value = f"${{1|{','.join(choices)}|}}"
    elif known.schema.get("format") == "date":
        value = _TODAY
    elif known.schema.get("type") == "array":
        value = "[${1}]"
    else:
        value = "${1}"
    return _snippet(known.name, [f"{known.name}: {value}"], known.help)


def _block(name: str, form: Form, level: str) -> dict[str, Any]:
    if level:
        opening, inside = (
            f'::: {name} {level} "${{1:{CARD_TITLES[level]}}}"',
            ("- ${2:you might act on thoughts of suicide}",),
        )
    elif form.named:
        choice = f"${{1|{','.join(PLACES)}|}}" if name == "figure" else "${1:name}"
        opening, inside = f'::: {name} {choice} "${{2:Caption}}"', _INSIDE[name]
    else:
        title = {"do": "Do", "dont": "Do not"}.get(name, "Title")
        opening, inside = f'::: {name} "${{1:{title}}}"' if form.title else f"::: {name}", _INSIDE[name]
    return _snippet(f":::{name}{f' {level}' if level else ''}", [opening, *inside, ":::", "$0"], f"The block {name}.")


def _snippet(prefix: str, body: Sequence[str], description: str) -> dict[str, Any]:
    return {"scope": "markdown", "prefix": prefix, "body": list(body), "description": description}


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def outdated(root: Path = ROOT) -> list[Change]:
    """The changes that would bring the files up to date."""
    changes = []
    for path, text in files().items():
        before = (root / path).read_bytes() if (root / path).is_file() else None
        changes.append(Change(path, before, text.encode()))
    return [change for change in changes if change.before != change.after]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with --check only compare them; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sitekit.editing.vscode", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    options = parser.parse_args(arguments)
    changes = outdated()
    if not options.check:
        apply(ROOT, changes)
        return 0
    for change in changes:
        print(f"{change.path} is out of date: run python -m sitekit.editing.vscode", file=sys.stderr)
    return int(bool(changes))


if __name__ == "__main__":
    sys.exit(main())
