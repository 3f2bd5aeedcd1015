"""An attention map that grows by one fixation at a time, quick enough to be watched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazecore.attention.gaussians import Border, Map, check_shape, profiles, usable_points

Array = npt.NDArray[np.float64]
_CUT = 4e-6
"""Share of what a Gaussian reaches on the image at which it ends: 5 sigma from its centre. A ring
of fixations around a place, the worst case, keeps within 1e-4 of the peak."""
_ROWS_AT_ONCE = 64
"""So many rows of a Gaussian stay in the processor's cache between product and sum."""


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """The half-open part of a map, in its pixels, that a fixation changed."""

    left: int
    top: int
    right: int
    bottom: int


class LiveAttentionMap:
    """The `attention_map` of all points added so far, within 2e-4 of its peak.

    Each Gaussian is added where it reaches 4e-6 of its highest value on the image. A point so
    far outside that less than 1e-30 of it reaches the image adds nothing.

    Parameters
    ----------
    shape : (height, width)

    Attributes
    ----------
    used, dropped : int
        Points that count, and those that are NaN or weigh nothing.

    Examples
    --------
    >>> live = LiveAttentionMap((1, 3))
    >>> live.add((1.5, 0.5), 0.3, 1.0)
    ChangedPart(left=0, top=0, right=3, bottom=1)
    >>> [round(float(value), 2) for value in live.map()[0]]
    [0.27, 0.45, 0.27]
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._sum = np.zeros(check_shape(shape), dtype=np.float32)
        self._buffer = np.empty((_ROWS_AT_ONCE, self._sum.shape[1]), dtype=np.float32)
        self._mass = self._weight = 0.0
        self.used = self.dropped = 0

    @property
    def mass_inside(self) -> float:
        """Share of the weights that fell inside, as in `CaseAttention`; 0 without a point."""
        return self._mass / self._weight if self._weight else 0.0

    def add(
        self,
        xy_px: npt.ArrayLike,
        weight: float,
        sigma_px: npt.ArrayLike,
        *,
        clip_px: npt.ArrayLike | None = None,
    ) -> ChangedPart | None:
        """Add one point; arguments as in `attention_map`, without their first axis.

        Parameters
        ----------
        xy_px : (2,)
        weight : float
        sigma_px : scalar or (2,)
        clip_px : (4,), optional

        Returns
        -------
        ChangedPart, or None where nothing of the point is on the map.

        Raises
        ------
        InvalidSettingError
            As for `attention_map`; nothing is added then.
        """
        sigma = np.broadcast_to(np.asarray(sigma_px, dtype=np.float64), (1, 2))
        points = usable_points(np.reshape(xy_px, (1, 2)), [weight], sigma, clip_px)
        if not len(points):
            self.dropped += 1
            return None
        self.used += 1
        self._weight += float(points.weights[0])
        clip, (height, width) = points.clip_px, self._sum.shape
        x_span, y_span = (None, None) if clip is None else (clip[:, 0::2], clip[:, 1::2])
        along_x = profiles(points.xy_px[:, 0], points.sigma_px[:, 0], width, x_span, Border())[0]
        along_y = profiles(points.xy_px[:, 1], points.sigma_px[:, 1], height, y_span, Border())[0]
        along_x *= points.weights[0]
        self._mass += float(along_x.sum() * along_y.sum())
        columns, rows = _reached(along_x), _reached(along_y)
        if columns.start == columns.stop or rows.start == rows.stop:
            return None
        self._stamp(rows, along_y[rows].astype(np.float32), columns, along_x[columns])
        return ChangedPart(columns.start, rows.start, columns.stop, rows.stop)

    def _stamp(self, rows: slice, along_y: Map, columns: slice, along_x: Array) -> None:
        values = along_x.astype(np.float32)
        for first in range(0, len(along_y), _ROWS_AT_ONCE):
            part = along_y[first : first + _ROWS_AT_ONCE]
            buffer = self._buffer[: len(part), : len(values)]
            np.multiply(part[:, None], values, out=buffer)
            start = rows.start + first
            self._sum[start : start + len(part), columns] += buffer

    def map(self, part: ChangedPart | None = None) -> Map:
        """A copy of the map (height, width), or of a part of it; the whole sums to 1.

        All zero while nothing is inside. `mass_inside` and a later map change the scale of all
        of it, so a picture drawn in parts is scaled by its own peak.
        """
        chosen = self._sum
        if part is not None:
            chosen = chosen[part.top : part.bottom, part.left : part.right]
        return np.asarray(chosen / np.float32(self._mass) if self._mass else chosen.copy())


def _reached(profile: Array) -> slice:
    """The stretch of a profile that is not negligible; empty where there is none."""
    highest = float(profile.max())
    if highest < np.finfo(np.float32).tiny:
        return slice(0, 0)
    at = np.flatnonzero(profile >= highest * _CUT)
    return slice(int(at[0]), int(at[-1]) + 1)
