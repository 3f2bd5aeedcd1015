"""From the dictionaries of Tobii's SDK to our samples; the dictionaries are not kept.

One takes 1.9 kB of heap, packed it is 300 bytes.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, Any

from gazecore.devices.driver import DeviceSample, EyeChannels
from gazecore.devices.side_streams import (
    EXTERNAL_SIGNAL,
    EYE_OPENNESS,
    TIME_SYNCHRONISATION,
    DeviceEvent,
    SideSample,
)
from gazecore.devices.traits import EyePosition, EyePositions

if TYPE_CHECKING:
    from collections.abc import Mapping

    Packed = array[float]

_FIELDS = (
    "gaze_point_on_display_area",
    "gaze_point_validity",
    "gaze_point_in_user_coordinate_system",
    "pupil_diameter",
    "pupil_validity",
    "gaze_origin_in_user_coordinate_system",
    "gaze_origin_validity",
)
_KEYS = tuple(f"{eye}_{field}" for eye in ("left", "right") for field in _FIELDS)
_LENGTH = 26
_TRACKBOX = "gaze_origin_in_trackbox_coordinate_system"
_CHANGES = {
    "external_signal_change_type_value_changed": 0.0,
    "external_signal_change_type_initial_value": 1.0,
    "external_signal_change_type_connection_restored": 2.0,
}


def packed(data: Mapping[str, Any]) -> Packed:
    """A dictionary of the gaze stream as 26 numbers, as they came.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is not what the SDK documents.
    """
    values = array("d", (data["device_time_stamp"], data["system_time_stamp"]))
    for key in _KEYS:
        value = data[key]
        if isinstance(value, tuple):
            values.extend(value)
        else:
            values.append(value)
    if len(values) != _LENGTH:
        raise ValueError(f"{len(values)} values instead of {_LENGTH}")
    return values


def device_sample(values: Packed, offset_s: float) -> DeviceSample:
    """A packed sample; times become seconds, `offset_s` takes the host's to the LSL clock."""
    system_time_s = values[1] / 1e6
    return DeviceSample(
        t_s=system_time_s + offset_s,
        device_time_s=values[0] / 1e6,
        system_time_s=system_time_s,
        left=_eye(values[2:14]),
        right=_eye(values[14:26]),
    )


def openness_sample(data: Mapping[str, Any], offset_s: float) -> SideSample:
    """A dictionary of the eye openness stream."""
    system_time_s = data["system_time_stamp"] / 1e6
    values = [data["device_time_stamp"] / 1e6, system_time_s]
    for eye in ("left", "right"):
        is_valid = data[f"{eye}_eye_validity"] == 1
        values += [data[f"{eye}_eye_openness_value"] if is_valid else math.nan, float(is_valid)]
    return SideSample(EYE_OPENNESS, system_time_s + offset_s, tuple(values))


def time_sample(data: Mapping[str, Any], offset_s: float) -> SideSample:
    """A dictionary of the time synchronisation stream, at the time of the response."""
    values = tuple(
        data[f"{name}_time_stamp"] / 1e6 for name in ("system_request", "device", "system_response")
    )
    return SideSample(TIME_SYNCHRONISATION, values[-1] + offset_s, values)


def signal_sample(data: Mapping[str, Any], offset_s: float) -> SideSample:
    """A dictionary of the external signal (TTL) stream."""
    device_s, system_s = (data[f"{clock}_time_stamp"] / 1e6 for clock in ("device", "system"))
    change = _CHANGES.get(data["change_type"], math.nan)
    values = (device_s, system_s, float(data["value"]), change)
    return SideSample(EXTERNAL_SIGNAL, system_s + offset_s, values)


def told_event(name: str, data: Mapping[str, Any], offset_s: float) -> DeviceEvent:
    """A notification or a stream error, with all that it says as text."""
    values = {
        key: str(value)
        for key, value in data.items()
        if key not in {"system_time_stamp", "notification_type"}
    }
    detail = ", ".join(f"{key} {value}" for key, value in values.items())
    return DeviceEvent(data["system_time_stamp"] / 1e6 + offset_s, name, detail, values)


def guide_positions(data: Mapping[str, Any]) -> EyePositions:
    """A dictionary of the user position guide."""
    eyes = (
        _position(data[f"{eye}_user_position"], data[f"{eye}_user_position_validity"])
        for eye in ("left", "right")
    )
    return EyePositions(*eyes)


def trackbox_positions(data: Mapping[str, Any]) -> EyePositions | None:
    """The eyes in the track box, which gaze of SDK 1.x held and 2.x does not."""
    if f"left_{_TRACKBOX}" not in data:
        return None
    eyes = (
        _position(data[f"{eye}_{_TRACKBOX}"], data[f"{eye}_gaze_origin_validity"])
        for eye in ("left", "right")
    )
    return EyePositions(*eyes)


def _position(xyz: tuple[float, float, float], validity: int) -> EyePosition:
    x, y, z = xyz
    return EyePosition(x, y, z, valid=True) if validity == 1 else EyePosition()


def _eye(v: Packed) -> EyeChannels:
    """One eye; whatever its flag calls invalid is NaN, whatever the SDK left there."""
    gaze, pupil, origin = v[2] == 1, v[7] == 1, v[11] == 1
    lost = math.nan
    return EyeChannels(
        gaze_x=v[0] if gaze else lost,
        gaze_y=v[1] if gaze else lost,
        gaze_valid=float(gaze),
        gaze_user_x=v[3] if gaze else lost,
        gaze_user_y=v[4] if gaze else lost,
        gaze_user_z=v[5] if gaze else lost,
        pupil_diameter=v[6] if pupil else lost,
        pupil_valid=float(pupil),
        origin_user_x=v[8] if origin else lost,
        origin_user_y=v[9] if origin else lost,
        origin_user_z=v[10] if origin else lost,
        origin_valid=float(origin),
    )
