"""Counting samples by sequence number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from app.demo.losses import count_samples, read_truth, session_interval
from gazecore.messages import FrameShown, ScreenState, SessionEnded, SessionStarted

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.messages import AnyMarker


def _truth(n: int) -> pl.DataFrame:
    return pl.DataFrame({"sequence": np.arange(n), "t_s": np.arange(n) / 100})


def test_all_that_was_sent_in_the_session_counts() -> None:
    recorded = np.delete(np.arange(8, 92), [7, 8])
    counted = count_samples(_truth(100), recorded, 0.1, 0.895)
    assert (counted.sent, counted.recorded, counted.lost) == (80, 82, 2)


@pytest.mark.parametrize(("first", "last"), [(10, 60), (30, 90)])
def test_a_recording_cut_at_either_end_has_lost_samples(first: int, last: int) -> None:
    assert count_samples(_truth(100), np.arange(first, last), 0.1, 0.895).lost >= 20


def test_an_empty_recording_lost_everything() -> None:
    assert count_samples(_truth(7), np.array([], dtype=np.int64), 0.0, 1.0).lost == 7


def test_the_session_lies_between_its_markers() -> None:
    screen = ScreenState(width_px=1, height_px=1, width_mm=1, height_mm=1, distance_mm=1)
    markers: list[AnyMarker] = [
        SessionStarted(t_s=2.0, session_id="s", study_id="x", reader_id="r", screen=screen),
        FrameShown(t_s=3.0, serial=1),
        SessionEnded(t_s=4.0, session_id="s", reason="finished"),
    ]
    assert session_interval(markers) == (2.0, 4.0)


def test_a_cut_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("sequence,t_s,x_norm,y_norm,label,lost\n0,1.0,0.5,0.5,1,0\n1,1.01,0.5,0.")
    assert read_truth(path)["sequence"].to_list() == [0]
