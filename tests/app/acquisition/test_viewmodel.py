from __future__ import annotations

from app.acquisition.viewmodel import (
    AcquisitionStatus,
    RecorderStatus,
    StreamStatus,
    TrackerStatus,
)


def test_recorder_status_from_a_full_answer() -> None:
    status = RecorderStatus.from_answer(
        {
            "state": "recording",
            "streams": {
                "FocusStation gaze": {
                    "samples": 120,
                    "rate_hz": 119.8,
                    "age_s": 0.01,
                    "valid_share": 0.9,
                }
            },
            "markers_acknowledged": True,
            "bytes": 4096,
            "free_bytes": 10**9,
            "gaps": 2,
            "faults": ["stream lost"],
        }
    )
    gaze = status.streams["FocusStation gaze"]
    assert (gaze.samples, gaze.rate_hz, gaze.valid_share) == (120, 119.8, 0.9)
    assert status.has_acknowledged_markers
    assert (status.size_bytes, status.free_bytes, status.gaps) == (4096, 10**9, 2)
    assert status.faults == ("stream lost",)


def test_what_an_answer_leaves_out_is_unknown_not_zero() -> None:
    status = RecorderStatus.from_answer({"state": "waiting", "streams": {"x": {"rate_hz": None}}})
    assert not status.has_acknowledged_markers
    assert status.free_bytes is None
    assert status.streams["x"].rate_hz is None
    assert status.streams["x"].valid_share is None
    assert RecorderStatus.from_answer({"gaps": [1, 2, 3]}).gaps == 3


def test_tracker_status() -> None:
    status = TrackerStatus.from_answer(
        {"driver": "simulated", "rate_hz": 120, "sent": 7, "simulated": True, "more": 1}
    )
    assert status == TrackerStatus("simulated", 120.0, 7, True)


def test_trouble_is_a_broken_process_or_a_silent_tracker() -> None:
    def status(age_s: float | None) -> AcquisitionStatus:
        stream = StreamStatus("gaze", 10, 120.0, age_s, 1.0)
        return AcquisitionStatus(recorder=RecorderStatus("recording", {"gaze": stream}))

    assert status(0.1).trouble("gaze") == ""
    assert "no gaze" in status(1.5).trouble("gaze")
    assert "no gaze" in status(None).trouble("gaze")
    assert status(9.0).trouble("another") == ""
    assert AcquisitionStatus(problem="gone").trouble("gaze") == "gone"
