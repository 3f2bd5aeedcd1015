"""What a tracker makes of true gaze: per-eye noise and disparity, eye positions, pupils."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.synthetic.blinks import DRAG_DEG
from gazecore.synthetic.eye_model import EXACT

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.synthetic.eye_model import EyeModel

Point = tuple[float, float]

_HALF_EYE_DISTANCE_MM = 31.0
_PUPIL_MM = 3.2
_PUPIL_DIFFERENCE_MM = 0.05
_HIPPUS_MM = 0.1
_PUPIL_COVERED_SHARE = 0.6
_PUPIL_LOST_AT = 0.7
_SWAY_HZ = ((0.064, 0.11), (0.05, 0.13), (0.07, 0.17))
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class MeasuredEye:
    """One eye as measured: gaze in 0..1 of the display area, pupil and position in mm.

    `origin_mm` is relative to the screen's centre: x right, y up, z towards the reader.
    """

    x_norm: float
    y_norm: float
    pupil_mm: float
    origin_mm: tuple[float, float, float]
    is_pupil_valid: bool = True


class NormalNumbers:
    """Standard normal numbers drawn in blocks, because single draws are slow."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._block: list[float] = []

    def next(self) -> float:
        """The next number."""
        if not self._block:
            self._block = self._random.standard_normal(_BLOCK).tolist()
        return self._block.pop()


class AxisNoise:
    """Noise of one axis of one eye: white, or of first order where STD asks for more.

    With the standard deviation s and the correlation r of successive samples, over two axes
    RMS-S2S^2 = 4 s^2 (1 - r) and STD^2 = 2 s^2, so r = 1 - RMS^2 / (2 STD^2).
    """

    __slots__ = ("_keep", "_numbers", "_spread_deg", "_value_deg")

    def __init__(self, numbers: NormalNumbers, rms_deg: float, std_deg: float | None) -> None:
        white_deg = rms_deg / math.sqrt(2.0)
        std_deg = max(std_deg or white_deg, white_deg)
        sigma_deg = std_deg / math.sqrt(2.0)
        self._numbers = numbers
        self._keep = 1.0 - rms_deg**2 / (2 * std_deg**2) if std_deg > white_deg else 0.0
        self._spread_deg = sigma_deg * math.sqrt(1.0 - self._keep**2)
        self._value_deg = sigma_deg * numbers.next()

    def next_deg(self) -> float:
        """The next sample's error in degrees."""
        if self._keep == 0.0:
            return self._spread_deg * self._numbers.next()
        self._value_deg = self._keep * self._value_deg + self._spread_deg * self._numbers.next()
        return self._value_deg


class HeadSway:
    """The head's slow movement about its place: two sines on each axis from a seed."""

    def __init__(self, random: np.random.Generator, reach_mm: float) -> None:
        self._reach_mm = reach_mm
        self._phases = [float(p) for p in random.uniform(0.0, 2 * math.pi, 6)]

    def at(self, t_s: float) -> tuple[float, float, float]:
        """Offset in mm: right, up, towards the reader."""
        if self._reach_mm == 0:
            return 0.0, 0.0, 0.0
        half, phases = self._reach_mm / 2, iter(self._phases)
        x, y, z = (
            sum(half * math.sin(2 * math.pi * hz * t_s + next(phases)) for hz in pair)
            for pair in _SWAY_HZ
        )
        return x, y / 2, z


