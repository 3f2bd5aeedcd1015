"""What a tracker makes of true gaze: per-eye noise and disparity, eye positions, pupils."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gazecore.geometry import Screen

Point = tuple[float, float]

_HALF_EYE_DISTANCE_MM = 31.0
_DISPARITY_DEG = 0.15
_PUPIL_MM = 3.2
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


class EyeNoise:
    """Measures both eyes with white noise and a constant disparity between them.

    Parameters
    ----------
    seed : int
        Of all that is random here.
    noise_deg : float
        RMS sample-to-sample angle per eye while gaze is still, in degrees. With white noise of
        standard deviation s per axis it is 2 s. At 0 both eyes are the true gaze point exactly.
    """

    def __init__(self, seed: int, noise_deg: float) -> None:
        random = np.random.default_rng([seed, 1])
        self._numbers = NormalNumbers(random)
        self._sigma_deg = noise_deg / 2.0
        self._half_disparity_deg = (0.0, 0.0)
        self._phase = 0.0
        if noise_deg > 0:
            dx, dy = random.normal(0.0, _DISPARITY_DEG, 2)
            self._half_disparity_deg = (float(dx) / 2, float(dy) / 6)
            self._phase = float(random.uniform(0.0, 2 * math.pi))

    def measure(
        self, x_norm: float, y_norm: float, t_s: float, screen: Screen
    ) -> tuple[MeasuredEye, MeasuredEye]:
        """The left and the right eye looking at a true gaze point."""
        sway_mm = 0.0 if self._sigma_deg == 0 else 3.0 * math.sin(0.4 * t_s + self._phase)
        z_mm = screen.distance_mm + sway_mm
        pupil_mm = _PUPIL_MM + 0.2 * math.sin(0.7 * t_s + self._phase)
        if self._sigma_deg == 0:
            left = right = (x_norm, y_norm)
        else:
            per_deg = norm_per_deg(x_norm, y_norm, screen)
            left = self._one_eye(x_norm, y_norm, per_deg, -1.0)
            right = self._one_eye(x_norm, y_norm, per_deg, 1.0)
        return (
            MeasuredEye(*left, pupil_mm, (-_HALF_EYE_DISTANCE_MM, 0.0, z_mm)),
            MeasuredEye(*right, pupil_mm + 0.05, (_HALF_EYE_DISTANCE_MM, 0.0, z_mm)),
        )

    def _one_eye(self, x_norm: float, y_norm: float, per_deg: Point, side: float) -> Point:
        dx_deg = side * self._half_disparity_deg[0] + self._sigma_deg * self._numbers.next()
        dy_deg = side * self._half_disparity_deg[1] + self._sigma_deg * self._numbers.next()
        return x_norm + dx_deg * per_deg[0], y_norm + dy_deg * per_deg[1]


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
