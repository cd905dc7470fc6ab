"""HTML by the W3C's Nu checker and by html-validate, CSS by the Nu checker, JSON-LD by the types of schema.org."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from sitekit.audit.model import Measure, could_not_run, none_of
from sitekit.audit.pages import all_pages
from sitekit.audit.tools import NodeTools

_TIME_LIMIT = 300
_NEWER_CSS = {
    "position-area": "CSS Anchor Positioning Module Level 1",
    "position-try-fallbacks": "CSS Anchor Positioning Module Level 1",
    "vector-effect": "Scalable Vector Graphics 2, a presentation attribute and so a property",
}
"""Properties of a standard that the Nu checker does not know yet, each with its standard."""

_HTML_VALIDATE = {
    "root": True,
    "extends": ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
    # Every file is our own and named by its content; a second hash would guard against nobody.
    "rules": {"require-sri": ["error", {"target": "crossorigin"}]},
}


def check_html(folder: Path, tools: NodeTools, java: str) -> list[Measure]:
    """Every page of a built site, by both checkers, and the stylesheet."""
    measures = [_nu(folder, tools, java), _html_validate(folder, tools)]
    sheets = sorted((folder / "assets").glob("*.css"))
    measures += [_nu_css(folder, sheet, tools, java) for sheet in sheets]
    return measures


def _nu_command(tools: NodeTools, java: str) -> list[str | Path]:
    return [java, "-Xss4m", "-jar", tools.modules / "vnu-jar" / "build" / "dist" / "vnu.jar", "--format", "json"]


def _nu(folder: Path, tools: NodeTools, java: str) -> Measure:
    files = [str(path) for path in all_pages(folder).values()]
    return _nu_run("HTML by the Nu checker", "", [*_nu_command(tools, java), "--errors-only", "--html", *files], folder)


def _nu_css(folder: Path, sheet: Path, tools: NodeTools, java: str) -> Measure:
    page = "/" + sheet.relative_to(folder).as_posix()
    return _nu_run("CSS by the Nu checker", page, [*_nu_command(tools, java), "--errors-only", "--css", sheet], folder)


def _nu_run(check: str, page: str, command: list[str | Path], folder: Path) -> Measure:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIME_LIMIT)
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        return could_not_run(check, (done.stderr or done.stdout)[-500:])
    findings = []
    for message in messages:
        if any(f"Property “{name}” doesn't exist" in message["message"] for name in _NEWER_CSS):
            continue
        file = Path(message.get("url", "").removeprefix("file:"))
        name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
        findings.append(f"{name}:{message.get('lastLine', 0)}:{message.get('lastColumn', 0)}: {message['message']}")
    return none_of(check, page, findings)


def _html_validate(folder: Path, tools: NodeTools) -> Measure:
    check = "HTML by html-validate"
    config = tools.home / "html-validate.json"
    config.write_text(json.dumps(_HTML_VALIDATE), encoding="utf-8")
    program = tools.modules / "html-validate" / "bin" / "html-validate.mjs"
    files = [str(path) for path in all_pages(folder).values()]
    answer = tools.home / "html-validate-report.json"
    answer.unlink(missing_ok=True)
    done = tools.run(program, "--config", config, "--formatter", f"json={answer}", *files, timeout=_TIME_LIMIT)
    try:
        report = json.loads(answer.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return could_not_run(check, (done.stderr or done.stdout)[-500:])
    findings = [
        f"{Path(file['filePath']).relative_to(folder).as_posix()}:{one['line']}:{one['column']}: {one['ruleId']}: {one['message']}"
        for file in report
        for one in file["messages"]
        if one["severity"] == 2
    ]
    return none_of(check, "", findings)


def check_structured_data(folder: Path, tools: NodeTools) -> Measure:
    """The JSON-LD of every page, type-checked against schema-dts by the TypeScript compiler."""
    check = "JSON-LD by the types of schema.org"
    blocks, findings = [], []
    for address, file in all_pages(folder).items():
        nodes = LexborHTMLParser(file.read_bytes()).css('script[type="application/ld+json"]')
        if not nodes:
            findings.append(f"{address}: no JSON-LD")
        for node in nodes:
            try:
                blocks.append((address, json.loads(node.text())))
            except ValueError as error:
                findings.append(f"{address}: not JSON: {error}")
    lines = ['import type { CollectionPage, MedicalWebPage, WebPage, WithContext } from "schema-dts";']
    lines += [
        f"const page{n}: WithContext<CollectionPage | MedicalWebPage | WebPage> = {json.dumps(data)};"
        for n, (_, data) in enumerate(blocks)
    ]
    lines.append(f"export default [{', '.join(f'page{n}' for n in range(len(blocks)))}];")
    source = tools.home / "structured-data.ts"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    program = tools.modules / "typescript" / "bin" / "tsc"
    options = (
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--types",
        "",
    )
    done = tools.run(program, *options, "--pretty", "false", source.name, timeout=_TIME_LIMIT)
    if done.returncode and "error TS" not in done.stdout:
        return could_not_run(check, (done.stderr or done.stdout)[-500:])
    for line in done.stdout.splitlines():
        if line.startswith(source.name):
            number = int(line.partition("(")[2].partition(",")[0]) - 2
            address = blocks[number][0] if 0 <= number < len(blocks) else ""
            findings.append(f"{address}: {line.partition('error ')[2][:300]}")
    return none_of(check, "", findings)
