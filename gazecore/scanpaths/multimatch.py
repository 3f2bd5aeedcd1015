"""MultiMatch: how alike two scanpaths are in shape, direction, length, position and duration.

Jarodzka, Holmqvist & Nyström 2010; Dewhurst et al. 2012. The results are those of the package
multimatch-gaze 0.1.3 without grouping, its default, to 1e-10 (frozen in the tests); grouping of
short saccades is not offered, since the detector has done it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.scanpaths.alignment import cheapest_pairs

if TYPE_CHECKING:
    from gazecore.scanpaths.scanpath import Scanpath

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class MultiMatch:
    """Five similarities, each 1 for equal and 0 for the most unlike; NaN for under 3 fixations.

    Attributes
    ----------
    shape : float
        Of the saccade vectors, over twice the diagonal.
    direction : float
        Of the saccades' angles, over pi.
    length : float
        Of their lengths, over the diagonal.
    position : float
        Of the fixations they start from, over the diagonal.
    duration : float
        Of those fixations' durations, over the longer of each pair.
    """

    shape: float
    direction: float
    length: float
    position: float
    duration: float


def multimatch(first: Scanpath, second: Scanpath, size_px: tuple[float, float]) -> MultiMatch:
    """Compare two scanpaths by their saccades, paired in order at the least difference of vectors.

    Each similarity is the median over the pairs.

    Parameters
    ----------
    first, second : Scanpath
    size_px : (width, height)
        Of the image; its diagonal is the largest distance there is.
    """
    if min(len(first), len(second)) < _FEWEST:
        return MultiMatch(*[float("nan")] * 5)
    one, two = np.diff(first.xy_px, axis=0), np.diff(second.xy_px, axis=0)
    apart = one[:, None] - two
    i, j = cheapest_pairs(np.hypot(apart[..., 0], apart[..., 1]))
    diagonal_px = float(np.hypot(*size_px))
    turn = np.arctan2(one[i, 1], one[i, 0]) - np.arctan2(two[j, 1], two[j, 0])
    length = np.hypot(*one.T)[i] - np.hypot(*two.T)[j]
    longer_s = np.maximum(first.duration_s[i], second.duration_s[j])
    between_s = np.abs(first.duration_s[i] - second.duration_s[j])
    return MultiMatch(
        shape=1 - _median(np.hypot(*apart[i, j].T)) / (2 * diagonal_px),
        direction=1 - _median(np.abs((turn + np.pi) % (2 * np.pi) - np.pi)) / np.pi,
        length=1 - _median(np.abs(length)) / diagonal_px,
        position=1 - _median(np.hypot(*(first.xy_px[i] - second.xy_px[j]).T)) / diagonal_px,
        duration=1 - _median(between_s / np.where(longer_s > 0, longer_s, 1.0)),
    )


def _median(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.median(values))
