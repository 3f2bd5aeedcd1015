"""Corrections known by their hash, and what they make of grey levels."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from gazecore.display.correction import DisplayCorrection, dimmed_levels, shown_levels
from gazecore.display.curve import correction_table
from gazecore.errors import DisplayCorrectionError
from tests.gazecore.display.conftest import GAMMA_22

CORRECTION = DisplayCorrection.of_curve(GAMMA_22)
ALL = np.arange(256, dtype=np.uint8)


def test_a_correction_goes_through_a_marker_and_comes_back() -> None:
    state = CORRECTION.state()
    assert DisplayCorrection.of_state(state) == CORRECTION
    assert state.sha256 == hashlib.sha256(correction_table(GAMMA_22).tobytes()).hexdigest()
    assert state.name == "gamma 2.2"


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"table": "00" * 256}, {"table": "xy"}])
def test_a_table_that_is_not_its_hashs_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(DisplayCorrectionError, match="not the one on record"):
        DisplayCorrection.of_state(CORRECTION.state().model_copy(update=change))


def test_levels_are_dimmed_then_corrected() -> None:
    assert shown_levels(ALL) is ALL
    np.testing.assert_array_equal(
        shown_levels(ALL, correction=CORRECTION), CORRECTION.driving_levels
    )
    both = shown_levels(ALL, white_level=180, correction=CORRECTION)
    np.testing.assert_array_equal(both, CORRECTION.driving_levels[dimmed_levels(180)])
    assert both[0] == 0


@pytest.mark.parametrize("white", [0, 1, 127, 168, 255])
def test_dimming_rounds_to_the_nearest_level(white: int) -> None:
    np.testing.assert_array_equal(
        dimmed_levels(white), np.floor(np.arange(256) * white / 255 + 0.5)
    )
