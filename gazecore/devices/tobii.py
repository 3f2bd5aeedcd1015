"""Tobii Pro trackers through the vendor's SDK `tobii_research` 2.1 (Python 3.10 alone)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gazecore.devices.driver import NoPointer
from gazecore.devices.side_streams import (
    EXTERNAL_SIGNAL,
    EYE_OPENNESS,
    TIME_SYNCHRONISATION,
    DeviceEvent,
)
from gazecore.devices.tobii_calibration import TobiiCalibration
from gazecore.devices.tobii_device import TobiiDevice, clock_offset_s
from gazecore.devices.tobii_samples import device_sample
from gazecore.devices.tobii_sdk import LICENCE_NOTICE
from gazecore.devices.tobii_streams import TobiiStreams
from gazecore.devices.traits import DeviceTraits
from gazecore.errors import TrackerError
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gazecore.devices.driver import DeviceSample
    from gazecore.devices.side_streams import SideSample, SideStream
    from gazecore.devices.traits import EyePositions

MEASURE_CLOCK_EVERY_S = 60.0
_MOST_DRIFT_S = 1e-3
_MOST_AHEAD_S = 0.5
_RENEW_AFTER_S = 2.0
_SILENT_AFTER_S = 10.0


@dataclass(frozen=True, slots=True)
class TobiiSettings:
    """What is asked of a tracker; None and empty leave as it is what it is set to.

    `screen_mm` is the screen's true width and height, compared with the display area.
    """

    rate_hz: float | None = None
    mode: str = ""
    screen_mm: tuple[float, float] | None = None


class TobiiDriver(NoPointer):
    """Gaze of one Tobii tracker with every field the SDK gives, and all that it tells.

    Parameters
    ----------
    sdk
        The module `tobii_research`.
    tracker
        Its ``EyeTracker``.
    settings : TobiiSettings
        Rate and mode to set.
    """

    name = "tobii"
    simulated = False
    finished = False

    def __init__(self, sdk: Any, tracker: Any, settings: TobiiSettings = TobiiSettings()) -> None:
        self._sdk = sdk
        self._device = TobiiDevice(sdk, tracker, settings.screen_mm)
        self._device.set_mode(settings.mode)
        self.rate_hz = self._device.set_rate(settings.rate_hz)
        self._offset_s = clock_offset_s(sdk)
        self._measured_s = -math.inf
        self._details = {
            **self._device.details,
            "clock_offset_s": repr(self._offset_s),
        }
        self._streams = TobiiStreams(sdk, tracker, self._offset_s)
        self._side_streams = self._offered()
        self._distance_mm: float | None = None
        self._calibration = TobiiCalibration(
            sdk, tracker, self._device.display_mm, lambda: self._distance_mm
        )
        self._notices: dict[str, str] = {}
        self._restored_s: float | None = None
        self._started_s = 0.0
        self._last_s = -math.inf
        self._ahead = False
        self._awaits_openness = EYE_OPENNESS in self._side_streams

    @property
    def calibration(self) -> TobiiCalibration | None:
        """The tracker's screen-based calibration; None where it has none."""
        return self._calibration if self._device.can("CAN_DO_SCREEN_BASED_CALIBRATION") else None

    @property
    def details(self) -> Mapping[str, str]:
        """Model, serial number, firmware, SDK, clock offset, display area."""
        return self._details

    @property
    def side_streams(self) -> Sequence[SideStream]:
        """Time synchronisation, and eye openness and external signal where there are such."""
        return self._side_streams

    @property
    def traits(self) -> DeviceTraits:
        """What the tracker can, is set to, and wants to be known."""
        device = self._device
        return DeviceTraits(
            model=device.details["model"],
            serial_number=device.details["serial_number"],
            rates_hz=device.rates_hz,
            modes=device.modes,
            mode=device.mode,
            notices=(LICENCE_NOTICE, *device.notices, *self._notices.values()),
            display_area_mm=device.display_mm,
        )

    def start(self, start_s: float) -> None:
        """Subscribe to gaze and to the rest."""
        self._started_s = start_s
        self._streams.subscribe_gaze()
        self._streams.subscribe_rest(
            openness=EYE_OPENNESS in self._side_streams,
            signal=EXTERNAL_SIGNAL in self._side_streams,
        )

    def read(self, now_s: float) -> list[DeviceSample]:
        """What the callback left; a sample just after `now_s` waits for the next call."""
        self._streams.pump()
        arrived = self._streams.gaze
        taken: list[DeviceSample] = []
        while arrived:
            sample = device_sample(arrived[0], self._offset_s)
            ahead_s = sample.t_s - now_s
            if 0 < ahead_s < _MOST_AHEAD_S:
                break
            if ahead_s >= _MOST_AHEAD_S and not self._ahead:
                self._ahead = True
                self._tell(now_s, "clock_ahead", f"a sample's time is {ahead_s:.3f} s ahead of now")
            arrived.popleft()
            taken.append(sample)
        if taken:
            self._last_s = now_s
            self._restored_s = None
            self._distance_mm = self._device.distance_mm(taken[-1]) or self._distance_mm
        return taken

    def read_side(self, now_s: float) -> list[SideSample]:
        """What the callbacks left of the other streams; also what has to be done now and then."""
        self._look_after(now_s)
        side = self._streams.side
        taken = [side.popleft() for _ in range(len(side))]
        if self._awaits_openness and any(sample.stream is EYE_OPENNESS for sample in taken):
            self._awaits_openness = False
        return taken

    def take_events(self) -> list[DeviceEvent]:
        """What the tracker told."""
        events = self._streams.events
        taken = [events.popleft() for _ in range(len(events))]
        for event in taken:
            self._heed(event)
        return taken

    def eye_positions(self) -> EyePositions | None:
        """Where the eyes are, from the user position guide."""
        return self._streams.positions()

    def close(self) -> None:
        """Leave calibration, then unsubscribe before the SDK's own clean-up, which is broken."""
        try:
            self._calibration.leave()
        except TrackerError as error:
            # The tracker may be gone; what is subscribed has to be let go of all the same.
            self._tell(clock_s(), "calibration_not_left", str(error))
        finally:
            self._streams.close()

    def _offered(self) -> tuple[SideStream, ...]:
        offered = [TIME_SYNCHRONISATION]
        if self._device.can("HAS_EYE_OPENNESS_DATA"):
            offered.insert(0, EYE_OPENNESS)
        if self._device.can("HAS_EXTERNAL_SIGNAL"):
            offered.append(EXTERNAL_SIGNAL)
        return tuple(offered)

    def _tell(self, t_s: float, event: str, detail: str, **values: str) -> None:
        self._streams.events.append(DeviceEvent(t_s, event, detail, values))

    def _heed(self, event: DeviceEvent) -> None:
        """Take what the tracker told into what is known of it and shown to the operator."""
        name, values = event.event, event.values
        if name == "connection_lost":
            self._notices["connection"] = "the connection to the tracker is lost; check its cable"
        elif name == "connection_restored":
            self._notices.pop("connection", None)
            self._restored_s = event.t_s
        elif name in {"device_faults", "device_warnings"}:
            kind = name.removeprefix("device_")
            told = values.get(kind, "")
            self._notices[name] = f"the tracker reports {kind}: {told}"
            if not told:
                del self._notices[name]
        elif name == "display_area_changed":
            self._notices[name] = "the display area was changed: calibrate again"
        elif name == "stream_error" and "license" in values.get("error", ""):
            self._notices["licence"] = (
                f"the tracker's licence does not allow a stream: {event.detail}"
            )
        elif name == "gaze_output_frequency_changed":
            before_hz = self.rate_hz
            self.rate_hz = _positive(values.get("gaze_output_frequency"), before_hz)
            if self.rate_hz != before_hz:
                self._notices[name] = f"another program set the tracker to {self.rate_hz:g} Hz"

    def _look_after(self, now_s: float) -> None:
        self._streams.tidy(now_s)
        if now_s - self._measured_s >= MEASURE_CLOCK_EVERY_S:
            self._measure_clock(now_s)
        if self._restored_s is not None and now_s - self._restored_s > _RENEW_AFTER_S:
            if self._streams.renew_gaze():
                self._restored_s = None
                self._tell(now_s, "gaze_renewed", "no gaze came after the connection was restored")
            else:
                self._restored_s = now_s
        if self._calibration_is_alone(now_s):
            self._tell(now_s, "calibration_left", "nobody went on with it")
        is_late = self._last_s - self._started_s > _SILENT_AFTER_S
        if self._awaits_openness and is_late:
            self._awaits_openness = False
            self._tell(now_s, "eye_openness_silent", "the tracker says it measures it, none came")

    def _calibration_is_alone(self, now_s: float) -> bool:
        try:
            return self._calibration.leave_if_alone(now_s)
        except TrackerError as error:
            self._tell(now_s, "calibration_not_left", str(error))
            return False

    def _measure_clock(self, now_s: float) -> None:
        """Measure the host clock of the SDK against ours again; times keep the first offset."""
        self._measured_s = now_s
        try:
            offset_s = clock_offset_s(self._sdk)
        except TrackerError as error:
            self._tell(now_s, "clock_offset_unknown", str(error))
            return
        change_s = offset_s - self._offset_s
        moved = "; the two clocks moved apart" if abs(change_s) > _MOST_DRIFT_S else ""
        detail = f"host clock to LSL clock, {1e3 * change_s:+.3f} ms since the start{moved}"
        self._tell(now_s, "clock_offset", detail, offset_s=repr(offset_s), change_s=repr(change_s))


def _positive(text: str | None, otherwise: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return otherwise
    return value if value > 0 and math.isfinite(value) else otherwise
