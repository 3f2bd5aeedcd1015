from __future__ import annotations

from typing import TYPE_CHECKING

from app.acquisition.viewmodel import (
    OutletQuestion,
    RecorderStatus,
    Restarts,
    TrackerChoice,
    TrackerStatus,
    with_next_truth,
)

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_tracker_tells_what_has_to_be_known_and_which_screen_it_takes_this_for() -> None:
    status = TrackerStatus.from_answer(
        {"driver": "tobii", "notices": ["a", "b"], "display_area_mm": [527.0, 296.0]}
    )
    assert (status.notices, status.display_area_mm) == (("a", "b"), (527.0, 296.0))
    assert status.notices_on((527.0, 296.0)) == ("A.\n\nB.",)
    (told,) = status.notices_on((600.0, 340.0))
    assert told.startswith("The tracker's display area is 527 x 296 mm, the screen 600")
    assert told.endswith("\n\nA.\n\nB.")
    assert TrackerStatus.from_answer({"display_area_mm": None}).notices_on((1.0, 1.0)) == ()


def claim(uid: str, host: str, source: str, *, is_recorded: bool = False) -> dict[str, object]:
    return {"uid": uid, "hostname": host, "source_id": source, "is_recorded": is_recorded}


def question(*claims: dict[str, object]) -> OutletQuestion:
    answer = {"questions": [{"stream": "gaze", "candidates": list(claims)}]}
    (asked,) = RecorderStatus.from_answer(answer).questions
    return asked


def test_a_question_names_hosts_and_keys() -> None:
    asked = question(claim("1", "lab-1", "a", is_recorded=True), claim("2", "lab-2", "a"))
    assert asked.is_recorded
    assert asked.sentence("Alt") == (
        "which outlet is gaze?  Alt+1 lab-1 (recorded now) · Alt+2 lab-2"
    )


def test_outlets_of_one_host_are_named_by_their_source() -> None:
    asked = question(claim("12345678-9", "lab", ""), claim("2", "lab", "eye-7"))
    assert not asked.is_recorded
    assert asked.sentence("Alt") == "which outlet is gaze?  Alt+1 12345678 · Alt+2 eye-7"


def test_outlets_that_say_the_same_are_told_apart_by_their_uid() -> None:
    asked = question(claim("ab12-9", "lab", "x", is_recorded=True), claim("cd34-9", "lab", "x"))
    assert asked.sentence("Alt").endswith("Alt+1 lab ab12 (recorded now) · Alt+2 lab cd34")


def test_restarts_are_counted_within_a_time() -> None:
    restarts = Restarts(2, within_s=10.0)
    restarts = restarts.after(0.0).after(5.0)
    assert not restarts.may_follow(9.0)
    assert restarts.may_follow(11.0)
    assert not Restarts(1, within_s=float("inf")).after(0.0).may_follow(1e9)


def test_a_study_that_names_another_programs_stream_needs_no_tracker_of_ours() -> None:
    ours = TrackerChoice.of_study("FocusStation gaze")
    theirs = TrackerChoice.of_study("Tobii_gaze")
    assert (ours.driver, ours.is_foreign) == ("simulated", False)
    assert (theirs.is_foreign, theirs.stream_name) == (True, "Tobii_gaze")


def test_the_truth_of_a_restarted_tracker_never_overwrites_the_first(tmp_path: Path) -> None:
    arguments = ("simulated", "--truth", str(tmp_path / "truth.csv"), "--rate", "120")
    second = with_next_truth(arguments)
    assert second == ("simulated", "--truth", str(tmp_path / "truth-2.csv"), "--rate", "120")
    (tmp_path / "truth-2.csv").touch()
    assert with_next_truth(arguments)[2] == str(tmp_path / "truth-3.csv")
    assert with_next_truth(("simulated",)) == ("simulated",)
