"""Links inside JSON: JSON-LD, the web app manifest, import maps, speculation rules and JSON Feed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

JSON_LD = "json-ld"
JSON_LD_ID = "json-ld @id"
MANIFEST = "manifest"
IMPORT_MAP = "import map"
SPECULATION = "speculation rules"
JSON_FEED = "json feed"

# schema.org properties whose value, where it is a string, is a URL.
_URL_PROPERTIES = frozenset(
    [
        "url",
        "image",
        "logo",
        "thumbnail",
        "thumbnailUrl",
        "contentUrl",
        "embedUrl",
        "sameAs",
        "mainEntityOfPage",
        "photo",
        "screenshot",
        "installUrl",
        "downloadUrl",
        "discussionUrl",
        "item",
        "relatedLink",
        "significantLink",
        "codeRepository",
        "archivedAt",
        "hasMap",
        "map",
        "maps",
        "paymentUrl",
        "trackingUrl",
        "replyToUrl",
        "serviceUrl",
        "menu",
        "hasMenu",
        "ticketUrl",
        "publishingPrinciples",
        "correctionsPolicy",
        "ethicsPolicy",
        "diversityPolicy",
        "actionableFeedbackPolicy",
        "masthead",
        "ownershipFundingInfo",
        "missionCoveragePrioritiesPolicy",
        "verificationFactCheckingPolicy",
        "unnamedSourcesPolicy",
        "acquireLicensePage",
        "usageInfo",
        "merchantReturnLink",
        "target",
        "urlTemplate",
        "schemaVersion",
        "subjectOf",
        "applicationCategoryUrl",
    ]
)
# Properties that may hold a URL or plain words; only what is plainly a URL counts.
_URL_OR_TEXT = frozenset(
    [
        "license",
        "citation",
        "isBasedOn",
        "isPartOf",
        "hasPart",
        "about",
        "mentions",
        "author",
        "creator",
        "publisher",
        "audio",
        "video",
        "associatedMedia",
        "primaryImageOfPage",
        "workExample",
        "encoding",
        "memberOf",
        "parentOrganization",
        "termsOfService",
        "image_url",
    ]
)
_PLAINLY_URL = re.compile(r"\s*(?:https?://|/|\.\.?/)\S*\s*", re.IGNORECASE)
_WORDS = re.compile(r"\s")


class NotJson(ValueError):
    """The text is not JSON; the message says where."""


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from None


def json_ld_links(text: str) -> list[tuple[str, str]]:
    """URLs of a JSON-LD block. Contexts and identifiers (``@id``) are names, not links, unless they name a page."""
    return list(_json_ld(_load(text)))


def _json_ld(data: Any) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Any]] = [("", data)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            for name in reversed(list(value)):
                if name == "@context" or name == "@type":
                    continue
                if name == "@id":
                    identifier = value[name]
                    if key in ("item", "mainEntityOfPage") and isinstance(identifier, str):
                        yield identifier, JSON_LD_ID
                    continue
                stack.append((key if name in ("@graph", "@list", "@set", "@value") else name, value[name]))
        elif isinstance(value, list):
            stack.extend((key, entry) for entry in reversed(value))
        elif isinstance(value, str) and _is_link(key, value):
            yield value, JSON_LD


def _is_link(key: str, value: str) -> bool:
    key = key.rpartition(":")[2].rpartition("/")[2]
    if key in _URL_PROPERTIES:
        return bool(value.strip()) and "{" not in value and not _WORDS.search(value.strip())
    return key in _URL_OR_TEXT and _PLAINLY_URL.fullmatch(value) is not None


def manifest_links(text: str) -> list[tuple[str, str]]:
    """URLs of a web app manifest that a browser fetches or opens. ``scope`` and ``id`` only name."""
    data = _load(text)
    if not isinstance(data, dict):
        raise NotJson("a web app manifest is a JSON object")
    found: list[str] = []
    _strings(found, data, "start_url")
    _images(found, data)
    for shortcut in _objects(data, "shortcuts"):
        _strings(found, shortcut, "url")
        _images(found, shortcut)
    for handler in _objects(data, "file_handlers"):
        _strings(found, handler, "action")
        _images(found, handler)
    for handler in _objects(data, "protocol_handlers"):
        _strings(found, handler, "url")
    for related in _objects(data, "related_applications"):
        _strings(found, related, "url")
    for name, key in (("share_target", "action"), ("serviceworker", "src"), ("note_taking", "new_note_url")):
        if isinstance(data.get(name), dict):
            _strings(found, data[name], key)
    for translation in (data.get("translations") or {}).values() if isinstance(data.get("translations"), dict) else ():
        if isinstance(translation, dict):
            _images(found, translation)
    return [(url, MANIFEST) for url in found]


def _objects(data: dict, name: str) -> list[dict]:
    value = data.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _strings(found: list[str], data: dict, name: str) -> None:
    if isinstance(data.get(name), str):
        found.append(data[name])


def _images(found: list[str], data: dict) -> None:
    for name in ("icons", "screenshots"):
        for image in _objects(data, name):
            _strings(found, image, "src")


def import_map_links(text: str) -> list[tuple[str, str]]:
    """Addresses of an import map that name one module; those that end in a slash are prefixes."""
    data = _load(text)
    found: list[tuple[str, str]] = []
    if isinstance(data, dict):
        scopes = data.get("scopes")
        tables = [data.get("imports"), *(scopes.values() if isinstance(scopes, dict) else ())]
        for table in tables:
            for address in table.values() if isinstance(table, dict) else ():
                if isinstance(address, str) and not address.endswith("/") and re.match(r"\.{0,2}/|[a-z]+:", address):
                    found.append((address, IMPORT_MAP))
    return found


def speculation_links(text: str) -> list[tuple[str, str]]:
    """URLs that speculation rules list."""
    data = _load(text)
    found: list[tuple[str, str]] = []
    if isinstance(data, dict):
        for action in ("prefetch", "prerender", "prerender_until_script"):
            for rule in _objects(data, action):
                urls = rule.get("urls")
                found += [(url, SPECULATION) for url in urls if isinstance(url, str)] if isinstance(urls, list) else []
    return found


def is_json_feed(data: Any) -> bool:
    """Whether decoded JSON is a JSON Feed, by the version it must name."""
    return isinstance(data, dict) and "jsonfeed.org/version" in str(data.get("version", ""))


def json_feed_links(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """URLs of a JSON Feed, and the HTML of its items. Both empty where the JSON is something else."""
    data = _load(text)
    if not is_json_feed(data):
        return [], []
    found: list[str] = []
    html: list[str] = []
    for name in ("home_page_url", "feed_url", "next_url", "icon", "favicon"):
        _strings(found, data, name)
    for item in _objects(data, "items"):
        for name in ("url", "external_url", "image", "banner_image"):
            _strings(found, item, name)
        _strings(html, item, "content_html")
        for attachment in _objects(item, "attachments"):
            _strings(found, attachment, "url")
    for holder in (data, *_objects(data, "items")):
        for author in _objects(holder, "authors"):
            _strings(found, author, "url")
            _strings(found, author, "avatar")
    return [(url, JSON_FEED) for url in found], html
