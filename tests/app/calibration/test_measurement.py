"""Gaze at a validation target, and the verdict against the protocol's limits."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from app.calibration.measurement import Looked, area_seen, look, measured, verdict
from app.calibration.plan import CalibrationPlan
from app.calibration.points import TargetPoint
from app.calibration.targets import Targets
from gazecore.geometry import Screen
from gazecore.live_gaze import LiveGaze
from gazecore.samples import GAZE_LABELS, GazeSamples
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import QUICK

if TYPE_CHECKING:
    from gazecore.messages import AnyMarker

Array = npt.NDArray[np.float64]
SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
CENTRE = TargetPoint(0.5, 0.5)
PX_PER_DEG = 650 * math.tan(math.radians(1)) * 1920 / 597.7


def _samples(
    left_px: Array,
    right_px: Array,
) -> GazeSamples:
    n = len(left_px)
    values = np.full((n, len(GAZE_LABELS)), np.nan)
    values[:, 0] = np.arange(n)
    for eye, xy_px in (("left", left_px), ("right", right_px)):
        xy_norm = SCREEN.to_norm(xy_px)
        for axis, column in zip("xy", xy_norm.T, strict=True):
            values[:, GAZE_LABELS.index(f"{eye}_gaze_{axis}")] = column
        valid = np.isfinite(xy_px).all(axis=1)
        values[:, GAZE_LABELS.index(f"{eye}_gaze_valid")] = valid
    return GazeSamples.from_channels(np.arange(n) / 120, values)


def _at(x_px: float, y_px: float, n: int = 60) -> Array:
    return np.tile(np.array([x_px, y_px], dtype=np.float64), (n, 1))


def _looked(offset_deg: float) -> Looked:
    xy = _at(960 + offset_deg * PX_PER_DEG, 540)
    return Looked(CENTRE, _samples(xy, xy), 60)


PLAN = CalibrationPlan(Calibration(max_accuracy_deg=1.0), SCREEN, fit_zoom=0.5)


def test_one_degree_beside_the_target_is_one_degree_for_each_eye() -> None:
    errors = measured(_looked(1.0), PLAN, None)
    assert [error.eye for error in errors] == ["left", "right", "both"]
    for error in errors:
        assert error.accuracy_deg == pytest.approx(1.0, abs=1e-9)
        assert error.data_loss == 0.0
        assert error.gaze_x_norm == pytest.approx(0.5 + PX_PER_DEG / 1920)
        assert error.gaze_y_norm == pytest.approx(0.5)


def test_samples_that_never_came_are_missing_and_blind_ones_invalid() -> None:
    xy = _at(960, 540)
    xy[:10] = np.nan
    both = measured(Looked(CENTRE, _samples(xy, xy), 80), PLAN, None)[2]
    assert both.data_loss == pytest.approx(1 - 50 / 80)
    assert both.missing_share == pytest.approx(20 / 80)
    assert both.invalid_share == pytest.approx(10 / 80)


@pytest.mark.parametrize("n", [0, 60])
def test_nothing_seen_has_no_place_and_full_loss(n: int) -> None:
    lost = np.full((n, 2), np.nan)
    errors = measured(Looked(CENTRE, _samples(lost, lost), 60), PLAN, None)
    assert {error.gaze_x_norm for error in errors} == {None}
    assert {error.data_loss for error in errors} == {1.0}


def test_the_verdict_is_the_median_against_the_protocols_limits() -> None:
    looked = [_looked(degrees) for degrees in (0.2, 0.5, 3.0)]
    passed = verdict(looked, PLAN, 7.0)
    assert passed.passed
    assert passed.accuracy_deg == pytest.approx(0.5, rel=1e-3)
    assert passed.accuracy_mean_deg == pytest.approx(3.7 / 3, rel=1e-2)
    assert passed.accuracy_image_px == pytest.approx(0.5 * PX_PER_DEG / 0.5, rel=1e-3)
    assert (len(passed.targets), passed.t_s) == (9, 7.0)
    strict = CalibrationPlan(Calibration(max_accuracy_deg=0.4), SCREEN)
    assert not verdict(looked, strict, 7.0).passed


@pytest.mark.usefixtures("lsl_session")
def test_a_stream_that_never_came_tells_no_display_area() -> None:
    assert area_seen(LiveGaze("no such gaze")) is None


@pytest.mark.usefixtures("lsl_session")
def test_a_look_ends_even_without_gaze() -> None:
    shown: list[TargetPoint | None] = []
    sent: list[AnyMarker] = []
    targets = Targets(sent.append, shown.append, QUICK)
    found: list[Looked] = []
    steps = look(targets, LiveGaze("no such gaze"), CENTRE, "validation", found.append)
    for wait_s in steps:
        assert isinstance(wait_s, float)
        time.sleep(wait_s)
    assert shown == [CENTRE, None]
    assert [marker.kind for marker in sent] == ["target_shown", "target_hidden"]
    assert (found[0].target, len(found[0].samples), found[0].expected) == (CENTRE, 0, 0)
