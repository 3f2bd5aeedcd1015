"""Small charts as SVG text: lines over steps, dots per arm."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from app.pictures.colours import PALETTE
from app.pictures.scales import ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_W, _H = 520, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 40


def line_chart(
    series: Mapping[str, Sequence[tuple[float, float]]], *, x_label: str, y_label: str
) -> str:
    """Lines of (x, y) points per name; the axes span all of them."""
    points = [p for line in series.values() for p in line if np.isfinite(p).all()]
    if not points:
        return '<p class="empty">Nothing was measured here.</p>'
    x_span, y_span = (_span([p[axis] for p in points]) for axis in (0, 1))
    body = [_axes(x_span, y_span, x_label, y_label)]
    for i, (name, line) in enumerate(series.items()):
        colour = PALETTE[i % len(PALETTE)]
        path = " ".join(
            f"{_x(x, x_span):.1f},{_y(y, y_span):.1f}" for x, y in line if np.isfinite(y)
        )
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body.append(_legend(name, i, colour))
    return _frame(body)


def dot_chart(groups: Mapping[str, Mapping[str, Sequence[float]]], *, y_label: str) -> str:
    """Groups side by side; in each, a column of dots per series and a bar at its mean."""
    values = [v for group in groups.values() for dots in group.values() for v in dots]
    if not values:
        return '<p class="empty">Nothing was measured here.</p>'
    y_span = _span(values)
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    body = [_axes((0, len(groups)), y_span, "", y_label, x_ticks=False)]
    for g, (group_name, group) in enumerate(groups.items()):
        body.append(
            f'<text x="{_x(g + 0.5, (0, len(groups))):.0f}" y="{_H - 18}" '
            f'text-anchor="middle">{escape(group_name)}</text>'
        )
        for i, name in enumerate(names):
            at = _x(g + (i + 1) / (len(names) + 1), (0, len(groups)))
            body.append(_dots(at, group.get(name, ()), y_span, PALETTE[i % len(PALETTE)]))
    body += [_legend(name, i, PALETTE[i % len(PALETTE)]) for i, name in enumerate(names)]
    return _frame(body)


def _dots(at: float, values: Sequence[float], span: tuple[float, float], colour: str) -> str:
    if not values:
        return ""
    mean = _y(float(np.mean(values)), span)
    dots = "".join(
        f'<circle cx="{at:.1f}" cy="{_y(v, span):.1f}" r="4" fill="{colour}" fill-opacity=".75"/>'
        for v in values
    )
    return (
        f'{dots}<line x1="{at - 12:.1f}" x2="{at + 12:.1f}" y1="{mean:.1f}" y2="{mean:.1f}" '
        f'stroke="{colour}" stroke-width="3"/>'
    )


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = float(min(values)), float(max(values))
    margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return low - margin, high + margin


def _x(value: float, span: tuple[float, float]) -> float:
    return _LEFT + (value - span[0]) / (span[1] - span[0]) * (_W - _LEFT - _RIGHT)


def _y(value: float, span: tuple[float, float]) -> float:
    return _H - _BOTTOM - (value - span[0]) / (span[1] - span[0]) * (_H - _TOP - _BOTTOM)


def _axes(
    x_span: tuple[float, float],
    y_span: tuple[float, float],
    x_label: str,
    y_label: str,
    *,
    x_ticks: bool = True,
) -> str:
    parts = []
    for value in ticks(*y_span):
        y = _y(value, y_span)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_W - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for value in ticks(*x_span) if x_ticks else ():
        x = _x(value, x_span)
        parts.append(f'<text x="{x:.1f}" y="{_H - 22}" text-anchor="middle">{value:g}</text>')
    middle = (_H - _BOTTOM + _TOP) / 2
    parts.append(
        f'<text x="{(_W + _LEFT) / 2}" y="{_H - 4}" text-anchor="middle">{escape(x_label)}</text>'
    )
    parts.append(
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">'
        f"{escape(y_label)}</text>"
    )
    return "".join(parts)


def _legend(name: str, i: int, colour: str) -> str:
    x = _LEFT + 8 + i * 150
    return (
        f'<rect x="{x}" y="{_TOP - 8}" width="10" height="10" fill="{colour}"/>'
        f'<text x="{x + 14}" y="{_TOP + 1}">{escape(name)}</text>'
    )


def _frame(body: Sequence[str]) -> str:
    return f'<svg class="chart" viewBox="0 0 {_W} {_H}" role="img">{"".join(body)}</svg>'
