"""Redirects in the forms that servers take, always at their final target: rules for a CDN, a table, and pages for plain hosts."""

from __future__ import annotations

import json
from html import escape

from .redirects import Redirects


def final_targets(redirects: Redirects) -> dict[str, str]:
    """Each moved address with where it ends. Headings are left out, servers never see them; so are loops."""
    by_source = {moved.source: moved.target for moved in redirects.moved}
    result = {}
    for source in sorted(by_source):
        steps = {source}
        target = by_source[source]
        while target in by_source and target not in steps:
            steps.add(target)
            target = by_source[target]
        if "#" not in source and target not in steps:
            result[source] = target
    return result


def redirect_table(redirects: Redirects, prefix: str = "") -> str:
    """JSON, one object from address to target: what an edge function of a CDN looks up. ``prefix`` is that of the deployment."""
    table = {prefix + source: _prefixed(target, prefix) for source, target in final_targets(redirects).items()}
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def netlify_rules(redirects: Redirects, prefix: str = "") -> str:
    """A ``_redirects`` file, which Netlify and Cloudflare Pages read; removed addresses answer 410 where the host can."""
    lines = [f"{prefix}{source} {_prefixed(target, prefix)} 301" for source, target in final_targets(redirects).items()]
    lines += [f"{prefix}{entry.url} /404.html 410" for entry in redirects.removed if "#" not in entry.url]
    return "".join(f"{line}\n" for line in lines)


def html_fallbacks(redirects: Redirects, site_url: str) -> dict[str, str]:
    """A page for each moved address, by its path below the output folder, for hosts that know no redirects.

    Each sends the reader on at once, tells search engines the new address, and shows a link should the browser do neither.
    """
    origin = site_url.rstrip("/")
    pages = {}
    for source, target in final_targets(redirects).items():
        path = source.lstrip("/")
        if not path.endswith(".html"):
            path = f"{path.rstrip('/')}/index.html"
        url = escape(target if target.startswith("https:") else origin + target)
        pages[path] = (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>This page has moved</title>\n'
            f'<meta http-equiv="refresh" content="0; url={url}">\n<link rel="canonical" href="{url}">\n'
            '<meta name="robots" content="noindex">\n<meta name="viewport" content="width=device-width">\n</head>\n<body>\n'
            f'<h1>This page has moved</h1>\n<p>It is now at <a href="{url}">{url}</a>.</p>\n</body>\n</html>\n'
        )
    return pages


def _prefixed(target: str, prefix: str) -> str:
    return target if target.startswith("https:") else prefix + target
