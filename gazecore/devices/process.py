"""The tracker process: numbers a driver's samples, sends them over LSL, answers commands."""

from __future__ import annotations

import time
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pylsl

from gazecore.control import ControlServer
from gazecore.devices.commands import carry_out, event_of
from gazecore.devices.faults import FaultScript
from gazecore.devices.outgoing import OutletFormat, OwnFormat
from gazecore.devices.side_streams import DeviceEvent, SideOutlets
from gazecore.devices.truth import TruthFile
from gazecore.errors import InvalidSettingError
from gazecore.lsl import clock_s
from gazecore.samples import GAZE_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.control import Answer
    from gazecore.devices.driver import DeviceSample, Driver

_PAUSE_RANGE_S = (0.002, 0.004)
_LINGER_S = 0.5


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """How the process around a driver runs; `seconds` None means until stopped.

    With `control` it also ends `forgotten_s` after the last command once nobody is connected: a
    station that lives keeps its connection, and one that died leaves no stream behind for ever.
    """

    stream_name: str = GAZE_STREAM_NAME
    seconds: float | None = None
    faults: FaultScript = field(default_factory=FaultScript)
    format: OutletFormat = field(default_factory=OwnFormat)
    truth: Path | None = None
    control: Path | None = None
    forgotten_s: float = 600.0

    def __post_init__(self) -> None:
        if self.seconds is not None and not self.seconds > 0:
            raise InvalidSettingError("--seconds", self.seconds, "a positive number")


@dataclass(frozen=True, slots=True)
class TrackerOutcome:
    """What a tracker process did."""

    driver: str
    stream: str
    sent: int
    seconds: float
    simulated: bool


