"""How well maps predict where readers looked, against the mean map and the centre."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gazecore.attention import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Maps = npt.NDArray[np.float32]
    Points = npt.NDArray[np.float64]


def mean_scores(
    predicted: Maps, reference: Maps, fixations: Sequence[Points] | None
) -> dict[str, float]:
    """Means over cases of CC, SIM, KLD (maps) and NSS, AUC-Judd (fixations).

    Parameters
    ----------
    predicted, reference : ndarray
        (n, h, w).
    fixations : sequence of ndarray or None
        Per case (k, 2) as x, y in 0..1 of the image. Without them NSS weighs each pixel by the
        reference map, as if fixations were drawn from it, and there is no AUC.

    Returns
    -------
    dict
        Cases for which a score is not defined are left out of its mean; a score that is defined
        for none is left out of the dict. A constant map has CC and NSS 0: it predicts nothing.
    """
    side = np.array([predicted.shape[2], predicted.shape[1]])
    rows: list[dict[str, float]] = []
    for i, (one, truth) in enumerate(zip(predicted, reference, strict=True)):
        row = {name: float(getattr(metrics, name)(one, truth)) for name in ("cc", "sim", "kld")}
        if fixations is None:
            row["nss"] = nss_over_map(one, truth)
        else:
            points = fixations[i] * side
            row["nss"] = metrics.nss(one, points)
            row["auc_judd"] = metrics.auc_judd(one, points)
        if one.max() == one.min():
            row["cc"] = row["nss"] = 0.0
        rows.append(row)
    means: dict[str, float] = {}
    for name in rows[0]:
        known = [row[name] for row in rows if math.isfinite(row[name])]
        if known:
            means[name] = float(np.mean(known))
    return means


def nss_over_map(predicted: Maps, reference: Maps) -> float:
    """Normalised scanpath saliency, each pixel weighed by the reference map (h, w)."""
    values = predicted.astype(np.float64)
    if values.max() == values.min():
        return math.nan
    spread = float(values.std())
    weights = reference / reference.sum(dtype=np.float64)
    return float((weights * (values - values.mean()) / spread).sum())


def mean_map(maps: Maps, n: int) -> Maps:
    """The mean of training maps as a prediction for n cases: "look where one always looks"."""
    return np.repeat(maps.mean(axis=0, keepdims=True), n, axis=0)


def centre_map(shape: tuple[int, int], n: int) -> Maps:
    """A Gaussian in the middle as a prediction for n cases, its sigma a quarter of each side."""
    y, x = ((np.arange(side) + 0.5) / side - 0.5 for side in shape)
    one = np.exp(-8 * (y[:, None] ** 2 + x[None, :] ** 2)).astype(np.float32)
    return np.repeat(one[None] / one.sum(), n, axis=0)
