"""Frames and angles: the tracked screen, image pixels, and the transform between them.

Three frames, each named in every variable that holds a point:

- ``norm``: the tracker's display area, (0, 0) top left to (1, 1) bottom right, may lie outside.
- ``screen_px``: physical pixels of the tracked screen, x right, y down, origin top left.
- ``image_px``: pixel (i, j) of the image covers [i, i+1) x [j, j+1), its centre is at +.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Screen:
    """The tracked screen in physical pixels and millimetres, seen from `distance_mm`."""

    width_px: float
    height_px: float
    width_mm: float
    height_mm: float
    distance_mm: float

    def __post_init__(self) -> None:
        for name in ("width_px", "height_px", "width_mm", "height_mm", "distance_mm"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0):
                raise InvalidSettingError(f"screen {name}", value, "a positive number")

    def to_mm(self, xy_px: npt.ArrayLike) -> Array:
        """Points in physical pixels as millimetres from the screen's centre, (n, 2)."""
        xy_px = np.asarray(xy_px, dtype=np.float64)
        size_px = np.array([self.width_px, self.height_px])
        size_mm = np.array([self.width_mm, self.height_mm])
        return _float64((xy_px / size_px - 0.5) * size_mm)

    def from_norm(self, xy_norm: npt.ArrayLike) -> Array:
        """Tracker coordinates (0..1 of the display area) as physical pixels."""
        size_px = np.array([self.width_px, self.height_px])
        return _float64(np.asarray(xy_norm) * size_px)

    def to_norm(self, xy_px: npt.ArrayLike) -> Array:
        """Physical pixels as tracker coordinates (0..1 of the display area)."""
        size_px = np.array([self.width_px, self.height_px])
        return _float64(np.asarray(xy_px) / size_px)

    def gaze_vectors(self, xy_px: npt.ArrayLike, eye_mm: npt.ArrayLike | None = None) -> Array:
        """Vectors from the eye to points on the screen, in mm, (n, 3).

        Parameters
        ----------
        xy_px : (n, 2)
            Points in physical pixels of the screen.
        eye_mm : (n, 3) or (3,), optional
            Eye positions relative to the screen's centre (x right, y down, z towards the
            reader). Without it the eye sits at `distance_mm` before the centre.
        """
        xy_mm = self.to_mm(xy_px)
        on_screen_mm = np.concatenate([xy_mm, np.zeros_like(xy_mm[..., :1])], axis=-1)
        eye = np.array([0.0, 0.0, self.distance_mm]) if eye_mm is None else np.asarray(eye_mm)
        return np.asarray(on_screen_mm - eye, dtype=np.float64)

    def angle_deg(
        self, a_px: npt.ArrayLike, b_px: npt.ArrayLike, eye_mm: npt.ArrayLike | None = None
    ) -> Array:
        """True visual angle between points a and b of the screen, in degrees, (n,)."""
        return angle_between_deg(self.gaze_vectors(a_px, eye_mm), self.gaze_vectors(b_px, eye_mm))

    def px_per_deg(self, xy_px: npt.ArrayLike | None = None) -> Array:
        """Local physical pixels per degree of visual angle along x and y at points, (n, 2).

        Along each axis the derivative of the angle with respect to the point; at the
        screen's centre this is ``distance_mm * tan(1 deg)`` in pixels to within .02 %.
        """
        centre = np.array([[self.width_px / 2, self.height_px / 2]])
        points = centre if xy_px is None else np.atleast_2d(np.asarray(xy_px, dtype=np.float64))
        step_px = 0.5
        per_axis = []
        for axis in (0, 1):
            step = np.zeros(2)
            step[axis] = step_px
            per_axis.append(2 * step_px / self.angle_deg(points - step, points + step))
        return np.stack(per_axis, axis=-1)


def angle_between_deg(a: npt.ArrayLike, b: npt.ArrayLike) -> Array:
    """Angle between vectors in degrees, exact for tiny angles too (atan2 of cross and dot)."""
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    cross = np.linalg.norm(np.cross(a, b), axis=-1)
    dot = np.sum(a * b, axis=-1)
    return np.asarray(np.degrees(np.arctan2(cross, dot)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Transform:
    """A 3x3 matrix, row-major, column vectors: image px -> physical px of the tracked screen.

    Qt's ``QTransform`` is the transpose of this matrix.

    Examples
    --------
    >>> t = Transform.affine(scale=(2.0, 2.0), offset_px=(10.0, 20.0))
    >>> t.to_screen([[1.0, 1.0]]).tolist()
    [[12.0, 22.0]]
    >>> t.to_image([[12.0, 22.0]]).tolist()
    [[1.0, 1.0]]
    """

    elements: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.elements) != 9 or not all(math.isfinite(value) for value in self.elements):
            raise InvalidSettingError("transform", self.elements, "nine finite numbers")
        # without numpy: many are made for every frame, and nine numbers are few
        a, b, c, d, e, f, g, h, i = self.elements
        if abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) < 1e-12:
            raise InvalidSettingError("transform", self.elements, "an invertible matrix")

    @classmethod
    def from_matrix(cls, matrix: npt.ArrayLike) -> Transform:
        """Make a transform from any 3x3 array."""
        return cls(tuple(float(v) for v in np.asarray(matrix, dtype=np.float64).ravel()))

    @classmethod
    def affine(cls, scale: tuple[float, float], offset_px: tuple[float, float]) -> Transform:
        """Scale along x and y, then shift in screen pixels."""
        return cls((scale[0], 0.0, offset_px[0], 0.0, scale[1], offset_px[1], 0.0, 0.0, 1.0))

    @property
    def matrix(self) -> Array:
        """The 3x3 matrix."""
        return np.array(self.elements, dtype=np.float64).reshape(3, 3)

    def to_screen(self, xy_image_px: npt.ArrayLike) -> Array:
        """Image pixels to physical screen pixels, (n, 2); NaN stays NaN."""
        return _apply(self.matrix, xy_image_px)

    def to_image(self, xy_screen_px: npt.ArrayLike) -> Array:
        """Physical screen pixels to image pixels, (n, 2); NaN stays NaN, nothing is clamped."""
        return _apply(_float64(np.linalg.inv(self.matrix)), xy_screen_px)

    def scale(self) -> tuple[float, float]:
        """Screen pixels per image pixel along the image's own x and y axes."""
        m = self.matrix
        return float(np.hypot(m[0, 0], m[1, 0])), float(np.hypot(m[0, 1], m[1, 1]))


def _float64(values: npt.ArrayLike) -> Array:
    return np.asarray(values, dtype=np.float64)


def _apply(matrix: Array, xy: npt.ArrayLike) -> Array:
    points = np.asarray(xy, dtype=np.float64)
    homogeneous = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(homogeneous[..., :2] / homogeneous[..., 2:], dtype=np.float64)
