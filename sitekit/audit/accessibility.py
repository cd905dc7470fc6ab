"""Two engines that do not share code look at every kind of page: axe-core, and IBM's Equal Access.

Both run inside the page, in light and dark, on the narrowest phone that WCAG 1.4.10 names (320 CSS pixels) and on a desk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from sitekit.audit.model import Measure, none_of

AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
AXE_RULES = ("color-contrast-enhanced",)
"""Rules of level AAA that the site promises to keep."""
SCHEMES = ("light", "dark")
WIDTHS = (320, 1280)
_IBM_STATES = (("light", 1280), ("dark", 320))
_AXE = """async ([tags, rules]) => {
  const enabled = Object.fromEntries(rules.map(id => [id, { enabled: true }]));
  const answer = await axe.run(document, { runOnly: { type: "tag", values: tags }, rules: enabled, resultTypes: ["violations"] });
  return answer.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
_IBM = """async () => {
  const report = await new ace.Checker().check(document, ["WCAG_2_2"]);
  return report.results.filter(one => one.value[0] === "VIOLATION" && one.value[1] === "FAIL")
    .map(one => `${one.ruleId}: ${one.path.dom}: ${one.message}`);
}"""


def check_accessibility(browser: Browser, origin: str, types: dict[str, str], modules: Path) -> list[Measure]:
    """What both engines find on each page: axe in each scheme and width, IBM's in two that differ in both."""
    axe, ibm = axe_source(modules), (modules / "accessibility-checker-engine" / "ace.js").read_text(encoding="utf-8")
    measures = []
    for address in types.values():
        by_axe: list[str] = []
        by_ibm: list[str] = []
        page = browser.new_page()
        page.goto(origin + address)
        page.evaluate(ibm)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                where = f"{scheme}, {width} px: "
                by_axe += [where + finding for finding in run_axe(page, axe)]
                if (scheme, width) in _IBM_STATES:
                    by_ibm += [where + finding for finding in page.evaluate(_IBM)]
        page.close()
        measures += [none_of("axe-core", address, by_axe), none_of("IBM Equal Access", address, by_ibm)]
    return measures


def axe_source(modules: Path) -> str:
    """The text of axe-core, to be evaluated in a page."""
    return (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def run_axe(page: Page, source: str) -> list[str]:
    """Every violation on an open page: rule, element, remedy. ``evaluate`` works under the strictest policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source)
    found: Any = page.evaluate(_AXE, [list(AXE_TAGS), list(AXE_RULES)])
    return [str(violation) for violation in found]
