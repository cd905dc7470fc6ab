"""Plots as inline SVG: plain shapes with a title each, colored by the classes of the page's own style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from sitekit.report.history import Moment

_ROW, _LABEL, _WIDTH = 24, 342, 980
_BAR = _WIDTH - _LABEL - 60


def bars(
    rows: Sequence[tuple[str, float, str]], top: float, lines: Mapping[str, float], unit: str, name: str
) -> Markup:
    """A bar for each (label, value, class), in the order given, and a line with a word at each of ``lines``."""
    height = _ROW * len(rows) + 30
    parts = [_open(height, name)]
    for word, value in lines.items():
        x = _LABEL + _BAR * min(value / top, 1)
        parts.append(f'<line class="limit" x1="{x:.1f}" x2="{x:.1f}" y1="20" y2="{height - 6}"/>')
        parts.append(f'<text class="small" x="{x:.1f}" y="14" text-anchor="middle">{escape(word)}</text>')
    for number, (label, value, kind) in enumerate(rows):
        y = 24 + number * _ROW
        width = max(_BAR * min(value / top, 1), 1)
        parts.append(f"<g><title>{escape(label)}: {value:g} {escape(unit)}</title>")
        parts.append(f'<text x="{_LABEL - 10}" y="{y + 15}" text-anchor="end">{escape(_short(label))}</text>')
        parts.append(
            f'<rect class="{escape(kind)}" x="{_LABEL}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 9}" rx="3"/>'
        )
        parts.append(f'<text class="number" x="{_LABEL + width + 7:.1f}" y="{y + 15}">{value:g}</text></g>')
    return Markup("".join([*parts, "</svg>"]))


def stacks(rows: Sequence[tuple[str, Mapping[str, int]]], kinds: Sequence[str], name: str) -> Markup:
    """A bar for each label, divided by kind in the order of ``kinds``; all bars share one scale."""
    top = max((sum(counts.values()) for _, counts in rows), default=1) or 1
    height = _ROW * len(rows) + 12
    parts = [_open(height, name)]
    for number, (label, counts) in enumerate(rows):
        y, x = 6 + number * _ROW, float(_LABEL)
        parts.append(f'<text x="{_LABEL - 10}" y="{y + 15}" text-anchor="end">{escape(_short(label))}</text>')
        for kind in kinds:
            width = _BAR * counts.get(kind, 0) / top
            if width:
                tip = f"{label}: {counts[kind]} {kind if kind != 'none' else 'without a word'}"
                parts.append(f"<g><title>{escape(tip)}</title>")
                parts.append(
                    f'<rect class="c-{kind.replace(" ", "-")}" x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 9}"/></g>'
                )
                x += width
        parts.append(f'<text class="number" x="{x + 7:.1f}" y="{y + 15}">{sum(counts.values())}</text>')
    return Markup("".join([*parts, "</svg>"]))


def trend(moments: Sequence[Moment], limits: Mapping[str, float], name: str) -> Markup:
    """Median and highest grade over the commits, evenly spaced, with a line for each limit."""
    height, left, right, top, bottom = 230, 44, _WIDTH - 130, 14, 190
    most = max([8.0, *(moment.highest for moment in moments), *limits.values()]) * 1.05

    def at(number: int, grade: float) -> tuple[float, float]:
        x = left + (right - left) * (number / max(len(moments) - 1, 1))
        return x, bottom - (bottom - top) * grade / most

    parts = [_open(height, name)]
    for word, grade in limits.items():
        y = at(0, grade)[1]
        parts.append(f'<line class="limit" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="small" x="{right + 8}" y="{y + 4:.1f}">{escape(word)}</text>')
    for grade in range(0, int(most) + 1, 2):
        y = at(0, grade)[1]
        parts.append(f'<text class="small" x="{left - 10}" y="{y + 4:.1f}" text-anchor="end">{grade}</text>')
    for kind in ("highest", "median"):
        points = [at(number, getattr(moment, kind)) for number, moment in enumerate(moments)]
        parts.append(f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
        for (x, y), moment in zip(points, moments, strict=True):
            tip = f"{moment.when:%Y-%m-%d} {moment.commit}: {kind} grade {getattr(moment, kind):g}, {moment.articles} articles"
            parts.append(f'<g><title>{escape(tip)}</title><circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/></g>')
    if moments:
        for number in sorted({0, len(moments) - 1}):
            x = at(number, 0)[0]
            anchor = "start" if number == 0 else "end"
            parts.append(
                f'<text class="small" x="{x:.1f}" y="{bottom + 20}" text-anchor="{anchor}">{moments[number].when:%Y-%m-%d}</text>'
            )
    return Markup("".join([*parts, "</svg>"]))


def _open(height: int, name: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(name)}">'


def _short(label: str, most: int = 46) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
