"""MultiMatch in closed form, and against the frozen results of multimatch-gaze."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazecore.scanpaths import Scanpath, multimatch

FROZEN = json.loads((Path(__file__).parent / "frozen" / "multimatch.json").read_text())
SIZE_PX = (400.0, 300.0)


def path(rows: list[list[float]]) -> Scanpath:
    """A scanpath of rows (x, y, duration)."""
    values = np.array(rows, dtype=float)
    return Scanpath(values[:, :2], values[:, 2])


@pytest.mark.parametrize("pair", FROZEN["pairs"], ids=lambda pair: str(len(pair["paths"][0])))
def test_equals_the_package(pair: dict[str, Any]) -> None:
    first, second = (path(rows) for rows in pair["paths"])
    found = astuple(multimatch(first, second, tuple(FROZEN["screen_px"])))
    assert found == pytest.approx(pair["multimatch"], rel=0, abs=1e-10)


def test_a_scanpath_is_like_itself() -> None:
    first = path([[0, 0, 0.2], [100, 0, 0.3], [100, 100, 0.4], [20, 50, 0.2]])
    assert astuple(multimatch(first, first, SIZE_PX)) == (1, 1, 1, 1, 1)


def test_a_shift_changes_the_position_alone() -> None:
    first = path([[0, 0, 0.2], [100, 0, 0.3], [100, 100, 0.4]])
    second = path([[30, 40, 0.2], [130, 40, 0.3], [130, 140, 0.4]])
    found = multimatch(first, second, SIZE_PX)
    assert astuple(found) == pytest.approx((1, 1, 1, 1 - 50 / 500, 1))


def test_the_way_back_has_the_opposite_direction() -> None:
    first = path([[0, 0, 0.2], [100, 0, 0.2], [200, 0, 0.2]])
    back = path([[200, 0, 0.1], [100, 0, 0.1], [0, 0, 0.1]])
    found = multimatch(first, back, SIZE_PX)
    assert found.direction == pytest.approx(0)
    assert found.length == pytest.approx(1)
    assert found.shape == pytest.approx(1 - 200 / 1000)
    assert found.duration == pytest.approx(0.5)


def test_too_short_a_scanpath_has_no_similarity() -> None:
    first = path([[0, 0, 0.2], [100, 0, 0.3], [100, 100, 0.4]])
    assert np.isnan(astuple(multimatch(first, path([[0, 0, 0.2], [1, 1, 0.2]]), SIZE_PX))).all()


def test_fixations_without_a_time_have_equal_durations() -> None:
    first = path([[0, 0, 0], [100, 0, 0], [100, 100, 0]])
    assert multimatch(first, first, SIZE_PX).duration == 1
