"""The outlets in the wild as they describe themselves and encode gaze, written from the facts.

Independent of the profile table: a case holds what the outlet says and how it lies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Array = npt.NDArray[np.float64]
SCREEN_PX = (1920.0, 1080.0)


@dataclass(frozen=True)
class About:
    """What `gazecore.streams.identity.StreamAbout` asks for."""

    name: str
    type: str
    labels: tuple[str, ...]
    source_id: str = ""
    description: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gaze:
    """True gaze (n, 2) per eye in 0..1, pupils (n,) in mm, and which samples are lost (n,)."""

    left: Array
    right: Array
    left_pupil_mm: Array
    right_pupil_mm: Array
    lost: npt.NDArray[np.bool_]

    @property
    def middle(self) -> Array:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Outlet:
    """One row: how it appears, its number format, and its values for true gaze (n, channels)."""

    profile_id: str
    about: About
    dtype: str
    encode: Callable[[Gaze], Array]
    pupil: bool = False
    one_point: bool = False


def about(
    name: str, kind: str, labels: tuple[str, ...], channels: int | None = None, source: str = ""
) -> About:
    """A stream that lists `labels` in channels/channel, with perhaps another channel count."""
    count = len(labels) if channels is None else channels
    listed = [{"label": text} for text in labels]
    return About(
        name,
        kind,
        tuple([*labels, *[""] * count][:count]),
        source,
        {"channels": {"channel": listed if len(listed) != 1 else listed[0]}},
    )


def _titta_labels() -> tuple[str, ...]:
    per_eye = [
        *(f"{a}.position_on_display_area.gaze_point" for a in "xy"),
        *(f"{a}.position_in_user_coordinates.gaze_point" for a in "xyz"),
        "valid.gaze_point",
        "available.gaze_point",
        "diameter.pupil",
        "valid.pupil",
        "available.pupil",
        *(f"{a}.position_in_user_coordinates.gaze_origin" for a in "xyz"),
        "valid.gaze_origin",
        "available.gaze_origin",
        "diameter.eye_openness",
        "valid.eye_openness",
        "available.eye_openness",
    ]
    return tuple(f"{name}.{eye}_eye" for eye in ("left", "right") for name in per_eye)


def _titta(gaze: Gaze) -> Array:
    n = len(gaze.lost)
    values = np.zeros((n, 37))
    eyes = ((gaze.left, gaze.left_pupil_mm), (gaze.right, gaze.right_pupil_mm))
    for first, (xy, pupil_mm) in zip((0, 18), eyes, strict=True):
        seen = ~gaze.lost
        # Where gaze is lost TittaLSL's flag says so; the value is not to be believed.
        values[:, first : first + 2] = np.where(seen[:, None], xy, 0.3)
        values[:, [first + 5, first + 8, first + 13]] = seen[:, None]
        values[:, [first + 6, first + 9, first + 14]] = 1
        values[:, first + 7] = np.where(seen, pupil_mm, np.nan)
        values[:, first + 10 : first + 13] = (20.0, 10.0, 650.0)
    values[:, 36] = 1000 + np.arange(n) / 600
    return values


def _six(gaze: Gaze) -> Array:
    values = np.column_stack([gaze.left, gaze.left_pupil_mm, gaze.right, gaze.right_pupil_mm])
    values[gaze.lost] = np.nan
    return values


def _eyelink(gaze: Gaze) -> Array:
    n = len(gaze.lost)
    eyes = np.column_stack([gaze.left * SCREEN_PX, gaze.right * SCREEN_PX, np.full((n, 2), 1200.0)])
    eyes[gaze.lost] = 0
    rest = np.column_stack([np.full((n, 2), 40.0), np.arange(n), np.arange(n) + 5.0])
    return np.column_stack([eyes, rest])


def _neurobooth(gaze: Gaze) -> Array:
    n = len(gaze.lost)
    area = np.full((n, 1), 1200.0)
    eyes = np.column_stack([gaze.right * SCREEN_PX, area, gaze.left * SCREEN_PX, area])
    eyes[gaze.lost] = -32768
    return np.column_stack([eyes, np.full((n, 5), 7.0), np.arange(n), np.arange(n)])


def _gazepoint(gaze: Gaze) -> Array:
    n = len(gaze.lost)
    point = np.where(gaze.lost[:, None], 0, gaze.middle)
    return np.column_stack([point, np.zeros((n, 2)), np.arange(n), ~gaze.lost])


def _et(gaze: Gaze) -> Array:
    n = len(gaze.lost)
    origin = np.tile([20.0, 10.0, 650.0], (n, 1))
    values = np.column_stack(
        [gaze.left, origin, gaze.left_pupil_mm, gaze.right, origin, gaze.right_pupil_mm]
    )
    values[gaze.lost] = np.nan
    return values


def _four(gaze: Gaze) -> Array:
    values = np.column_stack([gaze.left, gaze.right])
    values[gaze.lost] = np.nan
    return values


SDK_LABELS = (
    "device_time_stamp",
    *(
        f"{eye}_{name}"
        for eye in ("left", "right")
        for name in (
            "gaze_point_on_display_area_0",
            "gaze_point_on_display_area_1",
            *(f"gaze_point_in_user_coordinate_system_{k}" for k in range(3)),
            "gaze_point_validity",
            "pupil_diameter",
            "pupil_validity",
            *(f"gaze_origin_in_user_coordinate_system_{k}" for k in range(3)),
            *(f"gaze_origin_in_trackbox_coordinate_system_{k}" for k in range(3)),
            "gaze_origin_validity",
        )
    ),
)


def _sdk(gaze: Gaze) -> Array:
    n = len(gaze.lost)
    values = np.zeros((n, 31))
    values[:, 0] = 1.7e15
    eyes = ((gaze.left, gaze.left_pupil_mm), (gaze.right, gaze.right_pupil_mm))
    for first, (xy, pupil_mm) in zip((1, 16), eyes, strict=True):
        values[:, first : first + 2] = xy
        values[:, [first + 5, first + 7, first + 14]] = ~gaze.lost[:, None]
        values[:, first + 6] = pupil_mm
        values[gaze.lost, first : first + 5] = np.nan
    return values


def _neurobooth_about() -> About:
    names = [
        "R_GazeX",
        "R_GazeY",
        "R_PupilSize",
        "L_GazeX",
        "L_GazeY",
        "L_PupilSize",
        "Target_PositionX",
        "Target_PositionY",
        "Target_Distance",
        "ResolutionX",
        "ResolutionY",
        "Time_EDF",
        "Time_NUC",
    ]
    listed = "[" + ", ".join(f'"{name}"' for name in names) + "]"
    return About("EyeLink", "Gaze", ("",) * 13, "0b7c", {"column_names": listed})


TOBII_SIX = ("left_x", "left_y", "left_pupil", "right_x", "right_y", "right_pupil")
EYELINK_TEN = (
    "leftEyeX",
    "leftEyeY",
    "rightEyeX",
    "rightEyeY",
    "leftPupilArea",
    "rightPupilArea",
    "pixelsPerDegreeX",
    "pixelsPerDegreeY",
    "eyelink_timestamp",
    "LSL_timestamp",
)
ET_TWELVE = tuple(
    f"{eye}_{name}"
    for eye in ("left", "right")
    for name in ("on_display_x", "on_display_y", "origin_x", "origin_y", "origin_z", "pupil_diam")
)

OUTLETS = (
    Outlet("app-tobiipro", about("Tobii", "Gaze", TOBII_SIX), "float32", _six, pupil=True),
    Outlet("app-tobiipro", about("Tobii", "Eyetracker", TOBII_SIX), "float32", _six, pupil=True),
    Outlet(
        "titta-lsl",
        about("Tobii_gaze", "Gaze", _titta_labels(), 37, "TittaLSL:Tobii_gaze@TPSP1-0102"),
        "float64",
        _titta,
        pupil=True,
    ),
    Outlet("app-eyelink", about("EyeLink", "Gaze", EYELINK_TEN), "float64", _eyelink),
    Outlet("neurobooth-eyelink", _neurobooth_about(), "float64", _neurobooth),
    Outlet(
        "gazepoint",
        about(
            "GazepointEyeTracker", "gaze", ("FPOGX", "FPOGY", "FPOGS", "FPOGD", "FPOGID", "FPOGV")
        ),
        "float32",
        _gazepoint,
        one_point=True,
    ),
    Outlet("tobii-et-script", about("ET", "gaze", ET_TWELVE), "float32", _et, pupil=True),
    Outlet("tobii-et-four", about("TobiiET", "ET", ("LX", "LY", "RX", "RY")), "float32", _four),
    Outlet("tobii-sdk-keys", about("Tobii", "ET", SDK_LABELS), "float32", _sdk, pupil=True),
)

PUPIL_LABELS = (
    "confidence",
    "norm_pos_x",
    "norm_pos_y",
    *(f"gaze_point_3d_{a}" for a in "xyz"),
    *(f"eye_center{eye}_3d_{a}" for eye in "01" for a in "xyz"),
    *(f"gaze_normal{eye}_{a}" for eye in "01" for a in "xyz"),
    *(f"diameter{eye}_{d}" for d in ("2d", "3d") for eye in "01"),
)

REFUSED = (
    about("pupil_capture", "Gaze", PUPIL_LABELS),
    about("my glasses", "Gaze", PUPIL_LABELS),
    about("Lab1_Gaze", "Gaze", ("x", "y")),
    about("Companion_Neon Gaze", "Gaze", ("x", "y", "PupilDiameterLeft", "PupilDiameterRight")),
    about("TobiiET", "ET", ("LX", "LY", "RX", "RY"), 1),
)
