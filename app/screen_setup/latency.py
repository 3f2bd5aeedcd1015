"""Measures the display's latency: toggles the patch, watches the sensor, compares."""

from __future__ import annotations

import random
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, PatchToggled
from gazecore.photodiode import Toggle, display_latency
from gazecore.sensor_stream import SensorStream, numeric_streams
from gazecore.study.database import now_utc
from gazecore.study.screens import MeasuredLatency

if TYPE_CHECKING:
    from collections.abc import Callable

Phase = Literal["idle", "asking", "opening", "running", "computing"]


@dataclass(frozen=True, slots=True)
class PatchPace:
    """How the patch toggles: how often, how far apart at least and at most, and the last wait.

    The interval is random, so that an edge cannot be taken for that of another toggle; it is
    longer than any latency that can be measured.
    """

    toggles: int = 60
    least_s: float = 0.25
    most_s: float = 0.4
    settle_s: float = 0.6


class LatencyController(QObject):
    """One measurement at a time; nothing flashes before the operator said yes.

    Parameters
    ----------
    publish : callable
        Sends a marker; each toggle is one.

    Signals
    -------
    phase_changed : Phase
    patch_toggled
        The patch has to be painted: see `is_light`; `note_painted` follows.
    sensors_found : tuple of str
        Streams of numbers on the bus.
    measured : `MeasuredLatency`
    failed : str
        No latency, and what is needed.
    """

    phase_changed = Signal(str)
    patch_toggled = Signal()
    sensors_found = Signal(tuple)
    measured = Signal(object)
    failed = Signal(str)
    _done = Signal(object)

    def __init__(
        self,
        publish: Callable[[AnyMarker], None],
        pace: PatchPace | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._publish = publish
        self._pace = pace or PatchPace()
        self._phase: Phase = "idle"
        self._sensor: SensorStream | None = None
        self._name = ""
        self._refresh_hz = 0.0
        self._toggles: list[Toggle] = []
        self._is_light = False
        self._is_painted = True
        self._random = random.Random(0)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="latency")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    @property
    def phase(self) -> Phase:
        """What is being done."""
        return self._phase

    @property
    def is_light(self) -> bool:
        """Whether the patch is light now."""
        return self._is_light

    def find_sensors(self) -> None:
        """Look for streams of numbers; `sensors_found` follows."""
        self._submit(numeric_streams, self.sensors_found.emit)

    def ask(self, sensor: str, refresh_hz: float = 0.0) -> None:
        """Prepare to measure with this sensor; nothing is shown before `start`."""
        if not sensor:
            self.failed.emit(
                "a photodiode is needed whose voltage is an LSL stream (any numeric stream); "
                "plug it in, start its program, then look for sensors again"
            )
            return
        self._name, self._refresh_hz = sensor, refresh_hz
        self._go_to("asking")

    def start(self) -> None:
        """The operator said yes: open the sensor, then toggle the patch."""
        if self._phase == "asking":
            self._toggles, self._is_light = [], False
            self._go_to("opening")
            self._submit(self._opened, self._on_opened)

    def stop(self) -> None:
        """Give up; the patch goes dark."""
        self._timer.stop()
        self._is_light = False
        if self._phase != "idle":
            self._go_to("idle")
        if self._sensor is not None:
            sensor, self._sensor = self._sensor, None
            self._worker.submit(sensor.close)

    def close(self) -> None:
        """Rest for ever; waits for the sensor's thread."""
        self.stop()
        self._worker.shutdown(wait=True)

    def note_painted(self) -> None:
        """The patch was painted as it is; now is the end of painting."""
        if self._phase != "running" or self._is_painted:
            return
        self._is_painted = True
        toggle = Toggle(clock_s(), self._is_light)
        self._toggles.append(toggle)
        self._publish(
            PatchToggled(t_s=toggle.t_s, serial=len(self._toggles), is_light=toggle.is_light)
        )
        is_last = len(self._toggles) >= self._pace.toggles
        wait_s = self._random.uniform(self._pace.least_s, self._pace.most_s)
        self._timer.start(round(1000 * (self._pace.settle_s if is_last else wait_s)))

    def _on_timeout(self) -> None:
        if len(self._toggles) < self._pace.toggles:
            self._toggle()
            return
        self._is_light = False
        self._go_to("computing")
        self._submit(self._computed, self._on_computed)

    def _toggle(self) -> None:
        self._is_light, self._is_painted = not self._is_light, False
        self.patch_toggled.emit()

    def _opened(self) -> SensorStream:
        sensor = SensorStream(self._name)
        sensor.open()
        return sensor

    def _on_opened(self, sensor: SensorStream) -> None:
        if self._phase != "opening":
            self._worker.submit(sensor.close)
            return
        self._sensor = sensor
        self._go_to("running")
        self._timer.start(round(1000 * self._pace.settle_s))

    def _computed(self) -> MeasuredLatency:
        sensor = self._sensor
        assert sensor is not None, "computed only after the sensor was watched"
        found = display_latency(self._toggles, *sensor.samples(), sensor=self._name)
        return MeasuredLatency(
            latency_s=found.latency_s,
            spread_s=found.spread_s,
            edges=found.edges,
            toggles=found.toggles,
            sensor=self._name,
            simulated=sensor.is_simulated,
            refresh_hz=self._refresh_hz,
            measured_utc=now_utc(),
        )

    def _on_computed(self, latency: MeasuredLatency) -> None:
        self.stop()
        self.measured.emit(latency)

    def _submit(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        future = self._worker.submit(work)
        future.add_done_callback(lambda done: self._done.emit((done, then)))

    def _on_done(self, outcome: tuple[Future[object], Callable[[object], object]]) -> None:
        future, then = outcome
        try:
            result = future.result()
        except FocusStationError as error:
            self.stop()
            self.failed.emit(str(error))
        else:
            then(result)

    def _go_to(self, phase: Phase) -> None:
        self._phase = phase
        self.phase_changed.emit(phase)
