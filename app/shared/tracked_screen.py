"""The screen that the tracker looks at: its fingerprint, and its frame on the desktop.

A tracker's 0..1 is relative to one physical monitor. On the desktop that monitor is its logical
geometry, whose origin may be negative; the device-pixel ratio counts for frame-buffer pixels only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect

from gazecore.screens import ScreenFingerprint

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen


def fingerprint_of(screen: QScreen) -> ScreenFingerprint:
    """What the platform says of a screen."""
    geometry, ratio = screen.geometry(), screen.devicePixelRatio()
    size_mm = screen.physicalSize()
    return ScreenFingerprint(
        name=screen.name(),
        manufacturer=screen.manufacturer(),
        model=screen.model(),
        serial_number=screen.serialNumber(),
        width_px=round(geometry.width() * ratio, 3),
        height_px=round(geometry.height() * ratio, 3),
        width_mm=round(size_mm.width(), 1),
        height_mm=round(size_mm.height(), 1),
        device_pixel_ratio=ratio,
        refresh_hz=round(screen.refreshRate(), 3),
        x=geometry.x(),
        y=geometry.y(),
    )


def desktop_point(geometry: QRect, x_norm: float, y_norm: float) -> QPointF:
    """Where a point of the tracker (0..1 of the screen) lies on the desktop, logical pixels."""
    return QPointF(
        geometry.x() + x_norm * geometry.width(), geometry.y() + y_norm * geometry.height()
    )


def norm_point(geometry: QRect, point: QPointF) -> tuple[float, float]:
    """Where a point of the desktop lies in the tracker's 0..1 of the screen; may lie outside."""
    return (
        (point.x() - geometry.x()) / geometry.width(),
        (point.y() - geometry.y()) / geometry.height(),
    )


def must_fill_screen(platform: str) -> bool:
    """Whether a window only knows where it is when it fills the screen.

    Wayland tells clients no position on the desktop.
    """
    return platform.startswith("wayland")
