from __future__ import annotations

from dataclasses import replace

import pytest

from gazecore.preflight import (
    CheckResult,
    ClocksFound,
    Found,
    GazeFound,
    MarkersFound,
    PlaceFound,
    ScreenFound,
    SittingPlan,
    check_clocks,
    check_gaze,
    check_markers,
    check_place,
    check_screen,
    judged,
    worst,
)

PLAN = SittingPlan(cases=30, minutes_per_case=2.0)
GAZE = GazeFound(
    "FocusStation gaze",
    outlets=1,
    seconds=1.0,
    samples=600,
    rate_hz=600.1,
    true_rate_hz=600.0,
    longest_pause_s=0.02,
    valid_share=0.97,
    stamp_age_s=0.01,
    clock_offset_s=1e-5,
    clock_uncertainty_s=1e-4,
)
CLOCKS = ClocksFound(1.0, 1.0001, 1.0002, 1.8e9)
SCREEN = ScreenFound("DP-1: 1920 x 1200 px", is_sized=True)
PLACE = PlaceFound("recordings", 500_000_000_000)


def test_all_is_well() -> None:
    results = judged(Found(PLAN, GAZE, MarkersFound(1, 0.0005), CLOCKS, PLACE, SCREEN))
    assert worst(results) == "ok"
    assert [r.what for r in results] == ["Tracker", "Eyes", "Markers", "Disk", "Screen", "Clock"]
    assert not any(result.to_do for result in results)


@pytest.mark.parametrize(
    ("gaze", "level", "words"),
    [
        (GazeFound("gaze"), "stop", "UDP port 16571, and UDP and TCP ports 16572 to 16604"),
        (GazeFound("gaze"), "stop", "cable"),
        (GazeFound("gaze"), "stop", "Tobii service"),
        (replace(GAZE, outlets=2), "stop", "stop all trackers but one"),
        (replace(GAZE, problem="a scene camera"), "stop", "Streams"),
        (replace(GAZE, samples=0, rate_hz=None), "stop", "restart the tracker"),
        (replace(GAZE, rate_hz=60.0), "stop", "most samples are missing"),
        (replace(GAZE, rate_hz=500.0), "warn", "the true rate is recorded"),
        (replace(GAZE, longest_pause_s=0.4), "warn", "close programs"),
        (replace(GAZE, valid_share=0.1), "warn", "sit in front of the tracker"),
        (replace(GAZE, true_rate_hz=0.0), "ok", ""),
        (replace(GAZE, rate_hz=120.0, is_foreign=True), "warn", "the true rate is recorded"),
        (replace(GAZE, valid_share=None), "ok", ""),
    ],
)
def test_gaze_and_what_to_do(gaze: GazeFound, level: str, words: str) -> None:
    results = tuple(check_gaze(gaze))
    assert worst(results) == level
    assert words in " ".join(result.to_do for result in results)


@pytest.mark.parametrize(
    ("markers", "level", "words"),
    [
        (MarkersFound(1, 0.001), "ok", "came back in 1.0 ms"),
        (MarkersFound(1, None), "stop", "do not come back"),
        (MarkersFound(0, None), "stop", "cannot be found"),
        (MarkersFound(1, 0.001, ("reading-room-2",)), "stop", "on reading-room-2"),
    ],
)
def test_markers_come_back_and_are_ours_alone(
    markers: MarkersFound, level: str, words: str
) -> None:
    result = check_markers(markers)
    assert result.level == level
    assert words in result.detail
    assert bool(result.to_do) is (level != "ok")


def test_the_room_for_a_sitting_is_cases_times_minutes_times_channels() -> None:
    plan = SittingPlan(cases=30, minutes_per_case=2.0, reserve_bytes=0)
    seconds, per_sample = 30 * 2 * 60, 27 * 8 + 9
    assert plan.needed_bytes(1200.0, 27) == round(1.1 * seconds * 1200 * per_sample)
    needed = PLAN.needed_bytes(600.1, 27)
    for free, level in ((3 * needed, "ok"), (needed + 1, "warn"), (needed - 1, "stop")):
        (result,) = check_place(PlaceFound("recordings", free), PLAN, GAZE)
        assert result.level == level, result


def test_a_place_that_takes_no_files_stops() -> None:
    for place in (PlaceFound("x", 10**12, "Read-only file system"), PlaceFound("x", None)):
        (result,) = check_place(place, PLAN, GAZE)
        assert (result.what, result.level) == ("Recording", "stop")


@pytest.mark.parametrize(
    ("screen", "level"),
    [
        (SCREEN, "ok"),
        (replace(SCREEN, is_sized=False), "warn"),
        (replace(SCREEN, is_sized=False, matters=False), "ok"),
        (replace(SCREEN, differences=("place (0, 0), was (-1, 0)",)), "warn"),
        (replace(SCREEN, problem="damaged file: screens.json"), "warn"),
        (replace(SCREEN, lacks_correction=True), "warn"),
        (replace(SCREEN, correction="left screen"), "ok"),
    ],
)
def test_the_screen_is_known_and_as_it_was(screen: ScreenFound, level: str) -> None:
    assert check_screen(screen).level == level
    said = f"display correction on: {screen.correction}"
    assert (said in check_screen(screen).detail) == bool(screen.correction)


@pytest.mark.parametrize(
    ("clocks", "gaze", "level"),
    [
        (CLOCKS, GAZE, "ok"),
        (CLOCKS, None, "ok"),
        (replace(CLOCKS, lsl_s=1.2), GAZE, "stop"),
        (replace(CLOCKS, wall_s=3601.0), GAZE, "warn"),
        (replace(CLOCKS, wall_unix_s=0.0), GAZE, "warn"),
        (CLOCKS, replace(GAZE, clock_uncertainty_s=0.02), "warn"),
        (CLOCKS, replace(GAZE, stamp_age_s=-40.0), "warn"),
        (CLOCKS, replace(GAZE, clock_offset_s=None), "ok"),
    ],
)
def test_clocks_go_alike(clocks: ClocksFound, gaze: GazeFound | None, level: str) -> None:
    assert check_clocks(clocks, gaze).level == level


def test_the_worst_counts() -> None:
    ok, warn, stop = (CheckResult("x", level, "") for level in ("ok", "warn", "stop"))
    assert worst(()) == "ok"
    assert worst((ok, warn)) == "warn"
    assert worst((warn, stop, ok)) == "stop"
