"""Channels of foreign gaze outlets: what each is called, and where its value comes from.

`OutletChannel.source` is one of

- ``left.NAME``, ``right.NAME``: an eye's channel as in `gazecore.devices.driver.EyeChannels`,
  or ``pupil_area`` (of a disc, in mm^2), ``normal_x`` (``y``, ``z``: unit vector from eye to gaze
  point), ``track_x`` (``y``, ``z``: eye in 0..1 of the track box);
- ``mean.x``, ``mean.y``: mean of the valid eyes in 0..1; ``mean.seen``: 1 where one is valid;
- ``scene.x``, ``scene.y``: gaze in 0..1 of a head-mounted scene camera, y down;
- ``fixation.x``, ``.y``, ``.start``, ``.duration``, ``.id``, ``.valid``: of an online filter;
- ``time.device``, ``time.lsl``, ``time.push`` in s; ``constant.VALUE``.

The value sent is ``scale * source + offset``, or ``missing`` where the source is NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NAN = math.nan
SCREEN_PX = (1920.0, 1080.0)
"""The resolution that outlets in screen pixels were told."""

_EYELINK_MISSING = -32768.0


@dataclass(frozen=True, slots=True)
class OutletChannel:
    """One channel: what it is called, what it says it is, and where its value comes from."""

    label: str
    source: str
    unit: str = ""
    kind: str = ""
    eye: str = ""
    scale: float = 1.0
    offset: float = 0.0
    missing: float = NAN


def app_tobiipro_eye(eye: str) -> tuple[OutletChannel, ...]:
    """An eye of App-TobiiPro."""
    return (
        OutletChannel(f"{eye}_x", f"{eye}.gaze_x", "screencoords", "ScreenX", eye),
        OutletChannel(f"{eye}_y", f"{eye}.gaze_y", "screencoords", "ScreenY", eye),
        OutletChannel(f"{eye}_pupil", f"{eye}.pupil_diameter", "mm", "pupilsize", eye),
    )


def titta_eye(eye: str) -> tuple[OutletChannel, ...]:
    """An eye of TittaLSL: 18 channels."""

    def channel(label: str, source: str, unit: str, kind: str) -> OutletChannel:
        full = source if source.startswith("constant") else f"{eye}.{source}"
        return OutletChannel(f"{label}.{eye}_eye", full, unit, kind, eye)

    def flags(what: str, source: str, available: str) -> tuple[OutletChannel, ...]:
        return (
            channel(f"valid.{what}", source, "bool", "ValidFlag"),
            channel(f"available.{what}", available, "bool", "AvailableFlag"),
        )

    gaze, origin = "gaze_point", "gaze_origin"
    screen, user = "position_on_display_area", "position_in_user_coordinates"
    return (
        *(
            channel(f"{a}.{screen}.{gaze}", f"gaze_{a}", "normalized", f"Screen{a.upper()}")
            for a in "xy"
        ),
        *(
            channel(f"{a}.{user}.{gaze}", f"gaze_user_{a}", "mm", f"Intersection{a.upper()}")
            for a in "xyz"
        ),
        *flags(gaze, "gaze_valid", "constant.1"),
        channel("diameter.pupil", "pupil_diameter", "mm", "Diameter"),
        *flags("pupil", "pupil_valid", "constant.1"),
        *(
            channel(f"{a}.{user}.{origin}", f"origin_user_{a}", "mm", f"Pupil{a.upper()}")
            for a in "xyz"
        ),
        *flags(origin, "origin_valid", "constant.1"),
        # No eye openness was subscribed to.
        channel("diameter.eye_openness", "constant.nan", "mm", "EyeLidDistance"),
        *flags("eye_openness", "constant.0", "constant.0"),
    )


def pupil_capture() -> tuple[OutletChannel, ...]:
    """The relay of Pupil Capture."""
    eyes = ("right", "left")  # eye0 is the right one

    def vectors(label: str, source: str, kind: str, unit: str) -> tuple[OutletChannel, ...]:
        return tuple(
            OutletChannel(
                f"{label.format(i)}_{a}", f"{e}.{source}_{a}", unit, f"{kind}{a.upper()}", e
            )
            for i, e in enumerate(eyes)
            for a in "xyz"
        )

    return (
        OutletChannel("confidence", "mean.seen", "normalized", "Confidence", "both"),
        OutletChannel("norm_pos_x", "scene.x", "normalized", "ScreenX", "both"),
        OutletChannel("norm_pos_y", "scene.y", "normalized", "ScreenY", "both", -1.0, 1.0),
        *(
            OutletChannel(
                f"gaze_point_3d_{a}", f"right.gaze_user_{a}", "mm", f"Direction{a.upper()}", "both"
            )
            for a in "xyz"
        ),
        *vectors("eye_center{}_3d", "origin_user", "Position", "mm"),
        *vectors("gaze_normal{}", "normal", "Position", "mm"),
        *(
            OutletChannel(f"diameter{i}_2d", f"{e}.pupil_diameter", "pixels", "Diameter", e, 14.0)
            for i, e in enumerate(eyes)
        ),
        *(
            OutletChannel(f"diameter{i}_3d", f"{e}.pupil_diameter", "mm", "Diameter", e)
            for i, e in enumerate(eyes)
        ),
    )


def scene_px(size_px: tuple[float, float]) -> tuple[OutletChannel, ...]:
    """Gaze in pixels of a scene camera (width, height)."""
    width, height = size_px
    return (
        OutletChannel("x", "scene.x", "pixels", "ScreenX", "both", width),
        OutletChannel("y", "scene.y", "pixels", "ScreenY", "both", height),
    )


def eyelink() -> tuple[OutletChannel, ...]:
    """App-EyeLink."""
    width, height = SCREEN_PX
    return (
        *(
            OutletChannel(f"{eye}Eye{a.upper()}", f"{eye}.gaze_{a}", scale=size, missing=0.0)
            for eye in ("left", "right")
            for a, size in (("x", width), ("y", height))
        ),
        *(
            OutletChannel(f"{eye}PupilArea", f"{eye}.pupil_area", scale=150.0, missing=0.0)
            for eye in ("left", "right")
        ),
        OutletChannel("pixelsPerDegreeX", "constant.1", scale=41.3),
        OutletChannel("pixelsPerDegreeY", "constant.1", scale=41.4),
        OutletChannel("eyelink_timestamp", "time.device", scale=1000.0),
        OutletChannel("LSL_timestamp", "time.push"),
    )


def neurobooth() -> tuple[OutletChannel, ...]:
    """EyeLink as neurobooth sends it."""
    width, height = SCREEN_PX

    def eye(letter: str, name: str) -> tuple[OutletChannel, ...]:
        return (
            OutletChannel(
                f"{letter}_GazeX", f"{name}.gaze_x", scale=width, missing=_EYELINK_MISSING
            ),
            OutletChannel(
                f"{letter}_GazeY", f"{name}.gaze_y", scale=height, missing=_EYELINK_MISSING
            ),
            OutletChannel(f"{letter}_PupilSize", f"{name}.pupil_area", scale=150.0, missing=0.0),
        )

    return (
        *eye("R", "right"),
        *eye("L", "left"),
        OutletChannel("Target_PositionX", "mean.x", scale=4000.0, missing=_EYELINK_MISSING),
        OutletChannel("Target_PositionY", "mean.y", scale=4000.0, missing=_EYELINK_MISSING),
        OutletChannel("Target_Distance", "left.origin_user_z", missing=_EYELINK_MISSING),
        OutletChannel("ResolutionX", "constant.1", scale=41.3),
        OutletChannel("ResolutionY", "constant.1", scale=41.4),
        OutletChannel("Time_EDF", "time.device", scale=1000.0),
        OutletChannel("Time_NUC", "time.push"),
    )


def gazepoint() -> tuple[OutletChannel, ...]:
    """Gazepoint's own script."""
    rows = (
        ("FPOGX", "x", "percent"),
        ("FPOGY", "y", "percent"),
        ("FPOGS", "start", "seconds"),
        ("FPOGD", "duration", "seconds"),
        ("FPOGID", "id", "integer"),
        ("FPOGV", "valid", "boolean"),
    )
    return tuple(
        OutletChannel(label, f"fixation.{source}", unit, "gaze", missing=0.0)
        for label, source, unit in rows
    )


