"""Fixations in pieces as arrays are those of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.analysis import analyse_session
from gazecore.analysis.fixation_pieces import EyeGaze
from gazecore.analysis.history import session_history
from gazecore.analysis.shown_states import ShownStates
from gazecore.events import PRESETS
from gazecore.study.protocol import Exclusion

if TYPE_CHECKING:
    import polars as pl


def eye_gaze(sitting: Any, gaze: pl.DataFrame) -> EyeGaze:
    """The gaze with what was shown."""
    history = session_history(sitting.markers)
    return EyeGaze(gaze, history, ShownStates.of(history), sitting.screen)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_same_as_the_table(sitting: Any, preset: str) -> None:
    lost = np.random.default_rng(0).random(len(sitting.t_s)) < 0.05
    sitting.channels[lost] = np.nan
    found = analyse_session(sitting.samples, sitting.markers, Exclusion(), preset=preset)
    table = found.fixations
    pieces = eye_gaze(sitting, found.gaze).pieces(PRESETS[preset])
    assert pieces.duration_s == pytest.approx(table["duration_s"].to_numpy())
    assert pieces.fixation.tolist() == table["fixation"].to_list()
    for values, names in (
        (pieces.xy_image_px, ("x_image_px", "y_image_px")),
        (pieces.sigma_px, ("sigma_x_image_px", "sigma_y_image_px")),
        (pieces.shown_px, tuple(f"shown_{s}_px" for s in ("left", "top", "right", "bottom"))),
    ):
        expected = table.select(names).to_numpy().astype(float)
        assert values == pytest.approx(expected, nan_ok=True)
    assert pieces.on_image.tolist() == table["on_image"].to_list()
    assert pieces.in_viewport.tolist() == table["in_viewport"].to_list()
    assert pieces.of_case.all()


def test_nothing_seen_gives_no_pieces(sitting: Any) -> None:
    sitting.channels[:] = np.nan
    found = analyse_session(sitting.samples, sitting.markers, Exclusion())
    for detector in PRESETS.values():
        assert not len(eye_gaze(sitting, found.gaze).pieces(detector).fixation)
    assert not len(eye_gaze(sitting, found.gaze.clear()).pieces(PRESETS["I-DT"]).fixation)
