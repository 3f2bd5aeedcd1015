"""The part of TittaPy 2.1 (module ``TittaPy_v2``) that we use, over a tracker on the bench.

Written after its signatures and its public C++ source: buffers of arrays by name that are
consumed, one kind of error with the SDK's code in its text, calibration as a queue of jobs.
"""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.gazecore.devices import fake_tracker as bench

BUFFERS = {
    "gaze": bench.GAZE,
    "external_signal": bench.SIGNAL,
    "time_sync": bench.TIME_SYNC,
    "positioning": bench.GUIDE,
    "notification": bench.NOTIFICATIONS,
}
POINTS = {
    "gaze_point_on_display_area": ("gaze_point_on_display_area", "xy"),
    "gaze_point_in_user_coordinate_system": ("gaze_point_in_user_coordinates", "xyz"),
    "gaze_origin_in_user_coordinate_system": ("gaze_origin_in_user_coordinates", "xyz"),
}
VALIDITIES = {-1: "invalid_and_not_used", 0: "valid_but_not_used", 1: "valid_and_used"}
NAMES = {
    bench.INVALID_PARAMETER: "INVALID_PARAMETER (invalid_parameter)",
    bench.INTERNAL: "SE_INTERNAL (Internal stream engine error, se_internal)",
    bench.LICENCE: "SE_INSUFFICIENT_LICENSE (se_insufficient_license)",
    bench.NOT_SUPPORTED: "SE_NOT_SUPPORTED (se_not_supported)",
    bench.CONNECTION_FAILED: "SE_CONNECTION_FAILED (se_connection_failed)",
    bench.TIMED_OUT: "SE_TIMED_OUT (se_timed_out)",
    bench.ALREADY_STARTED: "SE_CALIBRATION_ALREADY_STARTED (se_calibration_already_started)",
    bench.NOT_STARTED: "SE_CALIBRATION_NOT_STARTED (se_calibration_not_started)",
    bench.OPERATION_FAILED: "SE_OPERATION_FAILED (se_operation_failed)",
}


class FakeTitta:
    """Stands for the module ``TittaPy_v2``."""

    __version__ = '"2.1.0"'

    def __init__(self, world: bench.FakeWorld) -> None:
        self._world = world
        self._log: list[dict[str, Any]] = []

    def find_all_eye_trackers(self) -> list[dict[str, Any]]:
        return list(called(self._world, "find_all_eyetrackers"))

    def get_system_timestamp(self) -> Any:
        return called(self._world, "get_system_time_stamp")

    def EyeTracker(self, address: str) -> FakeTittaTracker:
        return FakeTittaTracker(self._world, called(self._world, "get_device", address))

    def start_logging(self) -> bool:
        self._world.tracker.streams[bench.ERRORS] = self._keep
        return True

    def stop_logging(self) -> bool:
        self._world.tracker.streams.pop(bench.ERRORS, None)
        return True

    def get_log(self, clear_log: bool = False) -> list[dict[str, Any]]:
        log = list(self._log)
        if clear_log:
            self._log.clear()
        return [{"level": enumerated("warning"), "message": "chatter"}, *log]

    def _keep(self, data: dict[str, Any]) -> None:
        kinds = {
            "error": enumerated(data["error"].removeprefix("stream_error_")),
            "source": enumerated(data["source"].removeprefix("stream_error_source_")),
        }
        self._log.append({**data, **kinds, "machine_serial": "FS-1"})


