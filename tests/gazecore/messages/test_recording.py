"""What recorder and tracker tell crosses unchanged."""

from __future__ import annotations

from gazecore.messages import (
    ClockOffsetMeasured,
    FaultFound,
    GapFound,
    Marker,
    StreamJoined,
    TrackerEvent,
    parse_marker,
)


def test_what_recorder_and_tracker_tell_crosses_unchanged() -> None:
    offset = ClockOffsetMeasured(
        t_s=3.0, stream="gaze", stream_id=1, collected_s=2.5, offset_s=-1e-4, uncertainty_s=5e-5
    )
    told: tuple[Marker, ...] = (
        GapFound(t_s=1.0, stream="gaze", from_s=0.5, to_s=0.75),
        FaultFound(t_s=1.0, source="station", detail="a <file> & more"),
        StreamJoined(t_s=1.0, stream="gaze", stream_id=2, header="<info/>"),
        TrackerEvent(t_s=1.0, event="lost", values={"reason": "cable"}),
        offset,
    )
    assert [parse_marker(each.to_json()) for each in told] == list(told)


def test_a_gap_of_unknown_length_has_no_count() -> None:
    gap = GapFound(t_s=1.0, stream="gaze", from_s=0.5, to_s=0.75)
    assert (gap.missing, gap.estimated) == (None, False)
