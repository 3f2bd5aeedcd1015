"""Counting samples by sequence number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.demo.losses import count_samples, read_truth

if TYPE_CHECKING:
    from pathlib import Path


def test_only_the_time_the_recorder_was_there_counts() -> None:
    sent = np.arange(100)
    recorded = np.delete(np.arange(10, 90), [5, 6])
    counted = count_samples(sent, recorded)
    assert (counted.sent, counted.recorded, counted.lost) == (80, 78, 2)


def test_an_empty_recording_lost_everything() -> None:
    assert count_samples(np.arange(7), np.array([], dtype=np.int64)).lost == 7


def test_a_cut_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("sequence,t_s,x_norm,y_norm,label,lost\n0,1.0,0.5,0.5,1,0\n1,1.01,0.5,0.")
    assert read_truth(path)["sequence"].to_list() == [0]