class FakeTittaTracker:
    """Stands for ``TittaPy_v2.EyeTracker``."""

    def __init__(self, world: bench.FakeWorld, about: dict[str, Any]) -> None:
        self._world = world
        self._core = about["core_eyetracker"]
        self._about = about
        self._buffers: dict[str, list[dict[str, Any]]] = {name: [] for name in BUFFERS}
        self._results: deque[dict[str, Any]] = deque()
        self._has_worker = False
        self.address, self.model = about["address"], about["model"]
        self.serial_number = about["serial_number"]
        self.firmware_version = about["firmware_version"]

    def _call(self, name: str, *arguments: Any) -> Any:
        return called(self._world, name, self._core, *arguments)

    @property
    def capabilities(self) -> list[Any]:
        names = self._about["device_capabilities"]
        return [enumerated(name.removeprefix("capability_")) for name in names]

    @property
    def display_area(self) -> dict[str, Any]:
        corners = self._call("get_display_area")
        return {name: list(corner) for name, corner in corners.items()}

    @property
    def frequency(self) -> Any:
        return self._call("get_gaze_output_frequency")

    @frequency.setter
    def frequency(self, value: float) -> None:
        self._call("set_gaze_output_frequency", value)

    @property
    def supported_frequencies(self) -> list[float]:
        return list(self._call("get_all_gaze_output_frequencies"))

    @property
    def tracking_mode(self) -> Any:
        return self._call("get_eye_tracking_mode")

    @tracking_mode.setter
    def tracking_mode(self, value: str) -> None:
        self._call("set_eye_tracking_mode", value)

    @property
    def supported_modes(self) -> list[str]:
        return list(self._call("get_all_eye_tracking_modes"))

    def start(self, stream: str) -> bool:
        called(
            self._world, "subscribe_to", BUFFERS[stream], self._core, self._buffers[stream].append
        )
        return True

    def stop(self, stream: str) -> bool:
        called(self._world, "unsubscribe_from", BUFFERS[stream], self._core)
        return True

    def consume_N(self, stream: str) -> dict[str, Any]:
        rows = self._buffers[stream][:]
        del self._buffers[stream][: len(rows)]
        return {
            "gaze": gaze_arrays,
            "positioning": position_arrays,
            "time_sync": plain_arrays,
            "external_signal": signal_arrays,
            "notification": notification_lists,
        }[stream](rows)

    def is_in_calibration_mode(self, issue_error: bool = True) -> bool:
        if issue_error and not self._has_worker:
            raise RuntimeError("Titta::cpp::isInCalibrationMode: you have not entered")
        return self._has_worker

    def enter_calibration_mode(self, do_monocular: bool) -> bool:
        assert not do_monocular
        if self._has_worker:
            return False
        self._has_worker = True
        self._job("enter", "calibration_enter_calibration_mode")
        return True

    def leave_calibration_mode(self, force: bool) -> bool:
        assert not force
        if not self._has_worker:
            return False
        self._job("exit", "calibration_leave_calibration_mode")
        self._has_worker = False
        return True

    def calibration_collect_data(self, coordinates: list[float]) -> None:
        self.is_in_calibration_mode()
        self._job("collect_data", "screen_based_calibration_collect_data", *coordinates)

    def calibration_discard_data(self, coordinates: list[float]) -> None:
        self.is_in_calibration_mode()
        self._job("discard_data", "screen_based_calibration_discard_data", *coordinates)

    def calibration_compute_and_apply(self) -> None:
        self.is_in_calibration_mode()
        self._job("compute", "calibration_compute_and_apply")
        if self._results[-1]["status"] == bench.OK:
            status, rows = self._world.call(
                "screen_based_calibration_get_calibration_points", (self._core,)
            )
            self._results[-1]["status"] = status
            self._results[-1]["status_string"] = f"code {status}: {NAMES.get(status, 'OK')}"
            if status == bench.OK:
                told = {"status": enumerated("success"), "points": calibration_points(rows)}
                self._results[-1]["calibration_result"] = told

    def calibration_get_data(self) -> None:
        self.is_in_calibration_mode()
        value = self._job("get_calibration_data", "calibration_retrieve")
        if value:
            self._results[-1]["calibration_data"] = list(value)

    def calibration_apply_data(self, data: list[int]) -> None:
        self.is_in_calibration_mode()
        self._job("apply_calibration_data", "calibration_apply", bytes(data))

    def calibration_retrieve_result(self) -> dict[str, Any] | None:
        return self._results.popleft() if self._results else None

    def _job(self, action: str, name: str, *arguments: Any) -> Any:
        status, value = self._world.call(name, (self._core, *arguments))
        self._results.append(
            {
                "work_item": {"action": enumerated(action)},
                "status": status,
                "status_string": f"Tobii SDK code {status}: {NAMES.get(status, 'OK')}",
            }
        )
        return value


