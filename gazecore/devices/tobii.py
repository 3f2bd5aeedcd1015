"""Tobii Pro trackers through the vendor's SDK `tobii_research` 2.1 (Python 3.10 alone)."""

from __future__ import annotations

import importlib
import math
import sys
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gazecore.devices.driver import DeviceSample, EyeChannels, NoPointer
from gazecore.devices.tobii_calibration import TobiiCalibration
from gazecore.errors import InvalidSettingError, MissingExtraError, TrackerError
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_FIND_TRIES = 5
_ERROR_NAMES = (
    "EyeTrackerConnectionFailedError",
    "EyeTrackerFeatureNotSupportedError",
    "EyeTrackerInternalError",
    "EyeTrackerInvalidOperationError",
    "EyeTrackerLicenseError",
    "EyeTrackerOperationFailedError",
    "EyeTrackerUnavailableError",
    "EyeTrackerDisplayAreaNotValidError",
    "EyeTrackerSavedLicenseFailedToApplyError",
    "EyeTrackerFeatureDeprecatedError",
)


def load_sdk() -> Any:
    """The vendor's module.

    Raises
    ------
    MissingExtraError
        It is not installed; it exists for Python 3.10 alone.
    """
    try:
        return importlib.import_module("tobii_research")
    except ImportError as error:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        purpose = f"the tobii tracker (Tobii's SDK exists for Python 3.10; this is {here})"
        raise MissingExtraError(purpose, "tobii") from error


def sdk_errors(sdk: Any) -> tuple[type[Exception], ...]:
    """The SDK's error classes, which share no base."""
    return tuple(getattr(sdk, name) for name in _ERROR_NAMES if hasattr(sdk, name))


@contextmanager
def explained(sdk: Any, doing: str) -> Iterator[None]:
    """Turn the SDK's errors into one line of ours."""
    refusals: tuple[type[Exception], ...] = (*sdk_errors(sdk), ValueError)
    try:
        yield
    except refusals as error:
        raise TrackerError(
            f"the tracker refused {doing}: {str(error) or type(error).__name__}; "
            "check its cable, its licence and Tobii's Eye Tracker Manager"
        ) from error


def find_tracker(sdk: Any, address: str = "", pause_s: float = 1.0) -> Any:
    """The tracker at an address (``tet-tcp://...``), or the first that is found.

    Discovery may answer with nothing for seconds, so it is asked several times.
    """
    if address:
        with explained(sdk, f"the connection to {address}"):
            return sdk.EyeTracker(address)
    for attempt in range(_FIND_TRIES):
        with explained(sdk, "the search"):
            found = sdk.find_all_eyetrackers()
        if found:
            return found[0]
        if attempt < _FIND_TRIES - 1:
            time.sleep(pause_s)
    raise TrackerError("no Tobii tracker found; check cable and power, or give --address")


