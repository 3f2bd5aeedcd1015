"""Which eyes are seen, in words."""

from __future__ import annotations

import numpy as np
import pytest

from app.calibration.eyes import EyesSeen, eyes_seen
from gazecore.samples import GAZE_LABELS, GazeSamples


def _samples(left_share: float, right_share: float, *, n: int = 40) -> GazeSamples:
    values = np.full((n, len(GAZE_LABELS)), 0.5)
    for eye, share in (("left", left_share), ("right", right_share)):
        seen = np.arange(n) < share * n
        for flag in ("gaze_valid", "origin_valid"):
            values[:, GAZE_LABELS.index(f"{eye}_{flag}")] = seen
        for axis, mm in zip("xyz", (0.0, 0.0, 652.0), strict=True):
            values[:, GAZE_LABELS.index(f"{eye}_origin_user_{axis}")] = mm
    return GazeSamples.from_channels(np.arange(n) / 100, values)


@pytest.mark.parametrize(
    ("left", "right", "text", "well"),
    [
        (1.0, 1.0, "Both eyes are seen, 65 cm from the tracker", True),
        (0.5, 0.5, "Both eyes are seen, 65 cm from the tracker", True),
        (1.0, 0.2, "The right eye is not seen", False),
        (0.4, 0.9, "The left eye is not seen", False),
        (0.0, 0.0, "No eyes are seen: move into the tracker's view", False),
    ],
)
def test_eyes_in_words(left: float, right: float, text: str, well: bool) -> None:
    seen = eyes_seen(_samples(left, right))
    assert (seen.text(), seen.is_well) == (text, well)


def test_without_samples_no_gaze_arrives() -> None:
    assert eyes_seen(_samples(1, 1, n=0)) == EyesSeen()
    assert EyesSeen().text() == "No gaze arrives yet"


def test_a_tracker_that_tells_no_distance() -> None:
    assert EyesSeen(is_live=True, left=True, right=True).text() == "Both eyes are seen"