class EyeNoise:
    """Measures both eyes of a reader.

    Parameters
    ----------
    seed : int
        Of all that is random here.
    model : EyeModel
        With its noise at 0 both eyes are the true gaze point exactly.
    """

    def __init__(self, seed: int, model: EyeModel = EXACT) -> None:
        random = np.random.default_rng([seed, 1])
        numbers = NormalNumbers(random)
        self._is_exact = model.is_exact
        self._axes = [
            AxisNoise(numbers, model.noise_rms_deg, model.noise_std_deg) for _ in range(4)
        ]
        self._half_disparity_deg = (0.0, 0.0)
        if model.eye_offset_deg > 0:
            dx, dy = random.normal(0.0, model.eye_offset_deg, 2)
            self._half_disparity_deg = (float(dx) / 2, float(dy) / 6)
        self._phase = float(random.uniform(0.0, 2 * math.pi))
        self._sway = HeadSway(random, model.head_sway_mm)

    def measure(
        self,
        gaze_norm: Point,
        t_s: float,
        screen: Screen,
        *,
        pupil_mm: float = _PUPIL_MM,
        closure: float = 0.0,
    ) -> tuple[MeasuredEye, MeasuredEye]:
        """The left and the right eye looking at a true gaze point.

        Parameters
        ----------
        gaze_norm : (float, float)
            True gaze in 0..1 of the display area.
        t_s : float
        screen : Screen
        pupil_mm : float
            True diameter of the pupil.
        closure : float
            How far the lid covers the pupil, 0 open, below 1.
        """
        head_x, head_y, head_z = self._sway.at(t_s)
        z_mm = screen.distance_mm + head_z
        left = right = gaze_norm
        if not self._is_exact or self._half_disparity_deg != (0.0, 0.0) or closure > 0:
            per_deg = norm_per_deg(*gaze_norm, screen)
            drag_deg = DRAG_DEG * closure * closure
            left = self._one_eye(gaze_norm, per_deg, 0, drag_deg)
            right = self._one_eye(gaze_norm, per_deg, 2, drag_deg)
        pupil_mm += _HIPPUS_MM * math.sin(0.7 * t_s + self._phase)
        pupil_mm *= 1.0 - _PUPIL_COVERED_SHARE * closure
        is_seen = closure < _PUPIL_LOST_AT
        return (
            MeasuredEye(*left, pupil_mm, (head_x - _HALF_EYE_DISTANCE_MM, head_y, z_mm), is_seen),
            MeasuredEye(
                *right,
                pupil_mm + _PUPIL_DIFFERENCE_MM,
                (head_x + _HALF_EYE_DISTANCE_MM, head_y, z_mm),
                is_seen,
            ),
        )

    def _one_eye(self, gaze_norm: Point, per_deg: Point, axis: int, drag_deg: float) -> Point:
        side = 1.0 if axis else -1.0
        dx_deg = side * self._half_disparity_deg[0] + self._axes[axis].next_deg()
        dy_deg = side * self._half_disparity_deg[1] + self._axes[axis + 1].next_deg() + drag_deg
        return gaze_norm[0] + dx_deg * per_deg[0], gaze_norm[1] + dy_deg * per_deg[1]


class CalibrationWear:
    """How a calibration wears off: an offset that grows with time, in a direction from a seed.

    Accuracy falls in the course of a session (Nystrom et al. 2013, Behav. Res. Methods 45).
    """

    def __init__(self, random: np.random.Generator, deg_per_hour: float) -> None:
        angle = float(random.uniform(0.0, 2 * math.pi))
        self._deg_per_s = deg_per_hour / 3600.0
        self._direction = (math.cos(angle), math.sin(angle))

    def apply(self, gaze_norm: Point, elapsed_s: float, screen: Screen) -> Point:
        """Raw gaze as it is measured `elapsed_s` after the tracker's start."""
        if self._deg_per_s == 0:
            return gaze_norm
        per_x, per_y = norm_per_deg(0.5, 0.5, screen)
        off_deg = self._deg_per_s * elapsed_s
        return (
            gaze_norm[0] + off_deg * self._direction[0] * per_x,
            gaze_norm[1] + off_deg * self._direction[1] * per_y,
        )


def norm_per_deg(x_norm: float, y_norm: float, screen: Screen) -> Point:
    """Share of the display area per degree of visual angle along x and y at a point.

    From an eye at distance D before the centre, the angle changes along x by
    sqrt(D^2 + y^2) / (D^2 + x^2 + y^2) radians per mm.
    """
    x_mm = (x_norm - 0.5) * screen.width_mm
    y_mm = (y_norm - 0.5) * screen.height_mm
    d_mm = screen.distance_mm
    mm_per_deg = math.radians(1.0) * (d_mm * d_mm + x_mm * x_mm + y_mm * y_mm)
    return (
        mm_per_deg / math.hypot(d_mm, y_mm) / screen.width_mm,
        mm_per_deg / math.hypot(d_mm, x_mm) / screen.height_mm,
    )
