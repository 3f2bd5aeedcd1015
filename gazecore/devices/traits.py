"""What a tracker says of itself: model, rates, modes, where the eyes are in its head box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DeviceTraits:
    """A tracker's model and what it can do; empty where it does not tell.

    `notices` are sentences for the operator: the licence's condition, warnings of the device.
    """

    model: str = ""
    serial_number: str = ""
    rates_hz: tuple[float, ...] = ()
    modes: tuple[str, ...] = ()
    mode: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EyePosition:
    """One eye in the head box: 0..1 on each axis, (.5, .5, .5) is ideal; NaN where not seen."""

    x: float = math.nan
    y: float = math.nan
    z: float = math.nan
    valid: bool = False

    def answer(self) -> dict[str, Any]:
        """For a control answer: null where not seen, because JSON knows no NaN."""
        x, y, z = (v if self.valid else None for v in (self.x, self.y, self.z))
        return {"x": x, "y": y, "z": z, "valid": self.valid}


@dataclass(frozen=True, slots=True)
class EyePositions:
    """Both eyes in the head box."""

    left: EyePosition = EyePosition()
    right: EyePosition = EyePosition()
