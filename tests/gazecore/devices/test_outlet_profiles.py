"""The table of outlets in the wild: counts, names and quirks as published for each."""

from __future__ import annotations

import pytest

from gazecore.devices.outlet_profiles import OUTLET_PROFILES, outlet_profile
from gazecore.errors import InvalidSettingError

DECLARED = {
    # name: (stream, type, format, channels declared, labels described, nominal rate)
    "app-tobiipro": ("Tobii", "Gaze", "float32", 6, 6, 600.0),
    "app-tobiipro-old": ("Tobii", "Eyetracker", "float32", 6, 6, 600.0),
    "titta": ("Tobii_gaze", "Gaze", "double64", 37, 36, None),
    "pupil-capture": ("pupil_capture", "Gaze", "double64", 22, 22, 0.0),
    "pupil-companion": ("simulated_Gaze", "Gaze", "double64", 2, 2, 0.0),
    "neon": ("Simulated_Neon Gaze", "Gaze", "double64", 2, 2, 0.0),
    "eyelink": ("EyeLink", "Gaze", "double64", 10, 10, None),
    "eyelink-neurobooth": ("EyeLink", "Gaze", "double64", 13, 13, None),
    "gazepoint": ("GazepointEyeTracker", "gaze", "float32", 6, 6, 60.0),
    "tobii-script-gaze": ("ET", "gaze", "float32", 12, 12, 120.0),
    "tobii-script-ET": ("TobiiET", "ET", "float32", 1, 4, 120.0),
    "tobii-script-31": ("Tobii", "ET", "float32", 31, 31, None),
}


def test_each_outlet_declares_itself_as_seen() -> None:
    found = {
        p.name: (
            p.stream_name,
            p.type,
            p.format,
            p.channel_count,
            len(p.labels),
            p.declared_rate_hz,
        )
        for p in OUTLET_PROFILES.values()
    }
    assert found == DECLARED


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("app-tobiipro", "left_x left_y left_pupil right_x right_y right_pupil"),
        ("gazepoint", "FPOGX FPOGY FPOGS FPOGD FPOGID FPOGV"),
        (
            "eyelink",
            "leftEyeX leftEyeY rightEyeX rightEyeY leftPupilArea rightPupilArea "
            "pixelsPerDegreeX pixelsPerDegreeY eyelink_timestamp LSL_timestamp",
        ),
        (
            "eyelink-neurobooth",
            "R_GazeX R_GazeY R_PupilSize L_GazeX L_GazeY L_PupilSize Target_PositionX "
            "Target_PositionY Target_Distance ResolutionX ResolutionY Time_EDF Time_NUC",
        ),
        ("tobii-script-ET", "LX LY RX RY"),
        ("pupil-companion", "x y"),
    ],
)
def test_the_labels_in_their_order(name: str, labels: str) -> None:
    assert outlet_profile(name).labels == tuple(labels.split())


def test_titta_forgets_the_label_of_its_last_channel() -> None:
    titta = outlet_profile("titta")
    left, right = titta.labels[:18], titta.labels[18:]
    assert left[0] == "x.position_on_display_area.gaze_point.left_eye"
    assert left[5:10] == (
        "valid.gaze_point.left_eye",
        "available.gaze_point.left_eye",
        "diameter.pupil.left_eye",
        "valid.pupil.left_eye",
        "available.pupil.left_eye",
    )
    assert right == tuple(label.replace("left_eye", "right_eye") for label in left)
    assert titta.channels[36].source == "time.device"


def test_pupil_capture_counts_the_right_eye_first() -> None:
    channels = {c.label: c for c in outlet_profile("pupil-capture").channels}
    assert channels["diameter0_3d"].source.startswith("right.")
    assert channels["diameter1_3d"].source.startswith("left.")
    assert (channels["norm_pos_y"].scale, channels["norm_pos_y"].offset) == (-1.0, 1.0)


def test_labels_are_unique_and_every_outlet_says_what_it_lies_about() -> None:
    for profile in OUTLET_PROFILES.values():
        labels = [channel.label for channel in profile.channels]
        assert len(set(labels)) == len(labels)
        assert profile.lie
        assert profile.source_id


def test_an_unknown_profile_is_refused_with_those_known() -> None:
    with pytest.raises(InvalidSettingError, match=r"--profile.*titta"):
        outlet_profile("smi")
