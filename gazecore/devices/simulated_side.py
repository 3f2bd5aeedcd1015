"""What the simulated tracker tells beside gaze: eye openness, clocks, eyes in the head box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.devices.side_streams import (
    EYE_OPENNESS,
    TIME_SYNCHRONISATION,
    SideSample,
    SideStream,
)
from gazecore.devices.traits import EyePosition, EyePositions

if TYPE_CHECKING:
    from gazecore.devices.driver import DeviceSample, EyeChannels
    from gazecore.synthetic.eye_model import EyeModel

OPEN_MM = 10.0
"""Between the lids of an open eye."""

SYNCHRONISED_EVERY_S = 1.0
_ROUND_TRIP_S = 0.0004
_HEAD_BOX_MM = (400.0, 250.0, 300.0)


class SimulatedSide:
    """Gathers the samples of the side streams that the model asks for.

    Parameters
    ----------
    model : EyeModel
    skew : float
        Device time over LSL time.
    """

    def __init__(self, model: EyeModel, skew: float) -> None:
        self._skew = skew
        self._has_openness = model.eye_openness
        self._has_clocks = model.time_synchronisation
        self._waiting: list[SideSample] = []
        self._synchronised_s: float | None = None

    @property
    def streams(self) -> tuple[SideStream, ...]:
        """The side streams."""
        openness = (EYE_OPENNESS,) if self._has_openness else ()
        return (*openness, *((TIME_SYNCHRONISATION,) if self._has_clocks else ()))

    def take(self, sample: DeviceSample, closure: float) -> None:
        """Take in a gaze sample and how far the lids are closed."""
        if not self._has_openness:
            return
        opening = OPEN_MM * (1.0 - closure)
        valid = float(not sample.is_lost)
        values = (sample.device_time_s, sample.system_time_s, opening, valid, opening, valid)
        self._waiting.append(SideSample(EYE_OPENNESS, sample.t_s, values))

    def read(self, now_s: float) -> list[SideSample]:
        """What came since the last call."""
        last_s = self._synchronised_s
        if self._has_clocks and (last_s is None or now_s - last_s >= SYNCHRONISED_EVERY_S):
            self._synchronised_s = now_s
            device_s = (now_s + _ROUND_TRIP_S / 2) * self._skew
            values = (now_s, device_s, now_s + _ROUND_TRIP_S)
            self._waiting.append(SideSample(TIME_SYNCHRONISATION, now_s, values))
        waiting, self._waiting = self._waiting, []
        return waiting


def eye_positions_of(sample: DeviceSample | None, distance_mm: float) -> EyePositions:
    """Where a sample's eyes are in the head box about the screen's axis at reading distance.

    x rises to the reader's right, y downwards, z away from the screen.
    """
    if sample is None:
        return EyePositions()
    return EyePositions(_position(sample.left, distance_mm), _position(sample.right, distance_mm))


def _position(eye: EyeChannels, distance_mm: float) -> EyePosition:
    if not eye.origin_valid:
        return EyePosition()
    width, height, depth = _HEAD_BOX_MM
    return EyePosition(
        0.5 + eye.origin_user_x / width,
        0.5 - eye.origin_user_y / height,
        0.5 + (eye.origin_user_z - distance_mm) / depth,
        valid=True,
    )
