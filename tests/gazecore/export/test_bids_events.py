from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.export.bids_events import COLUMNS, SCHEMA, event_rows
from gazecore.export.view_states import states_by_serial
from gazecore.messages import FrameShown, GapFound, ViewportChanged

if TYPE_CHECKING:
    from gazecore.export.recorded_session import RecordedSession
    from gazecore.study import Study


def test_events_of_a_reading(study: Study, recorded: RecordedSession) -> None:
    second = study.readings()[1]
    interval_s = recorded.interval_s(second.reading_id)
    assert interval_s is not None
    markers, states = recorded.markers_between(*interval_s), states_by_serial(recorded.markers)
    table = event_rows(markers, states, second, interval_s)
    kinds = table["trial_type"].to_list()
    assert kinds == ["case", "viewport", "viewport", "key", "answer"]  # repaints add nothing
    onsets = [round(onset, 6) for onset in table["onset"]]
    assert onsets == [0.0, 0.01, 1.01, 1.98, 1.99]
    assert table["duration"].to_list() == [2.0, None, None, None, None]
    assert table["viewport_serial"].to_list() == [None, 3, 4, None, None]
    assert table["image_to_screen"][2] == "20.0 0.0 100.0 0.0 20.0 50.0 0.0 0.0 1.0"
    assert table["viewport"].to_list() == [None, 0, 0, None, None]
    assert table["window_center"].to_list()[1:3] == [100.0, 101.0]
    assert table["value"].to_list()[3:] == ["1", "grade=1"]


def test_every_column_is_described() -> None:
    assert list(COLUMNS) == list(SCHEMA)


def test_gaps_are_told_and_frames_without_a_state_are_not(study: Study) -> None:
    reading = study.readings()[0]
    markers = (
        FrameShown(t_s=1.0, serial=99),
        GapFound(t_s=1.5, stream="FocusStation gaze", from_s=1.2, to_s=1.4),
    )
    table = event_rows(markers, {}, reading, (0.5, 5.0))
    assert table["trial_type"].to_list() == ["gap"]
    assert len(event_rows((), {}, reading, (0.0, 1.0))) == 0


def test_two_viewports_painted_in_turn_are_a_row_each(
    study: Study, recorded: RecordedSession
) -> None:
    known = next(m for m in recorded.markers if isinstance(m, ViewportChanged))
    states = {k: known.model_copy(update={"serial": k, "viewport": k}) for k in (0, 1)}
    markers = tuple(FrameShown(t_s=1.0 + k / 10, serial=k % 2) for k in range(6))
    table = event_rows(markers, states, study.readings()[0], (0.5, 5.0))
    assert table["viewport"].to_list() == table["viewport_serial"].to_list() == [0, 1]
