"""Looking at areas of interest: a made reading, told by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr

from gazecore.attention.aois import box_aoi
from gazecore.attention.dwell import ReadingTime, aoi_dwell

LEFT, RIGHT = box_aoi("left", 0, 0, 100, 400), box_aoi("right", 500, 0, 600, 400)
TIME = ReadingTime(start_s=100.0, duration_s=10.0)


def pieces(*rows: tuple[int, float, float, float | None], **changes: Any) -> pl.DataFrame:
    """Pieces (fixation, onset, duration, x) at half height."""
    table = pl.DataFrame(
        rows,
        schema={
            "fixation": pl.Int64,
            "onset_s": pl.Float64,
            "duration_s": pl.Float64,
            "x_image_px": pl.Float64,
        },
        orient="row",
    )
    return table.with_columns(
        y_image_px=pl.lit(200.0),
        in_viewport=pl.lit(value=True),
        sigma_x_image_px=pl.lit(30.0),
        sigma_y_image_px=pl.lit(40.0),
    ).with_columns(**changes)


MADE = pieces(
    (0, 100.5, 0.2, 300.0),
    (1, 101.0, 0.3, 50.0),
    (2, 101.5, 0.4, 60.0),
    (3, 102.0, 0.5, 550.0),
    (4, 103.0, 0.1, 50.0),
    (4, 103.1, 0.2, 70.0),  # the same fixation after a zoom
    (5, 104.0, 0.3, None),
)


def test_one_reading_told_by_hand() -> None:
    left, right = aoi_dwell(MADE, [LEFT, RIGHT], TIME)
    assert asdict(left) == pytest.approx(
        {
            "aoi": "left",
            "dwell_s": 1.0,
            "fixations": 3,
            "visits": 2,
            "revisits": 1,
            "first_fixation_s": 1.0,
            "first_visit_s": 0.7,
            "share_of_fixations": 1.0 / 1.7,
            "share_of_reading": 0.1,
            "expected_dwell_s": None,
            "expected_fixations": None,
        }
    )
    assert (right.visits, right.revisits, right.fixations) == (1, 0, 1)
    assert right.first_fixation_s == pytest.approx(2.0)


def test_an_area_never_seen() -> None:
    (found,) = aoi_dwell(MADE, [box_aoi("none", 200, 0, 210, 10)], TIME, accuracy_deg=0.5)
    assert (found.dwell_s, found.fixations, found.visits, found.revisits) == (0, 0, 0, 0)
    assert found.first_fixation_s is None
    assert found.first_visit_s == 0
    assert found.expected_dwell_s is not None
    assert found.expected_dwell_s < 1e-3


def test_a_reading_without_fixations() -> None:
    (found,) = aoi_dwell(pieces(), [LEFT], TIME, accuracy_deg=0.5)
    assert (found.dwell_s, found.share_of_fixations, found.share_of_reading) == (0, None, 0)
    assert (found.expected_dwell_s, found.expected_fixations) == (0, 0)


def test_what_lies_outside_the_viewport_is_elsewhere_and_what_is_lost_nowhere() -> None:
    cut = pieces(
        (0, 101.0, 0.3, 50.0),
        (1, 101.5, 0.3, None),
        (2, 102.0, 0.3, 50.0),
        (3, 102.5, 0.3, 50.0),
        (4, 103.0, 0.3, 50.0),
        in_viewport=pl.col("fixation") != 3,
    )
    (found,) = aoi_dwell(cut, [LEFT], TIME)
    assert (found.visits, found.fixations) == (2, 3)
    assert found.first_visit_s == pytest.approx(0.6)


def test_a_zoom_that_carries_the_area_away_ends_the_visit() -> None:
    (found,) = aoi_dwell(pieces((0, 101.0, 0.2, 50.0), (0, 101.2, 0.6, 300.0)), [LEFT], TIME)
    assert (found.fixations, found.visits) == (1, 1)
    assert found.dwell_s == pytest.approx(0.2)


def test_by_probability_of_a_straight_edge() -> None:
    table = pieces((0, 101.0, 0.4, 100.0), (1, 102.0, 0.4, 85.0), (1, 102.4, 0.6, 145.0))
    accuracy_deg = 0.5
    (found,) = aoi_dwell(table, [LEFT], TIME, accuracy_deg=accuracy_deg)
    sigma_px = 30 * accuracy_deg / np.sqrt(np.pi / 2)
    inside = ndtr((100 - np.array([100.0, 85.0, 145.0])) / sigma_px)
    assert found.expected_dwell_s == pytest.approx(inside @ [0.4, 0.4, 0.6], abs=1e-3)
    assert found.expected_fixations == pytest.approx(inside[0] + inside[1], abs=1e-3)
    assert found.fixations == 1


def test_a_perfect_tracker_expects_what_is_counted() -> None:
    for found in aoi_dwell(MADE, [LEFT, RIGHT], TIME, accuracy_deg=0.0):
        assert found.expected_dwell_s == pytest.approx(found.dwell_s)
        assert found.expected_fixations == pytest.approx(found.fixations)
