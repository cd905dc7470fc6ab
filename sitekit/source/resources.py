"""Phone lines and offices: content/data/resources.yaml, read and checked."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from sitekit.problems import Problem
from sitekit.source.due import CHECK_DAYS, MOST_CHECK_DAYS, Check
from sitekit.source.entries import Entries
from sitekit.source.words import date_in_words
from sitekit.source.yamlfile import Record, read_records
from sitekit.views import Phone, Resource

KINDS = ("crisis", "helpline", "finder", "license")
_REQUIRED = ("id", "name", "kind", "scope", "who", "verified")
_KNOWN = {*_REQUIRED, "hours", "languages", "url", "phones", "note", "checked", "check_days", "source"}
_PHONE_HREF = re.compile(r"(?:tel:\+?\d+|sms:\+?\d+(?:\?(?:&)?body=[\w%]+)?|https://\S+)\Z")


def read_resources(file: Path, path: str) -> tuple[Entries[Resource], set[str], list[Check], list[Problem]]:
    """The verified resources by id, the ids of those not verified, when each was checked, and what is wrong with the file.

    A resource that nobody has verified is known, so that using it can be explained, but never shown.
    """
    records, problems = read_records(file, path)
    everything = bool(problems)
    verified: dict[str, Resource] = {}
    lost = []
    unverified: set[str] = set()
    checks: list[Check] = []
    for record in records:
        found = _check(path, record)
        problems += found
        if found:
            lost.append(record.get("id"))
            continue
        if record["id"] in verified or record["id"] in unverified:
            message = f"The id {record['id']} is used twice."
            problems.append(Problem(path, record.lines["id"], 1, "bad-data", message, "Give each record its own id."))
        if record["verified"]:
            verified[record["id"]] = resource = _resource(record)
            days = record.get("check_days") or CHECK_DAYS[resource.kind]
            day = datetime.date.fromisoformat(resource.checked)
            checks.append(Check(resource.id, record.lines["checked"], day, days))
        else:
            unverified.add(record["id"])
    return Entries.of(verified, lost, everything), unverified, checks, problems


def _resource(record: Record) -> Resource:
    def text(name: str) -> str:
        return str(record.get(name) or "")

    return Resource(
        **{
            name: text(name)
            for name in ("id", "name", "kind", "scope", "who", "hours", "languages", "url", "note", "checked")
        },
        phones=tuple(Phone(str(phone["label"]), str(phone["href"])) for phone in record.get("phones") or ()),
        checked_words=date_in_words(datetime.date.fromisoformat(text("checked"))),
    )


def _check(path: str, record: Record) -> list[Problem]:
    problems: list[Problem] = []

    def wrong(name: str, message: str, hint: str) -> None:
        problems.append(Problem(path, record.lines.get(name, record.line), 1, "bad-data", message, hint))

    for name in sorted(record.keys() - _KNOWN):
        wrong(name, f"{name} is not a key of a resource.", f"Known keys: {', '.join(sorted(_KNOWN))}.")
    for name in _REQUIRED:
        if record.get(name) in (None, ""):
            wrong(name, f"The resource has no {name}.", f"Add '{name}: …'.")
    if not isinstance(record.get("id", ""), str):
        wrong("id", f"The id is no text: {record['id']}.", "Put it into quotes, such as id: '988'.")
    if record.get("kind") not in (None, *KINDS):
        wrong("kind", f"kind is not one of the known kinds: {record['kind']}.", f"Use one of: {', '.join(KINDS)}.")
    if not isinstance(record.get("verified", False), bool):
        wrong("verified", "verified must be true or false.", "Write verified: true only after checking the source.")
    if record.get("verified") is True:
        problems += _check_date(path, record)
    phones: Any = record.get("phones") or []
    if not isinstance(phones, list) or not all(
        isinstance(phone, dict) and phone.keys() == {"label", "href"} for phone in phones
    ):
        wrong("phones", "phones must be a list of label and href.", "Write - {label: Call 988, href: 'tel:988'}.")
    else:
        for phone in phones:
            if not _PHONE_HREF.match(str(phone["href"])):
                wrong("phones", f"{phone['href']} is not a tel:, sms: or https: URL.", "Write 'tel:+18556254657'.")
    days = record.get("check_days")
    if days is not None and not (type(days) is int and 0 < days <= MOST_CHECK_DAYS):
        hint = f"Write whole days, {MOST_CHECK_DAYS} at most, or leave it out for what is usual for its kind."
        wrong("check_days", f"check_days is no number of days: {days}.", hint)
    if record.get("url") and not str(record["url"]).startswith("https://"):
        wrong("url", f"{record['url']} is not an https address.", "Use the https address.")
    return problems


def _check_date(path: str, record: Record) -> list[Problem]:
    try:
        datetime.date.fromisoformat(str(record.get("checked")))
    except ValueError:
        line = record.lines.get("checked", record.line)
        hint = "Add checked: YYYY-MM-DD, the day somebody compared it with its source."
        return [Problem(path, line, 1, "bad-data", "A verified resource has no date on which it was checked.", hint)]
    return []
