"""TittaPy's buffers, arrays by name, as the dictionaries that Tobii's Python layer gives."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Row = dict[str, Any]
    Buffer = Mapping[str, Any]

_EYES = ("left", "right")


def name_of(value: Any) -> str:
    """The name of one of TittaPy's enumerations' values."""
    return str(getattr(value, "name", value))


def gaze(buffer: Buffer) -> list[Row]:
    """Samples of the gaze buffer, oldest first."""
    columns: dict[str, list[Any]] = {
        clock: _values(buffer, clock) for clock in ("device_time_stamp", "system_time_stamp")
    }
    for eye in _EYES:
        point, origin = f"{eye}_gaze_point", f"{eye}_gaze_origin"
        columns |= {
            f"{point}_on_display_area": _tuples(buffer, f"{point}_on_display_area", "xy"),
            f"{point}_in_user_coordinate_system": _tuples(
                buffer, f"{point}_in_user_coordinates", "xyz"
            ),
            f"{point}_validity": _flags(buffer, f"{point}_valid"),
            f"{eye}_pupil_diameter": _values(buffer, f"{eye}_pupil_diameter"),
            f"{eye}_pupil_validity": _flags(buffer, f"{eye}_pupil_valid"),
            f"{origin}_in_user_coordinate_system": _tuples(
                buffer, f"{origin}_in_user_coordinates", "xyz"
            ),
            f"{origin}_validity": _flags(buffer, f"{origin}_valid"),
        }
    return _rows(columns)


def positioning(buffer: Buffer) -> list[Row]:
    """The last of the user position guide; earlier ones are of no use any more."""
    columns: dict[str, list[Any]] = {}
    for eye in _EYES:
        columns[f"{eye}_user_position"] = _tuples(buffer, f"{eye}_user_position", "xyz")
        columns[f"{eye}_user_position_validity"] = _flags(buffer, f"{eye}_user_position_valid")
    return _rows(columns)[-1:]


def time_sync(buffer: Buffer) -> list[Row]:
    """Pairs of readings of the two clocks."""
    names = ("system_request_time_stamp", "device_time_stamp", "system_response_time_stamp")
    return _rows({name: _values(buffer, name) for name in names})


def external_signal(buffer: Buffer) -> list[Row]:
    """Changes of the TTL port."""
    columns = {
        name: _values(buffer, name) for name in ("device_time_stamp", "system_time_stamp", "value")
    }
    columns["change_type"] = [
        f"external_signal_change_type_{name_of(kind)}" for kind in buffer["change_type"]
    ]
    return _rows(columns)


def notifications(buffer: Buffer) -> list[Row]:
    """Notifications, each with the one value that its kind has."""
    rows: list[Row] = []
    for i, kind in enumerate(buffer["notification_type"]):
        name = name_of(kind)
        row: Row = {
            "notification_type": f"eyetracker_notification_{name}",
            "system_time_stamp": int(buffer["system_time_stamp"][i]),
        }
        found = {
            "gaze_output_frequency": buffer["output_frequency"][i],
            "display_area": buffer["display_area"][i],
            name.removeprefix("device_"): buffer["errors_or_warnings"][i],
        }
        row |= {key: value for key, value in found.items() if value is not None}
        rows.append(row)
    return rows


def stream_errors(log: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The stream errors among what was logged."""
    return [
        {
            "system_time_stamp": int(entry["system_time_stamp"]),
            "error": f"stream_error_{name_of(entry['error'])}",
            "source": f"stream_error_source_{name_of(entry['source'])}",
            "message": str(entry["message"]),
        }
        for entry in log
        if "error" in entry
    ]


def calibration_result(told: Mapping[str, Any] | None) -> Any:
    """An object like ``tobii_research.CalibrationResult``."""
    if told is None:
        return SimpleNamespace(status="failure", calibration_points=())
    points = tuple(_calibration_point(point) for point in told["points"])
    return SimpleNamespace(status=name_of(told["status"]), calibration_points=points)


def _calibration_point(point: Mapping[str, Any]) -> Any:
    eyes = []
    for eye in _EYES:
        places = _tuples(point, f"samples_{eye}_position_on_display_area", "xy")
        validities = [name_of(v) for v in point[f"samples_{eye}_validity"]]
        eyes.append(
            [
                SimpleNamespace(position_on_display_area=place, validity=validity)
                for place, validity in zip(places, validities, strict=True)
            ]
        )
    samples = tuple(
        SimpleNamespace(left_eye=left, right_eye=right) for left, right in zip(*eyes, strict=True)
    )
    place = (point["position_on_display_area_x"], point["position_on_display_area_y"])
    return SimpleNamespace(position_on_display_area=place, calibration_samples=samples)


def _values(buffer: Buffer, name: str) -> list[Any]:
    values = buffer[name]
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _tuples(buffer: Buffer, name: str, axes: str) -> list[tuple[float, ...]]:
    return list(zip(*(_values(buffer, f"{name}_{axis}") for axis in axes), strict=True))


def _flags(buffer: Buffer, name: str) -> list[int]:
    return [int(value) for value in _values(buffer, name)]


def _rows(columns: Mapping[str, list[Any]]) -> list[Row]:
    """Dictionaries, one a sample, of columns of one length."""
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


ROWS: Mapping[str, Callable[[Buffer], list[Row]]] = {
    "gaze": gaze,
    "external_signal": external_signal,
    "time_sync": time_sync,
    "positioning": positioning,
}
"""How each buffer becomes rows."""
