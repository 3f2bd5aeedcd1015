"""How well maps predict where readers looked, against the mean map and the centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Maps = npt.NDArray[np.float32]


def cc(predicted: Maps, reference: Maps) -> float:
    """Pearson's correlation of two maps (h, w); 0 where one is constant."""
    a = predicted.astype(np.float64) - predicted.mean(dtype=np.float64)
    b = reference.astype(np.float64) - reference.mean(dtype=np.float64)
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


def nss(predicted: Maps, reference: Maps) -> float:
    """Normalised scanpath saliency, each pixel weighed by the reference attention (h, w).

    The mean of the standardised prediction over fixations, were they drawn from the reference.
    """
    values = predicted.astype(np.float64)
    spread = float(values.std())
    if spread == 0:
        return 0.0
    weights = reference / reference.sum(dtype=np.float64)
    return float((weights * (values - values.mean()) / spread).sum())


def mean_scores(predicted: Maps, reference: Maps) -> dict[str, float]:
    """Means of each score over cases; maps are (n, h, w)."""
    pairs = list(zip(predicted, reference, strict=True))
    return {
        "cc": float(np.mean([cc(p, r) for p, r in pairs])),
        "nss": float(np.mean([nss(p, r) for p, r in pairs])),
    }


def mean_map(maps: Maps, n: int) -> Maps:
    """The mean of training maps as a prediction for n cases: "look where one always looks"."""
    return np.repeat(maps.mean(axis=0, keepdims=True), n, axis=0)


def centre_map(shape: tuple[int, int], n: int) -> Maps:
    """A Gaussian in the middle as a prediction for n cases, its sigma a quarter of each side."""
    y, x = ((np.arange(side) + 0.5) / side - 0.5 for side in shape)
    one = np.exp(-8 * (y[:, None] ** 2 + x[None, :] ** 2)).astype(np.float32)
    return np.repeat(one[None] / one.sum(), n, axis=0)
