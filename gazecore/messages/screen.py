"""Markers about the tracked screen, and when it becomes another."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gazecore.messages.base import Marker


class CorrectionState(BaseModel):
    """The display correction of a screen: driving level by grey level, and the table's hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    sha256: str
    table: str = Field(description="256 driving levels as 512 hexadecimal digits")


class ScreenState(BaseModel):
    """The tracked screen: physical pixels, millimetres, reading distance."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    width_px: float
    height_px: float
    width_mm: float
    height_mm: float
    distance_mm: float
    name: str = ""
    refresh_hz: float | None = None
    manufacturer: str = ""
    model: str = ""
    serial_number: str = ""
    device_pixel_ratio: float = 1.0
    x: int = Field(0, description="left edge on the desktop, logical pixels, may be negative")
    y: int = 0
    claimed_width_mm: float | None = Field(None, description="as the display says of itself")
    claimed_height_mm: float | None = None
    size_method: str = Field("", description="how the size was checked; empty: not at all")
    fingerprint: str = Field("", description="identity of the display in its mode")
    correction: CorrectionState | None = None


class ScreenChanged(Marker):
    """The screen is another than the one that was calibrated, or that one again."""

    kind: Literal["screen_changed"] = "screen_changed"
    screen: ScreenState
    differences: tuple[str, ...] = Field(description="from the calibrated one; empty: it is back")


class PatchToggled(Marker):
    """The patch under the photodiode was painted; `t_s` is the end of painting."""

    kind: Literal["photodiode"] = "photodiode"
    serial: int
    is_light: bool
