"""Maps of readings and the mean over readers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from gazecore.attention import ReadingFixations, attention_map, case_attention, mean_attention
from gazecore.attention.case import map_shape
from gazecore.errors import InvalidSettingError


def reading(rows: list[dict[str, Any]], **changes: Any) -> ReadingFixations:
    """A reading of a 400 x 600 image."""
    defaults = {
        "x_image_px": 300.0,
        "y_image_px": 200.0,
        "duration_s": 0.3,
        "sigma_x_image_px": 30.0,
        "sigma_y_image_px": 30.0,
        "in_viewport": True,
        "shown_left_px": 0.0,
        "shown_top_px": 0.0,
        "shown_right_px": 600.0,
        "shown_bottom_px": 400.0,
    }
    table = pl.DataFrame(
        [{**defaults, **row} for row in rows],
        schema={k: pl.Boolean if k == "in_viewport" else pl.Float64 for k in defaults},
    )
    return ReadingFixations("reading-000001", "case-0001", 400, 600, table, **changes)


def test_the_map_is_the_attention_map_of_the_scaled_image() -> None:
    rows = [
        {"x_image_px": 100.0, "duration_s": 0.2},
        {
            "x_image_px": 500.0,
            "duration_s": 0.6,
            "sigma_x_image_px": 12.0,
            "sigma_y_image_px": 15.0,
        },
    ]
    found = case_attention(reading(rows), longest_px=300)
    expected = attention_map(
        [[50, 100], [250, 100]], [0.2, 0.6], (200, 300), [[15.0, 15.0], [6.0, 7.5]]
    )
    assert found.map == pytest.approx(expected, abs=1e-6 * float(expected.max()))
    assert found.sigma_px == pytest.approx((0.25 * 30 + 0.75 * 12, 0.25 * 30 + 0.75 * 15))
    assert (found.used, found.dropped, found.readers) == (2, 0, 1)


def test_only_what_was_shown_is_attended() -> None:
    rows = [{"x_image_px": 300.0, "shown_left_px": 300.0}]
    found = case_attention(reading(rows), longest_px=600)
    assert found.map[:, :300].sum() == 0
    assert found.mass_inside == pytest.approx(0.5, abs=1e-4)


def test_fixations_outside_the_viewport_or_without_a_place_are_dropped() -> None:
    rows: list[dict[str, Any]] = [{}, {"in_viewport": False}, {"x_image_px": None}]
    found = case_attention(reading(rows))
    assert (found.used, found.dropped) == (1, 2)


def test_egd_counts_and_reflects() -> None:
    rows = [{"x_image_px": 0.0, "duration_s": 5.0}, {"x_image_px": 599.0, "duration_s": 0.1}]
    found = case_attention(reading(rows), "EGD-CXR", longest_px=300)
    assert found.map[:, :150].sum() == pytest.approx(found.map[:, 150:].sum(), rel=0.01)
    assert found.mass_inside == pytest.approx(1, abs=1e-3)
    assert found.sigma_px == (150.0, 150.0)


def test_a_fixation_cut_by_a_change_of_the_view_counts_once() -> None:
    cut = [{"x_image_px": 0.0, "duration_s": 0.1}, {"x_image_px": 0.0, "duration_s": 0.3}]
    made = reading([*cut, {"x_image_px": 599.0, "duration_s": 0.2}])
    numbered = made.fixations.with_columns(fixation=pl.Series([7, 7, 8]))
    found = case_attention(replace(made, fixations=numbered), "EGD-CXR", longest_px=300)
    assert found.map[:, :150].sum() == pytest.approx(found.map[:, 150:].sum(), rel=0.01)
    assert (found.used, found.dropped) == (3, 0)


def test_a_reading_without_fixations_has_an_empty_map() -> None:
    found = case_attention(reading([]))
    assert found.map.shape == (171, 256)
    assert found.map.sum() == 0
    assert found.mass_inside == 0
    assert np.isnan(found.sigma_px).all()


def test_the_mean_counts_each_reader_once_and_empty_maps_not() -> None:
    left = case_attention(reading([{"x_image_px": 100.0}] * 5))
    right = case_attention(reading([{"x_image_px": 500.0}], simulated=True))
    empty = case_attention(reading([]))
    mean = mean_attention([left, empty, right])
    assert mean.map == pytest.approx((left.map + right.map) / 2, abs=1e-9)
    assert (mean.readers, mean.used, mean.simulated) == (2, 6, True)
    alone = mean_attention([empty])
    assert alone.map.sum() == 0
    assert alone.readers == 0


def test_maps_of_different_shapes_have_no_mean() -> None:
    maps = [case_attention(reading([{}]), longest_px=size) for size in (100, 200)]
    with pytest.raises(InvalidSettingError, match="maps of one shape"):
        mean_attention(maps)


def test_shapes_never_grow() -> None:
    assert map_shape(3000, 2500, 256) == (256, 213)
    assert map_shape(100, 80, 256) == (100, 80)
    assert map_shape(10000, 10, 256) == (256, 1)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="EGD-CXR"):
        case_attention(reading([{}]), "heat")
