"""Accuracy, precision and data loss of gaze, in degrees of visual angle.

Angles are between vectors from the eye's true position where it is given (`eye_mm`, see
`gazecore.quality.display_area`), else from an eye at the screen's reading distance: then they are
approximate by as much as the reader's place differs from it. A stretch is short enough for one
position: 3 mm of sway at 65 cm change an angle by half a percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from gazecore.geometry import angle_between_deg
from gazecore.samples import gaze_point

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples

Array = npt.NDArray[np.float64]
EyePosition = npt.ArrayLike | None
"""(3,) mm from the screen's centre: x right, y down, z towards the reader; None is unknown."""
EyeName = Literal["left", "right", "both"]
EYES: tuple[EyeName, ...] = ("left", "right", "both")
"""``both`` is the gaze point: the mean of the valid eyes, see `gazecore.samples.gaze_point`."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Angles between gaze and a known target in degrees; None without a valid sample."""

    mean_deg: float | None
    median_deg: float | None
    offset_x_deg: float | None
    offset_y_deg: float | None


def xy_of_eye(samples: GazeSamples, eye: EyeName) -> Array:
    """Gaze (n, 2) of one eye or of both together in 0..1 of the display area, NaN where lost."""
    return gaze_point(samples, eye)[0]


def accuracy(
    xy_px: npt.ArrayLike, target_px: npt.ArrayLike, screen: Screen, eye_mm: EyePosition = None
) -> Accuracy:
    """How far gaze (n, 2) is from a target (2,); offsets are those of the mean gaze point."""
    gaze = _valid(xy_px)
    if not len(gaze):
        return Accuracy(None, None, None, None)
    target = np.asarray(target_px, dtype=np.float64).reshape(1, 2)
    angles = screen.angle_deg(gaze, target, eye_mm)
    mean = gaze.mean(axis=0, keepdims=True)
    corner = np.array([[mean[0, 0], target[0, 1]]])
    right, down = np.sign(mean[0] - target[0])
    offset_x = float(screen.angle_deg(target, corner, eye_mm)[0] * right)
    offset_y = float(screen.angle_deg(corner, mean, eye_mm)[0] * down)
    return Accuracy(float(angles.mean()), float(np.median(angles)), offset_x, offset_y)


def precision_rms_deg(
    xy_px: npt.ArrayLike, screen: Screen, eye_mm: EyePosition = None
) -> float | None:
    """Root mean square of the angles between successive valid samples (RMS-S2S).

    A pair with a lost sample between does not count; None without a pair.
    """
    xy = np.asarray(xy_px, dtype=np.float64).reshape(-1, 2)
    angles = screen.angle_deg(xy[:-1], xy[1:], eye_mm)
    angles = angles[np.isfinite(angles)]
    return float(np.sqrt(np.mean(angles**2))) if len(angles) else None


def precision_std_deg(
    xy_px: npt.ArrayLike, screen: Screen, eye_mm: EyePosition = None
) -> float | None:
    """Standard deviation, sqrt(var x + var y), as angles from the mean gaze direction.

    None with fewer than two valid samples.
    """
    gaze = _valid(xy_px)
    if len(gaze) < 2:
        return None
    vectors = screen.gaze_vectors(gaze, eye_mm)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    angles = angle_between_deg(vectors, vectors.mean(axis=0))
    return float(np.sqrt(np.mean(angles**2)))


@dataclass(frozen=True, slots=True)
class Loss:
    """Shares of the samples due: `invalid` came without valid gaze, `missing` never came."""

    invalid: float
    missing: float

    @property
    def total(self) -> float:
        """Data loss: 1 - valid / due."""
        return self.invalid + self.missing


def loss(xy: npt.ArrayLike, expected: float | None = None) -> Loss:
    """What was lost of gaze (n, 2), of the samples `expected` or else of those that came.

    Without any sample, and none expected, all are missing.
    """
    values = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    due = max(expected or 0.0, float(len(values)))
    if not due:
        return Loss(0.0, 1.0)
    return Loss((len(values) - len(_valid(values))) / due, 1 - len(values) / due)


def data_loss(xy: npt.ArrayLike, expected: float | None = None) -> float:
    """Share of samples without valid gaze, of those `expected` or else of those that came."""
    values = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    due = max(expected or 0.0, float(len(values)))
    return float(1 - len(_valid(values)) / due) if due else 1.0


def _valid(xy: npt.ArrayLike) -> Array:
    values = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    return np.asarray(values[np.isfinite(values).all(axis=1)])
