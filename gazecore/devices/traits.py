"""What a tracker says of itself: model, rates, modes, where the eyes are in its head box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

_MOST_MISMATCH = 0.05


@dataclass(frozen=True, slots=True)
class DeviceTraits:
    """A tracker's model and what it can do; empty where it does not tell.

    `notices` are sentences for the operator: the licence's condition, warnings of the device.
    `display_area_mm` is the size of the screen as the tracker was told it.
    """

    model: str = ""
    serial_number: str = ""
    rates_hz: tuple[float, ...] = ()
    modes: tuple[str, ...] = ()
    mode: str = ""
    notices: tuple[str, ...] = ()
    display_area_mm: tuple[float, float] | None = None


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


def display_mismatch(
    display_area_mm: tuple[float, float], screen_mm: tuple[float, float]
) -> str | None:
    """What is wrong where a tracker's display area is not the screen's size, within 5 %.

    Gaze at the screen's edges is then off, and calibration targets there may get no answer.
    """
    if not min(screen_mm) > 0:
        return None
    mismatch = max(abs(a / b - 1.0) for a, b in zip(display_area_mm, screen_mm, strict=True))
    if mismatch <= _MOST_MISMATCH:
        return None
    area, screen = (f"{size[0]:.0f} x {size[1]:.0f} mm" for size in (display_area_mm, screen_mm))
    return (
        f"the tracker's display area is {area}, the screen {screen}: "
        "set it up in the tracker's own program (Tobii: Eye Tracker Manager), then calibrate"
    )
