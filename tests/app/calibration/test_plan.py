"""A plan's defaults: both eyes, a dark grey, the tracker can be calibrated."""

from __future__ import annotations

from app.calibration.plan import DEFAULT_LEVEL, CalibrationPlan
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import SCREEN


def test_a_plan_needs_only_settings_and_screen() -> None:
    plan = CalibrationPlan(Calibration(), SCREEN)
    assert (plan.eye, plan.background_level, plan.can_calibrate) == ("both", DEFAULT_LEVEL, True)
    assert (plan.kept, plan.fit_zoom, plan.is_midway) == (None, None, False)
    assert DEFAULT_LEVEL < 60
