"""JSON-LD for one page, in the schema.org vocabulary (https://schema.org/MedicalWebPage).

Honest by construction: ``lastReviewed`` and ``reviewedBy`` appear only when a real reviewer is recorded, and local services are
never marked up as ours. Markup is for clarity; it promises nothing in search results.
"""

from __future__ import annotations

import json
from typing import Any

from sitekit.views import Link, Page, Reference, Site

_ABOUT = {"condition": "MedicalCondition", "treatment": "MedicalTherapy"}


def json_ld(page: Page, site: Site) -> str:
    """The graph of one page as JSON that is safe inside a ``script`` element."""
    organization = {
        "@type": "Organization",
        "@id": f"{site.url}/#organization",
        "name": site.name,
        "url": f"{site.url}/",
    }
    organization["logo"] = f"{site.url}{site.assets['icon-512.png'].removeprefix(site.base)}"
    website = {
        "@type": "WebSite",
        "@id": f"{site.url}/#website",
        "name": site.name,
        "url": f"{site.url}/",
        "inLanguage": site.language,
        "publisher": {"@id": organization["@id"]},
    }
    graph = [organization, website, _web_page(page, site)]
    if len(page.breadcrumbs) > 1:
        graph.append(_breadcrumbs(page.breadcrumbs, site))
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _web_page(page: Page, site: Site) -> dict[str, Any]:
    medical = page.kind == "article"
    node: dict[str, Any] = {
        "@type": "MedicalWebPage" if medical else "CollectionPage" if page.kind == "topic" else "WebPage",
        "@id": page.canonical,
        "url": page.canonical,
        "name": page.title,
        "description": page.description,
        "inLanguage": site.language,
        "isPartOf": {"@id": f"{site.url}/#website"},
        "publisher": {"@id": f"{site.url}/#organization"},
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
        if page.references:
            node["citation"] = [_citation(reference) for reference in page.references]
    return node


def _citation(reference: Reference) -> dict[str, Any]:
    kind = "ScholarlyArticle" if reference.url_label.startswith("doi:") else "CreativeWork"
    return {"@type": kind, "name": reference.title, "datePublished": reference.year, "url": reference.url}


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
