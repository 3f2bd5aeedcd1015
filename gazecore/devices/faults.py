"""Scripted faults of a tracker, from a JSON or TOML file, for tests and drills.

::

    schema_version = 1
    [[faults]]
    kind = "hole"
    at_s = 2.0             # after the tracker's start
    seconds = 0.5

=================  ===========================================================================
hole               no samples are sent; they are lost at the device
lost               samples are sent with both eyes lost (NaN, flags 0)
nan_burst          samples are sent with NaN for gaze and pupil while the flags say valid
stall              samples are held back and come late, in one burst, with their own times
freeze             the whole process stands still (SIGSTOP), commands and clock too; then a burst
duplicate          each sample is sent twice, with the same number, stamp and values
backward           stamps lie ``by_s`` seconds too early
clock_jump         from ``at_s`` on the sender's clock is ``by_s`` seconds (or minus) ahead
rate               ``factor`` times as many samples come as declared (``seconds`` 0: to the end)
connection_lost    a hole, with the device's ``connection_lost`` and ``connection_restored`` events
stop               the tracker ends
kill               the tracker kills itself, at once and without cleaning up
calibration        ``step`` start, collect, compute or leave fails; with ``point`` = [x, y] at that
                   target alone; the first ``times`` times (0: always)
=================  ===========================================================================

A failing compute leaves active what was there before; other steps are refused with a message. With
a ``point``, compute finds no usable sample there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from gazecore.devices.driver import NAN, DeviceSample, EyeChannels, TruePoint
from gazecore.devices.fault_file import Fault, read_faults
from gazecore.devices.side_streams import DeviceEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gazecore.devices.fault_file import FaultKind

__all__ = ["Fault", "FaultScript", "read_faults"]


class FaultScript:
    """Applies faults to the samples of a driver, and to the process itself.

    Parameters
    ----------
    faults : sequence of Fault
    halt : callable
        Makes the process stand still for so many seconds.
    """

    def __init__(
        self, faults: Sequence[Fault] = (), halt: Callable[[float], None] | None = None
    ) -> None:
        self._faults = tuple(faults)
        self._halt = halt or halt_process
        self._held: list[DeviceSample] = []
        self._before: DeviceSample | None = None
        self._surplus = 0.0
        self._done: set[tuple[Fault, str]] = set()

    @property
    def of_calibration(self) -> tuple[Fault, ...]:
        """The faults of calibrations, which the driver's calibration plays itself."""
        return tuple(fault for fault in self._faults if fault.kind == "calibration")

    def apply(
        self, samples: Sequence[DeviceSample], start_s: float, now_s: float
    ) -> list[DeviceSample]:
        """What is sent now of what the driver measured; a sample sent twice is in it twice."""
        if not self._faults:
            return list(samples)
        kept = [sent for sample in samples for sent in self._of(sample, start_s)]
        if self._is_active("stall", now_s - start_s):
            self._held += kept
            return []
        sent, self._held = self._held + kept, []
        return sent

    def ends(self, elapsed_s: float) -> bool:
        """Whether the tracker is to end."""
        return self._is_active("stop", elapsed_s)

    def strike(self, elapsed_s: float) -> None:
        """Kill the process, or make it stand still, where that is due."""
        for fault in self._faults:
            if fault.kind == "kill" and fault.covers(elapsed_s):
                _kill_process()
            if fault.kind == "freeze" and elapsed_s >= fault.at_s and self._first(fault, "halt"):
                self._halt(fault.seconds)

    def events(self, start_s: float, now_s: float) -> list[DeviceEvent]:
        """What the device tells of its faults, each once."""
        told = []
        for fault in self._faults:
            if fault.kind != "connection_lost":
                continue
            ends = (("connection_lost", fault.at_s), ("connection_restored", _stop_s(fault)))
            for event, at_s in ends:
                if now_s - start_s >= at_s and self._first(fault, event):
                    told.append(DeviceEvent(start_s + at_s, event, "a scripted fault"))
        return told

    def _of(self, sample: DeviceSample, start_s: float) -> Iterator[DeviceSample]:
        """What becomes of one sample."""
        for one in self._at_true_rate(sample, sample.t_s - start_s):
            elapsed_s = one.t_s - start_s
            if any(self._is_active(kind, elapsed_s) for kind in _WITHOUT_SAMPLES):
                continue
            told = self._told(one, elapsed_s)
            yield told
            if self._is_active("duplicate", elapsed_s):
                yield told

    def _told(self, sample: DeviceSample, elapsed_s: float) -> DeviceSample:
        """The sample as it is sent: its eyes, its stamps."""
        if self._is_active("lost", elapsed_s):
            sample = sample.without_eyes()
        if self._is_active("nan_burst", elapsed_s):
            sample = replace(sample, left=_nan(sample.left), right=_nan(sample.right))
        for fault in self._faults:
            if fault.kind == "backward" and fault.covers(elapsed_s):
                sample = replace(sample, t_s=sample.t_s - fault.by_s)
            if fault.kind == "clock_jump" and fault.covers(elapsed_s):
                system_time_s = sample.system_time_s + fault.by_s
                sample = replace(sample, t_s=sample.t_s + fault.by_s, system_time_s=system_time_s)
        return sample

    def _at_true_rate(self, sample: DeviceSample, elapsed_s: float) -> list[DeviceSample]:
        """The sample, or none, or it and some between it and the one before."""
        before, self._before = self._before, sample
        factor = 1.0
        for fault in self._faults:
            if fault.kind == "rate" and fault.covers(elapsed_s):
                factor *= fault.factor
        if factor == 1.0:
            return [sample]
        self._surplus += factor
        count = int(self._surplus)
        self._surplus -= count
        between = (
            [] if before is None else [_between(before, sample, k / count) for k in range(1, count)]
        )
        return [*between, sample] if count else []

    def _is_active(self, kind: FaultKind, elapsed_s: float) -> bool:
        return any(f.kind == kind and f.covers(elapsed_s) for f in self._faults)

    def _first(self, fault: Fault, what: str) -> bool:
        if (fault, what) in self._done:
            return False
        self._done.add((fault, what))
        return True


