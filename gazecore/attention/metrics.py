"""How well a predicted map meets where people looked; each definition named exactly.

`predicted` is a map (H, W). `reference` is a map of the same shape for `cc`, `sim` and `kld`;
for the others it is the fixations: points (n, 2) as (x, y) in the map's pixels, or a map of
fixation counts of the same shape. Points off the map, NaN too, are dropped; `fixated_pixels`
tells how many. What is undefined (no fixation, a constant map) is NaN.

Each equals pysaliency 0.2.22 to 1e-10 (frozen in the tests) by the variant named in it. They
differ where pysaliency has no answer: it gives 0 for NSS and CC of a constant prediction, takes
a map without mass as uniform in SIM and KLD, and fails or wraps around at points off the map.

References: Bylinskii et al. 2019 (What do different evaluation metrics tell us about saliency
models), Judd et al. 2012, Kümmerer et al. 2015.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]
EPSILON = 2.2204e-16
"""Keeps the logarithm of `kld` finite; the value of the MIT benchmark's code."""


@dataclass(frozen=True, slots=True)
class FixatedPixels:
    """Flat indices into a map, one per fixation on it, and how many points fell off it."""

    index: npt.NDArray[np.intp]
    dropped: int


def fixated_pixels(fixations: npt.ArrayLike, shape: tuple[int, int]) -> FixatedPixels:
    """The pixel under each fixation; a pixel fixated twice comes twice.

    Raises
    ------
    InvalidSettingError
        Neither points (n, 2) nor counts of the map's shape, counts that are not whole numbers.
    """
    given = np.asarray(fixations, dtype=np.float64)
    if given.shape == shape:
        counts = given.ravel()
        if not (np.isfinite(counts).all() and (counts >= 0).all() and (counts % 1 == 0).all()):
            raise InvalidSettingError("fixation counts", "others", "whole numbers, 0 or more")
        return FixatedPixels(np.repeat(np.arange(counts.size), counts.astype(np.intp)), 0)
    if given.size == 0:
        return FixatedPixels(np.empty(0, np.intp), 0)
    if given.ndim != 2 or given.shape[1] != 2:
        raise InvalidSettingError("shape of fixations", given.shape, f"(n, 2) or {shape}")
    height, width = shape
    with np.errstate(invalid="ignore"):
        on = ((given >= 0) & (given < [width, height])).all(axis=1)
    column, row = np.floor(given[on]).astype(np.intp).T
    return FixatedPixels(row * width + column, int(len(given) - on.sum()))


def _as_map(values: npt.ArrayLike, name: str) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or not array.size:
        raise InvalidSettingError(f"shape of {name}", array.shape, "(height, width)")
    return array


def _as_pair(predicted: npt.ArrayLike, reference: npt.ArrayLike) -> tuple[Array, Array]:
    p, q = _as_map(predicted, "predicted"), _as_map(reference, "reference")
    if p.shape != q.shape:
        raise InvalidSettingError("shape of reference", q.shape, str(p.shape))
    return p, q


