"""Markers of what a viewport shows: each state in full, and each painted frame of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gazecore.messages.base import Marker

ViewportCause = Literal[
    "open",
    "fit",
    "zoom",
    "pan",
    "window",
    "rotate",
    "flip",
    "invert",
    "resize",
    "layout",
    "repeat",
    "screen",
    "frame",
    "overlay",
]


class WindowState(BaseModel):
    """The DICOM window shown, as `gazecore.dicom.Window`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    center: float
    width: float
    function: str = "LINEAR"
    voi_index: int | None = None
    invert: bool = False
    frame: int = 0


class ViewportChanged(Marker):
    """The full state of one viewport after a change; valid from its first `frame_shown` on."""

    kind: Literal["viewport_changed"] = "viewport_changed"
    serial: int = Field(description="rises by one with every change in a session")
    viewport: int = 0
    reading_id: str
    case_id: str
    cause: ViewportCause
    transform: tuple[float, ...] = Field(
        min_length=9, max_length=9, description="image px -> physical screen px, 3x3 row-major"
    )
    shown_screen_px: tuple[float, float, float, float] = Field(
        description="the viewport's rectangle on the screen: x, y, width, height; no size: gone"
    )
    window: WindowState
    device_pixel_ratio: float = 1.0
    smooth: bool = Field(True, description="between stored values bilinear, else the nearest one")
    image_width_px: int = Field(0, description="of the image shown; 0: that of the case opened")
    image_height_px: int = 0
    image_overlays: bool = Field(False, description="overlay planes of the file are drawn")
    correction: str = Field("", description="SHA-256 of the display correction; empty: none")
    white_level: int = Field(255, ge=0, le=255, description="white shown at; lower: dimmed")

    @property
    def is_gone(self) -> bool:
        """Whether the viewport is not on the page any more."""
        return min(self.shown_screen_px[2:]) <= 0


class FrameShown(Marker):
    """A frame of the viewport state `serial` was painted; `t_s` is the end of painting."""

    kind: Literal["frame_shown"] = "frame_shown"
    serial: int
