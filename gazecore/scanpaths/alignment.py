"""Pairing two sequences in order at the least cost, as dynamic time warping does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.scanpaths.scanpath import Scanpath

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def cheapest_pairs(cost: Array) -> tuple[Ints, Ints]:
    """The pairs (i, j) of the cheapest way through a matrix of costs (n, m), n and m >= 1.

    From the first pair to the last, each step on by one in i, in j or in both; of equal ways one
    that goes on in both.
    """
    least = _least_sums(cost)
    i, j = cost.shape[0] - 1, cost.shape[1] - 1
    pairs = [(i, j)]
    while i or j:
        before = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
        i, j = min((p for p in before if p[0] >= 0 and p[1] >= 0), key=lambda p: least[p])
        pairs.append((i, j))
    rows, columns = np.array(pairs[::-1], dtype=np.intp).T
    return rows, columns


def _least_sums(cost: Array) -> Array:
    """The least sum of costs from the first pair to each, row by row.

    Within a row, ``least[j] = sums[j] + min over k <= j of (from_above[k] - sums[k - 1])`` with
    the running sums of the row's costs: a running minimum takes the place of a loop.
    """
    least = np.empty_like(cost)
    least[0] = np.cumsum(cost[0])
    for i in range(1, len(cost)):
        from_above = least[i - 1].copy()
        from_above[1:] = np.minimum(from_above[1:], least[i - 1, :-1])
        sums = np.cumsum(cost[i])
        least[i] = sums + np.minimum.accumulate(from_above - (sums - cost[i]))
    return least


def warped_distance_px(first: Scanpath, second: Scanpath) -> float:
    """Mean distance of the fixations of two scanpaths, paired in order at the least total.

    Dynamic time warping over the pairs' distances; NaN when a scanpath is empty.
    """
    if not len(first) or not len(second):
        return float("nan")
    difference = first.xy_px[:, None] - second.xy_px
    distance_px = np.hypot(difference[..., 0], difference[..., 1])
    return float(distance_px[cheapest_pairs(distance_px)].mean())
