"""Runs of equal values in a line of samples, cut where time is broken."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


def runs_of(mask: Mask, breaks: Ints | None = None) -> tuple[Ints, Ints]:
    """First and one-past-last index of each run of True, cut at `breaks`.

    Parameters
    ----------
    mask : (n,) bool
    breaks : (k,) intp, optional
        Indices i where a run may not go on from sample i - 1 to sample i.

    Returns
    -------
    starts, stops : (m,) intp
        Half-open, in rising order.

    Examples
    --------
    >>> starts, stops = runs_of(np.array([True, True, False, True]))
    >>> starts.tolist(), stops.tolist()
    ([0, 3], [2, 4])
    """
    if not len(mask):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    ends = np.array([len(mask)], dtype=np.intp)
    if mask[0]:
        edges = np.concatenate([np.zeros(1, np.intp), edges])
    if mask[-1]:
        edges = np.concatenate([edges, ends])
    starts, stops = edges[::2], edges[1::2]
    if breaks is not None and len(breaks):
        inside = breaks[mask[breaks] & mask[breaks - 1]]
        starts = np.sort(np.concatenate([starts, inside]))
        stops = np.sort(np.concatenate([stops, inside]))
    return starts, stops


def reduce_runs(
    ufunc: np.ufunc, values: npt.NDArray[np.floating], starts: Ints, stops: Ints
) -> npt.NDArray[np.float64]:
    """``ufunc.reduce`` of values (n,) or (n, k) over each half-open run."""
    if not len(starts):
        return np.empty((0, *values.shape[1:]))
    edges = np.column_stack([starts, stops]).ravel()
    if edges[-1] == len(values):
        edges = edges[:-1]
    return np.asarray(ufunc.reduceat(values, edges, axis=0)[::2], dtype=np.float64)


def paint(labels: npt.NDArray[np.uint8], starts: Ints, stops: Ints, label: int) -> None:
    """Set `label` on each half-open run, in place."""
    if len(starts):
        labels[members(starts, stops)] = label


def members(starts: Ints, stops: Ints) -> Ints:
    """All indices inside the half-open runs, in order."""
    lengths = stops - starts
    if not len(lengths) or not lengths.sum():
        return np.empty(0, np.intp)
    before = np.cumsum(lengths) - lengths
    return np.asarray(np.repeat(starts - before, lengths) + np.arange(lengths.sum()))
