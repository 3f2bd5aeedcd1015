"""The screen before the tracker, had back from gaze given twice; eyes before the screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.quality.display_area import DisplayArea, display_area, eye_before_screen
from gazecore.samples import GAZE_LABELS, GazeSamples

Array = npt.NDArray[np.float64]

TILT = np.radians(20.0)
AREA = DisplayArea(
    (-250.0, 320.0, 60.0), (500.0, 0.0, 0.0), (0.0, -300 * np.cos(TILT), -300 * np.sin(TILT))
)
"""A screen tilted back by 20 degrees above a tracker, in a tracker's axes: x right, y up."""


def channels(xy_norm: Array, origin_mm: Array | None = None) -> Array:
    """Both eyes at one place, on the tilted screen."""
    corner, right, down = (np.array(v) for v in (AREA.corner_mm, AREA.right_mm, AREA.down_mm))
    mm = corner + xy_norm[:, :1] * right + xy_norm[:, 1:] * down
    table = np.full((len(xy_norm), len(GAZE_LABELS)), np.nan)
    for eye in ("left", "right"):
        for flag in ("gaze_valid", "origin_valid"):
            table[:, GAZE_LABELS.index(f"{eye}_{flag}")] = 1
        for name, values in (("gaze_x", xy_norm[:, 0]), ("gaze_y", xy_norm[:, 1])):
            table[:, GAZE_LABELS.index(f"{eye}_{name}")] = values
        for axis in range(3):
            table[:, GAZE_LABELS.index(f"{eye}_gaze_user_{'xyz'[axis]}")] = mm[:, axis]
            if origin_mm is not None:
                column = GAZE_LABELS.index(f"{eye}_origin_user_{'xyz'[axis]}")
                table[:, column] = origin_mm[axis]
    return table


def test_corner_and_edges_come_back() -> None:
    found = display_area(channels(np.random.default_rng(0).uniform(0.3, 0.7, (50, 2))))
    assert found is not None
    for name in ("corner_mm", "right_mm", "down_mm"):
        assert getattr(found, name) == pytest.approx(getattr(AREA, name), abs=1e-6)


def test_the_eye_is_found_along_the_screens_normal() -> None:
    corner, right, down = (np.array(v) for v in (AREA.corner_mm, AREA.right_mm, AREA.down_mm))
    normal = np.cross(right, -down)
    eye_mm = corner + (right + down) / 2 + 640 * normal / np.linalg.norm(normal)
    table = channels(np.random.default_rng(0).uniform(0, 1, (40, 2)), eye_mm)
    samples = GazeSamples.from_channels(np.arange(40.0), table)
    for eye in ("left", "both"):
        assert eye_before_screen(samples, eye, display_area(table)) == pytest.approx(
            [0, 0, 640], abs=1e-6
        )
    right_away = replace(samples, right_origin_mm=np.full((40, 3), np.nan))
    assert eye_before_screen(right_away, "right", AREA) is None
    assert eye_before_screen(right_away, "both", AREA) is not None
    assert eye_before_screen(samples, "both", None) is None


def test_an_eye_behind_the_screen_is_not_believed() -> None:
    table = channels(np.random.default_rng(0).uniform(0, 1, (40, 2)), np.array([0, 0, -900.0]))
    samples = GazeSamples.from_channels(np.arange(40.0), table)
    assert eye_before_screen(samples, "both", AREA) is None


@pytest.mark.parametrize("case", ["none", "still", "unlike", "no mm"])
def test_where_it_cannot_be_told(case: str) -> None:
    random = np.random.default_rng(1)
    xy = random.uniform(0, 1, (30, 2)) if case != "still" else np.full((30, 2), 0.5)
    table = channels(xy)
    if case == "none":
        table = table[:0]
    if case == "unlike":
        table[:, GAZE_LABELS.index("left_gaze_user_x")] += random.normal(0, 20, 30)
    if case == "no mm":
        for eye in ("left", "right"):
            for axis in "xyz":
                table[:, GAZE_LABELS.index(f"{eye}_gaze_user_{axis}")] = np.nan
    assert display_area(table) is None