class Tracker:
    """One driver on the bus; `run` sends until stopped.

    `stop` may be called from a signal handler or any thread.
    """

    def __init__(self, driver: Driver, settings: TrackerSettings) -> None:
        self._driver = driver
        self._settings = settings
        self._truth = TruthFile(settings.truth) if settings.truth else None
        self._server: ControlServer | None = None
        self._source_id = f"focusstation-{driver.name}-{settings.stream_name}"
        self._side = SideOutlets(
            settings.stream_name,
            self._source_id,
            driver.side_streams,
            self._told_settings,
            driver.rate_hz,
        )
        self._stopping = False
        self._asked_s = clock_s()
        self._start_s = 0.0
        self.sent = 0
        self._recent_s: deque[float] = deque(maxlen=int(max(32, 2 * driver.rate_hz)))

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping = True

    def run(self) -> TrackerOutcome:
        """Send samples until stopped, until `seconds` are over, or the driver has no more."""
        settings, driver = self._settings, self._driver
        try:
            outlet = self._open_outlet()
            if settings.format.has_side_streams:
                self._side.open()
            if settings.control is not None:
                self._server = ControlServer(settings.control, self.answer).start()
            self._start_s = clock_s()
            driver.start(self._start_s)
            self._loop(outlet)
            self._linger(outlet)
        finally:
            self._close()
        return TrackerOutcome(
            driver.name,
            settings.stream_name,
            self.sent,
            clock_s() - self._start_s,
            driver.simulated,
        )

    def answer(self, command: str, arguments: dict[str, Any]) -> Answer:
        """Carry out a control command; called from control threads."""
        self._asked_s = clock_s()
        if command == "status":
            return self._status()
        if command == "stop":
            self.stop()
            return {"sent": self.sent}
        answer = carry_out(self._driver, command, arguments)
        told = event_of(command, arguments, answer)
        if told is not None:
            self._side.note(DeviceEvent(clock_s(), *told))
        return answer

    def _open_outlet(self) -> pylsl.StreamOutlet:
        driver, settings = self._driver, self._settings
        info = settings.format.info(settings.stream_name, driver)
        # An irregular stream counts max_buffered in hundreds of samples: 6 minutes of them.
        is_regular = info.nominal_srate() != pylsl.IRREGULAR_RATE
        buffered = 360 if is_regular else max(360, int(3.6 * driver.rate_hz))
        return pylsl.StreamOutlet(info, chunk_size=0, max_buffered=buffered)

    def _loop(self, outlet: pylsl.StreamOutlet) -> None:
        settings, driver = self._settings, self._driver
        rate_hz = driver.rate_hz or 1.0
        shortest_s, longest_s = _PAUSE_RANGE_S
        pause_s = min(max(0.5 / rate_hz, shortest_s), longest_s)
        end_s = float("inf") if settings.seconds is None else self._start_s + settings.seconds
        while True:
            settings.faults.strike(clock_s() - self._start_s)
            now_s = clock_s()
            # A sample at the very end belongs to the next second.
            last_s = min(now_s, end_s - 0.25 / rate_hz)
            samples = driver.read(last_s)
            self._send(outlet, settings.faults.apply(samples, self._start_s, now_s), now_s)
            self._send_side(last_s)
            if self._stopping or now_s >= end_s or driver.finished:
                return
            if settings.faults.ends(now_s - self._start_s) or self._is_forgotten(now_s):
                return
            time.sleep(pause_s)

    def _is_forgotten(self, now_s: float) -> bool:
        """Whether nobody is connected to a controlled tracker, nor has been for so long."""
        if self._server is None:
            return False
        if self._server.has_clients:
            self._asked_s = now_s
        return now_s - self._asked_s > self._settings.forgotten_s

    def _send(
        self, outlet: pylsl.StreamOutlet, samples: Sequence[DeviceSample], now_s: float
    ) -> None:
        for row in self._settings.format.rows(samples, now_s):
            outlet.push_sample(row.values, row.t_s)
            if self._truth is not None:
                self._truth.write(row.sequence, row.sample, row.t_s)
            self._recent_s.append(row.t_s)
            self.sent += 1

    def _linger(self, outlet: pylsl.StreamOutlet) -> None:
        """Let connected recorders take the last samples before the streams go away."""
        if outlet.have_consumers() or self._side.has_readers():
            time.sleep(_LINGER_S)

    def _send_side(self, now_s: float) -> None:
        if not self._settings.format.has_side_streams:
            return
        told = self._settings.faults.events(self._start_s, now_s)
        for event in (*self._driver.take_events(), *told):
            self._side.note(event)
        self._side.push(self._driver.read_side(now_s), now_s)

    def _told_settings(self) -> dict[str, str]:
        """What a recording has to know of the tracker: all of its description."""
        driver, traits = self._driver, self._driver.traits
        about = {"driver": driver.name, "rate_hz": f"{driver.rate_hz:g}", **driver.details}
        return {**about, "mode": traits.mode} if traits.mode else about

    def _close(self) -> None:
        """Let go of everything, of the rest too where one of them fails."""
        with ExitStack() as stack:
            stack.callback(self._driver.close)
            stack.callback(self._side.close)
            if self._truth is not None:
                stack.callback(self._truth.close)
            if self._server is not None:
                stack.callback(self._server.close)

    def _status(self) -> Answer:
        driver, traits = self._driver, self._driver.traits
        has_side = self._settings.format.has_side_streams
        return {
            "driver": driver.name,
            "stream": self._settings.stream_name,
            "rate_hz": driver.rate_hz,
            "measured_rate_hz": self._measured_rate_hz(),
            "sent": self.sent,
            "simulated": driver.simulated,
            "can_calibrate": driver.calibration is not None,
            "last_sample_age_s": clock_s() - self._recent_s[-1] if self._recent_s else None,
            "side_streams": list(self._side.names) if has_side else [],
            "model": traits.model,
            "serial_number": traits.serial_number,
            "mode": traits.mode,
            "modes": list(traits.modes),
            "rates_hz": list(traits.rates_hz),
            "notices": list(traits.notices),
            "display_area_mm": traits.display_area_mm,
        }

    def _measured_rate_hz(self) -> float | None:
        times_s = list(self._recent_s)
        if len(times_s) < 2 or times_s[-1] <= times_s[0]:
            return None
        return (len(times_s) - 1) / (times_s[-1] - times_s[0])
