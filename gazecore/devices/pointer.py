"""The pointer tracker: the station's mouse stands for gaze; both eyes are where it points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.devices.driver import (
    LOST_EYE,
    DeviceSample,
    EyeChannels,
    PlainDevice,
    SampleClock,
    TruePoint,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class PointerDriver(PlainDevice):
    """Sends the last position given by `point`, lost until the first and after None.

    It is no eye, so its stream says simulated.
    """

    name = "pointer"
    simulated = True
    finished = False
    calibration = None

    def __init__(self, rate_hz: float = 120.0) -> None:
        self.rate_hz = rate_hz
        self._clock = SampleClock(rate_hz)
        self._eye = LOST_EYE

    @property
    def details(self) -> Mapping[str, str]:
        """What stands for the device."""
        return {"model": "pointer"}

    def start(self, start_s: float) -> None:
        """Begin at an LSL time."""
        self._clock = SampleClock(self.rate_hz, start_s)

    def point(self, x_norm: float | None, y_norm: float | None) -> None:
        """Move to a position in 0..1 of the display area; None where the pointer is away."""
        if x_norm is None or y_norm is None:
            self._eye = LOST_EYE
        else:
            self._eye = EyeChannels(gaze_x=x_norm, gaze_y=y_norm, gaze_valid=1.0)

    def read(self, now_s: float) -> list[DeviceSample]:
        """All samples due, at the position of now."""
        eye = self._eye
        truth = TruePoint(eye.gaze_x, eye.gaze_y, 0)
        return [DeviceSample(t, t, t, eye, eye, truth) for t in self._clock.due(now_s)]

    def close(self) -> None:
        """Nothing is held."""
