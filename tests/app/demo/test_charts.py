"""Charts put each value where its axis says."""

from __future__ import annotations

import re

import pytest

from app.demo.charts import dot_chart, line_chart
from app.pictures.scales import ticks


def test_line_rises_with_its_values() -> None:
    svg = line_chart({"loss": [(0, 0.0), (1, 1.0), (2, 2.0)]}, x_label="step", y_label="loss")
    match = re.search(r'polyline points="([^"]+)"', svg)
    assert match
    xy = [tuple(map(float, p.split(","))) for p in match[1].split()]
    assert xy[0][0] < xy[1][0] < xy[2][0]
    assert xy[0][1] > xy[1][1] > xy[2][1]
    assert xy[1][1] == pytest.approx((xy[0][1] + xy[2][1]) / 2, abs=0.11)


def test_unmeasured_values_leave_a_gap_not_a_number() -> None:
    svg = line_chart({"a": [(0, 1.0), (1, float("nan")), (2, 3.0)]}, x_label="", y_label="")
    assert "nan" not in svg


def test_dots_and_mean_bar() -> None:
    svg = dot_chart({"simclr": {"a": [0.0, 1.0], "b": [0.5]}}, y_label="top1")
    dots = [float(y) for y in re.findall(r'cy="([\d.]+)"', svg)]
    bars = [float(y) for y in re.findall(r'y1="([\d.]+)" y2="\1" stroke="#', svg)]
    assert len(dots) == 3
    assert bars == pytest.approx([(dots[0] + dots[1]) / 2, dots[2]], abs=0.11)


@pytest.mark.parametrize(
    "empty", [line_chart({}, x_label="", y_label=""), dot_chart({}, y_label="")]
)
def test_nothing_measured_says_so(empty: str) -> None:
    assert "Nothing was measured" in empty


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 10.0, [0, 2, 4, 6, 8, 10]),
        (-6.1, 127.0, [0, 50, 100]),
        (0.31, 0.42, [0.35, 0.4]),
    ],
)
def test_ticks_are_round_and_inside(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)
