"""Pans, in closed form: a reader follows an image that is dragged at a constant speed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gazecore.analysis import analyse_session, gaze_on_image, pan_intervals, viewport_timeline
from gazecore.analysis.pans import PURSUIT_TAIL_S, during_pan
from gazecore.geometry import Transform
from gazecore.messages import AnyMarker, CaseClosed, FrameShown
from gazecore.study.protocol import Exclusion
from tests.gazecore.analysis.conftest import (
    FIT,
    RATE_HZ,
    SCREEN,
    Sitting,
    channels_of,
    markers_of,
    viewport,
)

IDS = {"reading_id": "reading-000001", "case_id": "case-0001"}
FRAME_S = 1 / 60
PAN_S = (1002.0, 1003.0)
SPEED_PX_PER_S = 240.0
"""About 6.6 degrees a second: a fixation to any detector by velocity."""
PLACE_IMAGE_PX = np.array([200.0, 150.0])


def moved(by_px: float) -> tuple[float, ...]:
    return (*FIT[:2], FIT[2] + by_px, *FIT[3:])


def panned_by_px(t_s: float) -> float:
    return SPEED_PX_PER_S * (min(max(t_s, PAN_S[0]), PAN_S[1]) - PAN_S[0])


def markers_of_pan() -> tuple[AnyMarker, ...]:
    """A reading of 4 s whose image is dragged during the second after the first."""
    found: list[AnyMarker] = [*markers_of(1000.0, [("reading-000001", "case-0001")])[:4]]
    for number in range(round((PAN_S[1] - PAN_S[0]) / FRAME_S) + 1):
        t_s = PAN_S[0] + number * FRAME_S
        found += [
            viewport(t_s - 0.002, 1 + number, IDS, moved(panned_by_px(t_s)), "pan"),
            FrameShown(t_s=t_s, serial=1 + number),
        ]
    last = found[-2]
    at_rest = last.model_copy(update={"t_s": 1003.12, "serial": 100, "cause": "repeat"})
    return (
        *found,
        at_rest,
        FrameShown(t_s=1003.121, serial=100),
        CaseClosed(t_s=1005.0, **IDS),
    )


def share(table: pl.DataFrame, label: int) -> float:
    return float(np.mean(table["label"].to_numpy() == label))


@pytest.fixture
def followed() -> Sitting:
    """Gaze that stays on one place of the image while it moves, as the frames show it."""
    markers = markers_of_pan()
    timeline = viewport_timeline(markers)
    t_s = 1000.0 + np.arange(round(5 * RATE_HZ)) / RATE_HZ
    xy_px = np.array(
        [
            Transform(timeline.states[max(i, 0)].transform.elements).to_screen([PLACE_IMAGE_PX])[0]
            for i in timeline.index_at(t_s)
        ]
    )
    return Sitting(SCREEN, channels_of(SCREEN.to_norm(xy_px)), t_s, markers)


def test_a_pan_lasts_from_its_first_frame_to_the_tail_of_its_last() -> None:
    (pan_s,) = pan_intervals(viewport_timeline(markers_of_pan()), 0)
    assert pan_s == pytest.approx([PAN_S[0], PAN_S[1] + PURSUIT_TAIL_S])
    assert len(pan_intervals(viewport_timeline(markers_of_pan()[:4]), 0)) == 0


def test_a_pause_parts_two_pans() -> None:
    late = 1004.0
    again: list[AnyMarker] = [
        viewport(late, 200, IDS, moved(9.0), "pan"),
        viewport(late + 0.001, 201, IDS, moved(11.0), "window"),
        FrameShown(t_s=late + 0.01, serial=201),  # the pan's own frame was never painted
    ]
    pans_s = pan_intervals(viewport_timeline([*markers_of_pan(), *again]), 0)
    assert pans_s[1] == pytest.approx([late + 0.01, late + 0.01 + PURSUIT_TAIL_S])


def test_samples_of_the_pan_are_flagged_and_stay_on_their_place(followed: Sitting) -> None:
    table = gaze_on_image(followed.samples, followed.markers)
    t_s = table["t_s"].to_numpy()
    expected = (t_s >= PAN_S[0]) & (t_s < PAN_S[1] + PURSUIT_TAIL_S)
    np.testing.assert_array_equal(table["during_pan"].to_numpy(), expected)
    seen = table.filter(pl.col("viewport_serial").is_not_null())
    assert seen.select("x_image_px", "y_image_px").to_numpy() == pytest.approx(
        np.tile(PLACE_IMAGE_PX, (seen.height, 1))
    )


def test_pursuit_of_a_pan_is_no_fixation(followed: Sitting) -> None:
    analysis = analyse_session(followed.samples, followed.markers, Exclusion())
    panned = analysis.gaze.filter(pl.col("during_pan"))
    assert (panned["label"] != 1).all()
    assert share(panned, 4) > 0.9  # a detector would have called it fixation
    assert analysis.gaze.filter(~pl.col("during_pan"))["label"].is_in([4]).sum() == 0
    fixations = analysis.fixations
    assert fixations.height >= 2
    onset_s, offset_s = fixations.select("onset_s", "offset_s").to_numpy().T
    tail_s = PAN_S[1] + PURSUIT_TAIL_S
    assert ((offset_s <= PAN_S[0] + 1 / RATE_HZ) | (onset_s >= tail_s)).all()
    # the same gaze on an image that is still is taken for fixation
    still = [m for m in followed.markers if getattr(m, "cause", "") not in ("pan", "repeat")]
    control = analyse_session(followed.samples, still, Exclusion())
    in_pan = control.gaze.filter(pl.col("t_s").is_between(*PAN_S))
    assert share(in_pan, 1) > 0.9


def test_a_time_without_a_state_is_in_no_pan() -> None:
    timeline = viewport_timeline(markers_of_pan())
    t_s = np.array([1002.5, 1002.5])
    assert during_pan(timeline, t_s, np.array([3, -1])).tolist() == [True, False]
    empty = viewport_timeline([])
    assert during_pan(empty, t_s, np.array([-1, -1])).tolist() == [False, False]
