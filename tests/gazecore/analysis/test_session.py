"""One session from samples and markers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.analysis import analyse_session
from gazecore.errors import InputError
from gazecore.events import Label
from gazecore.geometry import Screen
from gazecore.study.protocol import Exclusion


def test_gaze_fixations_and_maps(sitting: Any) -> None:
    found = analyse_session(sitting.samples, sitting.markers, Exclusion())
    assert found.simulated
    assert found.gaze.height == len(sitting.t_s)
    assert set(found.gaze["label"].to_list()) <= {int(label) for label in Label}
    reading = found.readings[0]
    attention = found.attention(reading, "focusstation")
    assert attention.used == 5  # four fixations, one of them in two pieces
    assert attention.simulated
    row, column = np.unravel_index(attention.map.argmax(), attention.map.shape)
    peak_px = np.array([column + 0.5, row + 0.5]) * 600 / 256
    # Looked at through the zoomed view, where a degree is half as many image pixels.
    places_px = np.array([(150, 87.5), (300, 187.5)])
    assert np.hypot(*(places_px - peak_px).T).min() < 3


def test_only_own_fixations_make_a_readings_map(sitting: Any) -> None:
    found = analyse_session(sitting.samples, sitting.markers, Exclusion())
    first, second = (found.attention(reading, "focusstation") for reading in found.readings)
    inside = found.fixations.filter(found.fixations["reading_id"].is_not_null()).height
    assert first.used + second.used + first.dropped + second.dropped == inside


def test_a_screen_given_goes_before_the_sessions(sitting: Any) -> None:
    other = Screen(3840, 2160, 597.7, 336.2, 650)
    found = analyse_session(sitting.samples, sitting.markers, Exclusion(), screen=other)
    assert found.gaze["x_screen_px"][0] == pytest.approx(600)


def test_without_a_session_the_screen_is_unknown(sitting: Any) -> None:
    with pytest.raises(InputError, match="no screen"):
        analyse_session(sitting.samples, sitting.markers[1:], Exclusion())