def nss(predicted: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Normalised scanpath saliency: mean over fixations of (S - mean S) / population std S.

    Duplicates count (pysaliency's `NSS`).
    """
    saliency = _as_map(predicted, "predicted")
    at = fixated_pixels(reference, saliency.shape).index
    if not len(at) or _is_constant(saliency):
        return float("nan")
    return float((saliency.ravel()[at].mean() - saliency.mean()) / saliency.std())


def _is_constant(values: Array) -> bool:
    """Whether all values are the same; their standard deviation may differ from 0 by rounding."""
    return bool(values.max() == values.min())


def auc_judd(predicted: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Area under the ROC curve with thresholds at the values of the fixations.

    Positives are the fixations (duplicates count), negatives the pixels that were not fixated;
    trapezoids from (0, 0) to (1, 1), no jitter (pysaliency's `AUC_Judd(jitter=False)`; with its
    jitter of 1e-7, as in the MIT code, the 4th digit depends on the seed where values tie).
    """
    saliency = _as_map(predicted, "predicted").ravel()
    at = fixated_pixels(reference, np.shape(predicted)).index
    fixated = np.unique(at)
    negatives = saliency.size - len(fixated)
    if not len(at) or not negatives:
        return float("nan")
    thresholds, positives = np.unique(saliency[at], return_counts=True)
    at_least = _count_at_least(saliency, thresholds)
    at_least -= _count_at_least(saliency[fixated], thresholds)
    hits = np.cumsum(positives[::-1]) / len(at)
    return _area(at_least[::-1] / negatives, hits)


def _count_at_least(values: Array, thresholds: Array) -> Array:
    """How many values reach each rising threshold: bins the values, does not sort them."""
    bins = np.bincount(
        np.searchsorted(thresholds, values, side="right"), minlength=len(thresholds) + 1
    )
    return np.cumsum(bins[::-1])[::-1][1:].astype(np.float64)


def _area(false_alarms: Array, hits: Array) -> float:
    x = np.concatenate([[0.0], false_alarms, [1.0]])
    y = np.concatenate([[0.0], hits, [1.0]])
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def shuffled_auc(
    predicted: npt.ArrayLike, reference: npt.ArrayLike, other_fixations: npt.ArrayLike
) -> float:
    """AUC against fixations of other images: how often a fixation's value exceeds one of theirs.

    All thresholds count, ties a half (Mann and Whitney's U over n m). `other_fixations` are
    points or counts on this map's pixels; take them from other images of the same size or scale
    them to it first (pysaliency's `sAUC`, all fixations of all other images). One count in every
    pixel gives the AUC against all pixels (pysaliency's `AUC`, nonfixations "uniform").
    """
    saliency = _as_map(predicted, "predicted")
    flat = saliency.ravel()
    positives = flat[fixated_pixels(reference, saliency.shape).index]
    negatives = np.sort(flat[fixated_pixels(other_fixations, saliency.shape).index])
    if not len(positives) or not len(negatives):
        return float("nan")
    below = np.searchsorted(negatives, positives, side="left")
    up_to = np.searchsorted(negatives, positives, side="right")
    return float((below + up_to).mean() / (2 * len(negatives)))


def cc(predicted: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Pearson's correlation over pixels (pysaliency's `CC`)."""
    p, q = _as_pair(predicted, reference)
    if _is_constant(p) or _is_constant(q):
        return float("nan")
    p, q = p - p.mean(), q - q.mean()
    norm = float(np.sqrt((p * p).sum() * (q * q).sum()))
    return float((p * q).sum() / norm) if norm > 0 else float("nan")


def sim(predicted: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Sum of minima of the two maps after each is scaled to the sum 1.

    The minimum is subtracted only from a map that has values under zero (pysaliency's `SIM`);
    the MIT code stretches each map to 0..1 first.
    """
    p, q = (_scaled_to_one(m) for m in _as_pair(predicted, reference))
    return float(np.minimum(p, q).sum())


def kld(predicted: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Sum of Q ln(eps + Q / (P + eps)) in nats; P predicted, Q reference, each of the sum 1.

    Values under zero as in `sim` (pysaliency's `MIT_KLDiv`; its `KLDiv` adds 1e-20 to each
    pixel instead).
    """
    p, q = (_scaled_to_one(m) for m in _as_pair(predicted, reference))
    return float((q * np.log(EPSILON + q / (p + EPSILON))).sum())


def information_gain(
    predicted: npt.ArrayLike, reference: npt.ArrayLike, baseline: npt.ArrayLike
) -> float:
    """Mean over fixations of log2 P - log2 B in bits; P and the baseline B scaled to the sum 1.

    Minus infinity when the prediction is zero at a fixation (pysaliency's `information_gain` of
    two `SaliencyMapNormalizingModel`).
    """
    p, b = (_scaled_to_one(m) for m in _as_pair(predicted, baseline))
    at = fixated_pixels(reference, p.shape).index
    if not len(at):
        return float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.mean(np.log2(p.ravel()[at]) - np.log2(b.ravel()[at])))


def _scaled_to_one(values: Array) -> Array:
    lowest = float(values.min())
    values = values - lowest if lowest < 0 else values
    total = float(values.sum())
    return values / total if total > 0 else np.full_like(values, np.nan)
