"""Every field of the SDK's dictionaries lands in its channel; what is invalid is NaN."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.devices.driver import LOST_EYE
from gazecore.devices.side_streams import EXTERNAL_SIGNAL, EYE_OPENNESS, TIME_SYNCHRONISATION
from gazecore.devices.tobii_samples import (
    device_sample,
    guide_positions,
    openness_sample,
    packed,
    signal_sample,
    time_sample,
    told_event,
    trackbox_positions,
)
from gazecore.devices.traits import EyePosition
from gazecore.samples import GAZE_LABELS
from tests.gazecore.devices.fake_tracker import (
    gaze_data,
    guide_data,
    openness_data,
    signal_data,
    time_data,
)


def test_every_field_lands_in_its_channel() -> None:
    sample = device_sample(packed(gaze_data()), 0.5)
    values = dict(zip(GAZE_LABELS, sample.channels(3), strict=True))
    assert sample.t_s == 9.5
    assert (values["sequence"], values["device_time"], values["system_time"]) == (3.0, 7.0, 9.0)
    for eye, base in (("left", 0.0), ("right", 100.0)):
        assert values[f"{eye}_gaze_x"] == base + 0.1
        assert values[f"{eye}_gaze_y"] == base + 0.2
        assert [values[f"{eye}_gaze_user_{a}"] for a in "xyz"] == [base + 1, base + 2, base + 3]
        assert values[f"{eye}_pupil_diameter"] == base + 4
        assert [values[f"{eye}_origin_user_{a}"] for a in "xyz"] == [base + 5, base + 6, base + 7]
        assert [values[f"{eye}_{n}_valid"] for n in ("gaze", "pupil", "origin")] == [1.0, 1.0, 1.0]


def test_what_is_flagged_invalid_is_nan_whatever_the_sdk_left_there() -> None:
    invalid = {f"left_{n}_validity": 0 for n in ("gaze_point", "pupil", "gaze_origin")}
    sample = device_sample(packed(gaze_data(**invalid)), 0.0)
    assert str(sample.left) == str(LOST_EYE)
    assert not math.isnan(sample.right.gaze_x)


@pytest.mark.parametrize(
    ("flag", "lost"),
    [
        ("gaze_point", {"gaze_x", "gaze_y", "gaze_user_x", "gaze_user_y", "gaze_user_z"}),
        ("pupil", {"pupil_diameter"}),
        ("gaze_origin", {"origin_user_x", "origin_user_y", "origin_user_z"}),
    ],
)
@pytest.mark.parametrize("code", [0, 2, 4, -1])
def test_each_flag_takes_its_own_fields_alone(flag: str, lost: set[str], code: int) -> None:
    eye = device_sample(packed(gaze_data(**{f"right_{flag}_validity": code})), 0.0).right
    assert {name for name, value in eye._asdict().items() if math.isnan(value)} == lost


def test_a_time_keeps_its_microsecond() -> None:
    stamp = 1_234_567_890_123_457
    sample = device_sample(packed(gaze_data(system_time_stamp=stamp)), 0.0)
    assert sample.system_time_s == stamp / 1e6


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 2**52))
def test_a_valid_value_comes_through_to_the_bit(x: float, stamp: int) -> None:
    data = gaze_data(device_time_stamp=stamp, left_gaze_point_on_display_area=(x, -x))
    sample = device_sample(packed(data), 0.0)
    assert (sample.left.gaze_x, sample.left.gaze_y) == (x, -x)
    assert sample.device_time_s == stamp / 1e6


@pytest.mark.parametrize(
    "changes",
    [
        {"left_pupil_diameter": None},
        {"right_gaze_point_on_display_area": (0.1,)},
        {"right_gaze_point_on_display_area": (0.1, "x")},
        {"device_time_stamp": None},
    ],
)
def test_what_is_not_as_documented_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        packed(gaze_data(**changes))
    data = gaze_data()
    del data["left_pupil_validity"]
    with pytest.raises(KeyError):
        packed(data)


def test_a_packed_sample_is_small() -> None:
    values = packed(gaze_data())
    assert values.itemsize * len(values) == 208


def test_openness_is_lost_by_its_flag() -> None:
    sample = openness_sample(openness_data(right_eye_validity=0), 0.25)
    assert (sample.stream, sample.t_s) == (EYE_OPENNESS, 9.25)
    assert sample.values[:4] == (7.0, 9.0, 9.5, 1.0)
    assert math.isnan(sample.values[4])
    assert sample.values[5] == 0.0
    assert len(sample.values) == len(EYE_OPENNESS.channels)


def test_time_synchronisation_is_in_seconds_at_its_response() -> None:
    sample = time_sample(time_data(), 0.5)
    assert sample.stream is TIME_SYNCHRONISATION
    assert sample.values == (9.0, 7.00005, 9.0001)
    assert sample.t_s == 9.5001


def test_a_signal_tells_its_kind() -> None:
    sample = signal_sample(signal_data(), 0.0)
    assert (sample.stream, sample.values) == (EXTERNAL_SIGNAL, (7.0, 9.0, 5.0, 1.0))
    assert math.isnan(signal_sample(signal_data(change_type="new"), 0.0).values[3])


def test_a_notification_becomes_an_event_with_its_values_as_text() -> None:
    data = {
        "notification_type": "eyetracker_notification_device_faults",
        "system_time_stamp": 9_000_000,
        "faults": "camera,illuminator",
    }
    event = told_event("device_faults", data, 0.5)
    assert (event.t_s, event.event) == (9.5, "device_faults")
    assert event.values == {"faults": "camera,illuminator"}
    assert event.detail == "faults camera,illuminator"


def test_positions_are_seen_by_their_flags() -> None:
    eyes = guide_positions(guide_data(right_user_position_validity=0))
    assert eyes.left == EyePosition(0.4, 0.5, 0.6, valid=True)
    assert not eyes.right.valid


def test_the_track_box_of_sdk_1_stands_in_where_it_is() -> None:
    assert trackbox_positions(gaze_data()) is None
    box = {
        "left_gaze_origin_in_trackbox_coordinate_system": (0.1, 0.2, 0.3),
        "right_gaze_origin_in_trackbox_coordinate_system": (0.4, 0.5, 0.6),
    }
    data = gaze_data(right_gaze_origin_validity=0, **box)
    assert len(packed(data)) == 26
    eyes = trackbox_positions(data)
    assert eyes is not None
    assert eyes.left == EyePosition(0.1, 0.2, 0.3, valid=True)
    assert not eyes.right.valid
