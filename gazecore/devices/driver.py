"""What a tracker driver is: a few verbs, the samples it gives, the calibration it may offer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from gazecore.devices.traits import DeviceTraits
from gazecore.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gazecore.devices.side_streams import DeviceEvent, SideSample, SideStream
    from gazecore.devices.traits import EyePositions

NAN = math.nan


class EyeChannels(NamedTuple):
    """One eye's channels, in the order of `gazecore.samples.GAZE_CHANNELS`.

    The default is a lost eye: NaN everywhere and every flag 0.
    """

    gaze_x: float = NAN
    gaze_y: float = NAN
    gaze_valid: float = 0.0
    gaze_user_x: float = NAN
    gaze_user_y: float = NAN
    gaze_user_z: float = NAN
    pupil_diameter: float = NAN
    pupil_valid: float = 0.0
    origin_user_x: float = NAN
    origin_user_y: float = NAN
    origin_user_z: float = NAN
    origin_valid: float = 0.0


LOST_EYE = EyeChannels()


@dataclass(frozen=True, slots=True)
class TruePoint:
    """Where gaze truly was (simulations know), in 0..1 of the display area, and what it did.

    `label` is 1 fixation, 2 saccade, 5 blink, 0 unknown.
    """

    x_norm: float
    y_norm: float
    label: int


@dataclass(frozen=True, slots=True)
class DeviceSample:
    """One sample of a device: LSL time, the device's own clock, both eyes, truth if known."""

    t_s: float
    device_time_s: float
    system_time_s: float
    left: EyeChannels = LOST_EYE
    right: EyeChannels = LOST_EYE
    truth: TruePoint | None = None

    @property
    def is_lost(self) -> bool:
        """Whether both eyes are lost."""
        return not (self.left.gaze_valid or self.right.gaze_valid)

    def channels(self, sequence: int) -> list[float]:
        """Values in the order of `gazecore.samples.GAZE_CHANNELS`."""
        return [
            float(sequence),
            self.device_time_s,
            self.system_time_s,
            *self.left,
            *self.right,
        ]

    def without_eyes(self) -> DeviceSample:
        """The same sample with both eyes lost."""
        return DeviceSample(self.t_s, self.device_time_s, self.system_time_s, truth=self.truth)


@dataclass(frozen=True, slots=True)
class EyeFit:
    """What a calibration made of one target for one eye, as far as the device tells."""

    samples_used: int
    samples: int
    offset_deg: float | None


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """What a calibration made of one target: samples used, and how far gaze is off after it.

    `left` and `right` are None where the device does not tell the eyes apart.
    """

    x_norm: float
    y_norm: float
    samples: int
    offset_deg: float | None
    left: EyeFit | None = None
    right: EyeFit | None = None


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """The outcome of computing a calibration.

    A failed one leaves active what was there `before`: the previous one, or none.
    """

    succeeded: bool
    points: tuple[CalibrationPoint, ...] = ()
    before: Literal["previous", "none"] = "previous"

    @property
    def active(self) -> Literal["new", "previous", "none"]:
        """The calibration that the tracker uses now."""
        return "new" if self.succeeded else self.before


class Calibration(Protocol):
    """A tracker's calibration; each call may block and runs off the sample loop."""

    def start(self) -> None:
        """Enter calibration; earlier points are forgotten."""

    def collect(self, x_norm: float, y_norm: float) -> None:
        """Collect samples while the reader looks at a target."""

    def discard(self, x_norm: float, y_norm: float) -> None:
        """Forget what was collected at a target."""

    def compute(self) -> CalibrationResult:
        """Compute from what was collected and apply on success."""

    def leave(self) -> None:
        """Leave calibration; allowed at any time."""

    def data(self) -> bytes | None:
        """The active calibration as the device stores it; None where it gives none."""

    def apply(self, data: bytes) -> None:
        """Make a calibration given by `data` the active one."""


class Driver(Protocol):
    """One kind of tracker."""

    name: str
    rate_hz: float
    simulated: bool

    @property
    def calibration(self) -> Calibration | None:
        """The calibration, or None where the device has none."""

    @property
    def details(self) -> Mapping[str, str]:
        """What goes into the stream's description: model, serial number, firmware..."""

    @property
    def finished(self) -> bool:
        """Whether no sample will come any more."""

    def start(self, start_s: float) -> None:
        """Begin to measure at an LSL time."""

    def read(self, now_s: float) -> Sequence[DeviceSample]:
        """All samples up to now that were not read yet, oldest first; never blocks."""

    @property
    def side_streams(self) -> Sequence[SideStream]:
        """What is sent beside gaze; known before `start`."""

    @property
    def traits(self) -> DeviceTraits:
        """Model, serial number, rates, modes, and notices for the operator."""

    def read_side(self, now_s: float) -> Sequence[SideSample]:
        """The samples of the side streams since the last call; never blocks."""

    def take_events(self) -> Sequence[DeviceEvent]:
        """What the device told since the last call; never blocks."""

    def eye_positions(self) -> EyePositions | None:
        """Where the eyes are in the head box; None where the device does not tell."""

    def point(self, x_norm: float | None, y_norm: float | None) -> None:
        """Take a pointer's position; drivers without one raise `TrackerError`."""

    def close(self) -> None:
        """Let go of the device."""


class PlainDevice:
    """For drivers that give gaze and nothing beside it."""

    @property
    def details(self) -> Mapping[str, str]:
        """What goes into the stream's description."""
        return {}

    @property
    def side_streams(self) -> Sequence[SideStream]:
        """None."""
        return ()

    @property
    def traits(self) -> DeviceTraits:
        """What the description says."""
        return DeviceTraits(self.details.get("model", ""), self.details.get("serial_number", ""))

    def read_side(self, now_s: float) -> Sequence[SideSample]:
        """Nothing."""
        del now_s
        return ()

    def take_events(self) -> Sequence[DeviceEvent]:
        """Nothing."""
        return ()

    def eye_positions(self) -> EyePositions | None:
        """Not told."""
        return None


class NoPointer(PlainDevice):
    """For drivers that take no pointer."""

    name: str

    def point(self, x_norm: float | None, y_norm: float | None) -> None:
        """Refuse a pointer's position."""
        del x_norm, y_norm
        raise TrackerError(f"the {self.name} driver takes no pointer; use the pointer driver")


@dataclass(slots=True)
class SampleClock:
    """The times start + k / rate: no drift, because each is computed from k."""

    rate_hz: float
    start_s: float = 0.0
    next_index: int = field(default=0)

    def due(self, now_s: float) -> list[float]:
        """The times not given yet that are at or before now."""
        times: list[float] = []
        while (t_s := self.start_s + self.next_index / self.rate_hz) <= now_s:
            times.append(t_s)
            self.next_index += 1
        return times