class TobiiDriver(NoPointer):
    """Gaze of one Tobii tracker with every field the SDK gives.

    Parameters
    ----------
    sdk
        The module `tobii_research`.
    tracker
        Its ``EyeTracker``.
    rate_hz : float, optional
        A gaze output frequency of the tracker; None leaves the one set.
    """

    name = "tobii"
    simulated = False
    finished = False

    def __init__(self, sdk: Any, tracker: Any, rate_hz: float | None = None) -> None:
        self._sdk = sdk
        self._tracker = tracker
        self._arrived: deque[dict[str, Any]] = deque()
        self._start_s = -math.inf
        with explained(sdk, "its settings"):
            self.rate_hz = self._set_rate(rate_hz)
            self._clock_offset_s = clock_offset_s(lambda: int(sdk.get_system_time_stamp()))
            area = tracker.get_display_area()
            self._details = {
                "manufacturer": "Tobii",
                "model": str(tracker.model),
                "serial_number": str(tracker.serial_number),
                "firmware": str(tracker.firmware_version),
                "address": str(tracker.address),
                "sdk": str(sdk.__version__),
                "clock_offset_s": repr(self._clock_offset_s),
                "display_area_width_mm": f"{area.width:g}",
                "display_area_height_mm": f"{area.height:g}",
            }
        self._calibration = TobiiCalibration(sdk, tracker, (area.width, area.height), explained)
        # One reference: each access to a bound method makes a new object, and the SDK needs the
        # same one to unsubscribe.
        self._on_gaze: Callable[[dict[str, Any]], None] = self._arrived.append

    @property
    def calibration(self) -> TobiiCalibration:
        """The tracker's screen-based calibration."""
        return self._calibration

    @property
    def details(self) -> Mapping[str, str]:
        """Model, serial number, firmware, SDK, clock offset, display area."""
        return self._details

    def start(self, start_s: float) -> None:
        """Subscribe to gaze."""
        self._start_s = start_s
        with explained(self._sdk, "the gaze stream"):
            self._tracker.subscribe_to(
                self._sdk.EYETRACKER_GAZE_DATA, self._on_gaze, as_dictionary=True
            )

    def read(self, now_s: float) -> list[DeviceSample]:
        """What the callback left; a sample after `now_s` waits for the next call."""
        samples: list[DeviceSample] = []
        while self._arrived:
            sample = device_sample(self._arrived[0], self._clock_offset_s)
            if sample.t_s > now_s:
                break
            self._arrived.popleft()
            samples.append(sample)
        return samples

    def close(self) -> None:
        """Leave calibration, then unsubscribe before the SDK's own clean-up, which is broken."""
        self._calibration.leave()
        with explained(self._sdk, "to end the gaze stream"):
            self._tracker.unsubscribe_from(self._sdk.EYETRACKER_GAZE_DATA, self._on_gaze)

    def _set_rate(self, rate_hz: float | None) -> float:
        if rate_hz is not None:
            possible = sorted(self._tracker.get_all_gaze_output_frequencies())
            if rate_hz not in possible:
                raise InvalidSettingError(
                    "--rate", rate_hz, f"one of {', '.join(f'{p:g}' for p in possible)}"
                )
            self._tracker.set_gaze_output_frequency(rate_hz)
        # The SDK takes a timed-out property call for a success, so the value is checked.
        rate = self._tracker.get_gaze_output_frequency()
        if not isinstance(rate, int | float) or not rate > 0:
            raise TrackerError(f"the tracker gives {rate!r} as its rate; restart it")
        return float(rate)


def clock_offset_s(system_time_us: Callable[[], int], pairs: int = 10) -> float:
    """LSL clock minus the SDK's host clock in seconds: the tightest of some paired readings."""
    best = (math.inf, 0.0)
    for _ in range(pairs):
        before_s = clock_s()
        system_s = system_time_us() / 1e6
        after_s = clock_s()
        best = min(best, (after_s - before_s, (before_s + after_s) / 2 - system_s))
    return best[1]


def device_sample(data: Mapping[str, Any], offset_s: float) -> DeviceSample:
    """A dictionary of the SDK's gaze stream as a sample; times become seconds."""
    system_time_s = data["system_time_stamp"] / 1e6
    return DeviceSample(
        t_s=system_time_s + offset_s,
        device_time_s=data["device_time_stamp"] / 1e6,
        system_time_s=system_time_s,
        left=_eye(data, "left"),
        right=_eye(data, "right"),
    )


def _eye(data: Mapping[str, Any], eye: str) -> EyeChannels:
    """One eye; whatever its flag calls invalid is NaN, whatever the SDK left there."""
    gaze_valid = data[f"{eye}_gaze_point_validity"] == 1
    pupil_valid = data[f"{eye}_pupil_validity"] == 1
    origin_valid = data[f"{eye}_gaze_origin_validity"] == 1
    on_display = _kept(data[f"{eye}_gaze_point_on_display_area"], gaze_valid)
    in_space = _kept(data[f"{eye}_gaze_point_in_user_coordinate_system"], gaze_valid)
    (pupil_mm,) = _kept((data[f"{eye}_pupil_diameter"],), pupil_valid)
    origin_mm = _kept(data[f"{eye}_gaze_origin_in_user_coordinate_system"], origin_valid)
    return EyeChannels._make(
        [
            *on_display,
            float(gaze_valid),
            *in_space,
            pupil_mm,
            float(pupil_valid),
            *origin_mm,
            float(origin_valid),
        ]
    )


def _kept(values: tuple[float, ...], is_valid: bool) -> tuple[float, ...]:
    return tuple(float(v) for v in values) if is_valid else (math.nan,) * len(values)
