"""How late a sample was written, from the file alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.recording.lateness import lateness
from tests.gazecore.recording.material import RATE_HZ, write_gaze

if TYPE_CHECKING:
    from pathlib import Path

PER_FLUSH = 6


def test_each_sample_has_the_time_of_its_write(tmp_path: Path) -> None:
    """`write_gaze` flushes every 40 ms of its clock, which runs 100 s ahead of the sender's."""
    made = write_gaze(tmp_path / "a.xdf", flushes=5, per_flush=PER_FLUSH)
    late = lateness(made.path, "FocusStation gaze")
    assert late.t_sender_s.tobytes() == made.t_s.tobytes()
    writes_s = 5100.0 + 0.04 * np.arange(1, 6)
    np.testing.assert_allclose(late.written_s, np.repeat(writes_s, PER_FLUSH))
    first_s = 100.0 + 0.04 - np.arange(PER_FLUSH) / RATE_HZ
    np.testing.assert_allclose(late.delay_s[:PER_FLUSH], first_s)


def test_a_stream_that_is_not_there_gives_nothing(tmp_path: Path) -> None:
    made = write_gaze(tmp_path / "a.xdf", flushes=2)
    assert len(lateness(made.path, "another").delay_s) == 0


def test_what_is_not_proven_does_not_count(tmp_path: Path) -> None:
    made = write_gaze(tmp_path / "a.xdf", flushes=4, per_flush=PER_FLUSH, close=False)
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: made.flushed[-1] - 1])
    assert len(lateness(made.path, "FocusStation gaze").delay_s) == 3 * PER_FLUSH


def test_an_empty_file_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "a.xdf").touch()
    with pytest.raises(ValueError, match="empty"):
        lateness(tmp_path / "a.xdf", "any")