def enumerated(name: str) -> Any:
    """A value of one of TittaPy's enumerations."""
    return SimpleNamespace(name=name, value=0)


def called(world: bench.FakeWorld, name: str, *arguments: Any) -> Any:
    """The value of a call; any status but OK is an error, a time-out too."""
    status, value = world.call(name, arguments)
    if status != bench.OK:
        raise RuntimeError(
            f"Titta::cpp Error: {name}\nError code: {status}: TOBII_RESEARCH_STATUS_{NAMES[status]}"
        )
    return value


def gaze_arrays(rows: list[dict[str, Any]]) -> dict[str, Any]:
    arrays = {k: column(rows, k) for k in ("device_time_stamp", "system_time_stamp")}
    for eye in ("left", "right"):
        for key, (name, axes) in POINTS.items():
            for i, axis in enumerate(axes):
                arrays[f"{eye}_{name}_{axis}"] = np.array([row[f"{eye}_{key}"][i] for row in rows])
        arrays[f"{eye}_pupil_diameter"] = column(rows, f"{eye}_pupil_diameter")
        for name in ("gaze_point", "pupil", "gaze_origin"):
            flags = column(rows, f"{eye}_{name}_validity") == 1
            arrays[f"{eye}_{name}_valid"] = flags
            arrays[f"{eye}_{name}_available"] = np.ones(len(rows), dtype=bool)
    return arrays


def position_arrays(rows: list[dict[str, Any]]) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    for eye in ("left", "right"):
        for i, axis in enumerate("xyz"):
            places = [row[f"{eye}_user_position"][i] for row in rows]
            arrays[f"{eye}_user_position_{axis}"] = np.array(places)
        arrays[f"{eye}_user_position_valid"] = column(rows, f"{eye}_user_position_validity") == 1
    return arrays


def plain_arrays(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("system_request_time_stamp", "device_time_stamp", "system_response_time_stamp")
    return {name: column(rows, name) for name in names}


def signal_arrays(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("device_time_stamp", "system_time_stamp", "value")
    kinds = [row["change_type"].removeprefix("external_signal_change_type_") for row in rows]
    arrays: dict[str, Any] = {name: column(rows, name) for name in names}
    return {**arrays, "change_type": [enumerated(kind) for kind in kinds]}


def notification_lists(rows: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = [row["notification_type"].removeprefix("eyetracker_notification_") for row in rows]
    return {
        "system_time_stamp": column(rows, "system_time_stamp"),
        "notification_type": [enumerated(kind) for kind in kinds],
        "output_frequency": [row.get("gaze_output_frequency") for row in rows],
        "display_area": [row.get("display_area") for row in rows],
        "errors_or_warnings": [row.get("faults", row.get("warnings")) for row in rows],
    }


def calibration_points(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = []
    for target in dict.fromkeys(row["position"] for row in rows):
        of_target = [row for row in rows if row["position"] == target]
        point = {f"position_on_display_area_{a}": v for a, v in zip("xy", target, strict=True)}
        for eye in ("left", "right"):
            for i, axis in enumerate("xy"):
                places = [row[f"{eye}_sample_position"][i] for row in of_target]
                point[f"samples_{eye}_position_on_display_area_{axis}"] = np.array(places)
            codes = [row[f"{eye}_validity"] for row in of_target]
            point[f"samples_{eye}_validity"] = [enumerated(VALIDITIES[code]) for code in codes]
        points.append(point)
    return points


def column(rows: list[dict[str, Any]], name: str) -> Any:
    return np.array([row[name] for row in rows])
