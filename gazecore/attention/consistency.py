"""How well readers predict each other: the ceiling for whatever predicts where they look.

Each reader is left out in turn and their fixations are predicted by the mean map of the others.
With few readers the ceiling is too low, since their mean is itself uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.attention import metrics
from gazecore.attention.case import mean_attention
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.attention.case import CaseAttention

Array = npt.NDArray[np.float64]
UNIFORM_SHARE = 0.01
"""So much of an even map is mixed into prediction and baseline before logarithms are taken, so
that one fixation where nobody else looked does not make the information gain minus infinity."""
CENTRE_SIGMA = 0.25
"""Standard deviation of the centre bias as a share of each side."""


@dataclass(frozen=True, slots=True)
class ReaderGaze:
    """A reader on a case: the map, and fixations (n, 2) in image pixels, those off it included."""

    attention: CaseAttention
    xy_image_px: Array


@dataclass(frozen=True, slots=True)
class ReaderAgreement:
    """One reader as the others predict them; metrics of `gazecore.attention.metrics`.

    Attributes
    ----------
    reader : str
    others : int
        Readers whose mean map predicts.
    fixations : int
        Of the reader, on the image; what the first three metrics are taken over.
    nss, auc_judd : float
    information_gain : float
        Bits per fixation over the baseline.
    cc, sim, kld : float
        Against the reader's own map.
    """

    reader: str
    others: int
    fixations: int
    nss: float
    auc_judd: float
    information_gain: float
    cc: float
    sim: float
    kld: float


def reader_agreement(
    readers: Mapping[str, ReaderGaze], baseline: npt.ArrayLike | None = None
) -> tuple[ReaderAgreement, ...]:
    """Each reader of a case predicted by the mean map of all others.

    Parameters
    ----------
    readers : mapping
        By name; those without gaze on the image are left out.
    baseline : (h, w), optional
        Where one looks without knowing the image, for the information gain; `centre_bias`
        without it.

    Returns
    -------
    tuple
        Empty with fewer than two readers; what is undefined is NaN.

    Raises
    ------
    InvalidSettingError
        Maps or a baseline of different shapes.
    """
    seen = {name: gaze for name, gaze in readers.items() if gaze.attention.map.any()}
    if len(seen) < 2:
        return ()
    shape = next(iter(seen.values())).attention.map.shape
    base = centre_bias(shape) if baseline is None else np.asarray(baseline, dtype=np.float64)
    if base.shape != shape:
        raise InvalidSettingError("shape of baseline", base.shape, str(shape))
    found = []
    for name, gaze in seen.items():
        others = [other.attention for key, other in seen.items() if key != name]
        predicted = mean_attention([*others]).map.astype(np.float64)
        found.append(_agreement(name, len(others), predicted, gaze, base))
    return tuple(found)


def _agreement(
    name: str, others: int, predicted: Array, gaze: ReaderGaze, baseline: Array
) -> ReaderAgreement:
    attention = gaze.attention
    own = attention.map.astype(np.float64)
    size = (attention.image_width_px, attention.image_height_px)
    xy_px = np.asarray(gaze.xy_image_px).reshape(-1, 2) * np.divide(own.shape[::-1], size)
    return ReaderAgreement(
        reader=name,
        others=others,
        fixations=len(metrics.fixated_pixels(xy_px, own.shape).index),
        nss=metrics.nss(predicted, xy_px),
        auc_judd=metrics.auc_judd(predicted, xy_px),
        information_gain=metrics.information_gain(
            with_uniform(predicted), xy_px, with_uniform(baseline)
        ),
        cc=metrics.cc(predicted, own),
        sim=metrics.sim(predicted, own),
        kld=metrics.kld(predicted, own),
    )


def centre_bias(shape: tuple[int, ...], sigma_share: float = CENTRE_SIGMA) -> Array:
    """A Gaussian around the middle, as wide as the image is, (h, w); sums to 1."""
    height, width = shape
    y, x = ((np.arange(side) + 0.5) / side - 0.5 for side in (height, width))
    along_y, along_x = (np.exp(-0.5 * (axis / sigma_share) ** 2) for axis in (y, x))
    bias = along_y[:, None] * along_x
    return np.asarray(bias / bias.sum())


def with_uniform(density: Array) -> Array:
    """A map scaled to the sum 1 with `UNIFORM_SHARE` of an even one; even where it is zero."""
    total = float(density.sum())
    scaled = density / total if total > 0 else np.full_like(density, 1 / density.size)
    return np.asarray((1 - UNIFORM_SHARE) * scaled + UNIFORM_SHARE / density.size)


def stretched(density: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    """A map brought to another shape, each place at the same share of the sides; sums to 1.

    A map that is zero everywhere stays zero.
    """
    values = np.asarray(density, dtype=np.float64)
    for axis, length in enumerate(shape):
        old = (np.arange(values.shape[axis]) + 0.5) / values.shape[axis]
        new = (np.arange(length) + 0.5) / length
        index = np.interp(new, old, np.arange(values.shape[axis]))
        low = np.floor(index).astype(np.intp)
        high = np.minimum(low + 1, values.shape[axis] - 1)
        part = np.expand_dims(index - low, 1 - axis)
        values = values.take(low, axis) * (1 - part) + values.take(high, axis) * part
    total = float(values.sum())
    return values / total if total > 0 else values
