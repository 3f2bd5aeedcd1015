"""Samples on the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gazecore.analysis import gaze_on_image
from gazecore.analysis.gaze_table import chosen, in_time_order
from gazecore.geometry import Transform
from gazecore.messages import ViewportChanged
from gazecore.samples import GAZE_LABELS, GazeSamples


def test_each_sample_through_the_view_of_its_time(sitting: Any) -> None:
    table = gaze_on_image(sitting.samples, sitting.markers, sitting.screen)
    assert table.height == len(sitting.t_s)
    for start_s, stop_s, elements in (
        (1001.02, 1002.02, (2.0, 0.0, 100.0, 0.0, 2.0, 50.0, 0.0, 0.0, 1.0)),
        (1002.02, 1003.0, (4.0, 0.0, -300.0, 0.0, 4.0, -100.0, 0.0, 0.0, 1.0)),
    ):
        rows = table.filter(pl.col("t_s").is_between(start_s, stop_s, closed="left"))
        on_screen = rows.select("x_screen_px", "y_screen_px").to_numpy()
        on_image = rows.select("x_image_px", "y_image_px").to_numpy()
        assert on_image == pytest.approx(Transform(elements).to_image(on_screen))
        assert rows["reading_id"].unique().to_list() == ["reading-000001"]
        assert rows["on_image"].all()


def test_between_readings_and_before_the_first_frame_there_is_no_image(sitting: Any) -> None:
    table = gaze_on_image(sitting.samples, sitting.markers, sitting.screen)
    before_paint = table.filter(pl.col("t_s").is_between(1001.0, 1001.02, closed="left"))
    assert before_paint["reading_id"].to_list() == ["reading-000001"] * before_paint.height
    assert before_paint["viewport_serial"].null_count() == before_paint.height == 5
    between = table.filter(pl.col("t_s").is_between(1003.0, 1004.0, closed="left"))
    for name in ("reading_id", "case_id", "viewport_serial", "x_image_px", "y_image_px"):
        assert between[name].null_count() == between.height > 0
    assert between["x_screen_px"].null_count() == 0


def test_lost_is_null_and_off_image_is_flagged_not_clamped(sitting: Any) -> None:
    channels = sitting.channels.copy()
    columns = [GAZE_LABELS.index(f"{eye}_gaze_x") for eye in ("left", "right")]
    channels[:400, columns] = np.nan
    channels[400:, columns] = 0.01
    samples = GazeSamples.from_channels(sitting.t_s, channels)
    table = gaze_on_image(samples, sitting.markers, sitting.screen)
    assert table["x_screen_px"].null_count() == table["y_screen_px"].null_count() == 400
    seen = table.filter(pl.col("x_image_px").is_not_null())
    first = seen.row(0, named=True)
    assert first["x_image_px"] == pytest.approx((19.2 - 100) / 2)
    fitted = seen.filter(pl.col("viewport_serial").is_in([0, 2]))
    assert fitted.height > 0
    assert not fitted["on_image"].any()
    assert seen["in_viewport"].all()
    assert not table[:400]["on_image"].any()


def test_rows_are_in_time_order_without_timeless_samples(sitting: Any) -> None:
    order = np.random.default_rng(0).permutation(len(sitting.t_s))
    t_s = sitting.t_s[order].copy()
    t_s[3] = np.nan
    mixed = gaze_on_image(
        GazeSamples.from_channels(t_s, sitting.channels[order]), sitting.markers, sitting.screen
    )
    straight = gaze_on_image(sitting.samples, sitting.markers, sitting.screen)
    assert mixed.equals(straight.filter(pl.col("t_s") != sitting.t_s[order[3]]))


def test_the_screen_comes_from_the_session_by_default(sitting: Any) -> None:
    given = gaze_on_image(sitting.samples, sitting.markers, sitting.screen)
    assert gaze_on_image(sitting.samples, sitting.markers).equals(given)


def test_nothing_recorded_gives_an_empty_table_of_the_same_columns(sitting: Any) -> None:
    empty = gaze_on_image(sitting.samples.between(0, 1), sitting.markers)
    full = gaze_on_image(sitting.samples, sitting.markers)
    assert empty.height == 0
    assert empty.schema == full.schema


def test_ordered_samples_are_not_copied(sitting: Any) -> None:
    samples = sitting.samples
    assert in_time_order(samples) is samples


def test_chosen_is_null_for_minus_one() -> None:
    assert chosen(["a", "b"], np.array([1, -1, 0]), pl.String).to_list() == ["b", None, "a"]
    assert chosen([], np.array([-1]), pl.Int64).to_list() == [None]


def test_the_frame_of_a_multi_frame_image_is_told(sitting: Any) -> None:
    markers = tuple(
        m.model_copy(update={"window": m.window.model_copy(update={"frame": 7 + m.serial})})
        if isinstance(m, ViewportChanged)
        else m
        for m in sitting.markers
    )
    table = gaze_on_image(sitting.samples, markers, sitting.screen)
    seen = table.filter(pl.col("viewport_serial").is_not_null())
    assert (seen["frame"] == 7 + seen["viewport_serial"]).all()
    assert table["frame"].null_count() == table["viewport_serial"].null_count()
