"""What the extensions of one conversion share: the site's data, the theme's macros, and what was found on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markdown import Markdown

from sitekit.source.charts import Chart
from sitekit.source.references import Source
from sitekit.views import Resource


@dataclass(slots=True)
class Context:
    """``render(macro, **values)`` calls a macro of the theme; the lists are filled while one text is converted."""

    references: dict[str, Source]
    resources: dict[str, Resource]
    render: Callable[..., str]
    charts: dict[str, Chart] = field(default_factory=dict)
    blocks: list[tuple[str, str, str, str]] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    cited: dict[str, list[str]] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget the last text."""
        self.blocks, self.parts, self.cited = [], {}, {}


def context_of(md: Markdown) -> Context:
    """The context that the converter attached to its Markdown instance."""
    return md.sitekit_context  # type: ignore[attr-defined]
