"""What a project can choose: severities, ignore rules, where the cache lives. Read from ``[tool.sitekit.links]`` in pyproject.toml."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .codes import CODES, EXTERNAL_CODES, SEVERITIES
from .external.settings import ExternalSettings, read_external
from .site import UsageError

TABLE = "tool.sitekit.links"
_KEYS = {"severity", "ignore", "base-url", "record", "source", "cache", "external"}
_RULE_KEYS = {"url", "page", "code", "reason", "expires"}


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """Findings that match every pattern given (``fnmatch`` style) are not reported until ``expires``.

    ``file`` and ``line`` say where the rule is written; ``only_line`` binds a comment in Markdown to the line of its link.
    ``outside`` says that it may be about a link to another site, so that it shows whether it is used only when those are asked.
    """

    reason: str
    expires: datetime.date | None
    url: str = "*"
    page: str = "*"
    code: str = "*"
    file: str = ""
    line: int = 0
    only_line: int = 0
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults suit a site without any configuration."""

    severities: dict[str, str] = field(default_factory=dict)
    ignore: tuple[IgnoreRule, ...] = ()
    external: ExternalSettings = field(default_factory=ExternalSettings)


def read_settings(pyproject: Path) -> Settings:
    """Settings of a pyproject.toml; defaults where the file or the table is absent. Raises UsageError listing every mistake."""
    try:
        text = pyproject.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise UsageError(f"{pyproject.name} cannot be read: {error.strerror}.") from None
    try:
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{pyproject.name} is not TOML: {error}.") from None
    for key in TABLE.split("."):
        table = table.get(key, {}) if isinstance(table, dict) else {}
    mistakes: list[str] = []
    settings = _read(table, text, pyproject.name, mistakes)
    if mistakes:
        raise UsageError("\n".join(f"{pyproject.name}: [{TABLE}] {mistake}" for mistake in mistakes))
    return settings


def _read(table: Any, text: str, name: str, mistakes: list[str]) -> Settings:
    if not isinstance(table, dict):
        mistakes.append("is not a table.")
        return Settings()
    mistakes += [f"knows no setting {key!r}." for key in sorted(set(table) - _KEYS)]
    severities = table.get("severity", {})
    for code, severity in severities.items() if isinstance(severities, dict) else ():
        if code not in CODES:
            mistakes.append(f"severity: there is no finding code {code!r}.")
        if severity not in SEVERITIES:
            mistakes.append(f"severity: {code} must be one of {', '.join(SEVERITIES)}, not {severity!r}.")
    lines = _rule_lines(text)
    rules = [
        _rule(entry, name, lines[index] if index < len(lines) else 0, mistakes)
        for index, entry in enumerate(table.get("ignore", ()))
    ]
    external = read_external(table.get("external", {}), mistakes)
    return Settings(dict(severities), tuple(rule for rule in rules if rule), external)


def _rule_lines(text: str) -> list[int]:
    pattern = re.compile(rf"^\s*\[\[\s*{re.escape(TABLE)}\.ignore\s*\]\]", re.MULTILINE)
    return [text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(text)]


def _rule(entry: Any, name: str, line: int, mistakes: list[str]) -> IgnoreRule | None:
    where = f"ignore (line {line})" if line else "ignore"
    if not isinstance(entry, dict) or set(entry) - _RULE_KEYS:
        mistakes.append(f"{where}: a rule is a table of {', '.join(sorted(_RULE_KEYS))}.")
        return None
    expires = entry.get("expires")
    if isinstance(expires, str):
        try:
            expires = datetime.date.fromisoformat(expires)
        except ValueError:
            expires = None
    elif isinstance(expires, datetime.datetime):
        expires = expires.date()
    elif not isinstance(expires, datetime.date):
        expires = None
    if not {"url", "page", "code"} & set(entry):
        mistakes.append(f"{where}: a rule needs a url, a page or a code to match.")
        return None
    texts = {key: str(entry[key]) for key in ("url", "page", "code") if key in entry}
    outside = texts.get("url", "").startswith(("http", "//")) or texts.get("code", "") in EXTERNAL_CODES
    reason = str(entry.get("reason", "")).strip()
    return IgnoreRule(reason=reason, expires=expires, file=name, line=line, outside=outside, **texts)
