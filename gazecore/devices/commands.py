"""The control commands that a tracker's driver carries out: pointer, eyes, calibration."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gazecore.errors import ControlError, InvalidSettingError, TrackerError

if TYPE_CHECKING:
    from gazecore.control import Answer
    from gazecore.devices.driver import Calibration, CalibrationResult, Driver


def carry_out(driver: Driver, command: str, arguments: dict[str, Any]) -> Answer:
    """Carry out a command; it may block for as long as the device does.

    Raises
    ------
    ControlError, TrackerError, InvalidSettingError
        No such command; the device refuses or has no calibration; impossible arguments.
    """
    if command == "point":
        driver.point(*_position(arguments["x_norm"], arguments["y_norm"]))
        return {}
    if command == "eye_positions":
        return _eye_positions(driver)
    if command.startswith("calibration_"):
        return _calibrate(_calibration_of(driver), command, arguments)
    raise ControlError(
        f"unknown command {command!r}; known are status, stop, point, eye_positions "
        "and calibration_*"
    )


def event_of(command: str, arguments: dict[str, Any], answer: Answer) -> tuple[str, str] | None:
    """What a command that was carried out changes in the recording: event and detail."""
    if command in {"calibration_start", "calibration_leave", "calibration_apply"}:
        return command, ""
    if command == "calibration_compute":
        outcome = "succeeded" if answer["succeeded"] else "failed"
        return command, f"{outcome}; the {answer['active']} calibration is active"
    if command in {"calibration_collect", "calibration_discard"}:
        return command, f"({arguments['x_norm']:g}, {arguments['y_norm']:g})"
    return None


def _eye_positions(driver: Driver) -> Answer:
    positions = driver.eye_positions()
    if positions is None:
        return {"available": False}
    return {
        "available": True,
        "left": positions.left.answer(),
        "right": positions.right.answer(),
    }


def _calibration_of(driver: Driver) -> Calibration:
    calibration = driver.calibration
    if calibration is None:
        raise TrackerError(f"the {driver.name} tracker needs and has no calibration")
    return calibration


def _calibrate(calibration: Calibration, command: str, arguments: dict[str, Any]) -> Answer:
    if command == "calibration_start":
        calibration.start()
    elif command == "calibration_leave":
        calibration.leave()
    elif command == "calibration_compute":
        return _result(calibration.compute())
    elif command == "calibration_collect":
        calibration.collect(*_target(arguments))
    elif command == "calibration_discard":
        calibration.discard(*_target(arguments))
    elif command == "calibration_data":
        data = calibration.data()
        return {"data": None if data is None else base64.b64encode(data).decode("ascii")}
    elif command == "calibration_apply":
        calibration.apply(_data(arguments["data"]))
    else:
        raise ControlError(f"unknown command {command!r}")
    return {}


def _result(result: CalibrationResult) -> Answer:
    return {
        "succeeded": result.succeeded,
        "active": result.active,
        "points": [asdict(point) for point in result.points],
    }


def _data(text: Any) -> bytes:
    try:
        data = base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise InvalidSettingError("data", f"{str(text)[:20]}...", "base64") from error
    if not data:
        raise InvalidSettingError("data", "", "a stored calibration in base64")
    return data


def _position(x_norm: Any, y_norm: Any) -> tuple[float, float] | tuple[None, None]:
    """A pointer's position, may lie outside 0..1; None where it is away."""
    if x_norm is None or y_norm is None:
        return None, None
    x, y = float(x_norm), float(y_norm)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InvalidSettingError("pointer", (x, y), "two finite numbers, or null")
    return x, y


def _target(arguments: dict[str, Any]) -> tuple[float, float]:
    x_norm, y_norm = float(arguments["x_norm"]), float(arguments["y_norm"])
    if not (0.0 <= x_norm <= 1.0 and 0.0 <= y_norm <= 1.0):
        raise InvalidSettingError("target", (x_norm, y_norm), "two numbers in 0..1")
    return x_norm, y_norm
