"""What is written over the image: texts in the corners, orientation letters, a scale bar, badges.

No Qt here, and never a value that could name a patient: only what the display itself knows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reading.preset_names import harmless_name, harmless_view
from app.reading.window_tools import window_numbers
from gazecore.dicom.orientation import opposite

if TYPE_CHECKING:
    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import Window, XrayImage

SCALE_SHARE = 0.16
"""The scale bar is at most this share of the viewport's width."""

MOST_BADGES = 4
_LATERALITY = {"L": "left", "R": "right", "B": "both sides"}


@dataclass(frozen=True, slots=True)
class EdgeLetters:
    """Where in the patient each edge of the screen lies; empty where not known."""

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of a round length: its length on the screen in physical pixels, and its label."""

    length_px: float
    label: str


def view_lines(image: XrayImage) -> tuple[str, ...]:
    """The top left corner: what is shown, in the standard's own terms."""
    side = _LATERALITY.get(image.laterality, "")
    view = harmless_view(image.modality, image.view_position)
    frame = f"frame {image.frame + 1} of {image.frames}" if image.frames > 1 else ""
    return tuple(line for line in (view, side, frame) if line)


def window_lines(image: XrayImage, state: ViewportState) -> tuple[str, ...]:
    """The bottom left corner: the window by name and numbers, then the zoom."""
    window = state.window
    unnumbered = image.is_color or window.voi_index is not None
    numbers = "" if unnumbered else window_numbers(window.center, window.width)
    remarks = ("  inverted" if window.invert else "") + (
        "  dimmed" if state.white_level < 255 else ""
    )
    name = (("color" if image.is_color else window_name(image, window)) + remarks).strip()
    return tuple(line for line in (name, numbers, f"{100 * state.zoom:.0f} %") if line)


def window_name(image: XrayImage, window: Window) -> str:
    """What the window shown is called, never by free text; empty for one that the reader made."""
    for number, named in enumerate(image.windows, start=1):
        same = named.window
        if (same.center, same.width, same.function, same.voi_index) == (
            window.center,
            window.width,
            window.function,
            window.voi_index,
        ):
            return harmless_name(named.name, number)
    return ""


def edge_letters(image: XrayImage, state: ViewportState) -> EdgeLetters:
    """Patient directions at the edges of the screen, through every rotation and mirror."""
    row, column = image.patient_orientation
    if not row or not column:
        return EdgeLetters()
    a, b, c, d = state.orientation
    right = _along(a, row) or _along(b, column)
    bottom = _along(c, row) or _along(d, column)
    return EdgeLetters(opposite(right), right, opposite(bottom), bottom)


def scale_bar(image: XrayImage, state: ViewportState) -> ScaleBar:
    """The longest bar of 1, 2 or 5 times a power of ten; in pixels where the spacing is unknown.

    The label says how the length is calibrated: by a fiducial, geometry, ERMF, at the detector...
    """
    longest_px = SCALE_SHARE * state.shown_screen_px[2]
    if image.spacing_mm is None:
        length = max(1.0, _round_length(longest_px / state.zoom))
        return ScaleBar(length * state.zoom, f"{length:g} px")
    px_per_mm = state.zoom / image.spacing_mm[1]
    length_mm = _round_length(longest_px / px_per_mm)
    shown = f"{length_mm / 10:g} cm" if length_mm >= 10 else f"{length_mm:g} mm"
    return ScaleBar(length_mm * px_per_mm, f"{shown}  {_calibration(image.spacing_source)}".strip())


def badge_lines(image: XrayImage, state: ViewportState | None = None) -> tuple[str, ...]:
    """The top right corner: what the reader should know about how the image is shown."""
    correction = state.correction if state else None
    lines = (
        *(("simulated",) if image.simulated else ()),
        *((f"display correction on: {correction.name}",) if correction else ()),
        # which of several frames is shown stands on the left
        *(badge.text for badge in image.badges if badge.code != "frames" or image.frames == 1),
    )
    left_out = len(lines) - MOST_BADGES
    return lines if left_out <= 0 else (*lines[:MOST_BADGES], f"and {left_out} more")


def _along(sign: int, letters: str) -> str:
    return "" if sign == 0 else letters if sign > 0 else opposite(letters)


def _round_length(longest: float) -> float:
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))


def _calibration(source: str) -> str:
    return {"unspecified": "uncalibrated"}.get(source, source)
