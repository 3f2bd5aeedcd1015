"""Scanpaths from the fixations of a reading."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gazecore.errors import InvalidSettingError
from gazecore.scanpaths import Scanpath


def test_pieces_become_one_fixation_and_the_unseen_are_left_out() -> None:
    table = pl.DataFrame(
        {
            "fixation": [0, 1, 1, 2, 3, 4],
            "onset_s": [0.0, 1.0, 1.2, 2.0, 3.0, 4.0],
            "duration_s": [0.3, 0.2, 0.5, 0.4, 0.1, 0.6],
            "x_image_px": [10.0, 20.0, 25.0, None, 30.0, 40.0],
            "y_image_px": [1.0, 2.0, 2.5, None, 3.0, 4.0],
            "in_viewport": [True, True, True, False, False, True],
        }
    )
    found = Scanpath.of_reading(table)
    assert found.xy_px.tolist() == [[10, 1], [25, 2.5], [40, 4]]
    assert found.duration_s.tolist() == pytest.approx([0.3, 0.7, 0.6])
    assert len(Scanpath.of_reading(table.head(0))) == 0


@pytest.mark.parametrize(
    ("xy_px", "duration_s"),
    [([[1, 1]], [0.1, 0.2]), ([[1, np.nan]], [0.1]), ([[1, 1]], [-0.1]), ([[1, 1, 1]], [0.1])],
)
def test_what_is_no_scanpath_is_refused(xy_px: list[list[float]], duration_s: list[float]) -> None:
    with pytest.raises(InvalidSettingError, match="scanpath"):
        Scanpath(np.array(xy_px, dtype=float), np.array(duration_s))
