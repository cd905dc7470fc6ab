"""The rules of one data source (rules.toml and the redirects) in the languages of three kinds of hosts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from sitekit.publish.config import Config
from sitekit.publish.edge import cloudflare, cloudfront, nginx
from sitekit.publish.errors import ConfigError
from sitekit.publish.files import write_atomically
from sitekit.publish.rules import Redirect, Rules


def render_all(rules: Rules, redirects: Sequence[Redirect], config: Config, into: Path) -> list[Path]:
    """Writes every file, named for its host; returns their paths. Raises ``ConfigError`` for a redirect that loops."""
    check_redirects(redirects)
    texts = {
        "cloudfront/viewer-request.js": cloudfront.viewer_request(
            rules, redirects, config.encodings, config.encodings_of("page")
        ),
        "cloudfront/response-headers-policy.json": json.dumps(cloudfront.headers_policy(rules), indent=2) + "\n",
        "cloudflare/_headers": cloudflare.headers(rules),
        "cloudflare/_redirects": cloudflare.redirects(redirects),
        "nginx/site.conf": nginx.site(rules, redirects),
        "nginx/headers.conf": nginx.headers(rules),
    }
    for path, _ in rules.csp_below:
        name = path.strip("/").replace("/", "-")
        texts[f"nginx/headers-{name}.conf"] = nginx.headers(rules, path)
        policy = cloudfront.headers_policy(rules, path)
        texts[f"cloudfront/response-headers-policy-{name}.json"] = json.dumps(policy, indent=2) + "\n"
    written = []
    for name, text in sorted(texts.items()):
        place = into / name
        write_atomically(place, text.encode())
        written.append(place)
    return written


def check_redirects(redirects: Sequence[Redirect]) -> None:
    """Refuses redirects that are not root-relative, come twice, lead in a circle, or need two steps."""
    seen: dict[str, str] = {}
    for redirect in redirects:
        source, target = redirect.source, redirect.target
        if not source.startswith("/") or source.startswith("//") or any(c in source for c in "\"'\\ ?#\n"):
            raise ConfigError(f"redirect from {source!r}: not a root-relative path")
        absolute = (target.startswith("/") and not target.startswith("//")) or target.startswith("https://")
        if not absolute or any(character in target for character in "\"'\\ \n;"):
            raise ConfigError(f"redirect from {source} to {target!r}: not a root-relative path or https address")
        if redirect.status not in (301, 302, 307, 308):
            raise ConfigError(f"redirect from {source}: {redirect.status} is not a redirect status")
        if source in seen:
            raise ConfigError(f"redirect from {source} is given twice")
        seen[source] = target
    for source, target in seen.items():
        if target.partition("#")[0] in seen:
            raise ConfigError(f"redirect from {source} leads to {target}, which redirects again", "Name the last one.")
