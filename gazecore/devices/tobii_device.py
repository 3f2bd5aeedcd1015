"""The settings of a Tobii tracker: asked for, set, and looked at before they are believed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gazecore.devices.tobii_sdk import answered, explained
from gazecore.devices.traits import display_mismatch
from gazecore.errors import InvalidSettingError, TrackerError
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.devices.driver import DeviceSample

    Point = tuple[float, float, float]


class TobiiDevice:
    """One tracker's model, rates, modes, capabilities and display area.

    Parameters
    ----------
    sdk, tracker
        The module `tobii_research` and its ``EyeTracker``.
    screen_mm : (float, float), optional
        The screen's true width and height, which the display area should have.
    """

    def __init__(
        self, sdk: Any, tracker: Any, screen_mm: tuple[float, float] | None = None
    ) -> None:
        self._sdk = sdk
        self._tracker = tracker
        self.mode = ""
        self.modes = self._all("get_all_eye_tracking_modes", "its modes", str)
        self.rates_hz: tuple[float, ...] = ()
        self._corners = self._display_area()
        self.display_mm = self._size_mm()
        self.notices = _display_notices(self.display_mm, screen_mm)

    @property
    def details(self) -> Mapping[str, str]:
        """For the stream's description."""
        tracker = self._tracker
        details = {
            "manufacturer": "Tobii",
            "model": str(tracker.model),
            "serial_number": str(tracker.serial_number),
            "firmware": str(tracker.firmware_version),
            "address": str(tracker.address),
            "sdk": str(self._sdk.__version__),
        }
        if self.mode:
            details["eye_tracking_mode"] = self.mode
        if self.display_mm is not None:
            details["display_area_width_mm"] = f"{self.display_mm[0]:g}"
            details["display_area_height_mm"] = f"{self.display_mm[1]:g}"
        return details

    def can(self, capability: str) -> bool:
        """Whether the tracker has a capability, by the end of the SDK's name for it."""
        wanted = getattr(self._sdk, f"CAPABILITY_{capability}", None)
        return wanted is not None and wanted in tuple(self._tracker.device_capabilities)

    def set_mode(self, mode: str) -> None:
        """Set an eye tracking mode, unless empty; then look what is set.

        Raises
        ------
        InvalidSettingError, TrackerError
            The tracker has no such mode; it did not take it.
        """
        if mode:
            if mode not in self.modes:
                known = ", ".join(self.modes) or "none, it has no modes"
                raise InvalidSettingError("--mode", mode, f"one of {known}")
            with explained(self._sdk, f"the mode {mode}"):
                self._tracker.set_eye_tracking_mode(mode)
        if self.modes:
            self.mode = answered(
                self._sdk, "its mode", self._tracker.get_eye_tracking_mode, _is_name
            )
        if mode and self.mode != mode:
            raise TrackerError(
                f"the tracker stays in mode {self.mode} when set to {mode}; restart it"
            )

    def set_rate(self, rate_hz: float | None) -> float:
        """Set a gaze output frequency, unless None; then look what is set, in Hz.

        Raises
        ------
        InvalidSettingError, TrackerError
            The tracker has no such rate; it did not take it.
        """
        self.rates_hz = self._all("get_all_gaze_output_frequencies", "its rates", float)
        if rate_hz is not None:
            if rate_hz not in self.rates_hz:
                known = (
                    ", ".join(f"{rate:g}" for rate in self.rates_hz) or "none, it tells no rates"
                )
                raise InvalidSettingError("--rate", rate_hz, f"one of {known}")
            with explained(self._sdk, f"the rate {rate_hz:g} Hz"):
                self._tracker.set_gaze_output_frequency(rate_hz)
        found = float(
            answered(self._sdk, "its rate", self._tracker.get_gaze_output_frequency, _is_rate)
        )
        if rate_hz is not None and abs(found - rate_hz) > 0.01 * rate_hz:
            raise TrackerError(
                f"the tracker stays at {found:g} Hz when set to {rate_hz:g} Hz; restart it"
            )
        return found

    def distance_mm(self, sample: DeviceSample) -> float | None:
        """The eyes' distance from the middle of the display area; None where not known."""
        if self._corners is None:
            return None
        _, top_right, bottom_left = self._corners
        middle = [(a + b) / 2 for a, b in zip(top_right, bottom_left, strict=True)]
        origins = [
            (eye.origin_user_x, eye.origin_user_y, eye.origin_user_z)
            for eye in (sample.left, sample.right)
            if eye.origin_valid
        ]
        if not origins:
            return None
        eyes = [sum(values) / len(values) for values in zip(*origins, strict=True)]
        distance_mm = math.dist(eyes, middle)
        return distance_mm if math.isfinite(distance_mm) and distance_mm > 0 else None

    def _all(self, getter: str, what: str, kind: type[Any]) -> tuple[Any, ...]:
        """The values a tracker may be set to; empty where it has no such property."""
        try:
            values = answered(
                self._sdk,
                what,
                getattr(self._tracker, getter),
                lambda found: isinstance(found, tuple | list) and len(found) > 0,
            )
        except TrackerError:
            return ()
        return tuple(sorted(kind(value) for value in values))

    def _display_area(self) -> tuple[Point, Point, Point] | None:
        """Top left, top right and bottom left, in mm of the tracker's user coordinates."""
        names = ("top_left", "top_right", "bottom_left")
        try:
            area = answered(
                self._sdk,
                "its display area",
                self._tracker.get_display_area,
                lambda found: all(_is_place(getattr(found, name, None)) for name in names),
            )
        except TrackerError:
            return None
        return area.top_left, area.top_right, area.bottom_left

    def _size_mm(self) -> tuple[float, float] | None:
        if self._corners is None:
            return None
        top_left, top_right, bottom_left = self._corners
        size_mm = (math.dist(top_left, top_right), math.dist(top_left, bottom_left))
        return size_mm if min(size_mm) > 0 else None


def clock_offset_s(sdk: Any, pairs: int = 10) -> float:
    """LSL clock minus the SDK's host clock in seconds: the tightest of some paired readings.

    Raises
    ------
    TrackerError
        The SDK tells no time.
    """
    best = (math.inf, 0.0)
    with explained(sdk, "its clock"):
        for _ in range(pairs):
            before_s = clock_s()
            system_us = sdk.get_system_time_stamp()
            after_s = clock_s()
            if not isinstance(system_us, int):
                raise TrackerError(f"the tracker's SDK gives {system_us!r} as the time; restart it")
            best = min(best, (after_s - before_s, (before_s + after_s) / 2 - system_us / 1e6))
    return best[1]


def _display_notices(
    display_mm: tuple[float, float] | None, screen_mm: tuple[float, float] | None
) -> tuple[str, ...]:
    if display_mm is None:
        return ("the tracker has no display area; set it up in Tobii's Eye Tracker Manager",)
    mismatch = display_mismatch(display_mm, screen_mm) if screen_mm else None
    return (mismatch,) if mismatch else ()


def _is_rate(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 3
        and all(isinstance(v, int | float) and math.isfinite(v) for v in value)
    )
