from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import FocusStationError
from gazecore.export.recorded_session import (
    RecordedSession,
    first_time_s,
    is_simulated,
    median_rate_hz,
    read_session,
    recorded_session,
)
from gazecore.messages import CaseOpened, KeyPressed
from gazecore.samples import GAZE_CHANNELS, GazeSamples

from .recordings import gaze_values, write_recording

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


def _samples(t_s: list[float]) -> GazeSamples:
    return GazeSamples.from_channels(t_s, np.zeros((len(t_s), len(GAZE_CHANNELS))))


def test_the_clock_starts_anew_and_intervals_stay(study: Study, recorded: RecordedSession) -> None:
    assert recorded.samples.t_s[0] == 0
    assert recorded.markers[0].t_s == 0
    assert np.diff(recorded.samples.t_s) == pytest.approx(0.01)
    assert recorded.rate_hz == 100
    assert recorded.simulated
    first, second, third = (
        recorded.interval_s(reading.reading_id) for reading in study.readings()[:3]
    )
    assert (first, second, third) == ((1.0, 3.0), (4.0, 6.0), (7.0, 9.0))
    assert recorded.interval_s("reading-999999") is None
    between = recorded.markers_between(4.0, 6.0)
    assert between == tuple(m for m in recorded.markers if 4.0 <= m.t_s < 6.0)
    assert len(between) > 5


def test_a_reading_that_was_cut_off_ends_with_what_is_known() -> None:
    opened = CaseOpened(
        t_s=2.0,
        reading_id="reading-000001",
        case_id="case-0001",
        image_width_px=1,
        image_height_px=1,
    )
    again = opened.model_copy(update={"t_s": 5.0, "reading_id": "reading-000002"})
    last = KeyPressed(t_s=7.0, key="1")
    session = recorded_session(_samples([2.0, 3.0, 8.0]), (opened, again, last), {})
    assert session.origin_s == 2.0
    assert session.interval_s("reading-000001") == (0.0, 3.0)
    assert session.interval_s("reading-000002") == (3.0, 5.0)


def test_the_rate_is_the_stated_one_or_by_the_median() -> None:
    samples = _samples([0.0, 0.01, 0.02, 0.5])
    assert recorded_session(samples, (), {}, 90.0).rate_hz == 90
    assert recorded_session(samples, (), {}).rate_hz == 100
    assert median_rate_hz(_samples([1.0])) == 0


def test_first_time_and_simulation_are_found_in_either() -> None:
    key = KeyPressed(t_s=3.0, key="1")
    assert first_time_s(_samples([4.0]), (key,)) == 3.0
    assert first_time_s(_samples([]), ()) == 0.0
    assert is_simulated((), {"simulated": "true"})
    assert not is_simulated((key,), {"simulated": "false"})


def test_the_screen_is_the_one_recorded() -> None:
    with pytest.raises(FocusStationError, match="no screen"):
        recorded_session(_samples([1.0]), (), {}).screen()


def test_times_that_fall_are_kept_in_the_order_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.xdf"
    markers = (KeyPressed(t_s=1.0, key="1"),)
    write_recording(path, np.array([1.0, 2.0, 1.5, 3.0]), gaze_values(4), markers)
    session = read_session(path)
    inside = session.samples_between(0.0, 1.5)
    assert inside.t_s.tolist() == [0.0, 1.0, 0.5]
    assert inside.sequence.tolist() == [0, 1, 2]
