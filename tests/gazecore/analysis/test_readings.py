"""When each case was read."""

from __future__ import annotations

from typing import Any

import numpy as np

from gazecore.analysis import reading_intervals
from gazecore.analysis.readings import reading_at
from gazecore.messages import CaseClosed, CaseOpened, SessionEnded, StateRepeated


def test_from_opened_to_closed(sitting: Any) -> None:
    first, second = reading_intervals(sitting.markers)
    assert (first.reading_id, first.case_id) == ("reading-000001", "case-0001")
    assert (first.start_s, first.stop_s, first.closed) == (1001.0, 1003.0, True)
    assert (second.start_s, second.stop_s) == (1004.0, 1006.0)
    assert (second.image_width_px, second.image_height_px) == (600, 400)


def test_an_end_that_is_missing(sitting: Any) -> None:
    unclosed = [m for m in sitting.markers if not isinstance(m, CaseClosed)]
    first, second = reading_intervals(unclosed)
    assert (first.stop_s, first.closed) == (1004.0, False)
    assert (second.stop_s, second.closed) == (1007.0, False)
    cut_off = [m for m in unclosed if not isinstance(m, SessionEnded)]
    assert reading_intervals(cut_off)[1].stop_s == 1005.5


def test_a_beginning_that_is_missing_comes_from_the_repeated_state(sitting: Any) -> None:
    opened = next(m for m in sitting.markers if isinstance(m, CaseOpened))
    late = [
        StateRepeated(t_s=1001.5, case=opened),
        StateRepeated(t_s=1002.5, case=opened),
        *(m for m in sitting.markers if m.t_s > 1002.5),
    ]
    first, _ = reading_intervals(late)
    assert (first.reading_id, first.start_s, first.stop_s) == ("reading-000001", 1001.5, 1003.0)


def test_which_reading_at_a_time(sitting: Any) -> None:
    readings = reading_intervals(sitting.markers)
    at = np.array([1000.0, 1001.0, 1002.9, 1003.0, 1003.5, 1004.0, 1006.0])
    assert reading_at(readings, at).tolist() == [-1, 0, 0, -1, -1, 1, -1]
    assert reading_at((), at).tolist() == [-1] * 7
    assert reading_intervals([]) == ()