def script_gaze_eye(eye: str) -> tuple[OutletChannel, ...]:
    """An eye of a script that names its stream ET, type gaze."""
    rows = (
        *((f"on_display_{a}", f"gaze_{a}") for a in "xy"),
        *((f"origin_{a}", f"origin_user_{a}") for a in "xyz"),
        ("pupil_diam", "pupil_diameter"),
    )
    return tuple(
        OutletChannel(f"{eye}_{label}", f"{eye}.{source}", "mm", "gaze") for label, source in rows
    )


def script_31_eye(eye: str) -> tuple[OutletChannel, ...]:
    """An eye of a script that flattens the SDK's dictionary."""
    rows = (
        *((f"gaze_point_on_display_area_{i}", f"gaze_{a}") for i, a in enumerate("xy")),
        *(
            (f"gaze_point_in_user_coordinate_system_{i}", f"gaze_user_{a}")
            for i, a in enumerate("xyz")
        ),
        ("gaze_point_validity", "gaze_valid"),
        ("pupil_diameter", "pupil_diameter"),
        ("pupil_validity", "pupil_valid"),
        *(
            (f"gaze_origin_in_user_coordinate_system_{i}", f"origin_user_{a}")
            for i, a in enumerate("xyz")
        ),
        *(
            (f"gaze_origin_in_trackbox_coordinate_system_{i}", f"track_{a}")
            for i, a in enumerate("xyz")
        ),
        ("gaze_origin_validity", "origin_valid"),
    )
    return tuple(
        OutletChannel(f"{eye}_{label}", f"{eye}.{source}", "device", "ET") for label, source in rows
    )
