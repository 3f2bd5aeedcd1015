"""Targets stand out from every background."""

from __future__ import annotations

import pytest

from app.calibration.contrast import target_greys


@pytest.mark.parametrize("level", range(0, 256, 5))
def test_the_ring_stands_out_by_a_hundred_levels(level: int) -> None:
    greys = target_greys(float(level))
    assert greys.background == level
    assert abs(greys.ring - greys.background) >= 100
    assert 0 <= greys.ring <= 215


@pytest.mark.parametrize(("level", "background"), [(-3.0, 0), (300.0, 255), (27.6, 28)])
def test_levels_are_grey_levels(level: float, background: int) -> None:
    assert target_greys(level).background == background


def test_dark_grounds_have_a_light_ring_and_bright_ones_a_dark_ring() -> None:
    assert target_greys(30).ring > 100
    assert target_greys(200).ring < 100
