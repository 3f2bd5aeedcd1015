"""Agreement of a detector with a coder: Cohen's kappa per sample and F1 per event."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gazecore.events.runs import Ints, runs_of

Labels = npt.NDArray[np.integer]


def kappa(found: Labels, coded: Labels, label: int) -> float:
    """Cohen's kappa of one label against all others, over all samples; NaN where undefined.

    Examples
    --------
    >>> kappa(np.array([1, 1, 2, 2]), np.array([1, 1, 2, 2]), 1)
    1.0
    """
    ours, theirs = np.asarray(found) == label, np.asarray(coded) == label
    if not len(ours):
        return float("nan")
    observed = float(np.mean(ours == theirs))
    p, q = float(ours.mean()), float(theirs.mean())
    expected = p * q + (1 - p) * (1 - q)
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def event_f1(found: Labels, coded: Labels, label: int, *, min_overlap: float = 0.5) -> float:
    """F1 of events matched greedily by overlap (intersection over union) of `min_overlap`."""
    ours = runs_of(np.asarray(found) == label)
    theirs = runs_of(np.asarray(coded) == label)
    total = len(ours[0]) + len(theirs[0])
    return 2 * _matches(ours, theirs, min_overlap) / total if total else float("nan")


def _matches(ours: tuple[Ints, Ints], theirs: tuple[Ints, Ints], min_overlap: float) -> int:
    taken = np.zeros(len(theirs[0]), dtype=np.bool_)
    count = 0
    for start, stop in zip(*ours, strict=True):
        shared = np.minimum(theirs[1], stop) - np.maximum(theirs[0], start)
        union = np.maximum(theirs[1], stop) - np.minimum(theirs[0], start)
        overlap = np.where(taken | (shared <= 0), 0.0, shared / union)
        if len(overlap) and overlap.max() >= min_overlap:
            taken[int(np.argmax(overlap))] = True
            count += 1
    return count
