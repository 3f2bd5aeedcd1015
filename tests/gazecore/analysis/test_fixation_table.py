"""Fixations on the image, split under changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from gazecore.analysis import fixations_on_image, gaze_on_image
from gazecore.events import detect_events
from gazecore.messages import ViewportChanged


def tables(sitting: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fixations on the screen and on the image."""
    gaze = gaze_on_image(sitting.samples, sitting.markers)
    xy_px = gaze.select("x_screen_px", "y_screen_px").to_numpy()
    fixations = detect_events(gaze["t_s"].to_numpy(), xy_px, sitting.screen).fixations
    return fixations, fixations_on_image(gaze, fixations, sitting.markers, sitting.screen)


def test_pieces_join_to_whole_fixations(sitting: Any) -> None:
    fixations, pieces = tables(sitting)
    joined = pieces.group_by("fixation", maintain_order=True).agg(
        pl.col("onset_s").min(), pl.col("offset_s").max(), pl.col("duration_s").sum()
    )
    assert joined["onset_s"].to_list() == pytest.approx(fixations["onset_s"].to_list())
    assert joined["offset_s"].to_list() == pytest.approx(fixations["offset_s"].to_list())
    assert joined["duration_s"].to_list() == pytest.approx(fixations["duration_s"].to_list())
    assert pieces["samples"].sum() == fixations["samples"].sum()


def test_a_fixation_is_split_where_the_view_changes(sitting: Any) -> None:
    _, pieces = tables(sitting)
    around = pieces.filter((pl.col("onset_s") < 1002.1) & (pl.col("offset_s") > 1001.99))
    split = around.filter(pl.col("fixation") == around["fixation"][-1])
    assert split["piece"].to_list() == list(range(split.height))
    assert split["viewport_serial"].to_list() == [0, 1]
    assert split["onset_s"][1] == pytest.approx(1002.02, abs=0.004)
    assert split["x_image_px"].to_list() == pytest.approx([100.0, 150.0])
    assert split["y_image_px"].to_list() == pytest.approx([100.0, 87.5])


def test_sigma_is_a_degree_in_that_view(sitting: Any) -> None:
    _, pieces = tables(sitting)
    for serial, scale in ((0, 2.0), (1, 4.0)):
        row = pieces.filter(pl.col("viewport_serial") == serial).row(0, named=True)
        on_screen = np.array([[row["x_screen_px"], row["y_screen_px"]]])
        expected = sitting.screen.px_per_deg(on_screen)[0] / scale
        sigma = (row["sigma_x_image_px"], row["sigma_y_image_px"])
        assert sigma == pytest.approx(expected, rel=1e-3)


def test_sigma_follows_the_image_axes_when_turned(sitting: Any) -> None:
    turned = (0.0, -2.0, 1300.0, 3.0, 0.0, 50.0, 0.0, 0.0, 1.0)
    markers = tuple(
        m.model_copy(update={"transform": turned}) if isinstance(m, ViewportChanged) else m
        for m in sitting.markers
    )
    _, pieces = tables(replace(sitting, markers=markers))
    row = pieces.filter(pl.col("viewport_serial") == 0).row(0, named=True)
    on_screen = np.array([[row["x_screen_px"], row["y_screen_px"]]])
    per_deg_x, per_deg_y = sitting.screen.px_per_deg(on_screen)[0]
    sigma = (row["sigma_x_image_px"], row["sigma_y_image_px"])
    assert sigma == pytest.approx((per_deg_y / 3, per_deg_x / 2), rel=1e-3)


def test_the_part_shown_is_that_of_the_view(sitting: Any) -> None:
    _, pieces = tables(sitting)
    zoomed = pieces.filter(pl.col("viewport_serial") == 1).row(0, named=True)
    shown = [zoomed[f"shown_{side}_px"] for side in ("left", "top", "right", "bottom")]
    assert shown == pytest.approx([75.0, 25.0, 475.0, 295.0])


def test_between_readings_a_fixation_has_no_image(sitting: Any) -> None:
    _, pieces = tables(sitting)
    between = pieces.filter(pl.col("reading_id").is_null())
    assert between.height > 0
    for name in ("x_image_px", "sigma_x_image_px", "shown_left_px", "viewport_serial"):
        assert between[name].null_count() == between.height
    assert not between["on_image"].any()
    assert not between["in_viewport"].any()


def test_no_fixation_gives_an_empty_table_of_the_same_columns(sitting: Any) -> None:
    fixations, pieces = tables(sitting)
    gaze = gaze_on_image(sitting.samples, sitting.markers)
    empty = fixations_on_image(gaze, fixations.clear(), sitting.markers, sitting.screen)
    assert empty.height == 0
    assert empty.schema == pieces.schema


def test_the_frame_of_a_multi_frame_image_is_told(sitting: Any) -> None:
    markers = tuple(
        m.model_copy(update={"window": m.window.model_copy(update={"frame": m.serial % 2})})
        if isinstance(m, ViewportChanged)
        else m
        for m in sitting.markers
    )
    _, pieces = tables(replace(sitting, markers=markers))
    seen = pieces.filter(pl.col("viewport_serial").is_not_null())
    assert (seen["frame"] == seen["viewport_serial"] % 2).all()
    assert set(seen["frame"]) == {0, 1}
    assert pieces.filter(pl.col("viewport_serial").is_null())["frame"].null_count() > 0
