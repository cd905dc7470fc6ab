"""JSON-LD for one page, in the schema.org vocabulary (https://schema.org/MedicalWebPage).

Honest by construction: ``lastReviewed`` and ``reviewedBy`` appear only when a real reviewer is recorded, and local services are
never marked up as ours. Markup is for clarity; it promises nothing in search results.
"""

from __future__ import annotations

import json
from typing import Any

from sitekit.views import Link, Page, Site

_ABOUT = {"condition": "MedicalCondition", "treatment": "MedicalTherapy"}


def json_ld(page: Page, site: Site) -> str:
    """One page as JSON that is safe inside a ``script`` element.

    The sources are not in it: the list at the foot of the page names them, and said twice they would weigh as much as a section of
    text.
    """
    text = json.dumps(_web_page(page, site), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _web_page(page: Page, site: Site) -> dict[str, Any]:
    medical = page.kind == "article"
    node: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage" if medical else "CollectionPage" if page.kind == "topic" else "WebPage",
        "url": page.canonical,
        "name": page.title,
        "description": page.description,
        "inLanguage": site.language,
        "isPartOf": {"@type": "WebSite", "name": site.name, "url": f"{site.url}/"},
        "publisher": {
            "@type": "Organization",
            "name": site.name,
            "url": f"{site.url}/",
            "logo": f"{site.url}{site.assets['icon-512.png'].removeprefix(site.base)}",
        },
        "isAccessibleForFree": True,
        "image": page.social_image,
    }
    if page.dates:
        node["datePublished"] = page.dates.published
        node["dateModified"] = page.dates.modified
    if medical:
        # schema.org asks for a MedicalAudience or a MedicalAudienceType; "Patient" is a member of the latter's enumeration.
        node["medicalAudience"] = {"@type": "MedicalAudience", "audienceType": "Patient"}
        node["publishingPrinciples"] = f"{site.url}/editorial-policy/"
        if page.type in _ABOUT:
            node["about"] = {"@type": _ABOUT[page.type], "name": page.title}
    if len(page.breadcrumbs) > 1:
        node["breadcrumb"] = _breadcrumbs(page.breadcrumbs, site)
    return node


def _breadcrumbs(links: tuple[Link, ...], site: Site) -> dict[str, Any]:
    items = [
        {
            "@type": "ListItem",
            "position": number,
            "name": link.title,
            "item": f"{site.url}{link.url.removeprefix(site.base)}",
        }
        for number, link in enumerate(links, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
