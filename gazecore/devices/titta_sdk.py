"""TittaPy behind the part of `tobii_research` that we use: Tobii trackers on Python 3.11 and newer.

TittaPy 2.1 (module ``TittaPy_v2``, MIT licence) wraps the same C library as Tobii's own Python
layer, but buffers in C++ and is polled: `TittaTracker.pump` hands what was buffered to the
callbacks. It keeps the interpreter to itself while it searches, so it belongs into a process of
its own. Calibration is a queue of jobs there; here each waits for its answer.

Eye openness is left out: once it is on, TittaPy holds each gaze sample back until its openness
arrives, and there are trackers that announce openness and never send it.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from gazecore.devices import titta_data, titta_errors
from gazecore.devices.titta_errors import called, raise_for
from gazecore.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Callback = Callable[[dict[str, Any]], None]

_ANSWER_LIMIT_S = 60.0
_STREAMS = {
    "eyetracker_gaze_data": "gaze",
    "eyetracker_external_signal": "external_signal",
    "eyetracker_time_synchronization_data": "time_sync",
    "eyetracker_user_position_guide": "positioning",
}
_NOTIFICATION = "eyetracker_notification_"
_ERRORS = "eyetracker_stream_errors"
_CAPABILITIES = (
    "can_do_screen_based_calibration",
    "has_external_signal",
    "has_gaze_data",
)


class TittaSdk:
    """Stands for the module `tobii_research`, over a module like ``TittaPy_v2``."""

    EYETRACKER_GAZE_DATA = "eyetracker_gaze_data"
    EYETRACKER_EXTERNAL_SIGNAL = "eyetracker_external_signal"
    EYETRACKER_TIME_SYNCHRONIZATION_DATA = "eyetracker_time_synchronization_data"
    EYETRACKER_USER_POSITION_GUIDE = "eyetracker_user_position_guide"
    EYETRACKER_STREAM_ERRORS = _ERRORS
    EYETRACKER_NOTIFICATION_CONNECTION_LOST = f"{_NOTIFICATION}connection_lost"
    EYETRACKER_NOTIFICATION_CONNECTION_RESTORED = f"{_NOTIFICATION}connection_restored"
    EYETRACKER_NOTIFICATION_CALIBRATION_MODE_ENTERED = f"{_NOTIFICATION}calibration_mode_entered"
    EYETRACKER_NOTIFICATION_CALIBRATION_MODE_LEFT = f"{_NOTIFICATION}calibration_mode_left"
    EYETRACKER_NOTIFICATION_CALIBRATION_CHANGED = f"{_NOTIFICATION}calibration_changed"
    EYETRACKER_NOTIFICATION_DISPLAY_AREA_CHANGED = f"{_NOTIFICATION}display_area_changed"
    EYETRACKER_NOTIFICATION_GAZE_OUTPUT_FREQUENCY_CHANGED = (
        f"{_NOTIFICATION}gaze_output_frequency_changed"
    )
    EYETRACKER_NOTIFICATION_EYE_TRACKING_MODE_CHANGED = f"{_NOTIFICATION}eye_tracking_mode_changed"
    EYETRACKER_NOTIFICATION_DEVICE_FAULTS = f"{_NOTIFICATION}device_faults"
    EYETRACKER_NOTIFICATION_DEVICE_WARNINGS = f"{_NOTIFICATION}device_warnings"
    EYETRACKER_NOTIFICATION_STREAM_BUFFER_OVERFLOW = f"{_NOTIFICATION}stream_buffer_overflow"
    CAPABILITY_CAN_DO_SCREEN_BASED_CALIBRATION = "can_do_screen_based_calibration"
    CAPABILITY_HAS_EXTERNAL_SIGNAL = "has_external_signal"
    CALIBRATION_STATUS_SUCCESS = "success"
    CALIBRATION_STATUS_FAILURE = "failure"
    VALIDITY_VALID_AND_USED = "valid_and_used"
    EyeTrackerConnectionFailedError = titta_errors.EyeTrackerConnectionFailedError
    EyeTrackerFeatureNotSupportedError = titta_errors.EyeTrackerFeatureNotSupportedError
    EyeTrackerInternalError = titta_errors.EyeTrackerInternalError
    EyeTrackerInvalidOperationError = titta_errors.EyeTrackerInvalidOperationError
    EyeTrackerLicenseError = titta_errors.EyeTrackerLicenseError
    EyeTrackerOperationFailedError = titta_errors.EyeTrackerOperationFailedError

    def __init__(self, module: Any) -> None:
        self.module = module
        self.__version__ = f"TittaPy {module.__version__.strip(chr(34))}"

    @classmethod
    def load(cls) -> TittaSdk:
        """The installed module.

        Raises
        ------
        MissingExtraError
            It is not installed.
        """
        try:
            return cls(importlib.import_module("TittaPy_v2"))
        except ImportError as error:
            here = f"{sys.version_info.major}.{sys.version_info.minor}"
            purpose = (
                "the tobii tracker (Tobii's own SDK exists for Python 3.10, which "
                f"FOCUSSTATION_TOBII_PYTHON may name; this is {here})"
            )
            raise MissingExtraError(purpose, "titta") from error

    def find_all_eyetrackers(self) -> tuple[TittaTracker, ...]:
        """All trackers found; keeps the interpreter to itself for 2 s the first time."""
        found = called(self.module.find_all_eye_trackers) or ()
        return tuple(self.EyeTracker(about["address"]) for about in found)

    def get_system_time_stamp(self) -> Any:
        """The host clock in µs."""
        return called(self.module.get_system_timestamp)

    def EyeTracker(self, address: str) -> TittaTracker:  # noqa: N802 - as in `tobii_research`
        """The tracker at an address."""
        return TittaTracker(self.module, called(self.module.EyeTracker, address))

    def ScreenBasedCalibration(self, tracker: TittaTracker) -> TittaCalibration:  # noqa: N802
        """A calibration of a tracker, not entered yet."""
        return TittaCalibration(tracker)


class TittaTracker:
    """One tracker with the names of ``tobii_research.EyeTracker``."""

    def __init__(self, module: Any, tracker: Any) -> None:
        self._module = module
        self._tracker = tracker
        self._callbacks: dict[str, list[Callback]] = {}
        self.address = str(tracker.address)
        self.model = str(tracker.model)
        self.serial_number = str(tracker.serial_number)
        self.firmware_version = str(tracker.firmware_version)
        capabilities = [titta_data.name_of(c) for c in tracker.capabilities]
        self.device_capabilities = tuple(c for c in _CAPABILITIES if c in capabilities)

    def get_display_area(self) -> Any:
        """Corners in mm; None where it is not told."""
        area = self._told("display_area")
        if area is None:
            return None
        corners = ("top_left", "top_right", "bottom_left")
        return SimpleNamespace(**{name: tuple(float(v) for v in area[name]) for name in corners})

    def get_gaze_output_frequency(self) -> Any:
        """Samples per second."""
        return self._told("frequency")

    def get_all_gaze_output_frequencies(self) -> tuple[Any, ...]:
        """What may be set."""
        return tuple(self._told("supported_frequencies") or ())

    def set_gaze_output_frequency(self, frequency: float) -> None:
        """Set samples per second."""
        called(setattr, self._tracker, "frequency", frequency)

    def get_eye_tracking_mode(self) -> Any:
        """The mode."""
        return self._told("tracking_mode")

    def get_all_eye_tracking_modes(self) -> tuple[Any, ...]:
        """What may be set."""
        return tuple(self._told("supported_modes") or ())

    def set_eye_tracking_mode(self, mode: str) -> None:
        """Set the mode."""
        called(setattr, self._tracker, "tracking_mode", mode)

    def retrieve_calibration_data(self) -> bytes:
        """The active calibration; enters calibration mode for it where it is not on."""
        with self._in_calibration_mode():
            told = self.job("get_calibration_data", self._tracker.calibration_get_data)
        return bytes(told.get("calibration_data", b""))

    def apply_calibration_data(self, data: bytes) -> None:
        """Make a stored calibration the active one; enters calibration mode as above."""
        with self._in_calibration_mode():
            self.job(
                "apply_calibration_data",
                lambda: self._tracker.calibration_apply_data(list(data)),
            )

    def subscribe_to(self, stream: str, callback: Callback, as_dictionary: bool = False) -> None:
        """Begin to buffer a stream; `pump` brings it to the callback."""
        del as_dictionary
        held = self._callbacks.setdefault(stream, [])
        if callback in held:
            raise titta_errors.EyeTrackerInvalidOperationError("subscribed already")
        if stream == _ERRORS:
            called(self._module.start_logging)
        elif not self._held_of(stream):
            called(self._tracker.start, _buffer_of(stream))
        held.append(callback)

    def unsubscribe_from(self, stream: str, callback: Callback) -> None:
        """End a stream when its last callback is gone."""
        held = self._callbacks.get(stream, [])
        if callback not in held:
            return
        held.remove(callback)
        if self._held_of(stream):
            return
        if stream == _ERRORS:
            called(self._module.stop_logging)
        else:
            called(self._tracker.stop, _buffer_of(stream))

    def pump(self) -> None:
        """Hand all that was buffered since the last call to the callbacks; never blocks."""
        for stream, buffer in _STREAMS.items():
            if self._callbacks.get(stream):
                told = called(self._tracker.consume_N, buffer)
                self._hand_out(stream, titta_data.ROWS[buffer](told))
        if self._held_of(_NOTIFICATION):
            told = called(self._tracker.consume_N, "notification")
            for row in titta_data.notifications(told):
                self._hand_out(row["notification_type"], [row])
        if self._callbacks.get(_ERRORS):
            log = called(self._module.get_log, True)
            self._hand_out(_ERRORS, titta_data.stream_errors(log))

    def job(self, action: str, begin: Callable[[], object]) -> dict[str, Any]:
        """Begin a job of the calibration and wait for its result.

        Raises
        ------
        EyeTracker...Error
            The job failed, by its status; or no answer came.
        """
        called(begin)
        deadline = time.monotonic() + _ANSWER_LIMIT_S
        while time.monotonic() < deadline:
            result = called(self._tracker.calibration_retrieve_result)
            if result is None:
                time.sleep(0.005)
            elif titta_data.name_of(result["work_item"]["action"]) == action:
                raise_for(int(result["status"]), str(result["status_string"]))
                return dict(result)
        raise titta_errors.EyeTrackerInternalError(
            f"no answer to {action} within {_ANSWER_LIMIT_S:g} s"
        )

    def enter(self) -> None:
        """Enter calibration mode."""

        def begin() -> None:
            if not self._tracker.enter_calibration_mode(False):
                raise titta_errors.EyeTrackerInvalidOperationError("already in calibration mode")

        try:
            self.job("enter", begin)
        except Exception:
            # Its worker thread lives on after a failure, and the next try would be refused.
            with contextlib.suppress(RuntimeError):
                self._tracker.leave_calibration_mode(False)
            self._forget_results()
            raise

    def leave(self) -> None:
        """Leave calibration mode."""
        called(self._tracker.leave_calibration_mode, False)
        result = self._forget_results()
        if result is not None:
            raise_for(int(result["status"]), str(result["status_string"]))

    @property
    def jobs(self) -> Any:
        """Where calibration jobs are given."""
        return self._tracker

    @contextlib.contextmanager
    def _in_calibration_mode(self) -> Iterator[None]:
        if called(self._tracker.is_in_calibration_mode, False):
            yield
            return
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def _forget_results(self) -> dict[str, Any] | None:
        """Take the answers nobody waits for; the last is that to leaving."""
        last: dict[str, Any] | None = None
        while (result := self._tracker.calibration_retrieve_result()) is not None:
            last = dict(result)
        return last

    def _told(self, name: str) -> Any:
        return called(getattr, self._tracker, name)

    def _held_of(self, stream: str) -> list[Callback]:
        """The callbacks of a stream and of those that come from the same buffer."""
        buffer = _buffer_of(stream)
        # A copy, as another thread may subscribe meanwhile.
        held = (c for other, c in tuple(self._callbacks.items()) if _buffer_of(other) == buffer)
        return [callback for callbacks in held for callback in callbacks]

    def _hand_out(self, stream: str, rows: list[dict[str, Any]]) -> None:
        for callback in tuple(self._callbacks.get(stream, ())):
            for row in rows:
                callback(row)


class TittaCalibration:
    """One calibration with the names of ``tobii_research.ScreenBasedCalibration``."""

    def __init__(self, tracker: TittaTracker) -> None:
        self._tracker = tracker

    def enter_calibration_mode(self) -> None:
        """Enter."""
        self._tracker.enter()

    def leave_calibration_mode(self) -> None:
        """Leave."""
        self._tracker.leave()

    def collect_data(self, x: float, y: float) -> str:
        """Collect at a target; whether it succeeded."""
        begin = self._tracker.jobs.calibration_collect_data
        try:
            self._tracker.job("collect_data", lambda: begin([x, y]))
        except titta_errors.EyeTrackerOperationFailedError:
            return TittaSdk.CALIBRATION_STATUS_FAILURE
        return TittaSdk.CALIBRATION_STATUS_SUCCESS

    def discard_data(self, x: float, y: float) -> None:
        """Forget a target."""
        begin = self._tracker.jobs.calibration_discard_data
        self._tracker.job("discard_data", lambda: begin([x, y]))

    def compute_and_apply(self) -> Any:
        """Compute; an object with ``status`` and ``calibration_points``."""
        try:
            told = self._tracker.job("compute", self._tracker.jobs.calibration_compute_and_apply)
        except titta_errors.EyeTrackerOperationFailedError:
            return SimpleNamespace(
                status=TittaSdk.CALIBRATION_STATUS_FAILURE, calibration_points=()
            )
        return titta_data.calibration_result(told.get("calibration_result"))


def _is_notification(stream: str) -> bool:
    return stream.startswith(_NOTIFICATION)


def _buffer_of(stream: str) -> str:
    return "notification" if _is_notification(stream) else _STREAMS.get(stream, "")
