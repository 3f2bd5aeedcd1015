"""Without a calibration; how one is given to the next tracker stands in `test_controller`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.acquisition.child import Child
from app.acquisition.tracker_link import TrackerLink
from gazecore.errors import ControlError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_tracker_that_cannot_take_the_calibration_is_said(tmp_path: Path) -> None:
    child = Child("tracker", tmp_path)
    link = TrackerLink(child)
    with pytest.raises(ControlError):
        link.call("status", {})
    assert link.calibrate_again() == ""
    child.start("simulated", "--rate", "60", "--name", "Link test gaze")
    try:
        assert link.call("status", {})["driver"] == "simulated"
        before = link.call("calibration_data", {})["data"]
        assert link.calibrate_again() == ("; its calibration was applied again" if before else "")
        link._calibration = "bm90IGEgY2FsaWJyYXRpb24="  # not a calibration
        assert "its calibration is lost" in link.calibrate_again()
        assert link.has_lost_calibration
        link.call("calibration_start", {})
        assert not link.has_lost_calibration
    finally:
        child.stop()