_WITHOUT_SAMPLES: tuple[FaultKind, ...] = ("hole", "connection_lost", "stop")


def halt_process(seconds: float) -> None:
    """Make this process stand still, all its threads, as SIGSTOP does; elsewhere just wait."""
    if os.name != "posix":
        time.sleep(seconds)
        return
    waker = subprocess.Popen(["/bin/sh", "-c", f"sleep {seconds:.3f}; kill -CONT {os.getpid()}"])
    os.kill(os.getpid(), signal.SIGSTOP)
    waker.wait()


def _kill_process() -> None:
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(9)


def _stop_s(fault: Fault) -> float:
    return fault.at_s + fault.seconds


def _nan(eye: EyeChannels) -> EyeChannels:
    return eye._replace(gaze_x=NAN, gaze_y=NAN, pupil_diameter=NAN)


def _between(before: DeviceSample, after: DeviceSample, share: float) -> DeviceSample:
    """A sample on the straight way between two; an eye lost in one of them is lost."""

    def mixed(a: float, b: float) -> float:
        return a + (b - a) * share

    truth = None
    if before.truth is not None and after.truth is not None:
        x_norm = mixed(before.truth.x_norm, after.truth.x_norm)
        y_norm = mixed(before.truth.y_norm, after.truth.y_norm)
        truth = TruePoint(x_norm, y_norm, after.truth.label)
    return DeviceSample(
        mixed(before.t_s, after.t_s),
        mixed(before.device_time_s, after.device_time_s),
        mixed(before.system_time_s, after.system_time_s),
        _eye_between(before.left, after.left, share),
        _eye_between(before.right, after.right, share),
        truth,
    )


def _eye_between(before: EyeChannels, after: EyeChannels, share: float) -> EyeChannels:
    if not (before.gaze_valid and after.gaze_valid):
        return EyeChannels()
    return EyeChannels(*(a + (b - a) * share for a, b in zip(before, after, strict=True)))
