"""What tells one screen, and one setting of it, from another: the fingerprint kept with gaze.

Sizes in millimetres are what the display says of itself (EDID), which is often wrong: what was
measured on the glass stands in `gazecore.study.screens`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

SIZE_TOLERANCE = 0.05
"""Two sizes that differ by more (as a share of the second) are said to differ."""
REFRESH_TOLERANCE_HZ = 0.5


@dataclass(frozen=True, slots=True)
class ScreenFingerprint:
    """One screen as the operating system describes it.

    Attributes
    ----------
    name, manufacturer, model, serial_number : str
        Empty where the display or the platform does not say.
    width_px, height_px : float
        Physical pixels.
    width_mm, height_mm : float
        As the display claims; 0 unknown.
    device_pixel_ratio : float
        Physical pixels per logical pixel.
    refresh_hz : float
        0 unknown.
    x, y : int
        Top left corner on the desktop in logical pixels; negative left of or above the first.
    """

    name: str = ""
    manufacturer: str = ""
    model: str = ""
    serial_number: str = ""
    width_px: float = 0.0
    height_px: float = 0.0
    width_mm: float = 0.0
    height_mm: float = 0.0
    device_pixel_ratio: float = 1.0
    refresh_hz: float = 0.0
    x: int = 0
    y: int = 0

    @property
    def identity(self) -> str:
        """Twelve hexadecimal digits for this display in this mode, wherever it stands.

        Place and refresh rate are left out: neither changes how large a pixel is.
        """
        told = (
            *(self.name, self.manufacturer, self.model, self.serial_number),
            *(f"{v:.3f}" for v in (self.width_px, self.height_px, self.device_pixel_ratio)),
            *(f"{v:.1f}" for v in (self.width_mm, self.height_mm)),
        )
        return hashlib.sha256("\0".join(told).encode()).hexdigest()[:12]

    def changes_from(self, before: ScreenFingerprint) -> tuple[str, ...]:
        """What is not as it was, in a few words each; empty if nothing changed."""
        found = []
        for word in ("name", "manufacturer", "model", "serial_number"):
            was, now = getattr(before, word), getattr(self, word)
            if was != now:
                found.append(f"{word.replace('_', ' ')} {now or 'unknown'}, was {was or 'unknown'}")
        pairs = (
            (
                "resolution",
                _by(self.width_px, self.height_px),
                _by(before.width_px, before.height_px),
            ),
            ("size", _by(self.width_mm, self.height_mm), _by(before.width_mm, before.height_mm)),
            ("ratio", f"{self.device_pixel_ratio:g}", f"{before.device_pixel_ratio:g}"),
            ("place", f"({self.x}, {self.y})", f"({before.x}, {before.y})"),
        )
        found += [f"{what} {now}, was {was}" for what, now, was in pairs if now != was]
        if abs(self.refresh_hz - before.refresh_hz) > REFRESH_TOLERANCE_HZ:
            found.append(f"refresh {self.refresh_hz:.0f} Hz, was {before.refresh_hz:.0f} Hz")
        return tuple(found)

    def called(self) -> str:
        """Name, maker and resolution."""
        maker = " ".join(part for part in (self.manufacturer, self.model) if part)
        name = f"{self.name} ({maker})" if maker else self.name
        return f"{name or 'screen'}: {_by(self.width_px, self.height_px)} px"

    def describe(self) -> str:
        """Everything in one line."""
        size = f"{_by(self.width_mm, self.height_mm)} mm" if self.width_mm else "size unknown"
        refresh = f"{self.refresh_hz:.0f} Hz" if self.refresh_hz else "refresh unknown"
        return (
            f"{self.called()}, {size}, {refresh}, "
            f"ratio {self.device_pixel_ratio:g} at ({self.x}, {self.y}), {self.identity}"
        )


def size_difference(width_mm: float, height_mm: float, other_mm: tuple[float, float]) -> float:
    """The larger of the relative differences of two sizes, signed; NaN where one is unknown.

    Examples
    --------
    >>> round(size_difference(600.0, 340.0, (500.0, 340.0)), 3)
    0.2
    """
    if min(width_mm, height_mm, *other_mm) <= 0:
        return float("nan")
    shares = (width_mm / other_mm[0] - 1, height_mm / other_mm[1] - 1)
    return max(shares, key=abs)


def _by(width: float, height: float) -> str:
    return f"{width:g} x {height:g}"
