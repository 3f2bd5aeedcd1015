"""An affine correction of gaze, fitted from where gaze lay at known targets.

For trackers that nobody can calibrate from here, and for calibrations that drifted: least squares
over the mean gaze at each target. A fit always looks better on its own targets, so each target is
also judged by the fit over the others; where that does not come closer than gaze as it is, there
is no correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import CorrectionRefusedError

if TYPE_CHECKING:
    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]

FEWEST_TARGETS = 4
"""Three fix an affine map, and one more is left to judge it."""

_LEAST_GAIN = 0.1
_MOST_STRETCH = 1.5


@dataclass(frozen=True, slots=True)
class AffineCorrection:
    """A map of gaze in 0..1 of the display area: x' = a x + b y + c, y' = d x + e y + f.

    `elements` is (a, b, c, d, e, f); errors are means over the targets, in degrees.
    """

    elements: tuple[float, float, float, float, float, float]
    error_before_deg: float
    error_after_deg: float
    error_left_out_deg: float

    def apply(self, xy_norm: npt.ArrayLike) -> Array:
        """Corrected gaze (n, 2); lost stays NaN, nothing is clamped."""
        a, b, c, d, e, f = self.elements
        xy = np.asarray(xy_norm, dtype=np.float64)
        return np.asarray(xy @ np.array([[a, d], [b, e]]) + np.array([c, f]))


def fit_correction(
    gaze_norm: npt.ArrayLike, targets_norm: npt.ArrayLike, screen: Screen
) -> AffineCorrection:
    """The affine map that brings gaze (n, 2) nearest to its targets (n, 2), if it helps.

    Targets without gaze (NaN) are left out. Distances are made equal along x and y by the
    screen's millimetres.

    Raises
    ------
    CorrectionRefusedError
        Too few targets or all on a line; the map is implausible; or, with each target judged by
        the others' fit, gaze does not come closer by a tenth.
    """
    gaze, targets = _seen(gaze_norm, targets_norm)
    if len(gaze) < FEWEST_TARGETS:
        raise CorrectionRefusedError(
            f"{len(gaze)} targets with gaze, at least {FEWEST_TARGETS} are needed"
        )
    _refuse_line(gaze, targets)
    size_mm = np.array([screen.width_mm, screen.height_mm])
    solution = _solve(gaze * size_mm, targets * size_mm)
    stretches = np.linalg.svd(solution[:2], compute_uv=False)
    if stretches.max() > _MOST_STRETCH or stretches.min() < 1 / _MOST_STRETCH:
        raise CorrectionRefusedError("it would stretch gaze by more than half")
    fitted = _applied(solution, gaze * size_mm) / size_mm
    left_out = np.array([_without(i, gaze * size_mm, targets * size_mm) for i in range(len(gaze))])
    before, after, judged = (
        _mean_deg(points, targets, screen) for points in (gaze, fitted, left_out / size_mm)
    )
    if not judged < (1 - _LEAST_GAIN) * before:
        raise CorrectionRefusedError(
            f"targets left out of the fit lie {judged:.2f}° off with it and {before:.2f}° without"
        )
    return AffineCorrection(_elements(solution, size_mm), before, after, judged)


def _seen(gaze_norm: npt.ArrayLike, targets_norm: npt.ArrayLike) -> tuple[Array, Array]:
    gaze = np.asarray(gaze_norm, dtype=np.float64).reshape(-1, 2)
    targets = np.asarray(targets_norm, dtype=np.float64).reshape(-1, 2)
    known = np.isfinite(gaze).all(axis=1) & np.isfinite(targets).all(axis=1)
    return gaze[known], targets[known]


def _refuse_line(gaze: Array, targets: Array) -> None:
    """With any one target left out, the rest must still span the plane."""
    for points in (gaze, targets):
        for i in range(len(points)):
            rest = np.delete(points, i, axis=0)
            if np.linalg.svd(rest - rest.mean(axis=0), compute_uv=False)[1] < 0.05:
                raise CorrectionRefusedError("the targets lie on a line")


def _solve(gaze_mm: Array, targets_mm: Array) -> Array:
    design = np.concatenate([gaze_mm, np.ones((len(gaze_mm), 1))], axis=1)
    return np.asarray(np.linalg.lstsq(design, targets_mm, rcond=None)[0])


def _applied(solution: Array, gaze_mm: Array) -> Array:
    return np.asarray(gaze_mm @ solution[:2] + solution[2])


def _without(index: int, gaze_mm: Array, targets_mm: Array) -> Array:
    rest = np.arange(len(gaze_mm)) != index
    return _applied(_solve(gaze_mm[rest], targets_mm[rest]), gaze_mm[index])


def _mean_deg(points_norm: Array, targets_norm: Array, screen: Screen) -> float:
    angles = screen.angle_deg(screen.from_norm(points_norm), screen.from_norm(targets_norm))
    return float(angles.mean())


def _elements(solution: Array, size_mm: Array) -> tuple[float, float, float, float, float, float]:
    """The map in millimetres as one in 0..1 of the display area."""
    (a, d), (b, e), (c, f) = (tuple(float(v) for v in row) for row in solution)
    width, height = (float(v) for v in size_mm)
    return a, b * height / width, c / width, d * width / height, e, f / height
