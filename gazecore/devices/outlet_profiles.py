"""Gaze outlets as other programs send them, lies included: a table, one entry an outlet.

``focusstation tracker simulated --profile NAME`` sends simulated gaze in one of these forms
(`gazecore.devices.foreign_outlet`), so that whatever reads foreign streams can be tried without
the programs and trackers themselves. Names, types, labels, units and quirks are those seen in
the programs' sources; the description says ``simulated`` all the same.

To add one: an `OutletProfile` with a row per channel (`gazecore.devices.outlet_channels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gazecore.devices.outlet_channels import (
    OutletChannel,
    app_tobiipro_eye,
    eyelink,
    gazepoint,
    neurobooth,
    pupil_capture,
    scene_px,
    script_31_eye,
    script_gaze_eye,
    titta_eye,
)
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEON_SCENE_PX = (1600.0, 1200.0)
_INVISIBLE_SCENE_PX = (1088.0, 1080.0)


@dataclass(frozen=True, slots=True)
class OutletProfile:
    """A foreign gaze outlet.

    Parameters
    ----------
    name : str
        For ``--profile``.
    stream_name, type, format, source_id : str
        As the outlet declares them.
    channels : tuple of OutletChannel
        The values sent, in order.
    declared_rate_hz : float or None
        Its nominal rate; 0 is irregular, None is the tracker's true one.
    usual_rate_hz : float
        True rate unless another is asked for.
    described : int or None
        Channels named in the description, fewer than there are where it forgets some.
    kind_key : str
        Under which key the description tells a channel's kind.
    stamp : str
        Samples carry the time of their measurement, or of their push.
    polls_newest : bool
        It asks for the newest sample at times of its own: some are skipped, some sent twice.
    one_by_one : bool
        It declares a single channel; the values of a sample come one after another.
    lie : str
        What must not be believed.
    """

    name: str
    stream_name: str
    type: str
    format: Literal["float32", "double64"]
    source_id: str
    channels: tuple[OutletChannel, ...]
    declared_rate_hz: float | None
    usual_rate_hz: float
    lie: str
    described: int | None = None
    kind_key: str = "type"
    stamp: Literal["sample", "push"] = "sample"
    polls_newest: bool = False
    one_by_one: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that its description tells."""
        return tuple(channel.label for channel in self.channels[: self.described])

    @property
    def channel_count(self) -> int:
        """The number of channels that it declares."""
        return 1 if self.one_by_one else len(self.channels)


def outlet_profile(name: str) -> OutletProfile:
    """The profile of this name.

    Raises
    ------
    InvalidSettingError
        No such profile.
    """
    if name not in OUTLET_PROFILES:
        raise InvalidSettingError("--profile", name, f"one of {', '.join(OUTLET_PROFILES)}")
    return OUTLET_PROFILES[name]


_TABLE = (
    OutletProfile(
        "app-tobiipro",
        "Tobii",
        "Gaze",
        "float32",
        "TobiiPro-simulated",
        (*app_tobiipro_eye("left"), *app_tobiipro_eye("right")),
        600.0,
        120.0,
        "declares 600 Hz whatever the tracker does; its screencoords are 0..1",
    ),
    OutletProfile(
        "app-tobiipro-old",
        "Tobii",
        "Eyetracker",
        "float32",
        "TobiiPro-simulated",
        (*app_tobiipro_eye("left"), *app_tobiipro_eye("right")),
        600.0,
        120.0,
        "its type is Eyetracker; declares 600 Hz whatever the tracker does",
    ),
    OutletProfile(
        "titta",
        "Tobii_gaze",
        "Gaze",
        "double64",
        "TittaLSL:Tobii_gaze@SIMULATED",
        (
            *titta_eye("left"),
            *titta_eye("right"),
            OutletChannel("device_time_stamp", "time.device", "s", "TimeStamp"),
        ),
        None,
        600.0,
        "36 labels for 37 channels: the last, device time in s, is not described",
        described=36,
    ),
    OutletProfile(
        "pupil-capture",
        "pupil_capture",
        "Gaze",
        "double64",
        "pupil_capture-simulated",
        pupil_capture(),
        0.0,
        120.0,
        "positions are in the scene camera, y up, not on a screen; eye 0 is the right one",
    ),
    OutletProfile(
        "pupil-companion",
        "simulated_Gaze",
        "Gaze",
        "double64",
        "companion-simulated",
        scene_px(_INVISIBLE_SCENE_PX),
        0.0,
        66.0,
        "pixels of the scene camera, not of a screen",
        kind_key="metatype",
    ),
    OutletProfile(
        "neon",
        "Simulated_Neon Gaze",
        "Gaze",
        "double64",
        "neon-simulated",
        scene_px(_NEON_SCENE_PX),
        0.0,
        200.0,
        "pixels of the scene camera, not of a screen",
        kind_key="metatype",
    ),
    OutletProfile(
        "eyelink",
        "EyeLink",
        "Gaze",
        "double64",
        "eyelink-simulated",
        eyelink(),
        None,
        500.0,
        "an absent eye is 0; it polls the newest sample, so some are lost and some doubled",
        stamp="push",
        polls_newest=True,
    ),
    OutletProfile(
        "eyelink-neurobooth",
        "EyeLink",
        "Gaze",
        "double64",
        "neurobooth-eyelink-simulated",
        neurobooth(),
        None,
        1000.0,
        "an absent eye is -32768, its pupil 0; the right eye comes first",
        stamp="push",
    ),
    OutletProfile(
        "gazepoint",
        "GazepointEyeTracker",
        "gaze",
        "float32",
        "gazepoint-simulated",
        gazepoint(),
        60.0,
        60.0,
        "its percent are 0..1; lost is 0; the type is in lower case",
        stamp="push",
    ),
    OutletProfile(
        "tobii-script-gaze",
        "ET",
        "gaze",
        "float32",
        "SIMULATED",
        (*script_gaze_eye("left"), *script_gaze_eye("right")),
        120.0,
        120.0,
        "says mm for all, though positions on the display are 0..1",
    ),
    OutletProfile(
        "tobii-script-ET",
        "TobiiET",
        "ET",
        "float32",
        "SIMULATED",
        tuple(
            OutletChannel(
                f"{e[0].upper()}{a.upper()}", f"{e}.gaze_{a}", "normalised location", "ET"
            )
            for e in ("left", "right")
            for a in "xy"
        ),
        120.0,
        120.0,
        "declares 1 channel, labels 4 and sends their values one after another",
        stamp="push",
        one_by_one=True,
    ),
    OutletProfile(
        "tobii-script-31",
        "Tobii",
        "ET",
        "float32",
        "SIMULATED",
        (
            OutletChannel("device_time_stamp", "time.device", "device", "ET", scale=1e6),
            *script_31_eye("left"),
            *script_31_eye("right"),
        ),
        None,
        120.0,
        "device time in microseconds is squeezed into float32 and useless",
        stamp="push",
    ),
)

OUTLET_PROFILES: Mapping[str, OutletProfile] = {profile.name: profile for profile in _TABLE}
