"""How large cases open."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.calibration.fit_zoom import fit_zoom
from gazecore.study import Case


def case(width_px: int, height_px: int) -> Case:
    return Case("case-0001", Path("x"), width_px, height_px, "0" * 64)


def test_the_median_over_the_cases() -> None:
    cases = [case(2000, 2072), case(2000, 4144), case(1000, 1036)]
    assert fit_zoom(cases, 1920, 1036) == pytest.approx(0.5)
    assert fit_zoom([case(3840, 100)], 1920, 1036) == pytest.approx(0.5)


def test_nothing_to_fit() -> None:
    assert fit_zoom([], 1920, 1036) is None
    assert fit_zoom([case(10, 10)], 1920, 0) is None
